-- Matches: lines of statements are items of the books, and the ledger says so.
--
-- A line stands in unidentified_receipts (money in), unexplained_payments (money out) or pos_unmatched (an acquirer's slip) with
-- what is open of it, an item in its own ledger account. A match takes the same amount from both: the line's amount is debited
-- where the line stands, the item's amount credited where the item stands, and what is between them goes to an account of its
-- own. Taking a match back is a match of the other sign. Locks: the bank till of the caller's hall, then the accounts of
-- the lines (a run only), the lines by id, the items by id, the documents, the payers of slips.

-- The caller's bank till under its lock; refuses who may not match.
CREATE OR REPLACE FUNCTION counter.lock_bank_till() RETURNS counter.till
LANGUAGE plpgsql
AS $$
DECLARE
    drawer counter.till;
BEGIN
    SELECT t.* INTO drawer FROM counter.till t JOIN counter.staff s ON s.hall_no = t.hall_no
     WHERE s.staff_no = session_user::text AND s.active AND s.duty IN ('cashier', 'supervisor') AND t.kind = 'bank'
       FOR UPDATE OF t;
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN125', 'this login does no matching');
    END IF;
    RETURN drawer;
END
$$;

-- Where a line stands with what is open of it.
CREATE OR REPLACE FUNCTION counter.line_account(acquirer boolean, amount_fen bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN acquirer THEN 'pos_unmatched' WHEN amount_fen > 0 THEN 'unidentified_receipts' ELSE 'unexplained_payments' END
$$;

-- Documents of these items have arrived by this journal: their payers owe the bank nothing more for them.
CREATE OR REPLACE FUNCTION counter.documents_arrived(item_ids bigint[], by_journal bigint) RETURNS void
LANGUAGE sql
AS $$
    WITH arrived AS (
        UPDATE counter.tender_document d SET arrived_by = by_journal
          FROM counter.book_item i
         WHERE i.item_id = ANY (item_ids) AND i.kind IN ('transfer', 'pos', 'cheque') AND i.open_fen = 0 AND NOT i.withdrawn
           AND d.journal_id = i.journal_id AND d.line = i.line AND d.released_by IS NULL AND d.arrived_by IS NULL
        RETURNING d.kind, d.payer, d.amount_fen
    )
    UPDATE counter.payer_exposure e SET open_fen = e.open_fen - a.amount_fen
      FROM (SELECT payer, sum(amount_fen)::bigint AS amount_fen FROM arrived WHERE kind = 'transfer' GROUP BY payer) a
     WHERE e.payer = a.payer
$$;

-- Documents of these items have not arrived after all.
CREATE OR REPLACE FUNCTION counter.documents_awaited(item_ids bigint[]) RETURNS void
LANGUAGE sql
AS $$
    WITH awaited AS (
        UPDATE counter.tender_document d SET arrived_by = NULL
          FROM counter.book_item i
         WHERE i.item_id = ANY (item_ids) AND i.kind IN ('transfer', 'pos', 'cheque') AND i.open_fen <> 0 AND NOT i.withdrawn
           AND d.journal_id = i.journal_id AND d.line = i.line AND d.released_by IS NULL AND d.arrived_by IS NOT NULL
        RETURNING d.kind, d.payer, d.amount_fen
    )
    INSERT INTO counter.payer_exposure AS e (payer, open_fen)
    SELECT payer, sum(amount_fen)::bigint FROM awaited WHERE kind = 'transfer' GROUP BY payer
    ON CONFLICT (payer) DO UPDATE SET open_fen = e.open_fen + excluded.open_fen
$$;

-- Posts a journal of the bank side under the lock of its till.
CREATE OR REPLACE FUNCTION counter.post_matches(of_till integer, asked uuid, digest bytea, lines counter.posting_line[]) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    drawer counter.till;
    entry counter.journal;
BEGIN
    SELECT * INTO drawer FROM counter.till WHERE till_no = of_till;
    entry.kind := 'bank_match';
    entry.request_id := asked;
    entry.request_hash := digest;
    entry := counter.append_journal(drawer, entry, lines);
    RETURN entry.journal_id;
END
$$;

-- Gives every pair its match and its journal, in batches of 10,000 of a rule; the work of a run after its rules.
CREATE OR REPLACE FUNCTION counter.number_matches(of_till integer, asked uuid, digest bytea) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    batch record;
BEGIN
    DROP TABLE IF EXISTS pg_temp.made;
    DROP TABLE IF EXISTS pg_temp.posted;
    CREATE TEMP TABLE made ON COMMIT DROP AS
    SELECT g.line_id, g.rule, g.amount_fen, nextval(pg_get_serial_sequence('counter.bank_match', 'match_id')) AS match_id,
           (row_number() OVER (PARTITION BY g.rule ORDER BY g.line_id) - 1) / 10000 AS batch
      FROM (SELECT p.line_id, p.rule, sum(p.amount_fen)::bigint AS amount_fen FROM pg_temp.pair p GROUP BY p.line_id, p.rule) g;
    ANALYZE pg_temp.made;
    CREATE TEMP TABLE posted (rule smallint, batch bigint, journal_id bigint) ON COMMIT DROP;
    FOR batch IN
        SELECT s.rule, s.batch, array_agg(ROW(s.ledger_account, NULL, NULL, NULL, s.amount_fen)::counter.posting_line
                                          ORDER BY s.side, s.ledger_account) AS lines
          FROM (SELECT m.rule, m.batch, 1 AS side, counter.line_account(m.rule <= 2, m.amount_fen) AS ledger_account,
                       sum(m.amount_fen)::bigint AS amount_fen
                  FROM pg_temp.made m GROUP BY 1, 2, 3, 4
                UNION ALL
                SELECT m.rule, m.batch, 2, p.ledger_account::text, -sum(p.amount_fen)::bigint
                  FROM pg_temp.pair p JOIN pg_temp.made m USING (line_id) GROUP BY 1, 2, 3, 4) s
         GROUP BY s.rule, s.batch ORDER BY s.rule, s.batch
    LOOP
        INSERT INTO pg_temp.posted VALUES (batch.rule, batch.batch, counter.post_matches(
            of_till, md5(concat_ws('.', asked, (counter.exact_rules())[batch.rule], batch.batch))::uuid, digest, batch.lines));
    END LOOP;
END
$$;

-- Books all pairs: nothing is left open of their lines and items. Whoever was faster with one of them makes this begin anew
-- (40001, which the desk answers by asking again).
CREATE OR REPLACE FUNCTION counter.book_pairs(of_till integer, asked uuid, digest bytea) RETURNS void
LANGUAGE plpgsql SET enable_nestloop = off SET jit = off
AS $$
DECLARE
    wanted bigint;
    done bigint;
BEGIN
    SELECT count(*) INTO wanted FROM pg_temp.pair;
    IF wanted = 0 THEN
        RETURN;
    END IF;
    PERFORM counter.number_matches(of_till, asked, digest);
    UPDATE counter.statement_line l SET open_fen = 0 FROM pg_temp.made m
     WHERE l.line_id = m.line_id AND l.open_fen = m.amount_fen AND l.open_fen = l.amount_fen;
    GET DIAGNOSTICS done = ROW_COUNT;
    IF done <> (SELECT count(*) FROM pg_temp.made) THEN
        RAISE EXCEPTION 'a line was used meanwhile' USING ERRCODE = '40001';
    END IF;
    UPDATE counter.book_item i SET open_fen = 0 FROM pg_temp.pair p
     WHERE i.item_id = p.item_id AND i.open_fen = p.amount_fen AND NOT i.withdrawn;
    GET DIAGNOSTICS done = ROW_COUNT;
    IF done <> wanted THEN
        RAISE EXCEPTION 'an item was used meanwhile' USING ERRCODE = '40001';
    END IF;
    INSERT INTO counter.bank_match (match_id, request_id, rule, score, journal_id, staff_no) OVERRIDING SYSTEM VALUE
    SELECT m.match_id, asked, (counter.exact_rules())[m.rule], 100, p.journal_id, session_user
      FROM pg_temp.made m JOIN pg_temp.posted p USING (rule, batch) ORDER BY m.match_id;
    INSERT INTO counter.bank_match_line (match_id, line_id, amount_fen)
    SELECT m.match_id, m.line_id, m.amount_fen FROM pg_temp.made m ORDER BY m.match_id;
    INSERT INTO counter.bank_match_item (match_id, item_id, amount_fen)
    SELECT m.match_id, p.item_id, p.amount_fen FROM pg_temp.pair p JOIN pg_temp.made m USING (line_id) ORDER BY m.match_id;
    WITH arrived AS (
        UPDATE counter.tender_document d SET arrived_by = j.journal_id
          FROM pg_temp.pair p JOIN pg_temp.made m USING (line_id) JOIN pg_temp.posted j ON j.rule = m.rule AND j.batch = m.batch
         WHERE d.journal_id = p.journal_id AND d.line = p.line AND p.line > 0 AND d.released_by IS NULL
        RETURNING d.kind, d.payer, d.amount_fen
    )
    UPDATE counter.payer_exposure e SET open_fen = e.open_fen - a.amount_fen
      FROM (SELECT payer, sum(amount_fen)::bigint AS amount_fen FROM arrived WHERE kind = 'transfer' GROUP BY payer) a
     WHERE e.payer = a.payer;
END
$$;

-- Claims the id of a request; false when it had been posted before. Refuses one that was given up, or is somebody else's.
CREATE OR REPLACE FUNCTION counter.claim_anew(request jsonb) RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
    claim counter.request_claim;
BEGIN
    INSERT INTO counter.request_claim (request_id, staff_no, posted)
    VALUES ((request->>'request_id')::uuid, session_user, true) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        RETURN true;
    END IF;
    SELECT * INTO claim FROM counter.request_claim WHERE request_id = (request->>'request_id')::uuid;
    IF NOT claim.posted OR claim.staff_no <> session_user::text THEN
        PERFORM counter.refuse('CN002', 'this request was given up, or is of somebody else',
                               jsonb_build_object('request_id', request->'request_id'));
    END IF;
    RETURN false;
END
$$;

CREATE OR REPLACE FUNCTION counter.run_answer(asked uuid, accounts text[], replayed boolean) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object(
        'request_id', asked,
        'rules', (SELECT coalesce(jsonb_object_agg(r.rule, jsonb_build_object('matches', r.matches, 'amount_fen', r.fen)), '{}')
                    FROM (SELECT m.rule, count(DISTINCT m.match_id) AS matches, sum(l.amount_fen) AS fen
                            FROM counter.bank_match m JOIN counter.bank_match_line l USING (match_id)
                           WHERE m.request_id = asked GROUP BY m.rule) r),
        'suggestions', (SELECT count(*) FROM counter.suggestion s WHERE s.rejected_at IS NULL),
        'open_lines', (SELECT count(*) FROM counter.statement_line s
                        WHERE s.open_fen <> 0 AND s.bank_account_no = ANY (accounts)),
        'open_items', (SELECT count(*) FROM counter.book_item i WHERE i.open_fen <> 0),
        'replayed', replayed)
$$;

-- A run: collects items, confirms what exact keys prove, and suggests the rest. Request: {request_id, bank_account_no?}.
CREATE OR REPLACE FUNCTION counter.match_lines(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp SET client_min_messages = warning
AS $$
DECLARE
    asked uuid := request->>'request_id';
    digest bytea := counter.request_digest(request);
    fresh boolean := counter.claim_anew(request);
    drawer counter.till := counter.lock_bank_till();
    policy counter.bank_policy := counter.bank_rules();
    banks text[];
    acquirers text[];
BEGIN
    PERFORM FROM counter.bank_account a
      WHERE request->>'bank_account_no' IS NULL OR a.bank_account_no = request->>'bank_account_no'
      ORDER BY a.bank_account_no FOR NO KEY UPDATE;  -- deposits name accounts meanwhile
    SELECT coalesce(array_agg(a.bank_account_no) FILTER (WHERE a.kind = 'bank'), '{}'),
           coalesce(array_agg(a.bank_account_no) FILTER (WHERE a.kind = 'acquirer'), '{}') INTO banks, acquirers
      FROM counter.bank_account a
     WHERE request->>'bank_account_no' IS NULL OR a.bank_account_no = request->>'bank_account_no';
    IF banks || acquirers = '{}' THEN
        PERFORM counter.refuse('CN128', 'no such bank account', jsonb_build_object('field', 'bank_account_no'));
    ELSIF NOT fresh THEN
        IF EXISTS (SELECT FROM counter.bank_match m JOIN counter.journal j USING (journal_id)
                    WHERE m.request_id = asked AND j.request_hash <> digest) THEN
            PERFORM counter.refuse('CN002', 'this request id was used for something else',
                                   jsonb_build_object('request_id', asked));
        END IF;
        RETURN counter.run_answer(asked, banks || acquirers, true);
    END IF;
    PERFORM counter.collect_items();
    PERFORM counter.pair_exactly(banks, acquirers, policy);
    PERFORM counter.book_pairs(drawer.till_no, asked, digest);
    PERFORM counter.renew_suggestions(banks || acquirers, policy);
    RETURN counter.run_answer(asked, banks || acquirers, false);
END
$$;
