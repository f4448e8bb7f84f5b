-- A payment for one account or many: one request, one transaction, one journal, one receipt, one round trip.
--
-- Request: {request_id, shift_id, tenders: [{kind, amount_fen, received_fen, details}],
--           accounts: [{account_no, version, prepaid_fen, agreement_id, lines: [{period, part, late_fee_fen, principal_fen}]}],
--           payer_name, reason, approval_id}.
-- The desk decides what should happen; this function refuses what must never be true.
-- Locks: the till, then the accounts sorted, then cards, fund and payer of a slip. Any look for what the request may collide
-- with comes in a statement after the till's lock, so that it sees what was waited for.

-- Settles the bills of a request; its lines of receivable and late fee come back.
CREATE OR REPLACE FUNCTION counter.allocate_to_bills(
    for_account text, policies counter.late_fee_policy[], on_date date, allocation jsonb,
    OUT lines counter.posting_line[], OUT principal_fen bigint, OUT late_fee_fen bigint
)
LANGUAGE plpgsql
AS $$
DECLARE
    minimum bigint := counter.late_fee_minimum(policies, on_date);
    bills integer := 0;
    paid record;
BEGIN
    principal_fen := 0;
    late_fee_fen := 0;
    FOR paid IN
        UPDATE counter.bill b
           SET principal_paid_fen = b.principal_paid_fen + i.principal_fen,
               late_fee_paid_fen = b.late_fee_paid_fen + i.late_fee_fen,
               late_fee_accrued_fen = b.late_fee_accrued_fen + counter.late_fee_accrual(
                   policies, b.due_date, b.late_fee_through, b.principal_fen - b.principal_paid_fen, on_date),
               late_fee_through = greatest(b.late_fee_through, on_date)
          FROM jsonb_to_recordset(allocation)
                   AS i(period integer, part smallint, late_fee_fen bigint, principal_fen bigint)
         WHERE b.account_no = for_account AND b.period = i.period AND b.part = i.part
        RETURNING b.period, b.part, i.principal_fen, i.late_fee_fen, counter.late_fee_due(
                      b.late_fee_accrued_fen, b.late_fee_paid_fen - i.late_fee_fen + b.late_fee_waived_fen, minimum)
                      AS due_fen, coalesce(b.late_fee_deferred_until >= on_date, false) AS deferred
    LOOP
        IF paid.late_fee_fen < 0 OR paid.principal_fen < 0 OR paid.late_fee_fen + paid.principal_fen = 0 THEN
            PERFORM counter.refuse('CN006', 'nothing, or less, for a bill', jsonb_build_object('lines', allocation));
        ELSIF paid.late_fee_fen > paid.due_fen
              OR (paid.principal_fen > 0 AND paid.late_fee_fen < paid.due_fen AND NOT paid.deferred) THEN
            PERFORM counter.refuse('CN005', 'the late fee is not what the policy gives',
                                   jsonb_build_object('lines', allocation));
        END IF;
        bills := bills + 1;
        principal_fen := principal_fen + paid.principal_fen;
        late_fee_fen := late_fee_fen + paid.late_fee_fen;
        IF paid.principal_fen > 0 THEN
            lines := lines || ROW('receivable', for_account, paid.period, paid.part,
                                  -paid.principal_fen)::counter.posting_line;
        END IF;
        IF paid.late_fee_fen > 0 THEN
            lines := lines || ROW('late_fee_income', for_account, paid.period, paid.part,
                                  -paid.late_fee_fen)::counter.posting_line;
        END IF;
    END LOOP;
    IF bills <> jsonb_array_length(allocation) THEN
        PERFORM counter.refuse('CN006', 'no such bill', jsonb_build_object('lines', allocation));
    END IF;
END
$$;

-- A request that cannot be posted as it stands: posted before, and answered as then, or refused.
CREATE OR REPLACE FUNCTION counter.replay_or_refuse(request jsonb) RETURNS jsonb
LANGUAGE plpgsql
AS $$
DECLARE
    asked uuid := request->>'request_id';
    known counter.journal;
BEGIN
    SELECT * INTO known FROM counter.journal WHERE request_id = asked;
    IF FOUND THEN
        PERFORM counter.require_same_request(known, request);
        RETURN counter.replay_payment(known);
    ELSIF NOT EXISTS (SELECT FROM counter.till
                       WHERE shift_id = (request->>'shift_id')::bigint AND staff_no = session_user::text) THEN
        PERFORM counter.refuse('CN003', 'not an open shift of this login',
                               jsonb_build_object('shift_id', request->'shift_id'));
    ELSIF counter.is_abandoned(asked) THEN
        PERFORM counter.refuse('CN002', 'this request was given up', jsonb_build_object('request_id', asked));
    END IF;
    PERFORM counter.refuse('CN001', 'the account changed since it was read', jsonb_build_object(
        'account_no', coalesce(request->'account_no', request->'accounts'->0->'account_no')));
END
$$;

