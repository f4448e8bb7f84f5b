-- What becomes of a sale onto a card: written, in doubt, taken back, or decided by a supervisor.

-- A vend under the lock of its account.
CREATE OR REPLACE FUNCTION counter.locked_vend(wanted uuid) RETURNS counter.vend
LANGUAGE plpgsql
AS $$
DECLARE
    found_vend counter.vend;
BEGIN
    PERFORM FROM counter.account_balance b JOIN counter.vend v USING (account_no) WHERE v.vend_id = wanted FOR UPDATE OF b;
    SELECT * INTO found_vend FROM counter.vend WHERE vend_id = wanted FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN087', 'no such sale', jsonb_build_object('vend_id', wanted));
    END IF;
    RETURN found_vend;
END
$$;

-- The answer that a request about a vend got before, or NULL.
CREATE OR REPLACE FUNCTION counter.vend_answer_before(request jsonb) RETURNS jsonb
LANGUAGE plpgsql
AS $$
DECLARE
    known counter.vend_event;
BEGIN
    SELECT * INTO known FROM counter.vend_event
     WHERE request_id = (request->>'request_id')::uuid ORDER BY seq DESC LIMIT 1;
    IF known.vend_id IS NULL THEN
        RETURN NULL;
    ELSIF known.request_hash <> counter.request_digest(request) OR known.staff_no <> session_user::text THEN
        PERFORM counter.refuse('CN002', 'this request id was used for something else',
                               jsonb_build_object('request_id', request->'request_id'));
    END IF;
    RETURN jsonb_build_object('vend_id', known.vend_id, 'state', known.state, 'replayed', true);
END
$$;

