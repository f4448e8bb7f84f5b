-- Cards and meters beside the sales: replaced without a sale, returned, another meter, taken over from older books; and
-- what desks read of sales, whichever hall made them, because a card comes back anywhere.

-- The answer that a change of cards got before, or NULL.
CREATE OR REPLACE FUNCTION counter.card_answer_before(request jsonb) RETURNS jsonb
LANGUAGE plpgsql
AS $$
DECLARE
    known counter.card_change;
BEGIN
    SELECT * INTO known FROM counter.card_change WHERE request_id = (request->>'request_id')::uuid LIMIT 1;
    IF known.request_id IS NULL THEN
        RETURN NULL;
    ELSIF known.request_hash <> counter.request_digest(request) OR known.staff_no <> session_user::text THEN
        PERFORM counter.refuse('CN002', 'this request id was used for something else',
                               jsonb_build_object('request_id', request->'request_id'));
    END IF;
    RETURN jsonb_build_object('account_no', known.account_no, 'meter_no', known.meter_no, 'vend_count', known.vend_count,
                              'replayed', true);
END
$$;

-- The account under its lock, and whoever asks is staff with a reason.
CREATE OR REPLACE FUNCTION counter.lock_card_account(request jsonb, of_account text) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    IF counter.my_hall() IS NULL THEN
        PERFORM counter.refuse('CN013', 'this login is not active staff');
    ELSIF (length(trim(request->>'reason')) BETWEEN 1 AND 200) IS NOT TRUE THEN
        PERFORM counter.refuse('CN095', 'no reason');
    END IF;
    PERFORM FROM counter.account_balance WHERE account_no = of_account FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN008', 'no such account', jsonb_build_object('account_no', coalesce(of_account, '')));
    END IF;
END
$$;

