-- A clerk takes a till with a float. Request: {request_id, till_no, float_fen}.

CREATE OR REPLACE FUNCTION counter.shift_answer(entry_id bigint, replayed boolean) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object(
               'shift_id', s.shift_id, 'till_no', s.till_no, 'till_name', t.name, 'business_date', s.business_date,
               'opened_at', s.opened_at, 'float_fen', s.float_fen, 'replayed', replayed)
      FROM counter.shift s JOIN counter.till t USING (till_no) WHERE s.shift_id = entry_id
$$;

CREATE OR REPLACE FUNCTION counter.open_shift(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    me counter.staff;
    drawer counter.till;
    entry counter.journal;
    known counter.journal;
    float_fen bigint := (request->>'float_fen')::bigint;
BEGIN
    PERFORM counter.claim_request(request);
    SELECT * INTO me FROM counter.staff
     WHERE staff_no = session_user::text AND active AND duty IN ('clerk', 'cashier', 'supervisor');
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN013', 'this login may not work at a till');
    END IF;
    SELECT * INTO drawer FROM counter.till WHERE till_no = (request->>'till_no')::integer FOR UPDATE;
    SELECT * INTO known FROM counter.journal WHERE request_id = (request->>'request_id')::uuid;
    IF known.journal_id IS NOT NULL THEN
        PERFORM counter.require_same_request(known, request);
        RETURN counter.shift_answer(known.journal_id, true);
    END IF;
    IF drawer.till_no IS NULL OR drawer.hall_no <> me.hall_no OR drawer.kind <> 'desk' THEN
        PERFORM counter.refuse('CN014', 'no such till in this hall', jsonb_build_object('till_no', request->'till_no'));
    END IF;
    IF drawer.shift_id IS NOT NULL THEN
        PERFORM counter.refuse('CN009', 'the till is taken', (
            SELECT jsonb_build_object('till_no', s.till_no, 'staff_no', s.staff_no, 'staff_name', p.name)
              FROM counter.shift s JOIN counter.staff p USING (staff_no) WHERE s.shift_id = drawer.shift_id));
    END IF;
    IF float_fen NOT BETWEEN 0 AND 100000000 THEN
        PERFORM counter.refuse('CN015', 'the float is out of range', jsonb_build_object('float_fen', float_fen));
    END IF;
    entry.kind := 'shift_opening';
    entry.shift_id := drawer.till_no * 10000000000 + drawer.chain_seq + 1;
    entry.request_id := request->>'request_id';
    entry.request_hash := counter.request_digest(request);
    entry.business_date := counter.business_date();
    INSERT INTO counter.shift (shift_id, till_no, hall_no, staff_no, business_date, opened_at, float_fen)
    VALUES (entry.shift_id, drawer.till_no, drawer.hall_no, me.staff_no, entry.business_date,
            clock_timestamp(), float_fen);
    entry := counter.append_journal(drawer, entry, ARRAY[
        ROW('cash_in_till', NULL, NULL, NULL, float_fen)::counter.posting_line,
        ROW('float_fund', NULL, NULL, NULL, -float_fen)::counter.posting_line]);
    UPDATE counter.till SET shift_id = entry.journal_id, staff_no = me.staff_no, has_abandoned = false
     WHERE till_no = entry.till_no;
    RETURN counter.shift_answer(entry.journal_id, false);
END
$$;
