-- Groups of accounts of one payer, across halls. No money moves here: any clerk, cashier or supervisor keeps them.
-- The last change of a group can be sent again; a change of what somebody else has changed meanwhile is refused.

CREATE OR REPLACE FUNCTION counter.refuse_changed_group(known counter.payer_group) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM counter.refuse('CN070', 'the group changed since it was read', (
        SELECT jsonb_build_object('name', known.name, 'staff_name', coalesce(s.name, known.changed_by),
                   'changed_at', to_char(known.changed_at AT TIME ZONE b.timezone, 'YYYY-MM-DD HH24:MI'))
          FROM counter.bureau b LEFT JOIN counter.staff s ON s.staff_no = known.changed_by));
END
$$;

-- What a group must never be: without a name that can be read, without end, or with accounts that there are not.
CREATE OR REPLACE FUNCTION counter.check_group(name text, accounts text[]) RETURNS void
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    unknown text[];
BEGIN
    IF (length(name) BETWEEN 1 AND 100 AND name !~ '[[:cntrl:]]') IS NOT TRUE THEN
        PERFORM counter.refuse('CN074', 'not a name of a group');
    ELSIF cardinality(accounts) > 5000 THEN
        PERFORM counter.refuse('CN073', 'too many accounts', jsonb_build_object('count', cardinality(accounts)));
    END IF;
    unknown := ARRAY(SELECT n FROM unnest(accounts) AS n
                      WHERE NOT EXISTS (SELECT FROM counter.account a WHERE a.account_no = n) ORDER BY n);
    IF cardinality(unknown) > 0 THEN
        PERFORM counter.refuse('CN071', 'no such account', jsonb_build_object(
            'accounts', array_to_string(unknown[1:5], ', '), 'count', cardinality(unknown)));
    END IF;
END
$$;

-- Request: {request_id, group_id, version, name, accounts: [account_no]}; version 0 makes a new group. The members are
-- replaced. Answer: {group_id, version}.
CREATE OR REPLACE FUNCTION counter.save_group(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    asked uuid := request->>'group_id';
    digest bytea := counter.request_digest(request);
    wanted text := trim(request->>'name');
    numbers text[] := ARRAY(SELECT DISTINCT jsonb_array_elements_text(request->'accounts'));
    known counter.payer_group;
BEGIN
    IF counter.my_hall() IS NULL THEN
        PERFORM counter.refuse('CN013', 'this login is not active staff');
    END IF;
    PERFORM counter.check_group(wanted, numbers);
    IF (request->>'version')::integer = 0 THEN
        INSERT INTO counter.payer_group (group_id, name, version, request_id, request_hash, changed_by)
        VALUES (asked, wanted, 0, (request->>'request_id')::uuid, '', session_user)
        ON CONFLICT (group_id) DO NOTHING;
    END IF;
    SELECT * INTO known FROM counter.payer_group WHERE group_id = asked FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN072', 'there is no such group any more', jsonb_build_object('name', wanted));
    ELSIF known.version > 0 AND known.request_id = (request->>'request_id')::uuid THEN
        IF known.request_hash <> digest OR known.changed_by <> session_user::text THEN
            PERFORM counter.refuse('CN002', 'this request id was used for something else');
        END IF;
        RETURN jsonb_build_object('group_id', asked, 'version', known.version);
    ELSIF known.version <> (request->>'version')::integer THEN
        PERFORM counter.refuse_changed_group(known);
    END IF;
    UPDATE counter.payer_group
       SET name = wanted, version = known.version + 1, request_id = (request->>'request_id')::uuid,
           request_hash = digest, changed_by = session_user, changed_at = clock_timestamp()
     WHERE group_id = asked;
    DELETE FROM counter.payer_group_member WHERE group_id = asked AND account_no <> ALL (numbers);
    INSERT INTO counter.payer_group_member (group_id, account_no) SELECT asked, unnest(numbers)
    ON CONFLICT DO NOTHING;
    RETURN jsonb_build_object('group_id', asked, 'version', known.version + 1);
END
$$;

-- Request: {request_id, group_id, version}. A group that is gone already is gone.
CREATE OR REPLACE FUNCTION counter.delete_group(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    known counter.payer_group;
BEGIN
    IF counter.my_hall() IS NULL THEN
        PERFORM counter.refuse('CN013', 'this login is not active staff');
    END IF;
    SELECT * INTO known FROM counter.payer_group WHERE group_id = (request->>'group_id')::uuid FOR UPDATE;
    IF FOUND THEN
        IF known.version <> (request->>'version')::integer THEN
            PERFORM counter.refuse_changed_group(known);
        END IF;
        DELETE FROM counter.payer_group_member WHERE group_id = known.group_id;
        DELETE FROM counter.payer_group WHERE group_id = known.group_id;
    END IF;
    RETURN jsonb_build_object('group_id', request->'group_id', 'deleted', true);
END
$$;
