-- Four eyes. The desk asks (request_approval), a supervisor decides as themselves on a connection of their own
-- (decide_approval), and the function that posts uses the answer, once, for what was asked and nothing else
-- (use_approval). Everybody who waits hears of it on the channel counter_approval.

-- What of a request must not change between asking and posting: everything but its ids, the versions of accounts, which
-- another desk's work may move, and what is read from a card when it is posted.
CREATE OR REPLACE FUNCTION counter.approval_digest(action text, subject jsonb) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT sha256(convert_to(action || (
               subject - ARRAY['request_id', 'approval_id', 'shift_id', 'account_version', 'accounts',
                              'from_version', 'to_version', 'version', 'evidence',
                              'mark']
               || coalesce((SELECT jsonb_build_object('accounts', jsonb_agg(a.item - 'version' ORDER BY a.place))
                              FROM jsonb_array_elements(subject->'accounts') WITH ORDINALITY AS a(item, place)), '{}')
           )::text, 'UTF8'))
$$;

CREATE OR REPLACE FUNCTION counter.tell_approval(asked uuid) RETURNS void
LANGUAGE sql
AS $$
    SELECT pg_notify('counter_approval', jsonb_build_object('approval_id', r.approval_id, 'hall_no', r.hall_no)::text)
      FROM counter.approval_request r WHERE r.approval_id = asked
$$;

-- Request: {approval_id, action, subject, reason}.
CREATE OR REPLACE FUNCTION counter.request_approval(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    asked uuid := request->>'approval_id';
    rule counter.approval_rule;
    known counter.approval_request;
    wanted bytea := counter.approval_digest(request->>'action', request->'subject');
BEGIN
    IF counter.my_hall() IS NULL THEN
        PERFORM counter.refuse('CN013', 'this login is not active staff');
    END IF;
    SELECT * INTO rule FROM counter.approval_rule WHERE action = request->>'action';
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN026', 'nothing that can be approved', jsonb_build_object('action', request->'action'));
    ELSIF octet_length(request::text) > 8000000 THEN  -- 5,000 accounts with a dozen bills each are some six million
        PERFORM counter.refuse('CN060', 'too large to be approved as one');
    END IF;
    INSERT INTO counter.approval_request (approval_id, action, subject, digest, reason, hall_no, requested_by, expires_at)
    VALUES (asked, rule.action, request->'subject', wanted, trim(request->>'reason'), counter.my_hall(), session_user,
            clock_timestamp() + rule.lifetime_min * interval '1 minute')
    ON CONFLICT (approval_id) DO NOTHING;
    IF NOT FOUND THEN
        SELECT * INTO known FROM counter.approval_request WHERE approval_id = asked;
        IF known.digest <> wanted OR known.requested_by <> session_user::text THEN
            PERFORM counter.refuse('CN002', 'this request id was used for something else');
        END IF;
    END IF;
    PERFORM counter.tell_approval(asked);
    RETURN jsonb_build_object('approval_id', asked);
END
$$;

-- Request: {approval_id, approved, note}. The requester may only withdraw; a supervisor of the hall decides.
CREATE OR REPLACE FUNCTION counter.decide_approval(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    asked counter.approval_request;
    decided counter.approval_decision;
    yes boolean := (request->>'approved')::boolean;
BEGIN
    SELECT * INTO asked FROM counter.approval_request WHERE approval_id = (request->>'approval_id')::uuid;
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN026', 'no such request for approval');
    ELSIF asked.requested_by = session_user::text AND yes THEN
        PERFORM counter.refuse('CN029', 'nobody approves what they asked for themselves');
    ELSIF asked.requested_by <> session_user::text AND NOT EXISTS (
        SELECT FROM counter.staff WHERE staff_no = session_user::text AND active AND duty = 'supervisor'
                                    AND hall_no = asked.hall_no) THEN
        PERFORM counter.refuse('CN057', 'only a supervisor of the hall decides');
    ELSIF asked.expires_at < clock_timestamp() THEN
        PERFORM counter.refuse('CN030', 'the request for approval has expired');
    END IF;
    INSERT INTO counter.approval_decision (approval_id, approved, note, decided_by)
    VALUES (asked.approval_id, yes, left(coalesce(trim(request->>'note'), ''), 200), session_user)
    ON CONFLICT (approval_id) DO NOTHING;
    SELECT * INTO decided FROM counter.approval_decision WHERE approval_id = asked.approval_id;
    IF decided.decided_by <> session_user::text OR decided.approved <> yes THEN
        PERFORM counter.refuse('CN031', 'decided already', (
            SELECT jsonb_build_object('staff_name', s.name) FROM counter.staff s WHERE s.staff_no = decided.decided_by));
    END IF;
    PERFORM counter.tell_approval(asked.approval_id);
    RETURN jsonb_build_object('approval_id', asked.approval_id, 'approved', decided.approved);
END
$$;

-- Uses the approval that a request carries for action; refuses when there is none that covers it.
CREATE OR REPLACE FUNCTION counter.use_approval(for_action text, request jsonb) RETURNS uuid
LANGUAGE plpgsql
AS $$
DECLARE
    given uuid := request->>'approval_id';
    asked record;
BEGIN
    SELECT r.action, r.digest, r.requested_by, r.expires_at, d.approved INTO asked
      FROM counter.approval_request r LEFT JOIN counter.approval_decision d USING (approval_id)
     WHERE r.approval_id = given;
    IF given IS NULL OR NOT FOUND OR asked.approved IS NOT TRUE OR coalesce(trim(request->>'reason'), '') = '' THEN
        PERFORM counter.refuse('CN026', 'a supervisor has to approve this', jsonb_build_object('action', for_action));
    ELSIF asked.expires_at < clock_timestamp() THEN
        PERFORM counter.refuse('CN030', 'the approval has expired', jsonb_build_object('action', for_action));
    ELSIF asked.action <> for_action OR asked.requested_by <> session_user::text
          OR asked.digest <> counter.approval_digest(for_action, request) THEN
        PERFORM counter.refuse('CN032', 'the approval is for something else', jsonb_build_object('action', for_action));
    END IF;
    INSERT INTO counter.approval_use (approval_id, request_id) VALUES (given, (request->>'request_id')::uuid);
    RETURN given;
END
$$;
