-- What the payer lays down: cash, POS slips, transfer slips, cheques, recharge cards, the care fund, own balance.
-- A receipt of the bank is claimed (148). The list is the table tender_kind. What makes a paper unique stands in details.reference, in the form that the
-- kind prescribes; a paper counts once (tender_document_once) until a reversal releases it.

CREATE OR REPLACE FUNCTION counter.refuse_taken_document(of_kind text, of_reference text) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    facts jsonb;
BEGIN
    SELECT jsonb_build_object('kind', of_kind, 'reference', of_reference, 'staff_name', coalesce(s.name, j.staff_no),
               'receipt_no', counter.receipt_no(j.till_no, j.business_date, j.receipt_serial),
               'taken_at', to_char(j.recorded_at AT TIME ZONE b.timezone, 'YYYY-MM-DD HH24:MI'))
      INTO facts
      FROM counter.tender_document d JOIN counter.journal j USING (journal_id)
      LEFT JOIN counter.staff s ON s.staff_no = j.staff_no CROSS JOIN counter.bureau b
     WHERE d.kind = of_kind AND d.reference = of_reference AND d.released_by IS NULL;
    IF FOUND THEN
        PERFORM counter.refuse('CN022', 'this paper was taken before', facts);
    END IF;
END
$$;

-- A recharge card is redeemed whole, in the shift where its secret was shown within the last quarter of an hour.
CREATE OR REPLACE FUNCTION counter.redeem_card(given counter.tender, in_shift bigint) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE counter.recharge_card SET status = 'redeemed', redeemed_by = given.journal_id
     WHERE card_no = given.details->>'reference' AND status = 'sold' AND face_fen = given.amount_fen
       AND shown_in_shift = in_shift AND shown_at > clock_timestamp() - interval '15 minutes';
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN023', 'the recharge card was not shown here, or is not worth this',
                               jsonb_build_object('reference', given.details->'reference'));
    END IF;
END
$$;

-- A tender that is more than its amount: the paper is new and well formed, the card good, the fund not empty.
CREATE OR REPLACE FUNCTION counter.take_document(given counter.tender, form text, in_shift bigint) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    IF octet_length(given.details::text) > 2000 OR given.details->>'card' ~ '[0-9]{7}' THEN
        PERFORM counter.refuse('CN021', 'the particulars are too long, or show a whole card number',
                               jsonb_build_object('kind', given.kind));
    ELSIF form IS NOT NULL AND (given.details->>'reference' ~ form) IS NOT TRUE THEN
        PERFORM counter.refuse('CN021', 'the reference does not have the form of its kind',
                               jsonb_build_object('kind', given.kind, 'reference', given.details->'reference'));
    END IF;
    IF given.kind = 'recharge_card' THEN
        PERFORM counter.redeem_card(given, in_shift);
    ELSIF given.kind = 'care_fund' THEN
        UPDATE counter.fund SET balance_fen = balance_fen - given.amount_fen WHERE fund = 'care_fund';
    ELSIF given.kind = 'bank_receipt' THEN
        PERFORM counter.claim_receipt(given);  -- by several payments, until nothing of it is open
        RETURN;
    END IF;
    IF form IS NOT NULL THEN
        PERFORM counter.refuse_taken_document(given.kind, given.details->>'reference');
    END IF;
END
$$;

-- Counts a slip that has not arrived against its payer, unless one of it never came; gives back what is open of that
-- payer now.
CREATE OR REPLACE FUNCTION counter.expose_payer(given counter.tender) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    open_now bigint;
BEGIN
    PERFORM counter.refuse_late_payer(coalesce(given.details->>'payer', ''));
    INSERT INTO counter.payer_exposure AS p (payer, open_fen)
    VALUES (coalesce(given.details->>'payer', ''), given.amount_fen)
    ON CONFLICT (payer) DO UPDATE SET open_fen = p.open_fen + excluded.open_fen
    RETURNING p.open_fen INTO open_now;
    RETURN open_now;
END
$$;

-- Reads the tenders of a request for the journal that is about to be made: its debit lines, its tender rows as they
-- are kept and as they are hashed, and what the rules need to know of them. Cash is told by its name, because the
-- usual payment shall not look for it in a table; and expressions are few and long, because a session prepares
-- each of them anew in every transaction.
CREATE OR REPLACE FUNCTION counter.take_tenders(
    for_journal bigint, in_shift bigint, tenders jsonb, own_account text
) RETURNS counter.tendering
LANGUAGE plpgsql
AS $$
DECLARE
    item counter.tender;
    rule counter.tender_kind;
    taken counter.tendering;
BEGIN
    FOR place IN 0 .. jsonb_array_length(tenders) - 1 LOOP
        item := ROW(for_journal, place + 1, tenders->place->>'kind', tenders->place->>'amount_fen',
                    tenders->place->>'received_fen', tenders->place->'details')::counter.tender;
        IF (item.amount_fen BETWEEN 1 AND 1000000000000 AND (item.kind = 'cash') = (item.received_fen IS NOT NULL)
            AND coalesce(item.received_fen, item.amount_fen) BETWEEN item.amount_fen AND 1000000000000
            AND place < 20) IS NOT TRUE THEN
            PERFORM counter.refuse('CN007', 'tenders and allocation do not add up', tenders->place);
        ELSIF item.kind <> 'cash' THEN
            SELECT * INTO rule FROM counter.tender_kind k WHERE k.kind = item.kind AND k.active;
            IF NOT FOUND THEN
                PERFORM counter.refuse('CN021', 'no such tender', jsonb_build_object('kind', item.kind));
            ELSIF item.kind = 'prepaid' THEN
                taken.own_fen := coalesce(taken.own_fen, 0) + item.amount_fen;
            ELSE
                PERFORM counter.take_document(item, rule.reference_form, in_shift);
                taken.has_documents := taken.has_documents IS TRUE OR rule.reference_form IS NOT NULL;
                IF item.kind = 'transfer' THEN
                    taken.exposure_fen := greatest(taken.exposure_fen, counter.expose_payer(item));
                END IF;
            END IF;
        END IF;
        taken := ROW(
            taken.lines || ROW(CASE item.kind WHEN 'cash' THEN 'cash_in_till' ELSE rule.ledger_account END,
                               CASE item.kind WHEN 'prepaid' THEN own_account END, NULL, NULL,
                               item.amount_fen)::counter.posting_line,
            taken.given || item,
            concat_ws(E'\n', taken.texts, counter.tender_text(
                item.line, item.kind, item.amount_fen, item.received_fen, item.details)),
            coalesce(taken.total_fen, 0) + item.amount_fen,
            coalesce(taken.change_fen, 0) + coalesce(item.received_fen, item.amount_fen) - item.amount_fen,
            taken.own_fen, taken.exposure_fen, taken.has_documents)::counter.tendering;
    END LOOP;
    RETURN taken;
END
$$;

CREATE OR REPLACE FUNCTION counter.keep_documents(given counter.tender[]) RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO counter.tender_document (journal_id, line, kind, reference, payer, amount_fen)
    SELECT t.journal_id, t.line, t.kind, t.details->>'reference', coalesce(t.details->>'payer', ''), t.amount_fen
      FROM unnest(given) AS t JOIN counter.tender_kind k USING (kind)
     WHERE k.reference_form IS NOT NULL AND t.kind <> 'bank_receipt';
    SELECT counter.keep_claims(given)
$$;
