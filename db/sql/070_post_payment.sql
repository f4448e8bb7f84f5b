-- A payment for one account or many: one request, one transaction, one journal, one receipt, one round trip.
--
-- Request: {request_id, shift_id, tenders: [{kind, amount_fen, received_fen, details}],
--           accounts: [{account_no, version, prepaid_fen, agreement_id, lines: [{period, part, late_fee_fen, principal_fen}]}],
--           payer_name, reason, approval_id}.
-- The desk decides what should happen; this function refuses what must never be true. What claims a receipt of the bank
-- counts from the bank's day: late fee and policies are those of that day.
-- Locks: the till, then the accounts sorted, then cards, fund, payer of a slip and receipts of the bank. Any look for what the request may collide
-- with comes in a statement after the till's lock, so that it sees what was waited for.

-- Settles the bills of one account; its lines of receivable and late fee come back. minimum_fen is the least late
-- fee of the day, when there is one.
CREATE OR REPLACE FUNCTION counter.allocate_to_bills(
    for_account text, policies counter.late_fee_policy[], minimum_fen bigint, on_date date, allocation jsonb
) RETURNS counter.allotment
LANGUAGE plpgsql
AS $$
DECLARE
    found record;
BEGIN
    WITH paid AS (
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
                      b.late_fee_accrued_fen, b.late_fee_paid_fen - i.late_fee_fen + b.late_fee_waived_fen, minimum_fen)
                      AS due_fen, coalesce(b.late_fee_deferred_until >= on_date, false) AS deferred
    )
    SELECT array_agg(ROW('receivable', for_account, p.period, p.part, -p.principal_fen)::counter.posting_line
                     ORDER BY p.period, p.part) FILTER (WHERE p.principal_fen > 0)
           || array_agg(ROW('late_fee_income', for_account, p.period, p.part, -p.late_fee_fen)::counter.posting_line
                        ORDER BY p.period, p.part) FILTER (WHERE p.late_fee_fen > 0) AS lines,
           coalesce(sum(p.principal_fen), 0)::bigint AS principal_fen, coalesce(sum(p.late_fee_fen), 0)::bigint AS late_fee_fen,
           count(*) AS bills,
           bool_or(p.late_fee_fen < 0 OR p.principal_fen < 0 OR p.late_fee_fen + p.principal_fen = 0) AS nothing,
           bool_or(p.late_fee_fen > p.due_fen
                   OR p.principal_fen > 0 AND p.late_fee_fen < p.due_fen AND NOT p.deferred) AS wrong_fee
      INTO found FROM paid p;
    IF found.nothing OR found.wrong_fee OR found.bills <> jsonb_array_length(allocation) THEN
        PERFORM counter.refuse(
            CASE WHEN found.wrong_fee AND found.nothing IS NOT TRUE THEN 'CN005' ELSE 'CN006' END,
            CASE WHEN found.nothing THEN 'nothing, or less, for a bill'
                 WHEN found.wrong_fee THEN 'the late fee is not what the policy gives' ELSE 'no such bill' END,
            jsonb_build_object('lines', allocation));
    END IF;
    RETURN ROW(found.lines, found.principal_fen, found.late_fee_fen)::counter.allotment;
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
        PERFORM counter.refuse_closed_shift((request->>'shift_id')::bigint);
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