-- Request: {request_id, vend_id, outcome, evidence, note}; outcome is written, in_doubt or pending, and any desk of any
-- hall may tell it, because the card may come back anywhere. Written needs the evidence of the card; pending, once it was
-- in doubt, that the card has another count. What is written already may be told once more, and is only noted.
CREATE OR REPLACE FUNCTION counter.settle_vend(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    of_vend counter.vend;
    answer jsonb;
    outcome text := request->>'outcome';
    proof jsonb := counter.card_evidence(request->'evidence');
BEGIN
    PERFORM counter.claim_request(request);
    of_vend := counter.locked_vend((request->>'vend_id')::uuid);
    answer := counter.vend_answer_before(request);
    IF answer IS NOT NULL THEN
        RETURN answer;
    ELSIF counter.my_hall() IS NULL THEN
        PERFORM counter.refuse('CN013', 'this login is not active staff');
    ELSIF (outcome IN ('written', 'in_doubt', 'pending')) IS NOT TRUE THEN
        PERFORM counter.refuse('CN095', 'no such outcome');
    ELSIF of_vend.state = 'written' AND outcome = 'written' AND counter.shows_vend(of_vend, proof) THEN
        PERFORM counter.note_vend(of_vend.vend_id, outcome, request, NULL, proof, request->>'note', NULL);
        RETURN jsonb_build_object('vend_id', of_vend.vend_id, 'state', outcome, 'replayed', false);
    ELSIF of_vend.state NOT IN ('pending', 'in_doubt') THEN
        PERFORM counter.refuse('CN086', 'settled already', counter.vend_facts(of_vend.vend_id));
    ELSIF outcome = 'pending' AND of_vend.state = 'in_doubt'
          AND NOT (coalesce((proof->>'vend_count')::bigint <> of_vend.vend_count, false)
                   AND counter.is_card_of(of_vend, proof->>'card_serial')) THEN
        PERFORM counter.refuse('CN088', 'what was read does not say that it was not written',
                               counter.vend_facts(of_vend.vend_id));
    END IF;
    IF outcome = 'written' THEN
        PERFORM counter.write_vend(of_vend, request, proof, (request->>'request_id')::uuid, NULL);
    ELSE
        PERFORM counter.note_vend(of_vend.vend_id, outcome, request, NULL, proof, request->>'note', NULL);
    END IF;
    RETURN jsonb_build_object('vend_id', of_vend.vend_id, 'state', outcome, 'replayed', false);
END
$$;

-- A count that was booked is not booked any more.
CREATE OR REPLACE FUNCTION counter.take_back_count(of_vend counter.vend) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE counter.meter_count SET vend_count = vend_count - 1
     WHERE account_no = of_vend.account_no AND meter_no = of_vend.meter_no AND vend_count = of_vend.vend_count;
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN092', 'not the last sale of its meter', counter.vend_facts(of_vend.vend_id));
    END IF;
END
$$;

-- A sale can be taken back while its credit is nowhere: the card was read again and has the count before, and the meter
-- wrote nothing back for this one. A card that was to be the first, or to replace another, has any other count. It has
-- to be the card that it was sold onto, still in use: where another one replaced it, the meter may have it from either.
CREATE OR REPLACE FUNCTION counter.refuse_undoing(of_vend counter.vend, proof jsonb, of_hall smallint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    on_card bigint := proof->>'vend_count';
    facts jsonb := counter.vend_facts(of_vend.vend_id);
BEGIN
    IF of_vend.state = 'undone' THEN
        PERFORM counter.refuse('CN086', 'settled already', facts);
    ELSIF of_vend.hall_no <> of_hall THEN
        PERFORM counter.refuse('CN096', 'sold in another hall', facts);
    ELSIF (proof->>'card_serial' = of_vend.card_serial) IS NOT TRUE OR NOT EXISTS (
              SELECT FROM counter.meter_card c WHERE c.card_serial = of_vend.card_serial
                 AND c.account_no = of_vend.account_no AND c.status = 'active') THEN
        PERFORM counter.refuse('CN088', 'another card, or none was read', facts);
    ELSIF (on_card = of_vend.vend_count OR of_vend.state = 'written') AND (proof->>'writeback_empty')::boolean IS NOT TRUE
          AND coalesce((proof->>'writeback_count')::bigint >= of_vend.vend_count, true) THEN
        PERFORM counter.refuse('CN089', 'the meter has taken it', facts);
    ELSIF (on_card = of_vend.vend_count - 1
           OR on_card <> of_vend.vend_count AND of_vend.kind IN ('opening', 'replacement')) IS NOT TRUE THEN
        PERFORM counter.refuse('CN090', 'the card was not read without it', facts);
    END IF;
END
$$;

-- A written sale is about to be taken off its card: until it is undone, or the card was read again, nobody knows, and it
-- is listed as such. Request: {request_id, vend_id, reason}.
CREATE OR REPLACE FUNCTION counter.doubt_vend(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    of_vend counter.vend;
    entry counter.journal;
    answer jsonb;
BEGIN
    PERFORM counter.claim_request(request);
    of_vend := counter.locked_vend((request->>'vend_id')::uuid);
    answer := counter.vend_answer_before(request);
    IF answer IS NOT NULL THEN
        RETURN answer;
    ELSIF (length(trim(request->>'reason')) BETWEEN 1 AND 200) IS NOT TRUE THEN
        PERFORM counter.refuse('CN095', 'no reason');
    ELSIF of_vend.hall_no IS DISTINCT FROM counter.my_hall() THEN
        PERFORM counter.refuse('CN096', 'sold in another hall', counter.vend_facts(of_vend.vend_id));
    ELSIF of_vend.state <> 'written' THEN
        PERFORM counter.refuse('CN086', 'settled already', counter.vend_facts(of_vend.vend_id));
    ELSIF NOT EXISTS (SELECT FROM counter.meter_count m WHERE m.account_no = of_vend.account_no
                         AND m.meter_no = of_vend.meter_no AND m.vend_count = of_vend.vend_count) THEN
        PERFORM counter.refuse('CN092', 'not the last sale of its meter', counter.vend_facts(of_vend.vend_id));
    END IF;
    entry := counter.post_vend_journal(of_vend, 'vend_written', 'vended', 'vend_in_flight',
                                       (request->>'request_id')::uuid, counter.request_digest(request));
    PERFORM counter.note_vend(of_vend.vend_id, 'in_doubt', request, entry.journal_id, NULL, request->>'reason', NULL);
    RETURN jsonb_build_object('vend_id', of_vend.vend_id, 'state', 'in_doubt', 'replayed', false);
END
$$;

-- Request: {request_id, vend_id, shift_id, reason, evidence, approval_id}. The payment is reversed as any other is, with
-- the same barriers; when it was written, that is mirrored first. Answers as a reversal does.
CREATE OR REPLACE FUNCTION counter.undo_vend(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    begun record := counter.lock_drawer(request);
    drawer counter.till := begun.drawer;
    of_vend counter.vend;
    wrong counter.journal;
    entry counter.journal;
    answer jsonb;
    proof jsonb := counter.card_evidence(request->'evidence');
BEGIN
    IF begun.answer IS NOT NULL THEN
        RETURN begun.answer;
    ELSIF (length(trim(request->>'reason')) BETWEEN 1 AND 200) IS NOT TRUE THEN
        PERFORM counter.refuse('CN095', 'no reason');
    END IF;
    of_vend := counter.locked_vend((request->>'vend_id')::uuid);
    PERFORM counter.refuse_undoing(of_vend, proof, drawer.hall_no);
    PERFORM counter.take_back_count(of_vend);
    SELECT * INTO wrong FROM counter.journal WHERE journal_id = of_vend.journal_id;
    PERFORM FROM counter.shift WHERE shift_id = wrong.shift_id FOR SHARE;  -- no slip takes it meanwhile
    IF of_vend.state = 'written' THEN
        entry := counter.post_vend_journal(of_vend, 'vend_written', 'vended', 'vend_in_flight',
            md5(concat(request->>'request_id', '.unwritten'))::uuid, counter.request_digest(request));
        PERFORM counter.note_vend(of_vend.vend_id, 'pending', request, entry.journal_id, proof, request->>'reason', NULL);
    END IF;
    answer := counter.post_reversal(request, drawer, wrong);
    PERFORM counter.note_vend(of_vend.vend_id, 'undone', request, (answer->>'journal_id')::bigint, proof,
                              request->>'reason', (request->>'approval_id')::uuid);
    RETURN answer;
END
$$;

-- The card will not come back: a supervisor decides. Request: {request_id, vend_id, written, reason, approval_id}. Not
-- written gives the money to the prepaid balance of the account.
CREATE OR REPLACE FUNCTION counter.decide_vend(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    of_vend counter.vend;
    entry counter.journal;
    answer jsonb;
    allowed uuid;
    asked uuid := request->>'request_id';
    is_written boolean := (request->>'written')::boolean;
BEGIN
    PERFORM counter.claim_request(request);
    of_vend := counter.locked_vend((request->>'vend_id')::uuid);
    answer := counter.vend_answer_before(request);
    IF answer IS NOT NULL THEN
        RETURN answer;
    ELSIF is_written IS NULL OR (length(trim(request->>'reason')) BETWEEN 1 AND 200) IS NOT TRUE THEN
        PERFORM counter.refuse('CN095', 'no decision, or no reason');
    ELSIF of_vend.state NOT IN ('pending', 'in_doubt') THEN
        PERFORM counter.refuse('CN086', 'settled already', counter.vend_facts(of_vend.vend_id));
    ELSIF of_vend.hall_no IS DISTINCT FROM counter.my_hall() THEN
        PERFORM counter.refuse('CN096', 'sold in another hall', counter.vend_facts(of_vend.vend_id));
    END IF;
    allowed := counter.use_approval('vend_decision', request);
    IF is_written THEN
        entry := counter.write_vend(of_vend, request, NULL, asked, allowed);
    ELSE
        PERFORM counter.take_back_count(of_vend);
        entry := counter.post_vend_journal(of_vend, 'vend_credited', 'vend_in_flight', 'prepaid', asked,
                                           counter.request_digest(request));
        UPDATE counter.account_balance SET prepaid_fen = prepaid_fen + of_vend.amount_fen, version = version + 1
         WHERE account_no = of_vend.account_no;
        PERFORM counter.note_vend(of_vend.vend_id, 'undone', request, entry.journal_id, NULL, request->>'reason', allowed);
    END IF;
    PERFORM counter.note_journal(entry, request->>'reason', allowed);
    RETURN jsonb_build_object('vend_id', of_vend.vend_id, 'state', CASE WHEN is_written THEN 'written' ELSE 'undone' END,
                              'replayed', false);
END
$$;

-- A supervisor signs for everything that is not settled in the hall, so that the day can be closed over it. Request:
-- {request_id, business_date, note}.
CREATE OR REPLACE FUNCTION counter.sign_vends(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    known record;
    for_day date := request->>'business_date';
    signed bigint;
BEGIN
    PERFORM counter.claim_request(request);
    SELECT s.* INTO known FROM (
        SELECT request_id, request_hash, signed_by FROM counter.vend_signature
        UNION ALL SELECT request_id, request_hash, signed_by FROM counter.token_vend_signature) s
     WHERE s.request_id = (request->>'request_id')::uuid LIMIT 1;
    IF known.request_id IS NOT NULL AND (known.request_hash <> counter.request_digest(request)
                                         OR known.signed_by <> session_user::text) THEN
        PERFORM counter.refuse('CN002', 'this request id was used for something else');
    ELSIF NOT EXISTS (SELECT FROM counter.staff
                       WHERE staff_no = session_user::text AND active AND duty = 'supervisor') THEN
        PERFORM counter.refuse('CN057', 'only a supervisor of the hall signs');
    ELSIF (for_day IS NOT NULL AND length(trim(request->>'note')) BETWEEN 1 AND 200) IS NOT TRUE THEN
        PERFORM counter.refuse('CN095', 'no day, or nothing said');
    ELSIF known.request_id IS NULL THEN
        INSERT INTO counter.vend_signature (vend_id, business_date, request_id, request_hash, note, signed_by)
        SELECT v.vend_id, for_day, (request->>'request_id')::uuid, counter.request_digest(request),
               trim(request->>'note'), session_user
          FROM counter.vend v WHERE v.state IN ('pending', 'in_doubt') AND v.hall_no = counter.my_hall()
        ON CONFLICT (vend_id, business_date) DO NOTHING;
        INSERT INTO counter.token_vend_signature (vend_id, business_date, request_id, request_hash, note, signed_by)
        SELECT v.vend_id, for_day, (request->>'request_id')::uuid, counter.request_digest(request),
               trim(request->>'note'), session_user
          FROM counter.token_vend v WHERE v.state IN ('pending', 'in_doubt', 'refused') AND v.hall_no = counter.my_hall()
        ON CONFLICT (vend_id, business_date) DO NOTHING;
    END IF;
    SELECT (SELECT count(*) FROM counter.vend_signature WHERE request_id = (request->>'request_id')::uuid)
           + (SELECT count(*) FROM counter.token_vend_signature WHERE request_id = (request->>'request_id')::uuid)
      INTO signed;
    RETURN jsonb_build_object('signed', signed, 'replayed', known.request_id IS NOT NULL);
END
$$;

-- No day of a hall is closed over a sale that is not settled, unless a supervisor signed for it; a signature for a day
-- is good for the days without any work that are closed with it.
CREATE OR REPLACE FUNCTION counter.refuse_closing_over_doubt() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    unsigned bigint := (
        SELECT count(*) FROM counter.vend v JOIN counter.journal j USING (journal_id)
         WHERE v.state IN ('pending', 'in_doubt') AND v.hall_no = NEW.hall_no AND j.business_date <= NEW.business_date
           AND NOT EXISTS (SELECT FROM counter.vend_signature s
                            WHERE s.vend_id = v.vend_id AND s.business_date >= NEW.business_date)) + (
        SELECT count(*) FROM counter.token_vend v JOIN counter.journal j USING (journal_id)
         WHERE v.state IN ('pending', 'in_doubt', 'refused') AND v.hall_no = NEW.hall_no
           AND j.business_date <= NEW.business_date
           AND NOT EXISTS (SELECT FROM counter.token_vend_signature s
                            WHERE s.vend_id = v.vend_id AND s.business_date >= NEW.business_date));
BEGIN
    IF unsigned > 0 THEN
        PERFORM counter.refuse('CN110', 'sales of power are not settled', jsonb_build_object('count', unsigned));
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER refuse_closing_over_doubt BEFORE INSERT ON counter.closed_day
FOR EACH ROW EXECUTE FUNCTION counter.refuse_closing_over_doubt();
