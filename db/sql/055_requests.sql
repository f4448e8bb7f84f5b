-- Once only: a request id belongs to one content for ever.

CREATE OR REPLACE FUNCTION counter.require_same_request(known counter.journal, request jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    IF known.request_hash <> counter.request_digest(request) OR known.staff_no <> session_user::text THEN
        PERFORM counter.refuse('CN002', 'this request id was used for something else',
                               jsonb_build_object('request_id', known.request_id));
    END IF;
END
$$;

-- What everything that moves a payer's money answers: the same words the first time and at every replay.
-- change_fen is the cash to hand out: the change, or what a reversal or a refund gives back.
CREATE OR REPLACE FUNCTION counter.payment_answer(
    entry counter.journal, total_fen bigint, change_fen bigint, prepaid_after_fen bigint, arrears_after_fen bigint,
    replayed boolean
) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT format('{"request_id": "%s", "journal_id": %s, "receipt_no": "%s", "total_fen": %s, "change_fen": %s, '
                  '"prepaid_after_fen": %s, "arrears_after_fen": %s, "replayed": %s}',
                  entry.request_id, entry.journal_id,
                  counter.receipt_no(entry.till_no, entry.business_date, entry.receipt_serial),
                  total_fen, change_fen, prepaid_after_fen, arrears_after_fen, replayed::text)::jsonb
$$;

-- The answer of a payment that raised reconnection tasks says how many; the others say nothing of it.
CREATE OR REPLACE FUNCTION counter.with_reconnections(of_journal bigint, answer jsonb) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT answer || coalesce((SELECT jsonb_build_object('reconnections', count(*)) FROM counter.reconnection_task r
                                WHERE r.journal_id = of_journal HAVING count(*) > 0), '{}')
$$;

CREATE OR REPLACE FUNCTION counter.replay_payment(known counter.journal) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT counter.with_reconnections(known.journal_id, counter.payment_answer(
               known, r.total_fen,
               (SELECT coalesce(sum(CASE WHEN t.kind = 'cash' AND t.amount_fen < 0 THEN -t.amount_fen
                                       ELSE t.received_fen - t.amount_fen END), 0)::bigint
                  FROM counter.tender t WHERE t.journal_id = known.journal_id),
               r.prepaid_after_fen, r.arrears_after_fen, true))
      FROM counter.receipt r WHERE r.journal_id = known.journal_id
$$;

-- Settles a request whose reply never came: its answer when it was posted. When it was not, the id is
-- burnt, so that a delayed copy of the request can never post afterwards, and the answer is NULL.
CREATE OR REPLACE FUNCTION counter.settle_payment(asked uuid, in_shift bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    known counter.journal;
BEGIN
    PERFORM FROM counter.shift s JOIN counter.till t USING (till_no)
      WHERE s.shift_id = in_shift AND s.staff_no = session_user::text FOR UPDATE OF t;
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN003', 'not a shift of this login', jsonb_build_object('shift_id', in_shift));
    END IF;
    SELECT * INTO known FROM counter.journal WHERE request_id = asked;
    IF known.journal_id IS NOT NULL AND known.staff_no = session_user::text THEN
        RETURN counter.replay_payment(known);
    END IF;
    UPDATE counter.till SET has_abandoned = true WHERE till_no = in_shift / 10000000000;
    INSERT INTO counter.abandoned_request (request_id, staff_no) VALUES (asked, session_user)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

-- The first thing that every request does that is no payment: it claims its id. Whoever asks what became of one whose
-- reply never came claims the same id as given up, so that one of both is there, the other waits for it, and a delayed
-- copy can never post afterwards. (Payments hold their till instead: one row less for each.)
CREATE OR REPLACE FUNCTION counter.claim_request(request jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    asked uuid := request->>'request_id';
BEGIN
    INSERT INTO counter.request_claim (request_id, staff_no, posted) VALUES (asked, session_user, true)
    ON CONFLICT DO NOTHING;
    IF NOT (SELECT c.posted FROM counter.request_claim c WHERE c.request_id = asked) THEN
        PERFORM counter.refuse('CN002', 'this request was given up', jsonb_build_object('request_id', asked));
    END IF;
END
$$;

-- Whether a request that is no payment was posted. One that was not is given up, so that it never will be.
CREATE OR REPLACE FUNCTION counter.settle_request(asked uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    known counter.request_claim;
BEGIN
    IF counter.my_hall() IS NULL THEN
        PERFORM counter.refuse('CN013', 'this login is not active staff');
    END IF;
    INSERT INTO counter.request_claim (request_id, staff_no, posted) VALUES (asked, session_user, false)
    ON CONFLICT DO NOTHING;
    SELECT * INTO known FROM counter.request_claim WHERE request_id = asked;
    IF known.staff_no <> session_user::text THEN
        PERFORM counter.refuse('CN002', 'this is the request of somebody else',
                               jsonb_build_object('request_id', asked));
    END IF;
    RETURN known.posted;
END
$$;
