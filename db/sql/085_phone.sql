-- The phone number that was asked for at the counter. Request: {request_id, account_no, phone}.

CREATE OR REPLACE FUNCTION counter.set_phone(request jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    customer counter.account;
    asked counter.account_change;
    digest text := encode(counter.request_digest(request), 'hex');
BEGIN
    PERFORM counter.claim_request(request);
    IF counter.my_hall() IS NULL THEN
        PERFORM counter.refuse('CN013', 'this login is not active staff');
    END IF;
    SELECT * INTO customer FROM counter.account WHERE account_no = request->>'account_no' FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN008', 'no such account', jsonb_build_object('account_no', request->'account_no'));
    END IF;
    SELECT * INTO asked FROM counter.account_change WHERE request_id = (request->>'request_id')::uuid;
    IF FOUND THEN
        IF asked.request_hash <> digest THEN
            PERFORM counter.refuse('CN002', 'this request id was used for something else');
        END IF;
        RETURN;
    END IF;
    INSERT INTO counter.account_change (request_id, request_hash, account_no, field, old_value, new_value, staff_no)
    VALUES ((request->>'request_id')::uuid, digest, customer.account_no, 'phone', customer.phone,
            request->>'phone', session_user);
    UPDATE counter.account SET phone = request->>'phone' WHERE account_no = customer.account_no;
END
$$;
