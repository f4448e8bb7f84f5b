-- Closing a shift by its last signed count: over or short to ledger accounts of their own, the float back to the
-- fund, the rest to the safe; and handing a till over, which closes one shift and opens the next.

CREATE OR REPLACE FUNCTION counter.closing_answer(of_shift bigint, replayed boolean) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object('shift_id', c.shift_id, 'journal_id', c.journal_id, 'z_no', c.z_no,
               'expected_fen', c.expected_fen, 'counted_fen', c.counted_fen,
               'over_fen', greatest(c.counted_fen - c.expected_fen, 0),
               'short_fen', greatest(c.expected_fen - c.counted_fen, 0),
               'float_fen', c.float_fen, 'to_bank_fen', c.to_bank_fen, 'replayed', replayed)
      FROM counter.shift_closing c WHERE c.shift_id = of_shift
$$;

-- Change that is to go back to its fund: the float, and what of the fund came in or went out meanwhile.
CREATE OR REPLACE FUNCTION counter.float_due(closing counter.shift) RETURNS bigint
LANGUAGE sql STABLE
AS $$
    SELECT greatest(0, closing.float_fen + coalesce(sum(m.amount_fen), 0))::bigint
      FROM counter.cash_movement m JOIN counter.cash_movement_reason r USING (reason)
     WHERE m.shift_id = closing.shift_id AND r.ledger_account = 'float_fund'
$$;

-- Closes the shift of the drawer, which the caller has locked.
CREATE OR REPLACE FUNCTION counter.close_drawer(
    drawer counter.till, of_count uuid, asked uuid, digest bytea
) RETURNS counter.journal
LANGUAGE plpgsql
AS $$
DECLARE
    entry counter.journal;
    counted counter.shift_count;
    closing counter.shift;
    back bigint;
BEGIN
    SELECT * INTO counted FROM counter.shift_count c WHERE c.shift_id = drawer.shift_id
     ORDER BY c.recorded_at DESC, c.count_id DESC LIMIT 1;
    IF counted.count_id IS DISTINCT FROM of_count OR counted.till_seq <> drawer.chain_seq THEN
        PERFORM counter.refuse('CN048', 'the count is not the last one, or something was posted since');
    END IF;
    SELECT * INTO closing FROM counter.shift WHERE shift_id = drawer.shift_id;
    back := least(counter.float_due(closing), counted.counted_fen);
    entry.kind := 'shift_closing';
    entry.shift_id := drawer.shift_id;
    entry.request_id := asked;
    entry.request_hash := digest;
    entry := counter.append_journal(drawer, entry, ARRAY[
        ROW('cash_in_till', NULL, NULL, NULL, -drawer.cash_fen)::counter.posting_line,
        ROW('float_fund', NULL, NULL, NULL, back)::counter.posting_line,
        ROW('undeposited_cash', NULL, NULL, NULL, counted.counted_fen - back)::counter.posting_line]
        || CASE WHEN counted.counted_fen > drawer.cash_fen
                THEN ARRAY[ROW('cash_over', NULL, NULL, NULL, drawer.cash_fen - counted.counted_fen)::counter.posting_line]
                WHEN counted.counted_fen < drawer.cash_fen
                THEN ARRAY[ROW('cash_short', NULL, NULL, NULL, drawer.cash_fen - counted.counted_fen)::counter.posting_line]
           END);
    UPDATE counter.shift SET closed_at = entry.recorded_at WHERE shift_id = drawer.shift_id;
    UPDATE counter.till SET shift_id = NULL, staff_no = NULL, has_abandoned = false, z_no = z_no + 1
     WHERE till_no = drawer.till_no;
    INSERT INTO counter.shift_closing (shift_id, journal_id, count_id, z_no, closed_by, expected_fen, counted_fen, float_fen,
                                       to_bank_fen)
    VALUES (drawer.shift_id, entry.journal_id, of_count, drawer.z_no + 1, session_user, drawer.cash_fen,
            counted.counted_fen, back, counted.counted_fen - back);
    RETURN entry;
END
$$;

-- Request: {request_id, shift_id, count_id}.
CREATE OR REPLACE FUNCTION counter.close_shift(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    drawer counter.till;
    known counter.journal;
BEGIN
    PERFORM counter.claim_request(request);
    PERFORM FROM counter.till WHERE till_no = (request->>'shift_id')::bigint / 10000000000 FOR UPDATE;
    SELECT * INTO known FROM counter.journal WHERE request_id = (request->>'request_id')::uuid;
    IF known.journal_id IS NOT NULL THEN
        PERFORM counter.require_same_request(known, request);
        RETURN counter.closing_answer(known.shift_id, true);
    END IF;
    drawer := counter.lock_drawer((request->>'shift_id')::bigint, true);
    PERFORM counter.close_drawer(drawer, (request->>'count_id')::uuid, (request->>'request_id')::uuid,
                                 counter.request_digest(request));
    RETURN counter.closing_answer(drawer.shift_id, false);
END
$$;

-- The next clerk signs for the till: closes the shift by the count that its owner signed for this person, and opens
-- the next with float_fen. Request: {request_id, shift_id, count_id, float_fen}.
CREATE OR REPLACE FUNCTION counter.take_over(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    drawer counter.till;
    opening jsonb := jsonb_build_object(
        'request_id', request->'request_id', 'till_no', (request->>'shift_id')::bigint / 10000000000,
        'float_fen', request->'float_fen');
BEGIN
    PERFORM counter.claim_request(request);
    SELECT * INTO drawer FROM counter.till WHERE till_no = (request->>'shift_id')::bigint / 10000000000 FOR UPDATE;
    IF NOT EXISTS (SELECT FROM counter.journal WHERE request_id = (request->>'request_id')::uuid) THEN
        IF drawer.shift_id IS DISTINCT FROM (request->>'shift_id')::bigint OR NOT EXISTS (
            SELECT FROM counter.shift_count c WHERE c.count_id = (request->>'count_id')::uuid
               AND c.shift_id = drawer.shift_id AND c.handover_to = session_user::text AND c.counted_by <> session_user::text
        ) THEN
            PERFORM counter.refuse('CN049', 'this till is not handed over to this login');
        END IF;
        PERFORM counter.close_drawer(drawer, (request->>'count_id')::uuid,
            md5(concat_ws('.', request->>'request_id', 'closing'))::uuid, counter.request_digest(request));
    END IF;
    RETURN counter.open_shift(opening);
END
$$;

-- A shift ends once, and what it was does not change, whoever writes its row.
CREATE OR REPLACE TRIGGER refuse_reopening
BEFORE UPDATE ON counter.shift FOR EACH ROW
WHEN (OLD.closed_at IS NOT NULL OR (OLD.shift_id, OLD.till_no, OLD.hall_no, OLD.staff_no, OLD.business_date, OLD.opened_at,
      OLD.float_fen) IS DISTINCT FROM (NEW.shift_id, NEW.till_no, NEW.hall_no, NEW.staff_no, NEW.business_date,
      NEW.opened_at, NEW.float_fen))
EXECUTE FUNCTION counter.refuse_change();
