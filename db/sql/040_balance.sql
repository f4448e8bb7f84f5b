-- A journal sums to zero and is written whole.
--
-- The lines of a journal come in one statement that begins with line 1 (posting_written_whole), so one
-- deferred check per journal, fired by line 1, sees them all at commit; and one on the journal itself
-- catches a journal without lines. Checks and foreign keys on every line would cost the square of the
-- lines of a billing journal; the two triggers of posting check its journal and its accounts once each.

CREATE OR REPLACE FUNCTION counter.check_journal_has_lines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM counter.posting WHERE journal_id = NEW.journal_id AND line = 1) THEN
        PERFORM counter.refuse('CN012', format('journal %s has no lines', NEW.journal_id),
                               jsonb_build_object('journal_id', NEW.journal_id));
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION counter.check_posting_balance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    lines bigint;
    total numeric;
    has_journal boolean;
BEGIN
    SELECT count(*), sum(p.amount_fen), EXISTS (SELECT FROM counter.journal j WHERE j.journal_id = NEW.journal_id)
      INTO lines, total, has_journal FROM counter.posting p WHERE p.journal_id = NEW.journal_id;
    IF lines < 2 OR total <> 0 OR NOT has_journal THEN
        PERFORM counter.refuse('CN012', format('journal %s has %s lines and sums to %s', NEW.journal_id, lines, total),
                               jsonb_build_object('journal_id', NEW.journal_id, 'sum_fen', total));
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION counter.check_written_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    broken bigint;
BEGIN
    SELECT w.journal_id INTO broken
      FROM written w
      LEFT JOIN LATERAL (
               SELECT true AS is_known FROM counter.bill b
                WHERE b.account_no = w.account_no AND b.period = w.period AND b.part = w.part
                UNION ALL
               SELECT true FROM counter.account_balance h WHERE w.period IS NULL AND h.account_no = w.account_no
                LIMIT 1) target ON true
     GROUP BY w.journal_id
    HAVING min(w.line) <> 1 OR max(w.line) <> count(*)
        OR bool_or(w.account_no IS NOT NULL AND target.is_known IS NULL)
     LIMIT 1;
    IF FOUND THEN
        PERFORM counter.refuse('CN012', format('journal %s is not written whole, or names what does not exist', broken),
                               jsonb_build_object('journal_id', broken));
    END IF;
    RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS journal_balances ON counter.journal;
CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON counter.journal
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION counter.check_journal_has_lines();

DROP TRIGGER IF EXISTS posting_balances ON counter.posting;
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON counter.posting
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.line = 1)
EXECUTE FUNCTION counter.check_posting_balance();

CREATE OR REPLACE TRIGGER posting_written_whole AFTER INSERT ON counter.posting
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION counter.check_written_whole();

ALTER TABLE counter.journal ENABLE ALWAYS TRIGGER journal_balances;
ALTER TABLE counter.posting ENABLE ALWAYS TRIGGER posting_balances;
ALTER TABLE counter.posting ENABLE ALWAYS TRIGGER posting_written_whole;
