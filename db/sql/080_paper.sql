-- What happened to a receipt on its way to paper. Request: {request_id, journal_id, outcome, detail}.
-- Whether it is a reprint is for the ledger to say: the first time that paper or file took it, or may have taken it, is
-- the original. What may have been printed (unsure) stays in the list of unprinted ones all the same.

CREATE OR REPLACE FUNCTION counter.record_print(request jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    printed bigint := request->>'journal_id';
BEGIN
    PERFORM FROM counter.receipt WHERE journal_id = printed
                                   AND (hall_no = counter.my_hall() OR counter.sees_all_halls());
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN003', 'no such receipt in this hall');
    END IF;
    INSERT INTO counter.receipt_print (request_id, journal_id, outcome, reprint, detail, staff_no)
    VALUES ((request->>'request_id')::uuid, printed, request->>'outcome',
            EXISTS (SELECT FROM counter.receipt_print p
                     WHERE p.journal_id = printed AND p.outcome <> 'failed'),
            left(coalesce(request->>'detail', ''), 200), session_user)
    ON CONFLICT (request_id) DO NOTHING;
END
$$;

-- The recharge cards that a journal sold, as a receipt shows them; the rows themselves hold the digests of their
-- secrets and are for nobody to read.
CREATE OR REPLACE FUNCTION counter.cards_sold(of_journal bigint) RETURNS TABLE (card_no text, face_fen bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT left(c.card_no, 2) || repeat('*', length(c.card_no) - 6) || right(c.card_no, 4), c.face_fen
      FROM counter.sold_card s JOIN counter.recharge_card c USING (card_no)
     WHERE s.journal_id IN (SELECT j.journal_id FROM counter.journal j
                          WHERE j.journal_id = of_journal AND (j.hall_no = counter.my_hall() OR counter.sees_all_halls())
                         UNION ALL
                         SELECT j.reverses FROM counter.journal j
                          WHERE j.journal_id = of_journal AND (j.hall_no = counter.my_hall() OR counter.sees_all_halls()))
     ORDER BY c.card_no
$$;
