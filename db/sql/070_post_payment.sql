-- One cash payment for one account: one request, one transaction, one round trip.
--
-- Request: {request_id, shift_id, account_no, account_version, total_fen, received_fen, prepaid_fen,
--           lines: [{period, part, late_fee_fen, principal_fen}]}.
-- The desk decides what should happen; this function refuses what must never be true.
-- Locks: the till, then the account.

-- Settles the bills of a request; the receivable and late-fee lines of the journal come back.
CREATE OR REPLACE FUNCTION counter.allocate_to_bills(
    for_account text, for_class text, on_date date, allocation jsonb,
    OUT lines counter.posting_line[], OUT principal_fen bigint, OUT late_fee_fen bigint
)
LANGUAGE plpgsql
AS $$
DECLARE
    policies counter.late_fee_policy[] := counter.late_fee_policies(for_class);
    minimum bigint := counter.late_fee_minimum(policies, on_date);
    settled record;
BEGIN
    WITH item AS (
        SELECT * FROM jsonb_to_recordset(allocation)
                   AS x(period integer, part smallint, late_fee_fen bigint, principal_fen bigint)
    ), settled_bill AS (
        UPDATE counter.bill b
           SET principal_paid_fen = b.principal_paid_fen + i.principal_fen,
               late_fee_paid_fen = b.late_fee_paid_fen + i.late_fee_fen,
               late_fee_accrued_fen = b.late_fee_accrued_fen + counter.late_fee_accrual(
                   policies, b.due_date, b.late_fee_through, b.principal_fen - b.principal_paid_fen, on_date),
               late_fee_through = greatest(b.late_fee_through, on_date)
          FROM item i
         WHERE b.account_no = for_account AND b.period = i.period AND b.part = i.part
        RETURNING b.period, b.part, i.principal_fen, i.late_fee_fen, counter.late_fee_due(
                      b.late_fee_accrued_fen, b.late_fee_paid_fen - i.late_fee_fen, minimum) AS due_fen
    )
    SELECT count(*) AS bills, coalesce(sum(s.principal_fen), 0) AS principal_fen,
           coalesce(sum(s.late_fee_fen), 0) AS late_fee_fen,
           bool_or(least(s.late_fee_fen, s.principal_fen) < 0 OR s.late_fee_fen + s.principal_fen = 0) AS senseless,
           bool_or(s.late_fee_fen > s.due_fen OR (s.principal_fen > 0 AND s.late_fee_fen <> s.due_fen)) AS wrong_fee,
           coalesce(array_agg(ROW('receivable', for_account, s.period, s.part, -s.principal_fen)::counter.posting_line)
                    FILTER (WHERE s.principal_fen > 0), '{}') AS receivable,
           coalesce(array_agg(ROW('late_fee_income', for_account, s.period, s.part, -s.late_fee_fen)::counter.posting_line)
                    FILTER (WHERE s.late_fee_fen > 0), '{}') AS income
      INTO settled FROM settled_bill s;
    IF settled.bills <> jsonb_array_length(allocation) OR settled.senseless THEN
        PERFORM counter.refuse('CN006', 'more than the bill owes, or no such bill', jsonb_build_object('lines', allocation));
    ELSIF settled.wrong_fee THEN
        PERFORM counter.refuse('CN005', 'the late fee is not what the policy gives', jsonb_build_object('lines', allocation));
    END IF;
    lines := settled.receivable || settled.income;
    principal_fen := settled.principal_fen;
    late_fee_fen := settled.late_fee_fen;
END
$$;

-- Locks the till of the caller's own open shift (of active staff) and answers whether this request is known already. The look
-- for the request comes in a statement of its own, after the lock, so that it sees what was waited for.
CREATE OR REPLACE FUNCTION counter.enter_till(request jsonb, OUT known counter.journal, OUT drawer counter.till)
LANGUAGE plpgsql
AS $$
DECLARE
    asked uuid := request->>'request_id';
    locked record;
    earlier record;
