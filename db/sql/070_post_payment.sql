-- One cash payment for one account: one request, one transaction, one round trip.
--
-- Request: {request_id, shift_id, account_no, account_version, total_fen, received_fen, prepaid_fen,
--           lines: [{period, part, late_fee_fen, principal_fen}]}.
-- The desk decides what should happen; this function refuses what must never be true.
-- Locks: the till, then the account. Any look for what the request may collide with comes in a statement after
-- the till's lock, so that it sees what was waited for.

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
                      b.late_fee_accrued_fen, b.late_fee_paid_fen - i.late_fee_fen, minimum) AS due_fen
    LOOP
        IF paid.late_fee_fen < 0 OR paid.principal_fen < 0 OR paid.late_fee_fen + paid.principal_fen = 0 THEN
            PERFORM counter.refuse('CN006', 'nothing, or less, for a bill', jsonb_build_object('lines', allocation));
        ELSIF paid.late_fee_fen > paid.due_fen OR (paid.principal_fen > 0 AND paid.late_fee_fen < paid.due_fen) THEN
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
    PERFORM counter.refuse('CN001', 'the account changed since it was read',
                           jsonb_build_object('account_no', request->'account_no'));
END
$$;

CREATE OR REPLACE FUNCTION counter.is_abandoned(asked uuid) RETURNS boolean
LANGUAGE sql STABLE
AS $$ SELECT EXISTS (SELECT FROM counter.abandoned_request WHERE request_id = asked) $$;

CREATE OR REPLACE FUNCTION counter.post_payment(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
AS $$
DECLARE
    drawer counter.till;
    entry counter.journal;
    held record;
    settled record;
    total bigint := (request->>'total_fen')::bigint;
    received bigint := (request->>'received_fen')::bigint;
    prepaid bigint := (request->>'prepaid_fen')::bigint;
BEGIN
    entry.kind := 'payment';
    entry.shift_id := request->>'shift_id';
    entry.request_id := request->>'request_id';
    SELECT * INTO drawer FROM counter.till WHERE till_no = entry.shift_id / 10000000000 FOR UPDATE;
    IF drawer.shift_id IS DISTINCT FROM entry.shift_id OR drawer.staff_no IS DISTINCT FROM session_user::text
       OR (drawer.has_abandoned AND counter.is_abandoned(entry.request_id)) THEN
        RETURN counter.replay_or_refuse(request);
    END IF;
    SELECT b.account_no, b.prepaid_fen, b.arrears_fen, a.name, a.address, a.meter_no, a.status,
           ARRAY(SELECT p FROM counter.late_fee_policy p WHERE p.customer_class = a.customer_class
                  ORDER BY p.valid_from DESC) AS policies
      INTO held
      FROM counter.account_balance b JOIN counter.account a USING (account_no)
     WHERE b.account_no = request->>'account_no' AND b.version = (request->>'account_version')::bigint
       FOR UPDATE OF b;
    IF NOT FOUND THEN
        RETURN counter.replay_or_refuse(request);
    ELSIF held.status = 'closed' AND prepaid > 0 THEN
        PERFORM counter.refuse('CN008', 'a closed account takes no prepayment',
                               jsonb_build_object('account_no', held.account_no));
    END IF;
    entry.business_date := clock_timestamp() AT TIME ZONE drawer.timezone;
    settled := counter.allocate_to_bills(held.account_no, held.policies, entry.business_date, request->'lines');
    IF (total > 0 AND prepaid >= 0 AND settled.principal_fen + settled.late_fee_fen + prepaid = total
        AND received BETWEEN total AND 1000000000000) IS NOT TRUE THEN
        PERFORM counter.refuse('CN007', 'tenders and allocation do not add up', request - 'lines');
    END IF;
    entry.request_hash := counter.request_digest(request);
    entry := counter.append_journal(
        drawer, entry,
        ROW('cash_in_till', NULL, NULL, NULL, total)::counter.posting_line || settled.lines
            || CASE WHEN prepaid > 0
                    THEN ARRAY[ROW('prepaid', held.account_no, NULL, NULL, -prepaid)::counter.posting_line]
                    ELSE '{}' END,
        true, counter.tender_text(1::smallint, 'cash', total, received, NULL));
    WITH tendered AS (
        INSERT INTO counter.tender (journal_id, line, kind, amount_fen, received_fen)
        VALUES (entry.journal_id, 1, 'cash', total, received)
    ), balanced AS (
        UPDATE counter.account_balance
           SET prepaid_fen = prepaid_fen + prepaid, arrears_fen = arrears_fen - settled.principal_fen,
               version = version + 1
         WHERE account_no = held.account_no
    )
    INSERT INTO counter.receipt (journal_id, hall_no, account_no, account_name, address, meter_no, total_fen,
                                 prepaid_before_fen, prepaid_after_fen, arrears_after_fen)
    VALUES (entry.journal_id, entry.hall_no, held.account_no, held.name, held.address, held.meter_no,
            total, held.prepaid_fen, held.prepaid_fen + prepaid, held.arrears_fen - settled.principal_fen);
    RETURN counter.payment_answer(entry, total, received - total, held.prepaid_fen + prepaid,
                                  held.arrears_fen - settled.principal_fen, false);
END
$$;