CREATE OR REPLACE FUNCTION counter.is_abandoned(asked uuid) RETURNS boolean
LANGUAGE sql STABLE
AS $$ SELECT EXISTS (SELECT FROM counter.abandoned_request WHERE request_id = asked) $$;

-- Settles every account of a request under its lock: the credit lines, what the paper says of each, and what the
-- rules say of the tenders. The accounts come in the order of their numbers, each once, so that two requests never
-- wait for each other. From an account of another version than the desk saw on, nothing is settled: the caller
-- finds fewer papers than accounts.
CREATE OR REPLACE FUNCTION counter.settle_accounts(
    for_journal bigint, accounts jsonb, on_date date, kinds jsonb,
    OUT lines counter.posting_line[], OUT papers counter.receipt_account[], OUT settled_fen bigint,
    OUT needs_approval boolean, OUT slip_limit_fen bigint, OUT reconnect text[]
)
LANGUAGE plpgsql
AS $$
DECLARE
    share jsonb;
    held record;
    settled record;
    prepaid bigint;
    paper counter.receipt_account;
    rule counter.payment_policy;
    policies counter.late_fee_policy[];
BEGIN
    FOR place IN 0 .. jsonb_array_length(accounts) - 1 LOOP
        share := accounts->place;
        prepaid := share->>'prepaid_fen';
        IF (prepaid >= 0 AND (place = 0 OR share->>'account_no' > paper.account_no COLLATE "C")) IS NOT TRUE THEN
            PERFORM counter.refuse('CN007', 'accounts are not in order, or get less than nothing');
        END IF;
        SELECT b.account_no, b.prepaid_fen, b.arrears_fen, a.name, a.address, a.meter_no, a.status, a.hardship,
               a.disconnected, a.corporate_bank, a.customer_class, a.payment_mode
          INTO held
          FROM counter.account_balance b JOIN counter.account a USING (account_no)
         WHERE b.account_no = share->>'account_no' AND b.version = (share->>'version')::bigint
           FOR UPDATE OF b;
        IF NOT FOUND THEN
            RETURN;
        ELSIF held.status = 'closed' AND prepaid > 0 THEN
            PERFORM counter.refuse('CN008', 'a closed account takes no prepayment',
                                   jsonb_build_object('account_no', held.account_no));
        END IF;
        IF (rule.customer_class = held.customer_class AND rule.payment_mode = held.payment_mode) IS NOT TRUE THEN
            policies := ARRAY(SELECT p FROM counter.late_fee_policy p WHERE p.customer_class = held.customer_class
                               ORDER BY p.valid_from DESC);
            SELECT r.* INTO rule FROM counter.payment_policy r
             WHERE r.customer_class = held.customer_class AND r.payment_mode = held.payment_mode
               AND r.valid_from <= on_date ORDER BY r.valid_from DESC LIMIT 1;
            slip_limit_fen := least(slip_limit_fen, rule.slip_exposure_fen);
        END IF;
        needs_approval := counter.judge_tenders(rule, held.hardship, held.corporate_bank, kinds)
                          OR needs_approval IS TRUE;
        settled := counter.allocate_to_bills(held.account_no, policies, on_date, share->'lines');
        lines := lines || settled.lines;
        IF prepaid > 0 THEN
            lines := lines || ROW('prepaid', held.account_no, NULL, NULL, -prepaid)::counter.posting_line;
        END IF;
        paper := ROW(for_journal, held.account_no, held.name, held.address, held.meter_no,
                     settled.principal_fen + settled.late_fee_fen + prepaid, held.prepaid_fen,
                     held.prepaid_fen + prepaid, held.arrears_fen - settled.principal_fen);
        papers := papers || paper;
        settled_fen := coalesce(settled_fen, 0) + paper.total_fen;
        IF held.disconnected AND settled.principal_fen > 0 AND paper.arrears_after_fen = 0 THEN
            reconnect := reconnect || held.account_no;
        END IF;
    END LOOP;
END
$$;

-- What a posted payment leaves behind beside its postings: balances, tenders and the paper, which is given back.
CREATE OR REPLACE FUNCTION counter.keep_payment(
    entry counter.journal, payer_name text, paid_fen bigint, given counter.tender[], papers counter.receipt_account[]
) RETURNS counter.receipt
LANGUAGE plpgsql
AS $$
DECLARE
    share counter.receipt_account := papers[1];
    paper counter.receipt;
