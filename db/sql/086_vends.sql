-- Power sold onto a prepaid card (卡表购电): the money is booked first, as owed until the card is proven written
-- (vend_in_flight); only then it is power sold (vended). Which card and which count come next stands in the books.
--
-- Request: {request_id, shift_id, account_no, version, meter_no, card_serial, profile, vend_count, amount_fen, kind, tenders,
--           reason, approval_id, evidence, mark}; mark is simulated with a reader that is none; kind is opening, purchase, replacement or booking, and a booking (补写缴费记录)
-- comes with the evidence that the card has it already: {card_serial, vend_count, wallet_fen, writeback_empty,
-- writeback_count}.
-- Locks: the till, the account, then the billing till of the hall. All that has to do with the cards of an account
-- happens under the account's lock.

-- What is kept of a card that was read: these five and nothing else, so that no key can come into the books.
CREATE OR REPLACE FUNCTION counter.card_evidence(given jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
AS $$
    SELECT jsonb_build_object(
               'card_serial', left(given->>'card_serial', 40), 'vend_count', (given->>'vend_count')::bigint,
               'wallet_fen', (given->>'wallet_fen')::bigint, 'writeback_empty', (given->>'writeback_empty')::boolean,
               'writeback_count', (given->>'writeback_count')::bigint)
     WHERE jsonb_typeof(given) = 'object'
$$;

-- A vend for a sentence about it.
CREATE OR REPLACE FUNCTION counter.vend_facts(of_vend uuid) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT counter.receipt_facts(v.journal_id) || jsonb_build_object(
               'account_no', v.account_no, 'card_serial', v.card_serial, 'vend_count', v.vend_count, 'state', v.state)
      FROM counter.vend v WHERE v.vend_id = of_vend
$$;

-- Adds an event to a vend, which is in that state from now on.
CREATE OR REPLACE FUNCTION counter.note_vend(
    of_vend uuid, new_state text, request jsonb, of_journal bigint, proof jsonb, said text, allowed uuid
) RETURNS void
LANGUAGE sql
AS $$
    UPDATE counter.vend SET state = new_state, changed_at = clock_timestamp() WHERE vend_id = of_vend AND state <> new_state;
    INSERT INTO counter.vend_event (vend_id, seq, state, request_id, request_hash, journal_id, evidence, note, staff_no,
                                    approval_id)
    SELECT of_vend, coalesce(max(e.seq), 0) + 1, new_state, (request->>'request_id')::uuid,
           counter.request_digest(request), of_journal, proof, left(coalesce(trim(said), ''), 200), session_user, allowed
      FROM counter.vend_event e WHERE e.vend_id = of_vend
$$;

-- A journal about a vend that needs no drawer: in the billing till of the caller's hall, 900000 + hall.
CREATE OR REPLACE FUNCTION counter.post_vend_journal(
    of_vend counter.vend, kind text, debit text, credit text, asked uuid, digest bytea
) RETURNS counter.journal
LANGUAGE plpgsql
AS $$
DECLARE
    drawer counter.till;
    entry counter.journal;
BEGIN
    SELECT * INTO STRICT drawer FROM counter.till WHERE till_no = 900000 + counter.my_hall() FOR UPDATE;
    entry.kind := kind;
    entry.request_id := asked;
    entry.request_hash := digest;
    RETURN counter.append_journal(drawer, entry, ARRAY[
        ROW(debit, of_vend.account_no, NULL, NULL, of_vend.amount_fen)::counter.posting_line,
        ROW(credit, of_vend.account_no, NULL, NULL, -of_vend.amount_fen)::counter.posting_line]);
END
$$;

CREATE OR REPLACE FUNCTION counter.is_card_of(of_vend counter.vend, serial text) RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(serial = of_vend.card_serial OR EXISTS (
               SELECT FROM counter.meter_card c
                WHERE c.card_serial = serial AND c.account_no = of_vend.account_no AND c.status = 'active'), false)
$$;

-- Whether what was read is this vend on its card, or on the card that replaced it. Without a write-back the wallet holds
-- the amount. With one the meter must have written it for this very vend: a card that still has an older one is not
-- written, because no meter credits it; and what a meter leaves in the wallet is its own business.
CREATE OR REPLACE FUNCTION counter.shows_vend(of_vend counter.vend, proof jsonb) RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT coalesce((proof->>'vend_count')::bigint = of_vend.vend_count
                    AND counter.is_card_of(of_vend, proof->>'card_serial')
                    AND CASE WHEN (proof->>'writeback_empty')::boolean
                             THEN (proof->>'wallet_fen')::bigint = of_vend.amount_fen
                             ELSE (proof->>'writeback_count')::bigint = of_vend.vend_count END, false)
$$;

-- Makes a card the one in use of an account; another one that was in use is replaced.
CREATE OR REPLACE FUNCTION counter.issue_card(request jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    IF (request->>'card_serial' ~ '^[0-9A-Za-z-]{1,40}$' AND length(request->>'profile') BETWEEN 1 AND 60) IS NOT TRUE THEN
        PERFORM counter.refuse('CN095', 'no card, or no profile');
    END IF;
    UPDATE counter.meter_card SET status = 'replaced', changed_at = clock_timestamp()
     WHERE account_no = request->>'account_no' AND status = 'active' AND card_serial <> request->>'card_serial';
    INSERT INTO counter.meter_card AS c (card_serial, account_no, meter_no, profile)
    VALUES (request->>'card_serial', request->>'account_no', request->>'meter_no', request->>'profile')
    ON CONFLICT (card_serial) DO UPDATE
       SET account_no = excluded.account_no, meter_no = excluded.meter_no, profile = excluded.profile, status = 'active',
           changed_at = clock_timestamp()
     WHERE c.status <> 'active' OR c.account_no = excluded.account_no;
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN093', 'this card is in use for another account',
                               jsonb_build_object('card_serial', request->'card_serial'));
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION counter.note_card(request jsonb, change text, of_account text, meter text, count_now bigint)
RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO counter.card_change (request_id, card_serial, request_hash, change, account_no, meter_no, vend_count, reason,
                                     staff_no)
    VALUES ((request->>'request_id')::uuid, coalesce(request->>'card_serial', ''), counter.request_digest(request), change,
            of_account, meter, count_now, left(coalesce(trim(request->>'reason'), ''), 200), session_user)
$$;

-- The card of a request against the cards of its account. True when it is to become the card in use.
CREATE OR REPLACE FUNCTION counter.is_new_card(request jsonb) RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
    in_use text := (SELECT c.card_serial FROM counter.meter_card c
                     WHERE c.account_no = request->>'account_no' AND c.status = 'active');
    serial text := request->>'card_serial';
    kind text := request->>'kind';
    facts jsonb := jsonb_build_object('card_serial', serial, 'in_use', coalesce(in_use, ''));
BEGIN
    IF kind IN ('purchase', 'booking') AND in_use IS NOT NULL AND in_use = serial THEN
        RETURN false;
    ELSIF kind = 'purchase' OR kind = 'booking' AND in_use IS NOT NULL THEN
        PERFORM counter.refuse('CN082', 'another card than the one in use', facts);
    ELSIF kind = 'opening' AND in_use IS NOT NULL THEN
        PERFORM counter.refuse('CN094', 'the account has a card in use', facts);
    ELSIF kind = 'replacement' AND (in_use = serial OR NOT EXISTS (
              SELECT FROM counter.meter_card c WHERE c.account_no = request->>'account_no')) THEN
        PERFORM counter.refuse('CN094', 'no card that this one could replace', facts);
    END IF;
    RETURN true;
END
$$;

-- The meter of a request is that of the books, which are at this count for it.
CREATE OR REPLACE FUNCTION counter.booked_count(of_account text, meter text) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    known record;
BEGIN
    SELECT a.meter_no, a.status, m.meter_no AS counted_meter, m.vend_count INTO known
      FROM counter.account a LEFT JOIN counter.meter_count m USING (account_no) WHERE a.account_no = of_account;
    IF known.status = 'closed' THEN
        PERFORM counter.refuse('CN085', 'a closed account', jsonb_build_object('account_no', of_account));
    ELSIF (known.meter_no = meter AND coalesce(known.counted_meter, meter) = meter) IS NOT TRUE THEN
        PERFORM counter.refuse('CN081', 'not the meter of the books', jsonb_build_object(
            'account_no', of_account, 'meter_no', coalesce(known.counted_meter, known.meter_no, ''), 'given', meter));
    END IF;
    RETURN coalesce(known.vend_count, 0);
END
$$;

-- Refuses what stands in the way of the next sale on an account.
CREATE OR REPLACE FUNCTION counter.refuse_open_vend(of_account text) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    open_vend uuid := (SELECT v.vend_id FROM counter.vend v
                        WHERE v.account_no = of_account AND v.state IN ('pending', 'in_doubt'));
BEGIN
    IF open_vend IS NOT NULL THEN
        PERFORM counter.refuse('CN099', 'a sale of this account is not settled', counter.vend_facts(open_vend));
    END IF;
END
$$;

-- The most that may be sold at once: what a meter accepts, and what a card may hold.
CREATE OR REPLACE FUNCTION counter.vend_limit_fen(on_date date) RETURNS bigint
LANGUAGE sql STABLE
AS $$
    SELECT coalesce((SELECT least(p.hoard_limit_fen, p.card_maximum_fen) FROM counter.vend_policy p
                      WHERE p.valid_from <= on_date ORDER BY p.valid_from DESC LIMIT 1), 0)
$$;

-- Refuses what can never be sold; true when the card is to become the one in use. The account is locked.
CREATE OR REPLACE FUNCTION counter.check_vend(request jsonb, on_date date) RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
    amount bigint := request->>'amount_fen';
    wanted bigint := counter.booked_count(request->>'account_no', request->>'meter_no') + 1;
    most bigint := counter.vend_limit_fen(on_date);
BEGIN
    IF (request->>'kind' IN ('opening', 'purchase', 'replacement', 'booking')) IS NOT TRUE THEN
        PERFORM counter.refuse('CN095', 'no such kind of sale');
    END IF;
    PERFORM counter.refuse_open_vend(request->>'account_no');
    IF ((request->>'vend_count')::bigint = wanted) IS NOT TRUE THEN
        PERFORM counter.refuse('CN083', 'not the next count', jsonb_build_object(
            'wanted', wanted, 'given', request->'vend_count'));
    ELSIF (amount BETWEEN 1 AND most) IS NOT TRUE THEN
        PERFORM counter.refuse('CN084', 'less than 0.01, or above the limits', jsonb_build_object('limit_fen', most,
            'limit', to_char(most / 100.0, 'FM999999990.00')));
    END IF;
    RETURN counter.is_new_card(request);
END
$$;

-- The card is proven written: the power is sold.
CREATE OR REPLACE FUNCTION counter.write_vend(of_vend counter.vend, request jsonb, proof jsonb, asked uuid, allowed uuid)
RETURNS counter.journal
LANGUAGE plpgsql
AS $$
DECLARE
    entry counter.journal;
BEGIN
    IF allowed IS NULL AND NOT counter.shows_vend(of_vend, proof) THEN
        PERFORM counter.refuse('CN088', 'what was read is not this sale', counter.vend_facts(of_vend.vend_id));
    END IF;
    entry := counter.post_vend_journal(of_vend, 'vend_written', 'vend_in_flight', 'vended', asked,
                                       counter.request_digest(request));
    PERFORM counter.note_vend(of_vend.vend_id, 'written', request, entry.journal_id, proof,
                              coalesce(request->>'note', request->>'reason'), allowed);
    RETURN entry;
END
$$;

-- What a sale leaves behind beside its money: the vend, its count, its card.
CREATE OR REPLACE FUNCTION counter.keep_vend(entry counter.journal, request jsonb, new_card boolean) RETURNS counter.vend
LANGUAGE plpgsql
AS $$
DECLARE
    sold counter.vend;
BEGIN
    IF new_card THEN
        PERFORM counter.issue_card(request);
        PERFORM counter.note_card(request, CASE request->>'kind' WHEN 'replacement' THEN 'replaced' ELSE 'issued' END,
                                  request->>'account_no', request->>'meter_no', (request->>'vend_count')::bigint);
    END IF;
    INSERT INTO counter.meter_count (account_no, meter_no, vend_count)
    VALUES (request->>'account_no', request->>'meter_no', (request->>'vend_count')::bigint)
    ON CONFLICT (account_no) DO UPDATE SET vend_count = excluded.vend_count;
    INSERT INTO counter.vend (vend_id, journal_id, account_no, meter_no, card_serial, vend_count, amount_fen, kind, mark,
                              hall_no, staff_no)
    VALUES (entry.request_id, entry.journal_id, request->>'account_no', request->>'meter_no', request->>'card_serial',
            (request->>'vend_count')::bigint, (request->>'amount_fen')::bigint, request->>'kind',
            CASE WHEN 'simulated' IN (request->>'mark', request->>'profile') THEN 'simulated'
                 WHEN request->>'profile' LIKE '%-demo' THEN 'demonstration' ELSE '' END, entry.hall_no, entry.staff_no)
    RETURNING * INTO sold;
    PERFORM counter.note_vend(sold.vend_id, 'pending', request, entry.journal_id, NULL, NULL, NULL);
    RETURN sold;
END
$$;

-- The money and the paper of a sale, with the rules of tenders and approvals that every payment has.
CREATE OR REPLACE FUNCTION counter.pay_vend(
    request jsonb, drawer counter.till, entry counter.journal, settled counter.settlement, OUT posted counter.journal,
    OUT answer jsonb
)
LANGUAGE plpgsql
AS $$
DECLARE
    amount bigint := request->>'amount_fen';
    tendered counter.tendering;
    paper counter.receipt;
    allowed uuid;
BEGIN
    tendered := counter.take_tenders(entry.journal_id, entry.shift_id, request->'tenders', request->>'account_no');
    IF (tendered.total_fen = amount) IS NOT TRUE THEN
        PERFORM counter.refuse('CN007', 'tenders and amount do not add up', request->'tenders');
    END IF;
    IF settled.needs_approval OR tendered.exposure_fen > settled.slip_limit_fen OR request ? 'approval_id' THEN
        allowed := counter.use_approval('payment', request);
    END IF;
    settled.papers[1].total_fen := amount;
    settled.papers[1].prepaid_after_fen := settled.papers[1].prepaid_after_fen - coalesce(tendered.own_fen, 0);
    posted := counter.append_journal(drawer, entry, tendered.lines || ROW(
        'vend_in_flight', request->>'account_no', NULL, NULL, -amount)::counter.posting_line, true, tendered.texts);
    paper := counter.keep_payment(posted, NULL, amount, tendered.given, settled.papers);
    IF tendered.has_documents THEN
        PERFORM counter.keep_documents(tendered.given);
    END IF;
    IF coalesce(trim(request->>'reason'), '') <> '' THEN
        PERFORM counter.note_journal(posted, request->>'reason', allowed);
    END IF;
    answer := counter.payment_answer(posted, amount, tendered.change_fen, paper.prepaid_after_fen, paper.arrears_after_fen,
                                     false);
END
$$;

CREATE OR REPLACE FUNCTION counter.begin_vend(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
DECLARE
    begun record := counter.lock_drawer(request);
    drawer counter.till := begun.drawer;
    entry counter.journal;
    settled counter.settlement;
    new_card boolean;
    paid record;
    sold counter.vend;
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
    new_card := counter.check_vend(request, entry.business_date);
    paid := counter.pay_vend(request, drawer, entry, settled);
    sold := counter.keep_vend(paid.posted, request, new_card);
    IF sold.kind = 'booking' THEN
        PERFORM counter.write_vend(sold, request, counter.card_evidence(request->'evidence'),
                                   md5(concat(sold.vend_id, '.written'))::uuid, NULL);
    END IF;
    RETURN paid.answer;
END
$$;