-- A new card for the one that was lost or is broken (补卡), without a sale: it gets the last count, and a sale that is not
-- settled may be settled with it. The old card counts no more. Request: {request_id, account_no, meter_no, card_serial,
-- profile, reason}.
CREATE OR REPLACE FUNCTION counter.replace_card(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    answer jsonb;
    booked bigint;
BEGIN
    PERFORM counter.claim_request(request);
    PERFORM counter.lock_card_account(request, request->>'account_no');
    answer := counter.card_answer_before(request);
    IF answer IS NULL THEN
        booked := counter.booked_count(request->>'account_no', request->>'meter_no');
        PERFORM counter.is_new_card(request || '{"kind": "replacement"}');
        PERFORM counter.issue_card(request);
        PERFORM counter.note_card(request, 'replaced', request->>'account_no', request->>'meter_no', booked);
        answer := counter.card_answer_before(request) || '{"replayed": false}';
    END IF;
    RETURN answer;
END
$$;

-- A card comes back for good (退卡). Request: {request_id, card_serial, reason}.
CREATE OR REPLACE FUNCTION counter.return_card(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    answer jsonb;
    card counter.meter_card;
BEGIN
    PERFORM counter.claim_request(request);
    SELECT * INTO card FROM counter.meter_card WHERE card_serial = request->>'card_serial';
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN097', 'no card in use', jsonb_build_object('card_serial', request->'card_serial'));
    END IF;
    PERFORM counter.lock_card_account(request, card.account_no);
    answer := counter.card_answer_before(request);
    IF answer IS NULL THEN
        PERFORM counter.refuse_open_vend(card.account_no);
        UPDATE counter.meter_card SET status = 'returned', changed_at = clock_timestamp()
         WHERE card_serial = card.card_serial AND account_no = card.account_no AND status <> 'returned';
        IF NOT FOUND THEN
            PERFORM counter.refuse('CN097', 'no card in use', jsonb_build_object('card_serial', card.card_serial));
        END IF;
        PERFORM counter.note_card(request, 'returned', card.account_no, card.meter_no, coalesce((
            SELECT m.vend_count FROM counter.meter_count m WHERE m.account_no = card.account_no), 0));
        answer := counter.card_answer_before(request) || '{"replayed": false}';
    END IF;
    RETURN answer;
END
$$;

-- Another meter hangs at the account; its count begins at vend_count. Request: {request_id, account_no, meter_no,
-- vend_count, reason}. The same meter is refused once it has sales: its counts would not be those of the books.
CREATE OR REPLACE FUNCTION counter.change_meter(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    answer jsonb;
    for_account text := request->>'account_no';
    meter text := request->>'meter_no';
    first_count bigint := request->>'vend_count';
BEGIN
    PERFORM counter.claim_request(request);
    PERFORM counter.lock_card_account(request, for_account);
    answer := counter.card_answer_before(request);
    IF answer IS NULL THEN
        PERFORM counter.refuse_open_vend(for_account);
        IF (meter ~ '^[0-9]{12}$' AND first_count BETWEEN 0 AND 4294967294) IS NOT TRUE
           OR EXISTS (SELECT FROM counter.vend v
                       WHERE v.account_no = for_account AND v.meter_no = meter AND v.state <> 'undone') THEN
            PERFORM counter.refuse('CN098', 'no meter number, no count, or a meter that has sales here',
                                   jsonb_build_object('meter_no', request->'meter_no'));
        END IF;
        PERFORM counter.note_card(request, 'meter', for_account, meter, first_count);
        INSERT INTO counter.meter_count (account_no, meter_no, start_count, vend_count)
        VALUES (for_account, meter, first_count, first_count)
        ON CONFLICT (account_no) DO UPDATE
           SET meter_no = excluded.meter_no, start_count = excluded.start_count, vend_count = excluded.vend_count;
        UPDATE counter.meter_card SET meter_no = meter, changed_at = clock_timestamp()
         WHERE account_no = for_account AND status = 'active';
        UPDATE counter.account SET meter_no = meter WHERE account_no = for_account;
        UPDATE counter.account_balance SET version = version + 1 WHERE account_no = for_account;
        answer := counter.card_answer_before(request) || '{"replayed": false}';
    END IF;
    RETURN answer;
END
$$;

-- Cards that were in use before these books began. Request: {request_id, cards: [{account_no, meter_no, card_serial,
-- profile, vend_count}]}. An account that has a card in use, or a sale, is left alone; so the same file may come again.
CREATE OR REPLACE FUNCTION counter.load_meter_cards(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    item jsonb;
    taken bigint := 0;
BEGIN
    FOR item IN SELECT c.item FROM jsonb_array_elements(request->'cards') AS c(item)
                 ORDER BY c.item->>'account_no' COLLATE "C" LOOP
        PERFORM FROM counter.account_balance WHERE account_no = item->>'account_no' FOR UPDATE;
        IF NOT EXISTS (SELECT FROM counter.meter_card c WHERE c.account_no = item->>'account_no' AND c.status = 'active')
           AND NOT EXISTS (SELECT FROM counter.vend v WHERE v.account_no = item->>'account_no') THEN
            PERFORM counter.booked_count(item->>'account_no', item->>'meter_no');
            PERFORM counter.issue_card(item);
            INSERT INTO counter.meter_count (account_no, meter_no, start_count, vend_count)
            VALUES (item->>'account_no', item->>'meter_no', (item->>'vend_count')::bigint, (item->>'vend_count')::bigint)
            ON CONFLICT (account_no) DO UPDATE
               SET start_count = excluded.start_count, vend_count = excluded.vend_count;
            PERFORM counter.note_card(item || jsonb_build_object('request_id', request->'request_id'), 'taken_over',
                                      item->>'account_no', item->>'meter_no', (item->>'vend_count')::bigint);
            taken := taken + 1;
        END IF;
    END LOOP;
    RETURN jsonb_build_object('cards', jsonb_array_length(request->'cards'), 'added', taken);
END
$$;

-- A vend as lists and desks show it, with the answer that its payment got.
DO $do$
BEGIN
    CREATE TYPE counter.told_vend AS (
        vend_id uuid, account_no text, account_name text, meter_no text, card_serial text, profile text, vend_count bigint,
        amount_fen bigint, kind text, state text, receipt_no text, staff_no text, staff_name text, hall_no smallint,
        hall_name text, began_at timestamptz, changed_at timestamptz, note text, journal_id bigint, change_fen bigint,
        prepaid_after_fen bigint, arrears_after_fen bigint
    );
EXCEPTION WHEN duplicate_object THEN NULL;
END
$do$;

CREATE OR REPLACE FUNCTION counter.tell_vend(v counter.vend) RETURNS counter.told_vend
LANGUAGE sql STABLE
AS $$
    SELECT v.vend_id, v.account_no, r.account_name, v.meter_no, v.card_serial, coalesce(c.profile, ''), v.vend_count,
           v.amount_fen, v.kind, v.state, counter.receipt_no(j.till_no, j.business_date, j.receipt_serial),
           v.staff_no, coalesce(s.name, v.staff_no), v.hall_no, h.name, v.began_at, v.changed_at,
           coalesce((SELECT e.note FROM counter.vend_event e WHERE e.vend_id = v.vend_id ORDER BY e.seq DESC LIMIT 1), ''),
           v.journal_id,
           (SELECT coalesce(sum(t.received_fen - t.amount_fen), 0)::bigint FROM counter.tender t
             WHERE t.journal_id = v.journal_id),
           r.prepaid_after_fen, r.arrears_after_fen
      FROM counter.journal j JOIN counter.receipt r USING (journal_id) JOIN counter.hall h ON h.hall_no = v.hall_no
      LEFT JOIN counter.staff s ON s.staff_no = v.staff_no
      LEFT JOIN counter.meter_card c ON c.card_serial = v.card_serial
     WHERE j.journal_id = v.journal_id
$$;

-- The last sales of an account, newest first; one that is not settled is always among them.
CREATE OR REPLACE FUNCTION counter.account_vends(for_account text, most integer) RETURNS SETOF counter.told_vend
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT (counter.tell_vend(v)).* FROM (
        SELECT * FROM counter.vend WHERE account_no = for_account ORDER BY began_at DESC LIMIT least(most, 100)) v
     ORDER BY v.began_at DESC
$$;

CREATE OR REPLACE FUNCTION counter.told_vend_of(wanted uuid) RETURNS SETOF counter.told_vend
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$ SELECT (counter.tell_vend(v)).* FROM counter.vend v WHERE v.vend_id = wanted $$;

-- What is not settled in the caller's hall, or everywhere for who sees all halls; the oldest first.
CREATE OR REPLACE FUNCTION counter.unsettled_vends() RETURNS SETOF counter.told_vend
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT (counter.tell_vend(v)).* FROM counter.vend v
     WHERE v.state IN ('pending', 'in_doubt') AND (v.hall_no = counter.my_hall() OR counter.sees_all_halls())
     ORDER BY v.began_at
$$;
