-- What the books expect the bank to show: slips, deposits, cheques on their way, refunds, settlements.
--
-- Nothing of this is written by a payment. Journals of a till have numbers without a gap and are committed in their
-- order, so collected_till says of each till how far its journals were looked through, and only what is new is read.
-- An item is withdrawn when its payment is reversed (068); what the bank had sent of it by then becomes a negative item (…_back),
-- which a debit line will match. Σ open items of a ledger account, with what is not collected yet, is what the account says.

-- Slips and cheques that are on deposit slips, within ranges of journals. A document is held, so that its payment is
-- either reversed before, and then it is no item, or waits for the item.
CREATE OR REPLACE FUNCTION counter.collect_documents(firsts bigint[], lasts bigint[]) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO counter.book_item (kind, ledger_account, journal_id, line, hall_no, business_date, amount_fen, open_fen, reference,
                                   payer, payer_account, account_no, terminal, batch, trace)
    SELECT d.kind, CASE d.kind WHEN 'pos' THEN 'pos_clearing' ELSE 'transfer_clearing' END, d.journal_id, d.line, j.hall_no,
           j.business_date, d.amount_fen, d.amount_fen,
           CASE d.kind WHEN 'pos' THEN coalesce(t.details->>'rrn', d.reference) ELSE split_part(d.reference, '/', 2) END,
           coalesce(t.details->>'payer_name', ''), CASE d.kind WHEN 'pos' THEN '' ELSE d.payer END, r.account_no,
           CASE d.kind WHEN 'pos' THEN split_part(d.reference, '-', 1) ELSE '' END,
           CASE d.kind WHEN 'pos' THEN split_part(d.reference, '-', 2) ELSE '' END,
           CASE d.kind WHEN 'pos' THEN split_part(d.reference, '-', 3) ELSE '' END
      FROM (SELECT d.* FROM unnest(firsts, lasts) AS w(first, last)
              JOIN counter.tender_document d ON d.journal_id BETWEEN w.first AND w.last
             WHERE d.kind IN ('transfer', 'pos') AND d.released_by IS NULL FOR SHARE OF d) d
      JOIN counter.journal j USING (journal_id) JOIN counter.tender t USING (journal_id, line)
      LEFT JOIN counter.receipt r USING (journal_id)
    ON CONFLICT DO NOTHING;
    INSERT INTO counter.book_item (kind, ledger_account, journal_id, line, hall_no, bank_account_no, business_date, amount_fen,
                                   open_fen, reference, payer, account_no, batch)
    SELECT 'cheque', 'cash_in_transit', d.journal_id, d.line, d.hall_no, d.bank_account_no, d.business_date, d.amount_fen,
           d.amount_fen, split_part(d.reference, '/', 2), coalesce(t.details->>'payer_name', ''), r.account_no, d.slip_no
      FROM (SELECT d.*, j.hall_no, j.business_date, p.bank_account_no,
                   counter.receipt_no(j.till_no, j.business_date, j.receipt_serial) AS slip_no
              FROM unnest(firsts, lasts) AS w(first, last)
              JOIN counter.deposit p ON p.journal_id BETWEEN w.first AND w.last
              JOIN counter.journal j ON j.journal_id = p.journal_id
              JOIN counter.deposit_item i ON i.journal_id = p.journal_id AND i.part = 'cheque'
              JOIN counter.shift_closing c ON c.shift_id = i.shift_id
              JOIN counter.tender_document d ON d.journal_id BETWEEN i.shift_id AND c.journal_id
             WHERE d.kind = 'cheque' AND d.released_by IS NULL FOR SHARE OF d) d
      JOIN counter.tender t USING (journal_id, line) LEFT JOIN counter.receipt r USING (journal_id)
    ON CONFLICT DO NOTHING;
END
$$;

