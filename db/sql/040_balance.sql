-- A journal sums to zero, is written whole, and names only what exists.
--
-- The lines of a journal come in one statement that begins with line 1 (posting_written_whole), so one
-- deferred check per journal, fired by line 1, sees them all at commit; another on the journal itself
-- catches a journal without lines. What these triggers hold is not also a CHECK or a foreign key: nothing
-- here is ever changed or deleted, so to look once, when it is written, is as strong, and a CHECK is parsed
-- anew by every statement. Plans are made for all parameters alike and go by the keys, also where a table
-- was still empty when a session planned.

-- Which journals are numbered papers: receipts, and the slips of a hall's safe.
CREATE OR REPLACE FUNCTION counter.has_receipt(kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT kind IN ('payment', 'reversal', 'refund', 'balance_transfer', 'card_sale', 'deposit', 'vend') $$;

-- At commit: the header of a journal makes sense, its day is not closed, and it has two lines or more (there is no
-- line 2 without a 1).
CREATE OR REPLACE FUNCTION counter.check_journal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
BEGIN
    IF NEW.till_seq < 1 OR NEW.journal_id <> NEW.till_no * 10000000000 + NEW.till_seq
       OR counter.has_receipt(NEW.kind::text) <> (NEW.receipt_serial IS NOT NULL)
       OR (NEW.kind = 'reversal') <> (NEW.reverses IS NOT NULL)
       OR octet_length(NEW.hash) <> 32 OR octet_length(NEW.prev_hash) <> 32
       OR NEW.business_date <= (SELECT t.closed_through FROM counter.till t WHERE t.till_no = NEW.till_no)
       OR NOT EXISTS (SELECT FROM counter.posting WHERE journal_id = NEW.journal_id AND line = 2) THEN
        PERFORM counter.refuse('CN012', format('journal %s has no lines, or its header makes no sense', NEW.journal_id),
                               jsonb_build_object('journal_id', NEW.journal_id));
    END IF;
    RETURN NULL;
END
$$;

-- At commit: the lines that begin with this line 1 sum to zero, and their journal is there.
CREATE OR REPLACE FUNCTION counter.check_posting_balance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
BEGIN
    IF (SELECT sum(p.amount_fen) FROM counter.journal j JOIN counter.posting p USING (journal_id)
         WHERE j.journal_id = NEW.journal_id) IS DISTINCT FROM 0 THEN
        PERFORM counter.refuse('CN012', format('journal %s does not balance, or does not exist', NEW.journal_id),
                               jsonb_build_object('journal_id', NEW.journal_id));
    END IF;
    RETURN NULL;
END
$$;

-- At once: a statement writes one whole journal, and each line names what its ledger account is kept by. Each
-- line looks by key (a scalar subquery is never turned into a hash of the whole table, as EXISTS may be).
CREATE OR REPLACE FUNCTION counter.check_written_whole() RETURNS trigger
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM written w
         WHERE w.journal_id IS DISTINCT FROM (SELECT f.journal_id FROM written f WHERE f.line = 1 LIMIT 1)
            OR (w.period IS NULL) <> (w.part IS NULL)
            OR w.amount_fen = 0 AND w.account_no IS NOT NULL
            OR CASE WHEN w.period IS NOT NULL
                    THEN (SELECT b.kwh FROM counter.bill b
                           WHERE b.account_no = w.account_no AND b.period = w.period AND b.part = w.part) IS NULL
                    WHEN w.account_no IS NOT NULL
                    THEN w.ledger_account = 'receivable'
                         OR (SELECT h.version FROM counter.account_balance h WHERE h.account_no = w.account_no) IS NULL
                    ELSE w.ledger_account IN ('receivable', 'prepaid') END
    ) THEN
        PERFORM counter.refuse('CN012', 'a journal is not written whole, or names what does not exist');
    END IF;
    RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS journal_balances ON counter.journal;
CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON counter.journal
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION counter.check_journal();

DROP TRIGGER IF EXISTS posting_balances ON counter.posting;
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON counter.posting
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.line = 1)
EXECUTE FUNCTION counter.check_posting_balance();

CREATE OR REPLACE TRIGGER posting_written_whole AFTER INSERT ON counter.posting
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION counter.check_written_whole();

ALTER TABLE counter.journal ENABLE ALWAYS TRIGGER journal_balances;
ALTER TABLE counter.posting ENABLE ALWAYS TRIGGER posting_balances;
ALTER TABLE counter.posting ENABLE ALWAYS TRIGGER posting_written_whole;
