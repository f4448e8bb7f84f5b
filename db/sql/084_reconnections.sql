-- Reconnection tasks: the last arrears of a disconnected account are paid, so it is to be connected again, within the
-- bureau's time (bureau.reconnect_within_h). The task belongs to the hall that serves the account. An account has one
-- open task at most (reconnection_task_open).

CREATE OR REPLACE FUNCTION counter.raise_reconnections(entry counter.journal, accounts text[]) RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO counter.reconnection_task (journal_id, account_no, hall_no, due_at)
    SELECT entry.journal_id, a.account_no, a.hall_no, clock_timestamp() + b.reconnect_within_h * interval '1 hour'
      FROM counter.account a CROSS JOIN counter.bureau b WHERE a.account_no = ANY (accounts)
    ON CONFLICT DO NOTHING
$$;

-- The field team reports that the account is connected again. Request: {request_id, journal_id, account_no}.
-- The flag of the account falls with it, so that its next payment raises no second task; the next import of accounts
-- has the last word on it (ADR 0026). The change is kept as every change of a master datum is.
CREATE OR REPLACE FUNCTION counter.complete_reconnection(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    task counter.reconnection_task;
    known counter.account_change;
    digest text := encode(counter.request_digest(request), 'hex');
BEGIN
    PERFORM counter.claim_request(request);
    SELECT * INTO task FROM counter.reconnection_task
     WHERE journal_id = (request->>'journal_id')::bigint AND account_no = request->>'account_no' FOR UPDATE;
    SELECT * INTO known FROM counter.account_change WHERE request_id = (request->>'request_id')::uuid;
    IF FOUND THEN
        IF known.request_hash <> digest OR known.staff_no <> session_user::text THEN
            PERFORM counter.refuse('CN002', 'this request id was used for something else');
        END IF;
        RETURN jsonb_build_object('account_no', task.account_no, 'done_at', task.done_at, 'replayed', true);
    ELSIF task.hall_no IS DISTINCT FROM counter.my_hall() THEN
        PERFORM counter.refuse('CN013', 'only the hall that serves the account does this');
    ELSIF task.done_at IS NOT NULL OR task.cancelled_by IS NOT NULL THEN
        PERFORM counter.refuse('CN079', 'this task is not open any more',
                               jsonb_build_object('account_no', task.account_no));
    END IF;
    UPDATE counter.reconnection_task SET done_at = clock_timestamp(), done_by = session_user
     WHERE journal_id = task.journal_id AND account_no = task.account_no RETURNING * INTO task;
    INSERT INTO counter.account_change (request_id, request_hash, account_no, field, old_value, new_value, staff_no)
    SELECT (request->>'request_id')::uuid, digest, a.account_no, 'disconnected', a.disconnected::text, 'false', session_user
      FROM counter.account a WHERE a.account_no = task.account_no;
    UPDATE counter.account SET disconnected = false WHERE account_no = task.account_no AND disconnected;
    RETURN jsonb_build_object('account_no', task.account_no, 'done_at', task.done_at, 'replayed', false);
END
$$;