-- Cash on deposit slips, refunds that the bank is to pay, and what an acquirer's file says that it will pay.
CREATE OR REPLACE FUNCTION counter.collect_the_rest(firsts bigint[], lasts bigint[]) RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO counter.book_item (kind, ledger_account, journal_id, line, hall_no, bank_account_no, business_date, amount_fen,
                                   open_fen, reference, payer, batch)
    SELECT 'cash_deposit', 'cash_in_transit', p.journal_id, 0, p.hall_no, p.bank_account_no, j.business_date, p.cash_fen,
           p.cash_fen, counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), p.carried_by,
           counter.receipt_no(j.till_no, j.business_date, j.receipt_serial)
      FROM unnest(firsts, lasts) AS w(first, last) JOIN counter.deposit p ON p.journal_id BETWEEN w.first AND w.last
      JOIN counter.journal j ON j.journal_id = p.journal_id
     WHERE p.cash_fen > 0
    ON CONFLICT DO NOTHING;
    INSERT INTO counter.book_item (kind, ledger_account, journal_id, line, hall_no, business_date, amount_fen, open_fen, payer,
                                   payer_account, account_no)
    SELECT 'refund', 'refunds_payable', t.journal_id, t.line, j.hall_no, j.business_date, t.amount_fen, t.amount_fen,
           coalesce(t.details->>'payer', ''), coalesce(t.details->>'payer_account', ''), r.account_no
      FROM unnest(firsts, lasts) AS w(first, last) JOIN counter.tender t ON t.journal_id BETWEEN w.first AND w.last
      JOIN counter.journal j ON j.journal_id = t.journal_id LEFT JOIN counter.receipt r ON r.journal_id = t.journal_id
     WHERE t.kind = 'transfer' AND t.amount_fen < 0 AND j.kind = 'refund'
    ON CONFLICT DO NOTHING;
    INSERT INTO counter.book_item (kind, ledger_account, journal_id, line, hall_no, business_date, amount_fen, open_fen, reference,
                                   payer, statement_id)
    SELECT 'settlement', 'acquirer_receivable', s.journal_id, 0, j.hall_no, s.closing_date, p.amount_fen, p.amount_fen, s.number,
           a.bank_name, s.statement_id
      FROM unnest(firsts, lasts) AS w(first, last) JOIN counter.statement s ON s.journal_id BETWEEN w.first AND w.last
      JOIN counter.journal j ON j.journal_id = s.journal_id JOIN counter.posting p ON p.journal_id = s.journal_id
      JOIN counter.bank_account a ON a.bank_account_no = s.bank_account_no
     WHERE p.ledger_account = 'acquirer_receivable' AND p.amount_fen <> 0
    ON CONFLICT DO NOTHING;
$$;

-- Takes in what is new in the books. Who only looks passes over tills that somebody else is collecting just now. A little is
-- reached by the keys of the tables, much by reading them once: the planner cannot know which of both it is.
CREATE OR REPLACE FUNCTION counter.collect_items(wait boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
SET enable_seqscan = on SET enable_hashjoin = on SET enable_mergejoin = on SET enable_nestloop = on SET jit = off
AS $$
DECLARE
    firsts bigint[];
    lasts bigint[];
    much text;
BEGIN
    INSERT INTO counter.collected_till (till_no)
    SELECT t.till_no FROM counter.till t
     WHERE NOT EXISTS (SELECT FROM counter.collected_till c WHERE c.till_no = t.till_no) ORDER BY t.till_no
    ON CONFLICT DO NOTHING;
    IF wait THEN
        PERFORM FROM counter.collected_till ORDER BY till_no FOR UPDATE;
    END IF;
    SELECT array_agg(c.till_no * 10000000000 + c.through + 1), array_agg(c.till_no * 10000000000 + t.chain_seq)
      INTO firsts, lasts
      FROM (SELECT m.till_no, m.through FROM counter.collected_till m ORDER BY m.till_no FOR UPDATE SKIP LOCKED) c
      JOIN counter.till t USING (till_no) WHERE t.chain_seq > c.through;
    IF firsts IS NOT NULL THEN
        SELECT (sum(w.last - w.first) > 5000)::text INTO much FROM unnest(firsts, lasts) AS w(first, last);
        PERFORM set_config('enable_seqscan', much, true), set_config('enable_hashjoin', much, true),
                set_config('enable_mergejoin', much, true), set_config('enable_nestloop', (NOT much::boolean)::text, true);
        PERFORM counter.collect_documents(firsts, lasts);
        PERFORM counter.collect_the_rest(firsts, lasts);
        UPDATE counter.collected_till c SET through = w.last - c.till_no * 10000000000
          FROM unnest(lasts) AS w(last) WHERE c.till_no = w.last / 10000000000;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION counter.collect_items() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$ SELECT counter.collect_items(true) $$;
