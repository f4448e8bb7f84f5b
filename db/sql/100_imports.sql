-- What both imports share: one lock, empty staging tables, journals of a hall's billing till.

CREATE OR REPLACE FUNCTION counter.yuan_to_fen(amount text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT (replace(amount, ',', '')::numeric * 100)::bigint $$;

-- Takes the one import lock of the bureau and empties both staging tables.
CREATE OR REPLACE FUNCTION counter.begin_import() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('counter.import')) THEN
        PERFORM counter.refuse('CN016', 'another import is running');
    END IF;
    TRUNCATE counter.account_staging, counter.bill_staging;
END
$$;

-- One journal for one piece of an import, in the hall's billing till (900000 + hall); its request id is
-- derived from the import's. At most some thousand lines each, so that a file of millions needs no memory.
CREATE OR REPLACE FUNCTION counter.append_import_journal(
    kind text, in_hall smallint, chunk bigint, request jsonb, lines counter.posting_line[]
) RETURNS counter.journal
LANGUAGE plpgsql
AS $$
DECLARE
    drawer counter.till;
    entry counter.journal;
BEGIN
    SELECT * INTO STRICT drawer FROM counter.till WHERE till_no = 900000 + in_hall FOR UPDATE;
    entry.kind := kind;
    entry.request_id := md5(concat_ws('.', request->>'request_id', kind, in_hall, chunk))::uuid;
    entry.request_hash := counter.request_digest(request);
    RETURN counter.append_journal(drawer, entry, lines);
END
$$;