BEGIN
    paper := ROW(entry.journal_id, entry.hall_no, share.account_no, share.account_name, share.address, share.meter_no,
                 paid_fen, share.prepaid_before_fen, share.prepaid_after_fen, share.arrears_after_fen);
    IF cardinality(papers) > 1 THEN
        SELECT entry.journal_id, entry.hall_no, NULL, coalesce(nullif(left(trim(payer_name), 100), ''), share.account_name),
               '', NULL, paid_fen, sum(p.prepaid_before_fen), sum(p.prepaid_after_fen), sum(p.arrears_after_fen)
          INTO paper FROM unnest(papers) AS p;
    END IF;
    WITH tendered AS (
        INSERT INTO counter.tender SELECT * FROM unnest(given)
    ), balanced AS (
        UPDATE counter.account_balance b
           SET prepaid_fen = p.prepaid_after_fen, arrears_fen = p.arrears_after_fen, version = b.version + 1
          FROM unnest(papers) AS p WHERE b.account_no = p.account_no
    )
    INSERT INTO counter.receipt SELECT paper.*;
    IF paper.account_no IS NULL THEN
        INSERT INTO counter.receipt_account SELECT * FROM unnest(papers);
    END IF;
    RETURN paper;
END
$$;

CREATE OR REPLACE FUNCTION counter.note_journal(entry counter.journal, reason text, allowed uuid) RETURNS void
LANGUAGE sql
AS $$ INSERT INTO counter.journal_note (journal_id, reason, approval_id) VALUES (entry.journal_id, trim(reason), allowed) $$;

-- What follows from a payment that is not the usual one: its papers, its reason, reconnections, advances.
CREATE OR REPLACE FUNCTION counter.follow_payment(
    entry counter.journal, request jsonb, given counter.tender[], reconnect text[], allowed uuid
) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM counter.keep_documents(given);
    IF request ? 'reason' THEN
        PERFORM counter.note_journal(entry, request->>'reason', allowed);
    END IF;
    IF reconnect IS NOT NULL THEN
        PERFORM counter.raise_reconnections(entry, reconnect);
    END IF;
    IF jsonb_path_exists(request->'accounts', '$[*].agreement_id') THEN
        PERFORM counter.keep_instalments(entry, request->'accounts');
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION counter.post_payment(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
    drawer counter.till;
    entry counter.journal;
    tendered record;
    settled record;
    paper counter.receipt;
    accounts jsonb := request->'accounts';
    how_many integer := jsonb_array_length(accounts);
    allowed uuid;
BEGIN
    entry.kind := 'payment';
    entry.shift_id := request->>'shift_id';
    entry.request_id := request->>'request_id';
    SELECT * INTO drawer FROM counter.till WHERE till_no = entry.shift_id / 10000000000 FOR UPDATE;
    IF drawer.shift_id IS DISTINCT FROM entry.shift_id OR drawer.staff_no IS DISTINCT FROM session_user::text
       OR (drawer.has_abandoned AND counter.is_abandoned(entry.request_id)) THEN
        RETURN counter.replay_or_refuse(request);
    END IF;
    entry.business_date := clock_timestamp() AT TIME ZONE drawer.timezone;
    entry.journal_id := drawer.till_no * 10000000000 + drawer.chain_seq + 1;
    settled := counter.settle_accounts(entry.journal_id, accounts, entry.business_date,
                                       jsonb_path_query_array(request->'tenders', '$[*].kind'));
    IF how_many < 1 OR cardinality(settled.papers) IS DISTINCT FROM how_many THEN
        RETURN counter.replay_or_refuse(request);
    END IF;
    tendered := counter.take_tenders(entry.journal_id, entry.shift_id, request->'tenders', accounts->0->>'account_no');
    IF (settled.settled_fen = tendered.total_fen AND tendered.total_fen > 0
        AND (tendered.own_fen IS NULL OR how_many = 1 AND (accounts->0->>'prepaid_fen')::bigint = 0)) IS NOT TRUE THEN
        PERFORM counter.refuse('CN007', 'tenders and allocation do not add up', request->'tenders');
    ELSIF tendered.own_fen > 0 THEN
        settled.papers[1].prepaid_after_fen := settled.papers[1].prepaid_after_fen - tendered.own_fen;
    END IF;
    IF settled.needs_approval OR tendered.exposure_fen > settled.slip_limit_fen OR request ? 'approval_id' THEN
        allowed := counter.use_approval('payment', request);
    END IF;
    entry.request_hash := counter.request_digest(request);
    entry := counter.append_journal(drawer, entry, tendered.lines || settled.lines, true, tendered.texts);
    paper := counter.keep_payment(entry, request->>'payer_name', tendered.total_fen, tendered.given, settled.papers);
    IF tendered.has_documents OR request ? 'reason' OR settled.reconnect IS NOT NULL
       OR jsonb_path_exists(accounts, '$[*].agreement_id') THEN
        PERFORM counter.follow_payment(entry, request, tendered.given, settled.reconnect, allowed);
    END IF;
    IF settled.reconnect IS NOT NULL THEN
        RETURN counter.with_reconnections(entry.journal_id, counter.payment_answer(
            entry, paper.total_fen, tendered.change_fen, paper.prepaid_after_fen, paper.arrears_after_fen, false));
    END IF;
    RETURN counter.payment_answer(entry, paper.total_fen, tendered.change_fen, paper.prepaid_after_fen,
                                  paper.arrears_after_fen, false);
END
$$;
