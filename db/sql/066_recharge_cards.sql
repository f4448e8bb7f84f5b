-- Recharge cards. The secret is nowhere: a desk makes a slow hash of it (the proof), the server keeps the SHA-256 of
-- that. Showing a card proves the secret once, for the shift and a quarter of an hour; paying with it needs no secret
-- any more (redeem_card). A wrong secret is answered, not raised, so that the try is counted; the fifth locks it.

-- Request: {shift_id, card_no, proof (hex)}. Answer: {result: shown|wrong|unknown|stock|redeemed|locked, face_fen,
-- tries_left}.
CREATE OR REPLACE FUNCTION counter.show_card(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    card counter.recharge_card;
    given bytea;
BEGIN
    PERFORM counter.lock_drawer((request->>'shift_id')::bigint, false);
    IF request->>'proof' !~ '^[0-9a-f]{64}$' THEN
        PERFORM counter.refuse('CN065', 'not a proof of a secret');
    END IF;
    SELECT * INTO card FROM counter.recharge_card WHERE card_no = request->>'card_no' FOR UPDATE;
    IF NOT FOUND OR card.status <> 'sold' THEN
        RETURN jsonb_build_object('result', coalesce(card.status, 'unknown'), 'face_fen', 0, 'tries_left', 0);
    END IF;
    given := sha256(decode(request->>'proof', 'hex'));
    UPDATE counter.recharge_card c
       SET failed_tries = CASE WHEN given = c.secret_digest THEN 0 ELSE c.failed_tries + 1 END,
           status = CASE WHEN given <> c.secret_digest AND c.failed_tries = 4 THEN 'locked' ELSE c.status END,
           shown_in_shift = CASE WHEN given = c.secret_digest THEN (request->>'shift_id')::bigint END,
           shown_at = CASE WHEN given = c.secret_digest THEN clock_timestamp() END
     WHERE c.card_no = card.card_no RETURNING * INTO card;
    RETURN jsonb_build_object(
        'result', CASE WHEN given = card.secret_digest THEN 'shown' WHEN card.status = 'locked' THEN 'locked' ELSE 'wrong' END,
        'face_fen', CASE WHEN given = card.secret_digest THEN card.face_fen ELSE 0 END,
        'tries_left', 5 - card.failed_tries);
END
$$;

-- Cards that come into stock. Request: {cards: [{card_no, face_fen, digest (hex)}]}. The same card again is passed over.
CREATE OR REPLACE FUNCTION counter.load_cards(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    added bigint;
    foreign_card text;
BEGIN
    SELECT i.card_no INTO foreign_card
      FROM jsonb_to_recordset(request->'cards') AS i(card_no text, face_fen bigint, digest text)
      JOIN counter.recharge_card c USING (card_no)
     WHERE c.face_fen <> i.face_fen OR c.secret_digest <> decode(i.digest, 'hex') LIMIT 1;
    IF FOUND THEN
        PERFORM counter.refuse('CN068', 'the card is known with another secret or value',
                               jsonb_build_object('card_no', '*' || right(foreign_card, 4)));
    END IF;
    INSERT INTO counter.recharge_card (card_no, face_fen, secret_digest)
    SELECT i.card_no, i.face_fen, decode(i.digest, 'hex')
      FROM jsonb_to_recordset(request->'cards') AS i(card_no text, face_fen bigint, digest text)
    ON CONFLICT (card_no) DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    RETURN jsonb_build_object('added', added);
END
$$;

-- How far slips of one payer that have not arrived may go for cards: whoever has a card has the money, so the strictest
-- rule of the day counts.
CREATE OR REPLACE FUNCTION counter.slip_limit_of_cards_fen() RETURNS bigint
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(min(CASE WHEN r.slip_counts THEN r.slip_exposure_fen ELSE 0 END), 0)
      FROM (SELECT DISTINCT ON (customer_class, payment_mode) slip_counts, slip_exposure_fen FROM counter.payment_policy
             WHERE valid_from <= counter.business_date() ORDER BY customer_class, payment_mode, valid_from DESC) r
$$;

-- Sells cards out of the stock. Request: {request_id, shift_id, cards: [number], tenders, payer_name}.
CREATE OR REPLACE FUNCTION counter.sell_cards(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    drawer counter.till;
    entry counter.journal;
    known counter.journal;
    tendered counter.tendering;
    value_fen bigint;
    found bigint;
BEGIN
    PERFORM FROM counter.till WHERE till_no = (request->>'shift_id')::bigint / 10000000000 FOR UPDATE;
    SELECT * INTO known FROM counter.journal WHERE request_id = (request->>'request_id')::uuid;
    IF known.journal_id IS NOT NULL THEN
        PERFORM counter.require_same_request(known, request);
        RETURN counter.replay_payment(known);
    ELSIF counter.is_abandoned((request->>'request_id')::uuid) THEN
        PERFORM counter.refuse('CN002', 'this request was given up');
    END IF;
    drawer := counter.lock_drawer((request->>'shift_id')::bigint, false);
    entry.journal_id := drawer.till_no * 10000000000 + drawer.chain_seq + 1;
    WITH wanted AS (
        SELECT c.card_no, c.face_fen, c.status FROM counter.recharge_card c
         WHERE c.card_no IN (SELECT jsonb_array_elements_text(request->'cards')) ORDER BY c.card_no FOR UPDATE
    )
    SELECT count(*), sum(face_fen) INTO found, value_fen FROM wanted WHERE status = 'stock';
    IF found = 0 OR found <> jsonb_array_length(request->'cards') THEN
        PERFORM counter.refuse('CN066', 'not all of these cards are in stock');
    END IF;
    tendered := counter.take_tenders(entry.journal_id, drawer.shift_id, request->'tenders', NULL);
    IF (tendered.total_fen = value_fen AND tendered.own_fen IS NULL AND NOT jsonb_path_query_array(
            request->'tenders', '$[*].kind') ?| ARRAY['care_fund', 'recharge_card', 'bank_receipt']) IS NOT TRUE THEN
        PERFORM counter.refuse('CN067', 'a card is not paid like that, or not with that much');
    END IF;
    IF tendered.exposure_fen > counter.slip_limit_of_cards_fen() THEN
        PERFORM counter.refuse('CN063', 'too much on slips that have not arrived for cards');
    END IF;
    entry.kind := 'card_sale';
    entry.shift_id := drawer.shift_id;
    entry.request_id := request->>'request_id';
    entry.request_hash := counter.request_digest(request);
    entry := counter.append_journal(drawer, entry, tendered.lines || ARRAY[
        ROW('recharge_cards', NULL, NULL, NULL, -value_fen)::counter.posting_line], true, tendered.texts);
    INSERT INTO counter.tender SELECT * FROM unnest(tendered.given);
    INSERT INTO counter.receipt (journal_id, hall_no, account_no, account_name, address, total_fen, prepaid_before_fen,
                                 prepaid_after_fen, arrears_after_fen)
    VALUES (entry.journal_id, entry.hall_no, NULL, left(coalesce(trim(request->>'payer_name'), ''), 100), '', value_fen,
            0, 0, 0);
    PERFORM counter.keep_documents(tendered.given);
    WITH sold AS (
        UPDATE counter.recharge_card SET status = 'sold', sold_by = entry.journal_id
         WHERE card_no IN (SELECT jsonb_array_elements_text(request->'cards')) RETURNING card_no
    )
    INSERT INTO counter.sold_card (journal_id, card_no) SELECT entry.journal_id, card_no FROM sold;
    RETURN counter.replay_payment(entry) || '{"replayed": false}';
END
$$;

-- How cards stand, for the desk that sells them: one row a number, with what it is worth while it is in stock.
CREATE OR REPLACE FUNCTION counter.cards_for_sale(numbers text[]) RETURNS TABLE (card_no text, state text, face_fen bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT n.number, coalesce(c.status, 'unknown'), CASE c.status WHEN 'stock' THEN c.face_fen ELSE 0 END
      FROM unnest(numbers) AS n(number) LEFT JOIN counter.recharge_card c ON c.card_no = n.number
$$;

-- What cards that customers have are worth; counter ledger verify holds it against the postings. The rows themselves
-- are for nobody to read.
CREATE OR REPLACE FUNCTION counter.cards_outstanding_fen() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$ SELECT coalesce(sum(face_fen), 0)::bigint FROM counter.recharge_card WHERE status IN ('sold', 'locked') $$;

-- What the cards of each sale are worth; counter ledger verify holds it against the receipt.
CREATE OR REPLACE FUNCTION counter.card_sales() RETURNS TABLE (journal_id bigint, worth_fen bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT s.journal_id, sum(c.face_fen)::bigint FROM counter.sold_card s JOIN counter.recharge_card c USING (card_no)
     GROUP BY s.journal_id
$$;

-- Money for the care fund, from outside the hall. Request: {request_id, amount_fen, reason}. Supervisors and
-- administrators; it goes into the books of the own hall's billing till.
CREATE OR REPLACE FUNCTION counter.add_to_fund(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    drawer counter.till;
    entry counter.journal;
    known counter.journal;
    given bigint := (request->>'amount_fen')::bigint;
BEGIN
    SELECT * INTO drawer FROM counter.till WHERE till_no = 900000 + counter.my_hall() FOR UPDATE;
    SELECT * INTO known FROM counter.journal WHERE request_id = (request->>'request_id')::uuid;
    IF known.journal_id IS NOT NULL THEN
        PERFORM counter.require_same_request(known, request);
    ELSIF (drawer.till_no IS NOT NULL AND given BETWEEN 1 AND 100000000000
           AND length(trim(request->>'reason')) BETWEEN 1 AND 200) IS NOT TRUE THEN
        PERFORM counter.refuse('CN069', 'no amount or no reason for the fund');
    ELSE
        entry.kind := 'fund_movement';
        entry.request_id := request->>'request_id';
        entry.request_hash := counter.request_digest(request);
        entry := counter.append_journal(drawer, entry, ARRAY[
            ROW('opening_equity', NULL, NULL, NULL, given)::counter.posting_line,
            ROW('care_fund', NULL, NULL, NULL, -given)::counter.posting_line]);
        PERFORM counter.note_journal(entry, request->>'reason', NULL);
        UPDATE counter.fund SET balance_fen = balance_fen + given WHERE fund = 'care_fund';
    END IF;
    RETURN jsonb_build_object('balance_fen', (SELECT balance_fen FROM counter.fund WHERE fund = 'care_fund'));
END
$$;
