-- Relief of a late fee: a part of what is due today is waived, or the fee may be paid after the principal until a day.
-- No money moves; a bill's own figures stand, what was due before stays readable in late_fee_relief, and a
-- supervisor has approved exactly this.

-- What is wrong with a request for relief of a bill whose fee due today is due_fen; NULL when nothing is.
CREATE OR REPLACE FUNCTION counter.relief_fault(request jsonb, due_fen bigint, on_date date) RETURNS text
LANGUAGE sql STABLE
AS $$
    SELECT CASE
        WHEN (length(trim(request->>'reason')) BETWEEN 1 AND 200) IS NOT TRUE THEN 'reason'
        WHEN request->>'kind' = 'waiver' THEN
            CASE WHEN ((request->>'waived_fen')::bigint BETWEEN 1 AND due_fen) IS NOT TRUE
                      OR request ? 'deferred_until' THEN 'waived_fen' END
        WHEN request->>'kind' = 'deferral' THEN
            CASE WHEN ((request->>'deferred_until')::date BETWEEN on_date + 1 AND (on_date + interval '1 year')::date)
                      IS NOT TRUE OR request ? 'waived_fen' THEN 'deferred_until' END
        ELSE 'kind' END
$$;

-- The bill of a request with its late fee counted up to on_date, as a payment would count it.
CREATE OR REPLACE FUNCTION counter.bring_late_fee_up(request jsonb, on_date date, OUT owed counter.bill, OUT due_fen bigint)
LANGUAGE plpgsql
AS $$
DECLARE
    policies counter.late_fee_policy[] := counter.late_fee_policies((
        SELECT customer_class FROM counter.account WHERE account_no = request->>'account_no'));
BEGIN
    UPDATE counter.bill b
       SET late_fee_accrued_fen = b.late_fee_accrued_fen + counter.late_fee_accrual(
               policies, b.due_date, b.late_fee_through, b.principal_fen - b.principal_paid_fen, on_date),
           late_fee_through = greatest(b.late_fee_through, on_date)
     WHERE b.account_no = request->>'account_no' AND b.period = (request->>'period')::integer
       AND b.part = (request->>'part')::smallint
    RETURNING b.* INTO owed;
    due_fen := counter.late_fee_due(owed.late_fee_accrued_fen, owed.late_fee_paid_fen + owed.late_fee_waived_fen,
                                    counter.late_fee_minimum(policies, on_date));
END
$$;

CREATE OR REPLACE FUNCTION counter.relief_answer(granted counter.late_fee_relief, again boolean) RETURNS jsonb
LANGUAGE sql IMMUTABLE
AS $$
    SELECT jsonb_build_object('request_id', granted.relief_id, 'kind', granted.kind, 'original_fen', granted.original_fen,
                              'waived_fen', granted.waived_fen, 'left_fen', granted.original_fen - granted.waived_fen,
                              'deferred_until', granted.deferred_until, 'replayed', again)
$$;

-- Request: {request_id, account_no, account_version, period, part, kind waiver|deferral, waived_fen | deferred_until,
-- reason, approval_id}. Locks the account. No shift is needed: no money moves.
CREATE OR REPLACE FUNCTION counter.relieve_late_fee(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    today date := counter.business_date();
    held counter.account_balance;
    granted counter.late_fee_relief;
    counted record;
    fault text;
BEGIN
    PERFORM counter.claim_request(request);
    IF NOT EXISTS (SELECT FROM counter.staff WHERE staff_no = session_user::text AND active
                    AND duty IN ('clerk', 'cashier', 'supervisor')) THEN
        PERFORM counter.refuse('CN013', 'this login is not active staff of a hall');
    END IF;
    SELECT * INTO held FROM counter.account_balance WHERE account_no = request->>'account_no' FOR UPDATE;
    SELECT * INTO granted FROM counter.late_fee_relief WHERE relief_id = (request->>'request_id')::uuid;
    IF granted.relief_id IS NOT NULL THEN
        IF granted.request_hash <> counter.request_digest(request) OR granted.granted_by <> session_user::text THEN
            PERFORM counter.refuse('CN002', 'this request id was used for something else');
        END IF;
        RETURN counter.relief_answer(granted, true);
    ELSIF held.account_no IS NOT NULL AND held.version IS DISTINCT FROM (request->>'account_version')::bigint THEN
        PERFORM counter.refuse('CN001', 'the account changed since it was read',
                               jsonb_build_object('account_no', held.account_no));
    END IF;
    counted := counter.bring_late_fee_up(request, today);
    fault := counter.relief_fault(request, counted.due_fen, today);
    IF held.account_no IS NULL OR (counted.owed).account_no IS NULL OR counted.due_fen = 0 THEN
        PERFORM counter.refuse('CN058', 'no late fee is due on this bill');
    ELSIF fault IS NOT NULL THEN
        PERFORM counter.refuse('CN059', 'this relief makes no sense', jsonb_build_object('field', fault));
    END IF;
    granted := ROW(request->>'request_id', counter.request_digest(request), held.account_no, (counted.owed).period,
                   (counted.owed).part, request->>'kind', counted.due_fen, coalesce((request->>'waived_fen')::bigint, 0),
                   request->>'deferred_until', trim(request->>'reason'),
                   counter.use_approval('late_fee_' || (request->>'kind'), request), session_user, clock_timestamp());
    INSERT INTO counter.late_fee_relief SELECT granted.*;
    UPDATE counter.bill
       SET late_fee_waived_fen = late_fee_waived_fen + granted.waived_fen,
           late_fee_deferred_until = coalesce(granted.deferred_until, late_fee_deferred_until)
     WHERE account_no = granted.account_no AND period = granted.period AND part = granted.part;
    UPDATE counter.account_balance SET version = version + 1 WHERE account_no = granted.account_no;
    RETURN counter.relief_answer(granted, false);
END
$$;
