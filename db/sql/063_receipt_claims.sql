-- Unidentified receipts: money on the statement that nobody has claimed yet, and its claims.
--
-- A claim is a tender (bank_receipt) of a payment: details.reference is the line, which gives what it has open and
-- never more. The payment counts from the bank's day, so that the late fee stops there; who asks for which line is
-- kept in receipt_claim, and a reversal gives the line back what was claimed. Locks: after the accounts, the lines.

-- The lines that the tenders of a payment claim. Refuses what is no line of a bank, the same line twice, another tender
-- beside them, and lines of different days, because a payment has one day.
CREATE OR REPLACE FUNCTION counter.credited_on(tenders jsonb, today date) RETURNS date
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    found record;
BEGIN
    SELECT count(*) AS tenders, count(DISTINCT l.line_id) AS lines, min(l.booked) AS first_day, max(l.booked) AS last_day,
           bool_and(t.kind = 'bank_receipt') AS alone,
           bool_and(NOT t.details ? 'date' OR t.details->>'date' = l.booked::text) AS dated
      INTO found
      FROM jsonb_to_recordset(tenders) AS t(kind text, details jsonb)
      LEFT JOIN counter.statement_line l ON l.amount_fen > 0 AND l.line_id = CASE
                WHEN t.details->>'reference' ~ '^[0-9]{1,18}$' THEN (t.details->>'reference')::bigint END
           AND EXISTS (SELECT FROM counter.bank_account b
                        WHERE b.bank_account_no = l.bank_account_no AND b.kind = 'bank');
    IF NOT found.alone THEN
        PERFORM counter.refuse('CN140', 'a receipt of the bank is claimed by itself');
    ELSIF found.lines <> found.tenders OR NOT found.dated THEN
        PERFORM counter.refuse('CN141', 'no such receipt of the bank', jsonb_build_object('tenders', tenders));
    ELSIF found.first_day <> found.last_day THEN
        PERFORM counter.refuse('CN142', 'receipts of different days', jsonb_build_object(
            'first_day', found.first_day, 'last_day', found.last_day));
    END IF;
    RETURN least(found.first_day, today);
END
$$;

-- The moment that such a payment counts from: the beginning of the bank's day.
CREATE OR REPLACE FUNCTION counter.credited_at(tenders jsonb, timezone text) RETURNS timestamptz
LANGUAGE sql STABLE
AS $$
    SELECT counter.credited_on(tenders, (clock_timestamp() AT TIME ZONE timezone)::date)::timestamp AT TIME ZONE timezone
$$;

-- Takes from a line what a tender claims; refuses more than is open, with who claimed it last. The row is locked by
-- this, so that of two desks with one slip the second finds nothing left.
CREATE OR REPLACE FUNCTION counter.claim_receipt(given counter.tender) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    wanted bigint := given.details->>'reference';
    facts jsonb;
BEGIN
    UPDATE counter.statement_line l SET open_fen = l.open_fen - given.amount_fen
      FROM counter.bank_account b
     WHERE l.line_id = wanted AND l.amount_fen > 0 AND l.open_fen >= given.amount_fen
       AND b.bank_account_no = l.bank_account_no AND b.kind = 'bank'
       AND (NOT given.details ? 'date' OR given.details->>'date' = l.booked::text);
    IF FOUND THEN
        RETURN;
    ELSIF NOT EXISTS (SELECT FROM counter.statement_line l JOIN counter.bank_account b USING (bank_account_no)
                       WHERE l.line_id = wanted AND l.amount_fen > 0 AND b.kind = 'bank') THEN
        PERFORM counter.refuse('CN141', 'no such receipt of the bank', jsonb_build_object('line_id', wanted));
    END IF;
    SELECT jsonb_build_object('open_fen', l.open_fen, 'open', to_char(l.open_fen / 100.0, 'FM999999999990.00'), 'booked', l.booked)
           || coalesce((
               SELECT counter.receipt_facts(c.journal_id) FROM counter.receipt_claim c
                WHERE c.line_id = l.line_id AND c.amount_fen > 0
                  AND NOT EXISTS (SELECT FROM counter.journal r WHERE r.reverses = c.journal_id)
                ORDER BY c.journal_id DESC LIMIT 1), '{"receipt_no": "-", "staff_name": "-", "taken_at": "-"}')
      INTO facts FROM counter.statement_line l WHERE l.line_id = wanted;
    PERFORM counter.refuse('CN143', 'this much is not open of the receipt', coalesce(facts, '{}'));
END
$$;

-- What was claimed of which line, and for which account when it is one: found again at the next receipt of this payer.
CREATE OR REPLACE FUNCTION counter.keep_claims(given counter.tender[]) RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO counter.receipt_claim (journal_id, line_id, amount_fen, account_no)
    SELECT t.journal_id, (t.details->>'reference')::bigint, t.amount_fen,
           (SELECT r.account_no FROM counter.receipt r WHERE r.journal_id = t.journal_id)
      FROM unnest(given) AS t WHERE t.kind = 'bank_receipt'
$$;

-- A reversal gives the lines back what its payment claimed of them.
CREATE OR REPLACE FUNCTION counter.release_claims(wrong bigint, entry_id bigint) RETURNS void
LANGUAGE sql
AS $$
    WITH held AS (
        SELECT l.line_id, c.amount_fen, c.account_no
          FROM counter.receipt_claim c JOIN counter.statement_line l USING (line_id)
         WHERE c.journal_id = wrong ORDER BY l.line_id FOR UPDATE OF l
    ), opened AS (
        UPDATE counter.statement_line l SET open_fen = l.open_fen + h.amount_fen FROM held h WHERE l.line_id = h.line_id
    )
    INSERT INTO counter.receipt_claim (journal_id, line_id, amount_fen, account_no)
    SELECT entry_id, h.line_id, -h.amount_fen, h.account_no FROM held h
$$;

-- A payer one of whose slips never came gives no further slips. Whether it came is known only as far as statements are
-- in; arrival and reversal lift it, an approval does not.
CREATE OR REPLACE FUNCTION counter.refuse_late_payer(of_payer text) RETURNS void
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    facts jsonb;
BEGIN
    SELECT counter.receipt_facts(d.journal_id) || jsonb_build_object(
               'reference', d.reference, 'amount_fen', d.amount_fen,
               'amount', to_char(d.amount_fen / 100.0, 'FM999999999990.00'), 'hall_name', h.name,
               'days', counter.business_date() - j.business_date)
      INTO facts
      FROM counter.tender_document d JOIN counter.journal j USING (journal_id) JOIN counter.hall h USING (hall_no)
     WHERE d.kind = 'transfer' AND d.payer = of_payer AND d.released_by IS NULL AND d.arrived_by IS NULL
       AND j.business_date + (counter.bank_rules()).arrive_within_days < counter.business_date()
       AND j.business_date + (counter.bank_rules()).arrive_within_days
           <= (SELECT max(b.through) FROM counter.bank_account b WHERE b.kind = 'bank')
     ORDER BY j.business_date, d.journal_id LIMIT 1;
    IF FOUND THEN
        PERFORM counter.refuse('CN145', 'a slip of this payer never arrived', facts);
    END IF;
END
$$;
