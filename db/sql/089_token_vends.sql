-- Power sold as a token (代码购电) for a meter without a card. The money is booked first, as owed until there is a token
-- (vend_in_flight); with the token it is power sold (vended). Tokens are made by a vending server outside, which answers
-- the same token to the same id for ever; an issued token is kept, printed again, and never taken back.
--
-- Request: {request_id, shift_id, account_no, version, meter_no, amount_fen, tenders, reason, approval_id, mark}; mark is
-- simulated with a vending server that is none, and the paper says so for ever.
-- Locks: the till, the account, then the billing till of the hall. No token is in any refusal.

-- The sale of a token for a sentence about it.
CREATE OR REPLACE FUNCTION counter.token_vend_facts(of_vend uuid) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT counter.receipt_facts(v.journal_id) || jsonb_build_object('account_no', v.account_no, 'state', v.state)
      FROM counter.token_vend v WHERE v.vend_id = of_vend
$$;

-- Refuses what can never be sold as a token. The account is locked.
CREATE OR REPLACE FUNCTION counter.check_token_vend(request jsonb, on_date date) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    amount bigint := request->>'amount_fen';
    most bigint := counter.vend_limit_fen(on_date);
    known record;
    open_vend uuid;
BEGIN
    SELECT a.meter_no, a.status, a.payment_mode INTO known FROM counter.account a WHERE a.account_no = request->>'account_no';
    SELECT v.vend_id INTO open_vend FROM counter.token_vend v
     WHERE v.account_no = request->>'account_no' AND v.state IN ('pending', 'in_doubt');
    IF known.status = 'closed' THEN
        PERFORM counter.refuse('CN085', 'a closed account', jsonb_build_object('account_no', request->'account_no'));
    ELSIF (known.payment_mode = 'token' AND known.meter_no IS NOT NULL) IS NOT TRUE THEN
        PERFORM counter.refuse('CN100', 'no meter that takes tokens', jsonb_build_object('account_no', request->'account_no'));
    ELSIF (known.meter_no = request->>'meter_no') IS NOT TRUE THEN
        PERFORM counter.refuse('CN103', 'not the meter of the books', jsonb_build_object('meter_no', known.meter_no));
    ELSIF open_vend IS NOT NULL THEN
        PERFORM counter.refuse('CN101', 'a sale of this account has no token yet', counter.token_vend_facts(open_vend));
    ELSIF (amount BETWEEN 1 AND most) IS NOT TRUE THEN
        PERFORM counter.refuse('CN102', 'less than 0.01, or above the limit', jsonb_build_object(
            'limit', to_char(most / 100.0, 'FM999999990.00')));
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION counter.begin_token_vend(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
DECLARE
    begun record := counter.lock_drawer(request);
    drawer counter.till := begun.drawer;
    entry counter.journal;
    settled counter.settlement;
    paid record;
BEGIN
    IF begun.answer IS NOT NULL THEN
        RETURN begun.answer;
    END IF;
    entry.journal_id := drawer.till_no * 10000000000 + drawer.chain_seq + 1;
    entry.kind := 'vend';
    entry.business_date := clock_timestamp() AT TIME ZONE drawer.timezone;
    entry.shift_id := drawer.shift_id;
    entry.request_id := request->>'request_id';
    entry.request_hash := counter.request_digest(request);
    settled := counter.settle_accounts(
        entry.journal_id, jsonb_build_array(jsonb_build_object(
            'account_no', request->'account_no', 'version', request->'version', 'prepaid_fen', 0, 'lines', '[]'::jsonb)),
        entry.business_date, jsonb_path_query_array(request->'tenders', '$[*].kind'));
    IF settled.papers IS NULL THEN
        RETURN counter.replay_or_refuse(request);
    END IF;
    PERFORM counter.check_token_vend(request, entry.business_date);
    paid := counter.pay_vend(request, drawer, entry, settled);
    entry := paid.posted;
    INSERT INTO counter.token_vend (vend_id, journal_id, account_no, meter_no, amount_fen, mark, hall_no, staff_no)
    VALUES (entry.request_id, entry.journal_id, request->>'account_no', request->>'meter_no',
            (request->>'amount_fen')::bigint, CASE WHEN request->>'mark' = 'simulated' THEN 'simulated' ELSE '' END,
            entry.hall_no, entry.staff_no);
    PERFORM counter.note_token_vend(entry.request_id, 'pending', entry.request_id, entry.request_hash, entry.journal_id,
                                    '', NULL);
    RETURN paid.answer;
END
$$;

-- What a request about a sale is answered: how the sale stands, and its token.
CREATE OR REPLACE FUNCTION counter.token_vend_answer(of_vend uuid, replayed boolean) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object('vend_id', v.vend_id, 'state', v.state, 'token', v.token, 'replayed', replayed)
      FROM counter.token_vend v WHERE v.vend_id = of_vend
$$;

-- A sale under the lock of its account.
CREATE OR REPLACE FUNCTION counter.locked_token_vend(wanted uuid) RETURNS counter.token_vend
LANGUAGE plpgsql
AS $$
DECLARE
    found_vend counter.token_vend;
BEGIN
    PERFORM FROM counter.account_balance b JOIN counter.token_vend v USING (account_no)
      WHERE v.vend_id = wanted FOR UPDATE OF b;
    SELECT * INTO found_vend FROM counter.token_vend WHERE vend_id = wanted FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN104', 'no such sale', jsonb_build_object('vend_id', wanted));
    ELSIF counter.my_hall() IS NULL THEN
        PERFORM counter.refuse('CN013', 'this login is not active staff');
    END IF;
    RETURN found_vend;
END
$$;

-- Whether this request was answered before; refuses an id that was used for something else.
CREATE OR REPLACE FUNCTION counter.token_request_known(request jsonb) RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
    known counter.token_vend_event;
BEGIN
    SELECT * INTO known FROM counter.token_vend_event
     WHERE request_id = (request->>'request_id')::uuid ORDER BY seq DESC LIMIT 1;
    IF known.vend_id IS NOT NULL
       AND (known.request_hash <> counter.request_digest(request) OR known.staff_no <> session_user::text) THEN
        PERFORM counter.refuse('CN002', 'this request id was used for something else',
                               jsonb_build_object('request_id', request->'request_id'));
    END IF;
    RETURN known.vend_id IS NOT NULL;
END
$$;

-- The token came: it is kept for good, and the power is sold.
CREATE OR REPLACE FUNCTION counter.keep_token(of_vend counter.token_vend, request jsonb, allowed uuid) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    entry counter.journal;
    sold counter.vend;
BEGIN
    IF (request->>'token' ~ '^[0-9]{20}$' AND (request->>'token')::numeric < 73786976294838206464) IS NOT TRUE THEN
        PERFORM counter.refuse('CN105', 'no twenty digits of 66 bits');
    ELSIF EXISTS (SELECT FROM counter.token_vend v
                   WHERE v.meter_no = of_vend.meter_no AND v.token = request->>'token' AND v.vend_id <> of_vend.vend_id) THEN
        PERFORM counter.refuse('CN109', 'the token of another sale', counter.token_vend_facts(of_vend.vend_id));
    END IF;
    sold.account_no := of_vend.account_no;
    sold.amount_fen := of_vend.amount_fen;
    entry := counter.post_vend_journal(sold, 'vend_written', 'vend_in_flight', 'vended', (request->>'request_id')::uuid,
                                       counter.request_digest(request));
    UPDATE counter.token_vend SET state = 'issued', token = request->>'token', changed_at = clock_timestamp()
     WHERE vend_id = of_vend.vend_id;
    PERFORM counter.note_token_vend(of_vend.vend_id, 'issued', entry.request_id, entry.request_hash, entry.journal_id,
                                    coalesce(request->>'note', request->>'reason'), allowed);
END
$$;

-- Request: {request_id, vend_id, outcome, token, meter_no, amount_fen, note}; outcome is issued, in_doubt, pending or
-- refused, and any desk of any hall may tell it, because any may ask the vending server. Issued comes with the token and
-- with the meter and the amount that the server says it is for. Told once more, nothing happens; told with another token,
-- it is refused.
CREATE OR REPLACE FUNCTION counter.settle_token_vend(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    of_vend counter.token_vend;
    outcome text := request->>'outcome';
BEGIN
    PERFORM counter.claim_request(request);
    of_vend := counter.locked_token_vend((request->>'vend_id')::uuid);
    IF counter.token_request_known(request) THEN
        RETURN counter.token_vend_answer(of_vend.vend_id, true);
    ELSIF (outcome IN ('issued', 'in_doubt', 'pending', 'refused')) IS NOT TRUE THEN
        PERFORM counter.refuse('CN095', 'no such outcome');
    ELSIF outcome = 'issued' AND ((request->>'meter_no' = of_vend.meter_no
                                   AND (request->>'amount_fen')::bigint = of_vend.amount_fen) IS NOT TRUE) THEN
        PERFORM counter.refuse('CN106', 'a token for another meter or amount', counter.token_vend_facts(of_vend.vend_id));
    ELSIF of_vend.state = 'issued' AND (outcome <> 'issued' OR of_vend.token = request->>'token') THEN
        RETURN counter.token_vend_answer(of_vend.vend_id, true);
    ELSIF of_vend.state = 'issued' OR of_vend.state IN ('refused', 'undone') AND outcome = 'issued' THEN
        PERFORM counter.refuse('CN109', 'never a second token', counter.token_vend_facts(of_vend.vend_id));
    ELSIF of_vend.state IN ('refused', 'undone') THEN
        RETURN counter.token_vend_answer(of_vend.vend_id, true);
    END IF;
    IF outcome = 'issued' THEN
        PERFORM counter.keep_token(of_vend, request, NULL);
    ELSE
        -- What was asked for once is not certain again by a later question that did not arrive.
        PERFORM counter.note_token_vend(
            of_vend.vend_id, CASE WHEN outcome = 'pending' THEN of_vend.state ELSE outcome END,
            (request->>'request_id')::uuid, counter.request_digest(request), NULL, request->>'note', NULL);
    END IF;
    RETURN counter.token_vend_answer(of_vend.vend_id, false);
END
$$;

-- The vending server will not answer any more: a supervisor decides. Request: {request_id, vend_id, token, reason,
-- approval_id}: the token that its operator read out, or none, and then there never will be one.
CREATE OR REPLACE FUNCTION counter.decide_token_vend(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    of_vend counter.token_vend;
    allowed uuid;
BEGIN
    PERFORM counter.claim_request(request);
    of_vend := counter.locked_token_vend((request->>'vend_id')::uuid);
    IF counter.token_request_known(request) THEN
        RETURN counter.token_vend_answer(of_vend.vend_id, true);
    ELSIF (length(trim(request->>'reason')) BETWEEN 1 AND 200) IS NOT TRUE THEN
        PERFORM counter.refuse('CN095', 'no reason');
    ELSIF of_vend.state NOT IN ('pending', 'in_doubt') THEN
        PERFORM counter.refuse('CN109', 'settled already', counter.token_vend_facts(of_vend.vend_id));
    ELSIF of_vend.hall_no <> counter.my_hall() THEN
        PERFORM counter.refuse('CN096', 'sold in another hall', counter.token_vend_facts(of_vend.vend_id));
    END IF;
    allowed := counter.use_approval('vend_decision', request);
    IF request ? 'token' THEN
        PERFORM counter.keep_token(of_vend, request, allowed);
    ELSE
        PERFORM counter.note_token_vend(of_vend.vend_id, 'refused', (request->>'request_id')::uuid,
                                        counter.request_digest(request), NULL, request->>'reason', allowed);
    END IF;
    RETURN counter.token_vend_answer(of_vend.vend_id, false);
END
$$;

-- A sale as lists and desks show it, with the answer that its payment got.
DO $do$
BEGIN
    CREATE TYPE counter.told_token_vend AS (
        vend_id uuid, account_no text, account_name text, meter_no text, amount_fen bigint, state text, token text,
        receipt_no text, staff_no text, staff_name text, hall_no smallint, hall_name text, began_at timestamptz, note text
    );
EXCEPTION WHEN duplicate_object THEN NULL;
END
$do$;

CREATE OR REPLACE FUNCTION counter.tell_token_vend(v counter.token_vend) RETURNS counter.told_token_vend
LANGUAGE sql STABLE
AS $$
    SELECT v.vend_id, v.account_no, r.account_name, v.meter_no, v.amount_fen, v.state, coalesce(v.token, ''),
           counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), v.staff_no, coalesce(s.name, v.staff_no),
           v.hall_no, h.name, v.began_at,
           coalesce((SELECT e.note FROM counter.token_vend_event e
                      WHERE e.vend_id = v.vend_id ORDER BY e.seq DESC LIMIT 1), '')
      FROM counter.journal j JOIN counter.receipt r USING (journal_id) JOIN counter.hall h ON h.hall_no = v.hall_no
      LEFT JOIN counter.staff s ON s.staff_no = v.staff_no
     WHERE j.journal_id = v.journal_id
$$;

-- The last sales of an account, newest first; one that is not settled is always among them.
CREATE OR REPLACE FUNCTION counter.account_token_vends(for_account text, most integer) RETURNS SETOF counter.told_token_vend
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT (counter.tell_token_vend(v)).* FROM (
        SELECT * FROM counter.token_vend WHERE account_no = for_account ORDER BY began_at DESC LIMIT least(most, 100)) v
     ORDER BY v.began_at DESC
$$;

CREATE OR REPLACE FUNCTION counter.told_token_vend_of(wanted uuid) RETURNS SETOF counter.told_token_vend
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$ SELECT (counter.tell_token_vend(v)).* FROM counter.token_vend v WHERE v.vend_id = wanted $$;

-- What has no token yet in the caller's hall, or was refused and is not given back; everywhere for who sees all halls.
-- The oldest first.
CREATE OR REPLACE FUNCTION counter.unsettled_token_vends() RETURNS SETOF counter.told_token_vend
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT (counter.tell_token_vend(v)).* FROM counter.token_vend v
     WHERE v.state IN ('pending', 'in_doubt', 'refused') AND (v.hall_no = counter.my_hall() OR counter.sees_all_halls())
     ORDER BY v.began_at
$$;