BEGIN
    SELECT t AS till, s.staff_no = session_user::text AND s.closed_at IS NULL AND p.active AS is_mine INTO locked
      FROM counter.shift s JOIN counter.till t USING (till_no) JOIN counter.staff p ON p.staff_no = s.staff_no
     WHERE s.shift_id = (request->>'shift_id')::bigint FOR UPDATE OF t;
    SELECT j AS journal, EXISTS (SELECT FROM counter.abandoned_request a WHERE a.request_id = asked) AS abandoned
      INTO earlier FROM (SELECT) one LEFT JOIN counter.journal j ON j.request_id = asked;
    known := earlier.journal;
    drawer := locked.till;
    IF known.journal_id IS NOT NULL THEN
        PERFORM counter.require_same_request(known, request);
    ELSIF locked.is_mine IS NOT TRUE THEN
        PERFORM counter.refuse('CN003', 'not an open shift of this login',
                               jsonb_build_object('shift_id', request->'shift_id'));
    ELSIF earlier.abandoned THEN
        PERFORM counter.refuse('CN002', 'this request was given up', jsonb_build_object('request_id', asked));
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION counter.post_payment(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    gate record := counter.enter_till(request);
    entry counter.journal;
    held record;
    settled record;
    total bigint := (request->>'total_fen')::bigint;
    received bigint := (request->>'received_fen')::bigint;
    prepaid bigint := (request->>'prepaid_fen')::bigint;
BEGIN
    IF (gate.known).journal_id IS NOT NULL THEN
        RETURN counter.replay_payment(gate.known);
    END IF;
    SELECT b.*, a.name, a.address, a.meter_no, a.customer_class, a.status INTO held
      FROM counter.account_balance b JOIN counter.account a USING (account_no)
     WHERE b.account_no = request->>'account_no' FOR UPDATE OF b;
    IF held.version IS DISTINCT FROM (request->>'account_version')::bigint THEN
        PERFORM counter.refuse('CN001', 'the account changed since it was read',
                               jsonb_build_object('account_no', request->'account_no'));
    ELSIF held.status = 'closed' AND prepaid > 0 THEN
        PERFORM counter.refuse('CN008', 'a closed account takes no prepayment',
                               jsonb_build_object('account_no', held.account_no));
    END IF;
    entry.business_date := counter.business_date();
    settled := counter.allocate_to_bills(held.account_no, held.customer_class, entry.business_date, request->'lines');
    IF total IS NULL OR total NOT BETWEEN 1 AND 1000000000000 OR prepaid IS NULL OR prepaid < 0
       OR settled.principal_fen + settled.late_fee_fen + prepaid <> total
       OR received IS NULL OR received NOT BETWEEN total AND 1000000000000 THEN
        PERFORM counter.refuse('CN007', 'tenders and allocation do not add up', request - 'lines');
    END IF;
    entry.kind := 'payment';
    entry.shift_id := request->>'shift_id';
    entry.request_id := request->>'request_id';
    entry.request_hash := counter.request_digest(request);
    entry := counter.append_journal(
        gate.drawer, entry,
        ROW('cash_in_till', NULL, NULL, NULL, total)::counter.posting_line || settled.lines
            || CASE WHEN prepaid > 0
                    THEN ARRAY[ROW('prepaid', held.account_no, NULL, NULL, -prepaid)::counter.posting_line]
                    ELSE '{}' END,
        true, counter.tender_text(1::smallint, 'cash', total, received, NULL));
    INSERT INTO counter.tender (journal_id, line, kind, amount_fen, received_fen)
    VALUES (entry.journal_id, 1, 'cash', total, received);
    UPDATE counter.account_balance
       SET prepaid_fen = prepaid_fen + prepaid, arrears_fen = arrears_fen - settled.principal_fen, version = version + 1
     WHERE account_no = held.account_no;
    INSERT INTO counter.receipt (journal_id, hall_no, account_no, account_name, address, meter_no, total_fen,
                                 prepaid_before_fen, prepaid_after_fen, arrears_after_fen)
    VALUES (entry.journal_id, entry.hall_no, held.account_no, held.name, held.address, held.meter_no,
            total, held.prepaid_fen, held.prepaid_fen + prepaid, held.arrears_fen - settled.principal_fen);
    RETURN counter.payment_answer(entry, total, received - total, held.prepaid_fen + prepaid,
                                  held.arrears_fen - settled.principal_fen, false);
END
$$;
