-- The way of the takings to the bank: what of which closed shift goes on which deposit slip.
--
-- Cash that left a drawer is in the safe (undeposited_cash, by the shift of its journals), cheques are in hand
-- (cheques_in_hand, by their documents), POS totals are only listed, because the acquirer settles them.

-- Which ledger account tells the parts of a shift that are banked.
CREATE OR REPLACE FUNCTION counter.deposit_part(of_account text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE of_account WHEN 'cash_in_till' THEN 'cash' WHEN 'cheques_in_hand' THEN 'cheque'
                           WHEN 'pos_clearing' THEN 'pos' END
$$;

-- Whether money of this journal is on a deposit slip. Who wants to rely on the answer for the rest of a transaction
-- locks the row of the journal's shift before asking (FOR SHARE): a slip that takes the shift waits for that.
CREATE OR REPLACE FUNCTION counter.is_deposited(for_journal bigint) RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT EXISTS (
        SELECT FROM counter.journal j JOIN counter.posting p USING (journal_id)
          JOIN counter.deposit_item i ON i.shift_id = j.shift_id AND i.part = counter.deposit_part(p.ledger_account::text)
         WHERE j.journal_id = for_journal)
$$;

-- What of a closed shift waits to be banked, part by part. Cash is what its journals put into the safe; cheques and
-- POS slips are the documents that were taken in it and not given back since. A shift's journals have the ids from
-- its opening to its closing.
CREATE OR REPLACE FUNCTION counter.shift_parts(of_shift bigint, closing bigint)
RETURNS TABLE (part text, amount_fen bigint, pieces bigint)
LANGUAGE sql STABLE
AS $$
    SELECT 'cash', coalesce(sum(p.amount_fen), 0)::bigint, 0::bigint
      FROM counter.posting p
     WHERE p.ledger_account = 'undeposited_cash'
       AND p.journal_id IN (SELECT closing UNION ALL
                            SELECT m.journal_id FROM counter.cash_movement m WHERE m.shift_id = of_shift)
    UNION ALL
    SELECT k.part, coalesce(sum(d.amount_fen), 0)::bigint, count(d.journal_id)
      FROM (VALUES ('cheque'), ('pos')) AS k(part)
      LEFT JOIN counter.tender_document d ON d.kind = k.part AND d.released_by IS NULL
                                         AND d.journal_id BETWEEN of_shift AND closing
     GROUP BY k.part
$$;

-- The parts of the closed shifts of a hall that are on no slip, also those of nothing.
CREATE OR REPLACE FUNCTION counter.waiting_parts(of_hall smallint)
RETURNS TABLE (shift_id bigint, closing bigint, part text, amount_fen bigint, pieces bigint)
LANGUAGE sql STABLE
AS $$
    SELECT s.shift_id, c.journal_id, p.part, p.amount_fen, p.pieces
      FROM counter.shift s JOIN counter.shift_closing c USING (shift_id)
     CROSS JOIN LATERAL counter.shift_parts(s.shift_id, c.journal_id) AS p
     WHERE s.hall_no = of_hall
       AND (SELECT count(*) FROM counter.deposit_item i WHERE i.shift_id = s.shift_id) < 3
       AND NOT EXISTS (SELECT FROM counter.deposit_item i WHERE i.shift_id = s.shift_id AND i.part = p.part)
$$;

CREATE OR REPLACE FUNCTION counter.deposit_answer(entry counter.journal, replayed boolean) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object(
               'request_id', entry.request_id, 'journal_id', entry.journal_id,
               'slip_no', counter.receipt_no(entry.till_no, entry.business_date, entry.receipt_serial),
               'cash_fen', d.cash_fen, 'cheques_fen', d.cheques_fen, 'pos_fen', d.pos_fen, 'replayed', replayed)
      FROM counter.deposit d WHERE d.journal_id = entry.journal_id
$$;

-- The particulars of a slip are there and can be printed; the items are a list of pairs, each once.
CREATE OR REPLACE FUNCTION counter.check_deposit(request jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    wrong text := CASE
        WHEN NOT EXISTS (SELECT FROM counter.bank_account b
                          WHERE b.active AND b.kind = 'bank' AND b.bank_account_no = request->>'bank_account_no') THEN 'bank_account_no'
        WHEN (length(trim(request->>'carried_by')) BETWEEN 1 AND 40
              AND request->>'carried_by' !~ '[[:cntrl:]]') IS NOT TRUE THEN 'carried_by'
        WHEN length(request->>'seal_no') > 40 OR request->>'seal_no' ~ '[[:cntrl:]]' THEN 'seal_no'
        WHEN length(request->>'note') > 200 OR request->>'note' ~ '[[:cntrl:]]' THEN 'note'
        WHEN (jsonb_typeof(request->'items') = 'array' AND jsonb_array_length(request->'items') BETWEEN 1 AND 600)
             IS NOT TRUE THEN 'items'
        WHEN (SELECT count(DISTINCT (i.shift_id, i.part)) <> count(*) OR bool_or(i.shift_id IS NULL)
                     OR NOT bool_and(coalesce(i.part, '') IN ('cash', 'cheque', 'pos'))
                FROM jsonb_to_recordset(request->'items') AS i(shift_id bigint, part text)) THEN 'items' END;
BEGIN
    IF wrong IS NOT NULL THEN
        PERFORM counter.refuse('CN053', 'the deposit slip is not complete', jsonb_build_object('field', wrong));
    END IF;
END
$$;

-- Holds the shifts of the items, so that no correction takes anything out of them meanwhile, and refuses what is on a
-- slip already or is not a closed shift of the hall.
CREATE OR REPLACE FUNCTION counter.hold_shifts(items jsonb, of_hall smallint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    facts jsonb;
BEGIN
    PERFORM FROM counter.shift s
      WHERE s.shift_id IN (SELECT (i->>'shift_id')::bigint FROM jsonb_array_elements(items) AS i)
      ORDER BY s.shift_id FOR NO KEY UPDATE;
    SELECT jsonb_build_object('part', d.part, 'till_name', t.name, 'staff_name', coalesce(p.name, j.staff_no),
               'slip_no', counter.receipt_no(j.till_no, j.business_date, j.receipt_serial))
      INTO facts
      FROM jsonb_to_recordset(items) AS i(shift_id bigint, part text)
      JOIN counter.deposit_item d ON d.shift_id = i.shift_id AND d.part = i.part
      JOIN counter.journal j ON j.journal_id = d.journal_id AND j.hall_no = of_hall
      JOIN counter.shift s ON s.shift_id = d.shift_id JOIN counter.till t ON t.till_no = s.till_no
      LEFT JOIN counter.staff p ON p.staff_no = j.staff_no
     ORDER BY d.shift_id, d.part LIMIT 1;
    IF FOUND THEN
        PERFORM counter.refuse('CN056', 'this is on a deposit slip already', facts);
    END IF;
    SELECT jsonb_build_object('shift_id', i->'shift_id') INTO facts
      FROM jsonb_array_elements(items) AS i
     WHERE NOT EXISTS (SELECT FROM counter.shift s JOIN counter.shift_closing c USING (shift_id)
                        WHERE s.shift_id = (i->>'shift_id')::bigint AND s.hall_no = of_hall) LIMIT 1;
    IF FOUND THEN
        PERFORM counter.refuse('CN055', 'not a closed shift of this hall', facts);
    END IF;
END
$$;

-- What the items come to. A part of nothing goes along with the rest of its shift, so that nothing of it waits on.
CREATE OR REPLACE FUNCTION counter.sum_items(
    items jsonb, of_hall smallint,
    OUT taken counter.deposit_item[], OUT cash_fen bigint, OUT cheques_fen bigint, OUT pos_fen bigint
)
LANGUAGE sql STABLE
AS $$
    WITH asked AS (
        SELECT i.shift_id, i.part FROM jsonb_to_recordset(items) AS i(shift_id bigint, part text)
    ), banked AS (
        SELECT w.shift_id, w.part, w.amount_fen FROM counter.waiting_parts(of_hall) AS w
         WHERE (w.shift_id, w.part) IN (SELECT a.shift_id, a.part FROM asked a)
            OR w.amount_fen = 0 AND w.shift_id IN (SELECT a.shift_id FROM asked a)
    )
    SELECT array_agg(ROW(b.shift_id, b.part, NULL, b.amount_fen)::counter.deposit_item ORDER BY b.shift_id, b.part),
           coalesce(sum(b.amount_fen) FILTER (WHERE b.part = 'cash'), 0),
           coalesce(sum(b.amount_fen) FILTER (WHERE b.part = 'cheque'), 0),
           coalesce(sum(b.amount_fen) FILTER (WHERE b.part = 'pos'), 0)
      FROM banked b
$$;

-- A slip for what was ticked. Request: {request_id, bank_account_no, items: [{shift_id, part}], carried_by, seal_no?,
-- note?, total_fen?}. The function computes the amounts; total_fen is what the cashier saw and put into the bag.
-- The journal stands in the hall's safe: cash and cheques are in transit from now on.
CREATE OR REPLACE FUNCTION counter.post_deposit(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    me counter.staff;
    safe counter.till;
    entry counter.journal;
    known counter.journal;
    banked record;
BEGIN
    PERFORM counter.claim_request(request);
    SELECT * INTO me FROM counter.staff
     WHERE staff_no = session_user::text AND active AND duty IN ('cashier', 'supervisor');
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN013', 'this login makes no deposits');
    END IF;
    SELECT * INTO safe FROM counter.till WHERE hall_no = me.hall_no AND kind = 'safe' FOR UPDATE;
    SELECT * INTO known FROM counter.journal WHERE request_id = (request->>'request_id')::uuid;
    IF FOUND THEN
        PERFORM counter.require_same_request(known, request);
        RETURN counter.deposit_answer(known, true);
    END IF;
    PERFORM counter.check_deposit(request);
    PERFORM counter.hold_shifts(request->'items', me.hall_no);
    banked := counter.sum_items(request->'items', me.hall_no);
    IF ((NOT request ? 'total_fen'
         OR banked.cash_fen + banked.cheques_fen + banked.pos_fen = (request->>'total_fen')::bigint)
        AND banked.cash_fen + banked.cheques_fen + banked.pos_fen BETWEEN 1 AND 1000000000000
        AND (SELECT min(t.amount_fen) >= 0 FROM unnest(banked.taken) AS t)) IS NOT TRUE THEN
        PERFORM counter.refuse('CN054', 'what waits is not what was counted', jsonb_build_object(
            'total_fen', banked.cash_fen + banked.cheques_fen + banked.pos_fen, 'seen_fen', request->'total_fen'));
    END IF;
    entry.kind := 'deposit';
    entry.request_id := request->>'request_id';
    entry.request_hash := counter.request_digest(request);
    entry := counter.append_journal(safe, entry, ARRAY[
        ROW('cash_in_transit', NULL, NULL, NULL, banked.cash_fen)::counter.posting_line,
        ROW('undeposited_cash', NULL, NULL, NULL, -banked.cash_fen)::counter.posting_line,
        ROW('cash_in_transit', NULL, NULL, NULL, banked.cheques_fen)::counter.posting_line,
        ROW('cheques_in_hand', NULL, NULL, NULL, -banked.cheques_fen)::counter.posting_line], true);
    INSERT INTO counter.deposit (journal_id, hall_no, bank_account_no, carried_by, seal_no, cash_fen, cheques_fen, pos_fen)
    VALUES (entry.journal_id, safe.hall_no, request->>'bank_account_no', trim(request->>'carried_by'),
            coalesce(trim(request->>'seal_no'), ''), banked.cash_fen, banked.cheques_fen, banked.pos_fen);
    INSERT INTO counter.deposit_item (shift_id, part, journal_id, amount_fen)
    SELECT t.shift_id, t.part, entry.journal_id, t.amount_fen FROM unnest(banked.taken) AS t;
    IF trim(request->>'note') <> '' THEN
        PERFORM counter.note_journal(entry, request->>'note', NULL);
    END IF;
    RETURN counter.deposit_answer(entry, false);
END
$$;

-- A cheque that is on a slip comes back (退票, or booked wrongly): it is no longer in transit, but in hand again. In the
-- till of the journal that gives it back, which its transaction has locked.
CREATE OR REPLACE FUNCTION counter.bring_cheque_back(document counter.tender_document) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    entry counter.journal;
    given_back counter.journal;
    drawer counter.till;
BEGIN
    SELECT * INTO given_back FROM counter.journal WHERE journal_id = document.released_by;
    SELECT * INTO drawer FROM counter.till WHERE till_no = given_back.till_no FOR UPDATE;
    entry.kind := 'cash_movement';
    entry.shift_id := given_back.shift_id;
    entry.business_date := given_back.business_date;
    entry.request_id := md5(concat_ws('.', given_back.request_id, 'cheque', document.line))::uuid;
    entry.request_hash := counter.request_digest(to_jsonb(document));
    PERFORM counter.append_journal(drawer, entry, ARRAY[
        ROW('cheques_in_hand', NULL, NULL, NULL, document.amount_fen)::counter.posting_line,
        ROW('cash_in_transit', NULL, NULL, NULL, -document.amount_fen)::counter.posting_line]);
END
$$;

-- At commit: a cheque that is on a slip is given back only with an approval, and then out of the bank's hands. The shift's
-- row is held, so that a slip being made either has the cheque or has not.
CREATE OR REPLACE FUNCTION counter.check_cheque_in_hand() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    facts jsonb;
BEGIN
    PERFORM FROM counter.shift s JOIN counter.journal j USING (shift_id) WHERE j.journal_id = NEW.journal_id
        FOR SHARE OF s;
    SELECT jsonb_build_object('till_name', t.name, 'staff_name', coalesce(p.name, b.staff_no),
               'slip_no', counter.receipt_no(b.till_no, b.business_date, b.receipt_serial))
      INTO facts
      FROM counter.journal j JOIN counter.deposit_item i ON i.shift_id = j.shift_id AND i.part = 'cheque'
      JOIN counter.journal b ON b.journal_id = i.journal_id JOIN counter.till t ON t.till_no = j.till_no
      LEFT JOIN counter.staff p ON p.staff_no = b.staff_no
     WHERE j.journal_id = NEW.journal_id
       AND EXISTS (SELECT FROM counter.posting g WHERE g.journal_id = NEW.released_by
                    AND g.ledger_account = 'cheques_in_hand' AND g.amount_fen < 0);
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF NOT EXISTS (SELECT FROM counter.journal_note n
                       WHERE n.journal_id = NEW.released_by AND n.approval_id IS NOT NULL) THEN
        PERFORM counter.refuse('CN056', 'this cheque is on a deposit slip', facts);
    END IF;
    PERFORM counter.bring_cheque_back(NEW);
    RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS cheque_is_in_hand ON counter.tender_document;
CREATE CONSTRAINT TRIGGER cheque_is_in_hand AFTER UPDATE OF released_by ON counter.tender_document
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.kind = 'cheque' AND OLD.released_by IS NULL AND NEW.released_by IS NOT NULL)
EXECUTE FUNCTION counter.check_cheque_in_hand();