-- Says why an account cannot be paid for like this: the rules of the day forbid one of the tenders, it is closed, or
-- the request is not in order.
CREATE OR REPLACE FUNCTION counter.refuse_account(held jsonb, kinds jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    IF (kinds <@ (held->'tenders')) IS NOT TRUE THEN
        PERFORM counter.refuse('CN025', 'this customer does not pay like that', jsonb_build_object('kinds', kinds));
    ELSIF kinds ? 'transfer' AND NOT (held->>'slip_counts')::boolean THEN
        PERFORM counter.refuse('CN028', 'a slip does not count before it arrives');
    ELSIF kinds ? 'care_fund' AND NOT (held->>'hardship')::boolean THEN
        PERFORM counter.refuse('CN024', 'the care fund is for hardship households only');
    END IF;
    IF held->>'status' = 'closed' AND (held->>'in_fen')::bigint > 0 THEN
        PERFORM counter.refuse('CN008', 'a closed account takes no prepayment',
                               jsonb_build_object('account_no', held->'account_no'));
    END IF;
    PERFORM counter.refuse('CN007', 'accounts are not in order, or get less than nothing');
END
$$;

-- Settles every account of a request under its lock: the credit lines, what the paper says of each, and what the
-- rules say of the tenders. The accounts come in the order of their numbers, each once, so that two requests never
-- wait for each other. From an account of another version than the desk saw on, nothing is settled: the caller
-- finds fewer papers than accounts.
CREATE OR REPLACE FUNCTION counter.settle_accounts(
    for_journal bigint, accounts jsonb, on_date date, kinds jsonb
) RETURNS counter.settlement
LANGUAGE plpgsql
AS $$
DECLARE
    held record;
    settled counter.allotment;
    so_far counter.settlement;
    last_account text;
BEGIN
    FOR place IN 0 .. jsonb_array_length(accounts) - 1 LOOP
        SELECT b.account_no, b.prepaid_fen, b.arrears_fen, a.name, a.address, a.meter_no, a.status, a.hardship,
               a.disconnected, a.corporate_bank, r.tenders, r.approval_tenders, r.corporate_cash_approval, r.slip_counts,
               r.slip_exposure_fen, i.prepaid_fen AS in_fen, i.lines,
               ARRAY(SELECT p FROM counter.late_fee_policy p WHERE p.customer_class = a.customer_class
                      ORDER BY p.valid_from DESC) AS policies,
               (SELECT p.minimum_fen FROM counter.late_fee_policy p
                 WHERE p.customer_class = a.customer_class AND p.valid_from <= on_date
                 ORDER BY p.valid_from DESC LIMIT 1) AS minimum_fen
          INTO held
          FROM jsonb_to_record(accounts->place) AS i(account_no text, version bigint, prepaid_fen bigint, lines jsonb)
          JOIN counter.account_balance b ON b.account_no = i.account_no AND b.version = i.version
          JOIN counter.account a ON a.account_no = b.account_no
          LEFT JOIN LATERAL (
               SELECT * FROM counter.payment_policy q
                WHERE q.customer_class = a.customer_class AND q.payment_mode = a.payment_mode AND q.valid_from <= on_date
                ORDER BY q.valid_from DESC LIMIT 1) r ON true
           FOR UPDATE OF b;
        IF NOT FOUND THEN
            RETURN so_far;
        ELSIF (kinds <@ to_jsonb(held.tenders) AND (held.slip_counts OR NOT kinds ? 'transfer')
               AND (held.hardship OR NOT kinds ? 'care_fund') AND held.in_fen >= 0
               AND (held.in_fen = 0 OR held.status <> 'closed')
               AND (last_account IS NULL OR held.account_no COLLATE "C" > last_account)) IS NOT TRUE THEN
            PERFORM counter.refuse_account(to_jsonb(held), kinds);
        END IF;
        settled := counter.allocate_to_bills(held.account_no, held.policies, held.minimum_fen, on_date, held.lines);
        last_account := held.account_no;
        so_far := ROW(
            so_far.lines || settled.lines || CASE WHEN held.in_fen > 0 THEN
                ARRAY[ROW('prepaid', held.account_no, NULL, NULL, -held.in_fen)::counter.posting_line] END,
            so_far.papers || ROW(
                for_journal, held.account_no, held.name, held.address, held.meter_no,
                settled.principal_fen + settled.late_fee_fen + held.in_fen, held.prepaid_fen,
                held.prepaid_fen + held.in_fen, held.arrears_fen - settled.principal_fen)::counter.receipt_account,
            coalesce(so_far.total_fen, 0) + settled.principal_fen + settled.late_fee_fen + held.in_fen,
            so_far.needs_approval IS TRUE OR kinds ?| held.approval_tenders
                OR (held.corporate_bank AND held.corporate_cash_approval AND kinds ? 'cash'),
            least(so_far.slip_limit_fen, held.slip_exposure_fen),
            so_far.reconnect || CASE WHEN held.disconnected AND settled.principal_fen > 0
                                          AND held.arrears_fen = settled.principal_fen
                                     THEN ARRAY[held.account_no] END)::counter.settlement;
    END LOOP;
    RETURN so_far;
END
$$;

-- What a posted payment leaves behind beside its postings: balances, tenders and the paper, which is given back.
CREATE OR REPLACE FUNCTION counter.keep_payment(
    entry counter.journal, payer_name text, paid_fen bigint, given counter.tender[], papers counter.receipt_account[]
) RETURNS counter.receipt
LANGUAGE plpgsql
AS $$
DECLARE
    paper counter.receipt := ROW(
        entry.journal_id, entry.hall_no, papers[1].account_no, papers[1].account_name, papers[1].address,
        papers[1].meter_no, paid_fen, papers[1].prepaid_before_fen, papers[1].prepaid_after_fen,
        papers[1].arrears_after_fen);
BEGIN
    IF cardinality(papers) > 1 THEN
        SELECT entry.journal_id, entry.hall_no, NULL, coalesce(nullif(left(trim(payer_name), 100), ''), papers[1].account_name),
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
    IF cardinality(papers) > 1 THEN
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
    settled counter.settlement;
    tendered counter.tendering;
    paper counter.receipt;
    allowed uuid;
BEGIN
    SELECT * INTO drawer FROM counter.till WHERE till_no = (request->>'shift_id')::bigint / 10000000000 FOR UPDATE;
    IF drawer.shift_id IS DISTINCT FROM (request->>'shift_id')::bigint
       OR drawer.staff_no IS DISTINCT FROM session_user::text
       OR (drawer.has_abandoned AND counter.is_abandoned((request->>'request_id')::uuid)) THEN
        RETURN counter.replay_or_refuse(request);
    END IF;
    entry := ROW(
        drawer.till_no * 10000000000 + drawer.chain_seq + 1, NULL, NULL, 'payment',
        (clock_timestamp() AT TIME ZONE drawer.timezone)::date, NULL, drawer.shift_id, NULL, request->>'request_id',
        counter.request_digest(request), NULL, NULL,
        CASE WHEN request->'tenders' @> '[{"kind": "bank_receipt"}]'
             THEN counter.credited_at(request->'tenders', drawer.timezone) END, NULL, NULL, NULL)::counter.journal;
    settled := counter.settle_accounts(entry.journal_id, request->'accounts',
                                       coalesce((entry.effective_at AT TIME ZONE drawer.timezone)::date, entry.business_date),
                                       jsonb_path_query_array(request->'tenders', '$[*].kind'));
    IF cardinality(settled.papers) IS DISTINCT FROM jsonb_array_length(request->'accounts') THEN
        RETURN counter.replay_or_refuse(request);
    END IF;
    tendered := counter.take_tenders(entry.journal_id, entry.shift_id, request->'tenders', settled.papers[1].account_no);
    IF (settled.total_fen = tendered.total_fen AND tendered.total_fen > 0 AND tendered.own_fen IS NULL) IS NOT TRUE THEN
        IF (settled.total_fen = tendered.total_fen AND cardinality(settled.papers) = 1
            AND settled.papers[1].prepaid_after_fen = settled.papers[1].prepaid_before_fen) IS NOT TRUE THEN
            PERFORM counter.refuse('CN007', 'tenders and allocation do not add up', request->'tenders');
        END IF;
        settled.papers[1].prepaid_after_fen := settled.papers[1].prepaid_after_fen - tendered.own_fen;
    END IF;
    IF settled.needs_approval OR tendered.exposure_fen > settled.slip_limit_fen OR request ? 'approval_id' THEN
        allowed := counter.use_approval('payment', request);
    END IF;
    entry := counter.append_journal(drawer, entry, tendered.lines || settled.lines, true, tendered.texts);
    paper := counter.keep_payment(entry, request->>'payer_name', tendered.total_fen, tendered.given, settled.papers);
    IF tendered.has_documents OR request ? 'reason' OR settled.reconnect IS NOT NULL
       OR jsonb_path_exists(request->'accounts', '$[*].agreement_id') THEN
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
