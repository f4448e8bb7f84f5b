-- Instalment agreements (分次划拨): advances into the prepaid balance of an account before the final bill of a month,
-- which settles them, because a bill draws the balance down when it comes. Whether an agreement is open is derived
-- and stored nowhere: it was not ended (instalment_end), and no bill of its period is there. Everything that makes
-- or ends one, pays under one or brings the bill holds the account's lock (account_balance), so that these never cross.

CREATE OR REPLACE FUNCTION counter.agreement_is_open(agreed counter.instalment_agreement) RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT NOT EXISTS (SELECT FROM counter.instalment_end e WHERE e.agreement_id = agreed.agreement_id)
       AND NOT EXISTS (SELECT FROM counter.bill b WHERE b.account_no = agreed.account_no AND b.period = agreed.period)
$$;

-- Advances that are paid under instalment agreements of their accounts; each agreement that is named is open.
CREATE OR REPLACE FUNCTION counter.keep_instalments(entry counter.journal, accounts jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    named integer := jsonb_array_length(jsonb_path_query_array(accounts, '$[*].agreement_id'));
    kept integer;
BEGIN
    INSERT INTO counter.instalment_payment (agreement_id, journal_id, amount_fen)
    SELECT g.agreement_id, entry.journal_id, i.prepaid_fen
      FROM jsonb_to_recordset(accounts) AS i(account_no text, prepaid_fen bigint, agreement_id uuid)
      JOIN counter.instalment_agreement g ON g.agreement_id = i.agreement_id AND g.account_no = i.account_no
     WHERE i.prepaid_fen > 0 AND counter.agreement_is_open(g);
    GET DIAGNOSTICS kept = ROW_COUNT;
    IF kept <> named THEN
        PERFORM counter.refuse('CN033', 'no such open instalment agreement of this account');
    END IF;
END
$$;

-- A plan makes sense: each date in the month, later than the one before, each amount more than nothing, and often
-- enough for what the month is expected to use, or the last month used. The figures are the bureau's settings.
CREATE OR REPLACE FUNCTION counter.check_plan(
    for_account text, for_period integer, expected_kwh integer, plan jsonb
) RETURNS void
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    rules counter.bureau;
    item record;
    before date;
    how_many integer := jsonb_array_length(plan);
    kwh bigint := greatest(expected_kwh, (
        SELECT sum(b.kwh) FROM counter.bill b WHERE b.account_no = for_account AND b.period = (
            SELECT max(x.period) FROM counter.bill x WHERE x.account_no = for_account AND x.period < for_period)));
BEGIN
    IF (for_period BETWEEN 200001 AND 299912 AND mod(for_period, 100) BETWEEN 1 AND 12 AND how_many BETWEEN 1 AND 31
        AND expected_kwh BETWEEN 0 AND 1000000000) IS NOT TRUE THEN
        PERFORM counter.refuse('CN076', 'not a plan of a month', jsonb_build_object('period', for_period));
    END IF;
    before := make_date(for_period / 100, mod(for_period, 100), 1) - 1;
    FOR item IN SELECT * FROM jsonb_to_recordset(plan) AS i(due_date date, amount_fen bigint) LOOP
        IF (item.due_date > before AND to_char(item.due_date, 'YYYYMM')::integer = for_period
            AND item.amount_fen BETWEEN 1 AND 1000000000000) IS NOT TRUE THEN
            PERFORM counter.refuse('CN076', 'dates and amounts are not those of a plan',
                                   jsonb_build_object('period', for_period));
        END IF;
        before := item.due_date;
    END LOOP;
    SELECT * INTO rules FROM counter.bureau;
    IF kwh > rules.instalment_large_kwh AND how_many < rules.instalment_least THEN
        PERFORM counter.refuse('CN075', 'too few instalments for so much energy', jsonb_build_object(
            'kwh', to_char(kwh, 'FM999,999,999,999'), 'least', rules.instalment_least,
            'large_kwh', to_char(rules.instalment_large_kwh, 'FM999,999,999,999')));
    END IF;
END
$$;

-- A risk customer settles every few days (the bureau's setting): from the start of the month, or from today in the
-- running one, no two instalments are further apart, only the last one takes the odd days at the end of the month.
CREATE OR REPLACE FUNCTION counter.check_risk_plan(for_period integer, plan jsonb) RETURNS void
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    first date := make_date(for_period / 100, mod(for_period, 100), 1);
    month_end date := first + interval '1 month - 1 day';
    every integer := (SELECT instalment_every_days FROM counter.bureau);
    today date := counter.business_date();
    before date := CASE WHEN today BETWEEN first AND month_end THEN today ELSE first - 1 END;
    item record;
BEGIN
    FOR item IN SELECT * FROM jsonb_to_recordset(plan) AS i(due_date date) ORDER BY due_date LOOP
        EXIT WHEN item.due_date - before > every AND (item.due_date < month_end OR item.due_date - before >= 2 * every);
        before := greatest(before, item.due_date);
    END LOOP;
    IF before < month_end THEN
        PERFORM counter.refuse('CN080', 'a risk customer settles more often',
                               jsonb_build_object('days', every, 'period', for_period));
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION counter.agreement_answer(agreed counter.instalment_agreement, replayed boolean) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object('agreement_id', agreed.agreement_id, 'account_no', agreed.account_no,
                              'period', agreed.period, 'replayed', replayed)
$$;

-- Request: {request_id, account_no, period, expected_kwh, instalments: [{due_date, amount_fen}], reason}.
-- The request's id becomes the agreement's.
CREATE OR REPLACE FUNCTION counter.make_agreement(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    agreed counter.instalment_agreement;
    known counter.instalment_agreement;
    customer counter.account;
BEGIN
    PERFORM counter.claim_request(request);
    IF counter.my_hall() IS NULL THEN
        PERFORM counter.refuse('CN013', 'this login is not active staff');
    END IF;
    PERFORM FROM counter.account_balance WHERE account_no = request->>'account_no' FOR UPDATE;
    SELECT * INTO known FROM counter.instalment_agreement WHERE agreement_id = (request->>'request_id')::uuid;
    IF FOUND THEN
        IF known.request_hash <> counter.request_digest(request) OR known.agreed_by <> session_user::text THEN
            PERFORM counter.refuse('CN002', 'this request id was used for something else');
        END IF;
        RETURN counter.agreement_answer(known, true);
    END IF;
    SELECT * INTO customer FROM counter.account WHERE account_no = request->>'account_no';
    IF customer.status IS DISTINCT FROM 'active' THEN
        PERFORM counter.refuse('CN008', 'no such account, or a closed one',
                               jsonb_build_object('account_no', request->'account_no'));
    END IF;
    agreed := ROW(request->>'request_id', counter.request_digest(request), customer.account_no, request->>'period',
                  request->>'expected_kwh', trim(request->>'reason'), session_user, clock_timestamp());
    PERFORM counter.check_plan(agreed.account_no, agreed.period, agreed.expected_kwh, request->'instalments');
    IF customer.risk_customer THEN
        PERFORM counter.check_risk_plan(agreed.period, request->'instalments');
    END IF;
    IF EXISTS (SELECT FROM counter.bill WHERE account_no = agreed.account_no AND period = agreed.period) THEN
        PERFORM counter.refuse('CN078', 'the bill of the month is there', jsonb_build_object('period', agreed.period));
    ELSIF EXISTS (SELECT FROM counter.instalment_agreement g LEFT JOIN counter.instalment_end e USING (agreement_id)
                   WHERE g.account_no = agreed.account_no AND g.period = agreed.period AND e.agreement_id IS NULL) THEN
        PERFORM counter.refuse('CN077', 'one agreement a month', jsonb_build_object('period', agreed.period));
    END IF;
    INSERT INTO counter.instalment_agreement SELECT agreed.*;
    INSERT INTO counter.instalment (agreement_id, number, due_date, amount_fen)
    SELECT agreed.agreement_id, i.number, i.due_date, i.amount_fen
      FROM ROWS FROM (jsonb_to_recordset(request->'instalments') AS (due_date date, amount_fen bigint))
           WITH ORDINALITY AS i(due_date, amount_fen, number);
    RETURN counter.agreement_answer(agreed, false);
END
$$;

-- Request: {request_id, agreement_id, reason}. What was paid stays in the prepaid balance.
CREATE OR REPLACE FUNCTION counter.end_agreement(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    agreed counter.instalment_agreement;
    known counter.instalment_end;
BEGIN
    PERFORM counter.claim_request(request);
    IF counter.my_hall() IS NULL THEN
        PERFORM counter.refuse('CN013', 'this login is not active staff');
    END IF;
    SELECT * INTO agreed FROM counter.instalment_agreement WHERE agreement_id = (request->>'agreement_id')::uuid;
    PERFORM FROM counter.account_balance WHERE account_no = agreed.account_no FOR UPDATE;
    SELECT * INTO known FROM counter.instalment_end WHERE request_id = (request->>'request_id')::uuid;
    IF FOUND THEN
        IF known.request_hash <> counter.request_digest(request) OR known.ended_by <> session_user::text THEN
            PERFORM counter.refuse('CN002', 'this request id was used for something else');
        END IF;
        RETURN counter.agreement_answer(agreed, true);
    ELSIF agreed.agreement_id IS NULL OR NOT counter.agreement_is_open(agreed) THEN
        PERFORM counter.refuse('CN033', 'no such open instalment agreement');
    END IF;
    INSERT INTO counter.instalment_end (agreement_id, request_id, request_hash, reason, ended_by)
    VALUES (agreed.agreement_id, (request->>'request_id')::uuid, counter.request_digest(request),
            trim(request->>'reason'), session_user);
    RETURN counter.agreement_answer(agreed, false);
END
$$;
