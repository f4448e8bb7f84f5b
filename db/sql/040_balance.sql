-- A journal sums to zero and is written whole.
--
-- The lines of a journal come in one statement that begins with line 1 (posting_written_whole), so one
-- deferred check per journal, fired by line 1, sees them all at commit. The journal itself carries the
-- same check, for one that has no line at all. A row-level check on every line would cost the square of
-- the lines of a billing journal.

CREATE OR REPLACE FUNCTION counter.check_journal_balance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    lines bigint;
    total numeric;
BEGIN
    SELECT count(*), coalesce(sum(amount_fen), 0) INTO lines, total
      FROM counter.posting WHERE journal_id = NEW.journal_id;
    IF lines < 2 OR total <> 0 THEN
        PERFORM counter.refuse('CN012', format('journal %s has %s lines and sums to %s', NEW.journal_id, lines, total),
                               jsonb_build_object('journal_id', NEW.journal_id, 'sum_fen', total));
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION counter.check_written_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    broken bigint;
BEGIN
    SELECT journal_id INTO broken FROM written
     GROUP BY journal_id HAVING min(line) <> 1 OR max(line) <> count(*) LIMIT 1;
    IF FOUND THEN
        PERFORM counter.refuse('CN012', format('the lines of journal %s must be written together', broken),
                               jsonb_build_object('journal_id', broken));
    END IF;
    RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS journal_balances ON counter.journal;
CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON counter.journal
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION counter.check_journal_balance();

DROP TRIGGER IF EXISTS posting_balances ON counter.posting;
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON counter.posting
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.line = 1)
EXECUTE FUNCTION counter.check_journal_balance();

CREATE OR REPLACE TRIGGER posting_written_whole AFTER INSERT ON counter.posting
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION counter.check_written_whole();

ALTER TABLE counter.journal ENABLE ALWAYS TRIGGER journal_balances;
ALTER TABLE counter.posting ENABLE ALWAYS TRIGGER posting_balances;
ALTER TABLE counter.posting ENABLE ALWAYS TRIGGER posting_written_whole;
