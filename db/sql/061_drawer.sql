-- What happens in a drawer without a customer: cash in and out with a reason, and counts that are signed.

-- Tells whoever comes late to a shift of their hall who closed it, and when.
CREATE OR REPLACE FUNCTION counter.refuse_closed_shift(of_shift bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    facts jsonb;
BEGIN
    SELECT jsonb_build_object('staff_name', coalesce(p.name, c.closed_by), 'z_no', to_char(c.z_no, 'FM999990000'),
               'closed_at', to_char(s.closed_at AT TIME ZONE b.timezone, 'YYYY-MM-DD HH24:MI'))
      INTO facts
      FROM counter.shift_closing c JOIN counter.shift s USING (shift_id) CROSS JOIN counter.bureau b
      LEFT JOIN counter.staff p ON p.staff_no = c.closed_by
     WHERE s.shift_id = of_shift AND s.hall_no = counter.my_hall();
    IF FOUND THEN
        PERFORM counter.refuse('CN051', 'the shift is closed', facts);
    END IF;
END
$$;

-- The till of an open shift under its lock, for its owner or for a supervisor of the hall where that is allowed.
CREATE OR REPLACE FUNCTION counter.lock_drawer(of_shift bigint, may_supervise boolean) RETURNS counter.till
LANGUAGE plpgsql
AS $$
DECLARE
    drawer counter.till;
BEGIN
    SELECT * INTO drawer FROM counter.till WHERE till_no = of_shift / 10000000000 FOR UPDATE;
    IF drawer.shift_id IS DISTINCT FROM of_shift THEN
        PERFORM counter.refuse_closed_shift(of_shift);
    END IF;
    IF drawer.shift_id IS DISTINCT FROM of_shift OR NOT EXISTS (
        SELECT FROM counter.shift s JOIN counter.staff p ON p.staff_no = session_user::text AND p.active
         WHERE s.shift_id = of_shift
           AND (s.staff_no = p.staff_no OR may_supervise AND p.duty = 'supervisor' AND p.hall_no = s.hall_no)) THEN
        PERFORM counter.refuse('CN003', 'not an open shift of this login', jsonb_build_object('shift_id', of_shift));
    END IF;
    RETURN drawer;
END
$$;

CREATE OR REPLACE FUNCTION counter.movement_answer(entry_id bigint, replayed boolean) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object('journal_id', m.journal_id, 'reason', m.reason, 'amount_fen', m.amount_fen,
                              'replayed', replayed)
      FROM counter.cash_movement m WHERE m.journal_id = entry_id
$$;

-- Request: {request_id, shift_id, reason, amount_fen, note}; the reason says in which direction.
CREATE OR REPLACE FUNCTION counter.move_cash(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    drawer counter.till;
    entry counter.journal;
    known counter.journal;
    why counter.cash_movement_reason;
    moved bigint := (request->>'amount_fen')::bigint;
BEGIN
    PERFORM counter.claim_request(request);
    PERFORM FROM counter.till WHERE till_no = (request->>'shift_id')::bigint / 10000000000 FOR UPDATE;
    SELECT * INTO known FROM counter.journal WHERE request_id = (request->>'request_id')::uuid;
    IF known.journal_id IS NOT NULL THEN
        PERFORM counter.require_same_request(known, request);
        RETURN counter.movement_answer(known.journal_id, true);
    END IF;
    drawer := counter.lock_drawer((request->>'shift_id')::bigint, false);
    SELECT * INTO why FROM counter.cash_movement_reason WHERE reason = request->>'reason' AND active;
    IF (why.reason IS NOT NULL AND moved BETWEEN 1 AND 100000000) IS NOT TRUE THEN
        PERFORM counter.refuse('CN046', 'no such reason, or an amount out of range');
    END IF;
    moved := CASE why.direction WHEN 'in' THEN moved ELSE -moved END;
    entry.kind := 'cash_movement';
    entry.shift_id := drawer.shift_id;
    entry.request_id := request->>'request_id';
    entry.request_hash := counter.request_digest(request);
    entry := counter.append_journal(drawer, entry, ARRAY[
        ROW('cash_in_till', NULL, NULL, NULL, moved)::counter.posting_line,
        ROW(why.ledger_account, NULL, NULL, NULL, -moved)::counter.posting_line]);
    INSERT INTO counter.cash_movement (journal_id, shift_id, reason, amount_fen, note)
    VALUES (entry.journal_id, drawer.shift_id, why.reason, moved, left(coalesce(trim(request->>'note'), ''), 200));
    RETURN counter.movement_answer(entry.journal_id, false);
END
$$;

CREATE OR REPLACE FUNCTION counter.counted_fen(denominations jsonb) RETURNS bigint
LANGUAGE sql IMMUTABLE
AS $$ SELECT coalesce(sum(key::bigint * value::bigint), 0)::bigint FROM jsonb_each_text(denominations) $$;

CREATE OR REPLACE FUNCTION counter.count_answer(of_count uuid, replayed boolean) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object('count_id', c.count_id, 'counted_fen', c.counted_fen, 'expected_fen', c.expected_fen,
                              'difference_fen', c.counted_fen - c.expected_fen, 'replayed', replayed)
      FROM counter.shift_count c WHERE c.count_id = of_count
$$;

-- Signs a count. Request: {request_id, shift_id, denominations {fen: pieces}, handover_to}. What was expected is
-- told in the answer and not before; a count stands, and another one stands beside it.
CREATE OR REPLACE FUNCTION counter.sign_count(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    drawer counter.till;
    known counter.shift_count;
    asked uuid := request->>'request_id';
    pieces jsonb := request->'denominations';
    heir text := request->>'handover_to';
BEGIN
    PERFORM counter.claim_request(request);
    PERFORM FROM counter.till WHERE till_no = (request->>'shift_id')::bigint / 10000000000 FOR UPDATE;
    SELECT * INTO known FROM counter.shift_count WHERE count_id = asked;
    IF known.count_id IS NOT NULL THEN
        IF known.request_hash <> counter.request_digest(request) OR known.counted_by <> session_user::text THEN
            PERFORM counter.refuse('CN002', 'this request id was used for something else');
        END IF;
        RETURN counter.count_answer(asked, true);
    END IF;
    drawer := counter.lock_drawer((request->>'shift_id')::bigint, true);
    IF (jsonb_typeof(pieces) = 'object' AND NOT EXISTS (
            SELECT FROM jsonb_each(pieces) AS p
             WHERE p.key NOT IN ('10000', '5000', '2000', '1000', '500', '200', '100', '50', '20', '10', '5', '2', '1')
                OR jsonb_typeof(p.value) <> 'number' OR p.value::text !~ '^[0-9]{1,6}$')) IS NOT TRUE THEN
        PERFORM counter.refuse('CN047', 'not a count of notes and coins');
    END IF;
    IF heir = session_user::text OR heir <> '' AND NOT EXISTS (
        SELECT FROM counter.staff p WHERE p.staff_no = heir AND p.active AND p.hall_no = drawer.hall_no
                                      AND p.duty IN ('clerk', 'cashier', 'supervisor')) THEN
        PERFORM counter.refuse('CN050', 'nobody who can take this till over', jsonb_build_object('staff_no', heir));
    END IF;
    INSERT INTO counter.shift_count (count_id, request_hash, shift_id, till_seq, denominations, counted_fen, expected_fen,
                                     handover_to, counted_by)
    VALUES (asked, counter.request_digest(request), drawer.shift_id, drawer.chain_seq, pieces,
            counter.counted_fen(pieces), drawer.cash_fen, nullif(heir, ''), session_user);
    RETURN counter.count_answer(asked, false);
END
$$;
