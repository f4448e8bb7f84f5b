-- What reports of the bank side need of all halls: lines and items as they were open in the evening of a day, and
-- the books' balances of it. For cashiers, supervisors, auditors and administrators.

CREATE OR REPLACE FUNCTION counter.hall_day(moment timestamptz) RETURNS date
LANGUAGE sql STABLE
AS $$ SELECT (moment AT TIME ZONE b.timezone)::date FROM counter.bureau b $$;

-- The matches that stood in the evening of a day.
CREATE OR REPLACE FUNCTION counter.matches_at(as_of date) RETURNS SETOF bigint
LANGUAGE sql STABLE
AS $$
    SELECT m.match_id FROM counter.bank_match m
     WHERE m.unmatches IS NULL AND counter.hall_day(m.recorded_at) <= as_of
       AND NOT EXISTS (SELECT FROM counter.bank_match u
                        WHERE u.unmatches = m.match_id AND counter.hall_day(u.recorded_at) <= as_of)
$$;

-- Lines of statements of one kind of account (bank, acquirer) that were not used up.
CREATE OR REPLACE FUNCTION counter.lines_open_at(of_kind text, as_of date)
RETURNS TABLE (line_id bigint, bank_account_no text, booked date, amount_fen bigint, open_fen bigint, reference text,
               words text, party text, state text, note text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    WITH live AS MATERIALIZED (
        SELECT m AS match_id FROM counter.matches_at(as_of) AS m
    ), used AS (
        SELECT u.line_id, sum(u.amount_fen) AS amount_fen FROM (
            SELECT ml.line_id, ml.amount_fen FROM counter.bank_match_line ml JOIN live USING (match_id)
            UNION ALL
            SELECT c.line_id, c.amount_fen FROM counter.receipt_claim c JOIN counter.journal j USING (journal_id)
             WHERE j.business_date <= as_of
               AND NOT EXISTS (SELECT FROM counter.journal r
                                WHERE r.reverses = j.journal_id AND r.business_date <= as_of)) u
         GROUP BY u.line_id
    )
    SELECT l.line_id, l.bank_account_no, l.booked, l.amount_fen, (l.amount_fen - coalesce(u.amount_fen, 0))::bigint,
           l.reference, l.text, l.party, coalesce(e.state, 'new'), coalesce(e.note, '')
      FROM counter.statement_line l JOIN counter.bank_account a USING (bank_account_no)
      LEFT JOIN used u USING (line_id)
      LEFT JOIN LATERAL (SELECT b.state, b.note FROM counter.break_event b
                          WHERE b.line_id = l.line_id ORDER BY b.event_id DESC LIMIT 1) e ON true
     WHERE a.kind = of_kind AND l.booked <= as_of AND l.amount_fen <> coalesce(u.amount_fen, 0)
     ORDER BY l.booked, l.line_id
$$;

-- Items of the books that no statement had shown.
CREATE OR REPLACE FUNCTION counter.items_open_at(as_of date)
RETURNS TABLE (item_id bigint, kind text, ledger_account text, hall_no smallint, hall_name text, business_date date,
               amount_fen bigint, open_fen bigint, reference text, payer text, state text, note text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    WITH live AS MATERIALIZED (
        SELECT m AS match_id FROM counter.matches_at(as_of) AS m
    ), used AS (
        SELECT mi.item_id, sum(mi.amount_fen) AS amount_fen
          FROM counter.bank_match_item mi JOIN live USING (match_id) GROUP BY mi.item_id
    )
    SELECT i.item_id, i.kind, i.ledger_account, i.hall_no, h.name, i.business_date, i.amount_fen,
           (i.amount_fen - coalesce(u.amount_fen, 0))::bigint, i.reference, i.payer, coalesce(e.state, 'new'),
           coalesce(e.note, '')
      FROM counter.book_item i JOIN counter.hall h USING (hall_no)
      JOIN counter.journal o ON o.journal_id = i.journal_id AND o.business_date <= as_of
      LEFT JOIN used u USING (item_id)
      LEFT JOIN counter.tender_document d ON d.journal_id = i.journal_id AND d.line = i.line AND i.withdrawn
      LEFT JOIN counter.journal r ON r.journal_id = d.released_by
      LEFT JOIN LATERAL (SELECT b.state, b.note FROM counter.break_event b
                          WHERE b.item_id = i.item_id ORDER BY b.event_id DESC LIMIT 1) e ON true
     WHERE i.business_date <= as_of AND i.amount_fen <> coalesce(u.amount_fen, 0)
       AND NOT (i.withdrawn AND coalesce(r.business_date, i.business_date) <= as_of)
     ORDER BY i.business_date, i.item_id
$$;

-- What each bank account had in the evening of a day by its statements; NULL before the first.
CREATE OR REPLACE FUNCTION counter.balances_at(as_of date)
RETURNS TABLE (bank_account_no text, bank_name text, through date, balance_fen bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT a.bank_account_no, a.bank_name, a.through, l.balance_fen
      FROM counter.bank_account a
      LEFT JOIN LATERAL (SELECT s.balance_fen FROM counter.statement_line s
                          WHERE s.bank_account_no = a.bank_account_no AND s.booked <= as_of
                          ORDER BY s.seq DESC LIMIT 1) l ON true
     WHERE a.kind = 'bank' ORDER BY a.bank_account_no
$$;

-- The balance of the ledger accounts that stand for money at the bank, or on its way there and back.
CREATE OR REPLACE FUNCTION counter.books_at(as_of date) RETURNS TABLE (ledger_account text, balance_fen bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT p.ledger_account::text, sum(p.amount_fen)::bigint
      FROM counter.posting p JOIN counter.journal j USING (journal_id)
     WHERE j.business_date <= as_of AND p.ledger_account IN
           ('bank', 'unidentified_receipts', 'unexplained_payments', 'transfer_clearing', 'cash_in_transit',
            'acquirer_receivable', 'refunds_payable')
     GROUP BY p.ledger_account ORDER BY p.ledger_account
$$;

-- The three levels of POS for the files that came in on these days: what of the lines has its slip, what of the net
-- has its credit, and what the fees should have been by the contracts.
CREATE OR REPLACE FUNCTION counter.settlements(since date, until date)
RETURNS TABLE (statement_id bigint, merchant text, settled date, lines bigint, gross_fen bigint, fee_fen bigint,
               net_fen bigint, unmatched bigint, unmatched_fen bigint, contract_fee_fen bigint, uncredited_fen bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT s.statement_id, s.bank_account_no, s.closing_date, count(*), sum(l.amount_fen)::bigint,
           sum(l.fee_fen)::bigint, sum(l.amount_fen - l.fee_fen)::bigint, count(*) FILTER (WHERE l.open_fen <> 0),
           coalesce(sum(l.open_fen), 0)::bigint, sum(coalesce(counter.contract_fee(l), l.fee_fen))::bigint,
           coalesce((SELECT sum(i.open_fen) FROM counter.book_item i
                      WHERE i.kind = 'settlement' AND i.statement_id = s.statement_id), 0)::bigint
      FROM counter.statement s JOIN counter.statement_line l USING (statement_id)
      JOIN counter.bank_account a ON a.bank_account_no = s.bank_account_no
     WHERE a.kind = 'acquirer' AND s.closing_date BETWEEN since AND until
     GROUP BY s.statement_id, s.bank_account_no, s.closing_date ORDER BY s.closing_date, s.statement_id
$$;
