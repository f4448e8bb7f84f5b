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
LANGUAGE plpgsql SET search_path = counter, pg_temp
AS $$
DECLARE
    minimum bigint := counter.late_fee_minimum(for_class, on_date);
    asked counter.posting_line;
    owed record;
    due_fen bigint;
    fee bigint;
    principal bigint;
    item jsonb;
BEGIN
    lines := '{}';
    principal_fen := 0;
    late_fee_fen := 0;
    FOR item IN SELECT value FROM jsonb_array_elements(allocation) LOOP
        fee := (item->>'late_fee_fen')::bigint;
        principal := (item->>'principal_fen')::bigint;
        SELECT b.period, b.part, b.principal_fen - b.principal_paid_fen AS open_fen, b.late_fee_paid_fen AS paid_fen,
               b.late_fee_accrued_fen + counter.late_fee_accrual(
                   for_class, b.due_date, b.late_fee_through, b.principal_fen - b.principal_paid_fen, on_date
               ) AS accrued_fen
          INTO owed
          FROM counter.bill b
         WHERE b.account_no = for_account AND b.period = (item->>'period')::integer
           AND b.part = (item->>'part')::smallint;
        due_fen := counter.late_fee_due(owed.accrued_fen, owed.paid_fen, minimum);
        IF due_fen IS NULL OR fee IS NULL OR principal IS NULL OR least(fee, principal) < 0 OR fee + principal = 0
           OR principal > owed.open_fen THEN
            PERFORM counter.refuse('CN006', 'more than the bill owes, or no such bill', item);
        ELSIF fee > due_fen OR (principal > 0 AND fee <> due_fen) THEN
            PERFORM counter.refuse('CN005', 'the late fee is not what the policy gives',
                                   item || jsonb_build_object('due_fen', due_fen));
        END IF;
        UPDATE counter.bill b
           SET principal_paid_fen = b.principal_paid_fen + principal,
               late_fee_paid_fen = b.late_fee_paid_fen + fee,
               late_fee_accrued_fen = owed.accrued_fen,
               late_fee_through = greatest(b.late_fee_through, on_date)
         WHERE b.account_no = for_account AND b.period = owed.period AND b.part = owed.part;
        IF principal > 0 THEN
            lines := lines || ROW('receivable', for_account, owed.period, owed.part, -principal)::counter.posting_line;
        END IF;
        IF fee > 0 THEN
            lines := lines || ROW('late_fee_income', for_account, owed.period, owed.part, -fee)::counter.posting_line;
        END IF;
        principal_fen := principal_fen + principal;
        late_fee_fen := late_fee_fen + fee;
    END LOOP;
END
$$;

-- Locks the till of the caller's own open shift and answers whether this request is known already.
CREATE OR REPLACE FUNCTION counter.enter_till(
    request jsonb, OUT known counter.journal, OUT in_till integer, OUT may_post boolean
)
LANGUAGE plpgsql SET search_path = counter, pg_temp
AS $$
DECLARE
    asked uuid := request->>'request_id';
BEGIN
    SELECT t.till_no, s.staff_no = session_user::text AND s.closed_at IS NULL INTO in_till, may_post
      FROM counter.shift s JOIN counter.till t USING (till_no)
     WHERE s.shift_id = (request->>'shift_id')::bigint FOR UPDATE OF t;
    SELECT * INTO known FROM counter.journal WHERE request_id = asked;
    IF known.journal_id IS NOT NULL THEN
        PERFORM counter.require_same_request(known, request);
    ELSIF may_post IS NOT TRUE THEN
        PERFORM counter.refuse('CN003', 'not an open shift of this login',
                               jsonb_build_object('shift_id', request->'shift_id'));
    ELSIF EXISTS (SELECT FROM counter.abandoned_request WHERE request_id = asked) THEN
        PERFORM counter.refuse('CN002', 'this request was given up', jsonb_build_object('request_id', asked));
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION counter.post_payment(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    gate record;
    entry counter.journal;
    held counter.account_balance;
    customer counter.account;
    settled record;
    total bigint := (request->>'total_fen')::bigint;
    received bigint := (request->>'received_fen')::bigint;
    prepaid bigint := (request->>'prepaid_fen')::bigint;
BEGIN
    SELECT * INTO gate FROM counter.enter_till(request);
    IF (gate.known).journal_id IS NOT NULL THEN
        RETURN counter.payment_answer(gate.known, true);
    END IF;
    SELECT * INTO held FROM counter.account_balance WHERE account_no = request->>'account_no' FOR UPDATE;
    IF held.version IS DISTINCT FROM (request->>'account_version')::bigint THEN
        PERFORM counter.refuse('CN001', 'the account changed since it was read',
                               jsonb_build_object('account_no', request->'account_no'));
    END IF;
    SELECT * INTO customer FROM counter.account WHERE account_no = held.account_no;
    IF customer.status = 'closed' AND prepaid > 0 THEN
        PERFORM counter.refuse('CN008', 'a closed account takes no prepayment',
                               jsonb_build_object('account_no', held.account_no));
    END IF;
    entry.business_date := counter.business_date();
    SELECT * INTO settled FROM counter.allocate_to_bills(
        held.account_no, customer.customer_class, entry.business_date, request->'lines');
    IF total IS NULL OR total NOT BETWEEN 1 AND 1000000000000 OR prepaid IS NULL OR prepaid < 0
       OR settled.principal_fen + settled.late_fee_fen + prepaid <> total
       OR received IS NULL OR received NOT BETWEEN total AND 1000000000000 THEN
        PERFORM counter.refuse('CN007', 'tenders and allocation do not add up', request - 'lines');
    END IF;
    entry.kind := 'payment';
    entry.till_no := gate.in_till;
    entry.shift_id := request->>'shift_id';
    entry.request_id := request->>'request_id';
    entry.request_hash := counter.request_digest(request);
    entry := counter.append_journal(
        entry,
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
    VALUES (entry.journal_id, entry.hall_no, held.account_no, customer.name, customer.address, customer.meter_no,
            total, held.prepaid_fen, held.prepaid_fen + prepaid, held.arrears_fen - settled.principal_fen);
    RETURN counter.payment_answer(entry, false);
END
$$;
