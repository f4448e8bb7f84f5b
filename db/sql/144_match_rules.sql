-- The rules by which lines of statements and items of the books find each other, in their order.
--
-- Exact rules pair whole open lines with whole open items by keys that nobody else has, the k-th line with the k-th item of
-- the same key; they fill pg_temp.pair, and 146_matches.sql books it. The others suggest, to a person: they read what is
-- left (pg_temp.left_line, pg_temp.left_item) and give back groups with a score and the facts of their reason. Everything
-- is set by set: the work grows with n log n, also where all keys are the same. counter/domain/matching.py names them.

CREATE OR REPLACE FUNCTION counter.bank_rules() RETURNS counter.bank_policy
LANGUAGE sql STABLE
AS $$
    SELECT p FROM counter.bank_policy p WHERE p.valid_from <= counter.business_date() ORDER BY p.valid_from DESC LIMIT 1
$$;

-- The exact rules by their place, which pg_temp.pair keeps instead of their names; the first two are of acquirers' lines. A pair
-- names the paper of its item by journal and line; what is no paper has line 0.
CREATE OR REPLACE FUNCTION counter.exact_rules() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT ARRAY['pos_terminal_trace', 'pos_reference', 'settlement_net', 'deposit_slip', 'transfer_serial'] $$;

-- POS, level 1: terminal, batch and trace are on a slip once; with the amount they are its line in the acquirer's file.
CREATE OR REPLACE FUNCTION counter.rule_pos_terminal_trace(accounts text[], policy counter.bank_policy) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO pg_temp.pair
    SELECT 1, l.line_id, i.item_id, i.amount_fen, 'pos_clearing', i.journal_id, i.line
      FROM (SELECT s.line_id, s.booked, s.amount_fen, s.terminal, s.batch, s.trace,
                   hashtextextended(s.terminal || s.batch || s.trace, s.amount_fen) AS h, row_number() OVER (
                       PARTITION BY hashtextextended(s.terminal || s.batch || s.trace, s.amount_fen) ORDER BY s.line_id) AS k
              FROM counter.statement_line s
             WHERE s.bank_account_no = ANY (accounts) AND s.open_fen <> 0 AND s.open_fen = s.amount_fen AND s.trace <> '') l
      JOIN (SELECT b.item_id, b.amount_fen, b.terminal, b.batch, b.trace, b.business_date, b.journal_id, b.line,
                   hashtextextended(b.terminal || b.batch || b.trace, b.amount_fen) AS h, row_number() OVER (
                       PARTITION BY hashtextextended(b.terminal || b.batch || b.trace, b.amount_fen) ORDER BY b.item_id) AS k
              FROM counter.book_item b
             WHERE b.ledger_account = 'pos_clearing' AND b.open_fen <> 0 AND b.open_fen = b.amount_fen AND b.trace <> '') i
           USING (h, k)
     WHERE (l.terminal, l.batch, l.trace, l.amount_fen) = (i.terminal, i.batch, i.trace, i.amount_fen)
       AND l.booked BETWEEN i.business_date - 1 AND i.business_date + policy.settle_within_days + policy.window_days;
END
$$;

-- POS: the acquirer's reference number and the amount.
CREATE OR REPLACE FUNCTION counter.rule_pos_reference(accounts text[], policy counter.bank_policy) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO pg_temp.pair
    SELECT 2, l.line_id, i.item_id, i.amount_fen, 'pos_clearing', i.journal_id, i.line
      FROM (SELECT s.line_id, s.booked, s.amount_fen, s.reference, hashtextextended(s.reference, s.amount_fen) AS h,
                   row_number() OVER (PARTITION BY hashtextextended(s.reference, s.amount_fen) ORDER BY s.line_id) AS k
              FROM counter.statement_line s
             WHERE s.bank_account_no = ANY (accounts) AND s.open_fen <> 0 AND s.open_fen = s.amount_fen AND s.reference <> ''
               AND NOT EXISTS (SELECT FROM pg_temp.pair p WHERE p.line_id = s.line_id)) l
      JOIN (SELECT b.item_id, b.amount_fen, b.reference, b.business_date, b.kind, b.journal_id, b.line,
                   hashtextextended(b.reference, b.amount_fen) AS h,
                   row_number() OVER (PARTITION BY hashtextextended(b.reference, b.amount_fen) ORDER BY b.item_id) AS k
              FROM counter.book_item b
             WHERE b.ledger_account = 'pos_clearing' AND b.open_fen <> 0 AND b.open_fen = b.amount_fen AND b.reference <> ''
               AND NOT EXISTS (SELECT FROM pg_temp.pair p WHERE p.item_id = b.item_id)) i
           USING (h, k)
     WHERE l.reference = i.reference AND l.amount_fen = i.amount_fen
       AND l.booked BETWEEN i.business_date - 1 AND i.business_date + policy.settle_within_days + policy.window_days;
END
$$;

-- POS, level 2: the bank names the merchant and credits the net amount of one settlement within the days that it takes.
-- Only where it can be no other line and no other settlement.
CREATE OR REPLACE FUNCTION counter.rule_settlement_net(accounts text[], policy counter.bank_policy) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO pg_temp.pair
    SELECT 3, c.line_id, c.item_id, c.amount_fen, 'acquirer_receivable', c.journal_id, c.line
      FROM (SELECT s.line_id, b.item_id, b.amount_fen, b.journal_id, b.line,
                   count(*) OVER (PARTITION BY s.line_id) AS items, count(*) OVER (PARTITION BY b.item_id) AS lines
              FROM counter.book_item b JOIN counter.statement t USING (statement_id)
              JOIN counter.statement_line s ON s.amount_fen = b.amount_fen
               AND s.booked BETWEEN b.business_date AND b.business_date + policy.settle_within_days
             WHERE b.kind = 'settlement' AND b.open_fen <> 0 AND b.open_fen = b.amount_fen
               AND s.bank_account_no = ANY (accounts) AND s.open_fen <> 0 AND s.open_fen = s.amount_fen
               AND strpos(concat_ws(' ', s.text, s.reference, s.party, s.party_account), t.bank_account_no) > 0) c
     WHERE c.items = 1 AND c.lines = 1;
END
$$;

-- What is on each deposit slip and not yet seen at the bank, with and without its cheques.
CREATE OR REPLACE FUNCTION counter.open_slips(OUT slip_no text, OUT amount_fen bigint, OUT business_date date, OUT item_ids bigint[])
RETURNS SETOF record
LANGUAGE sql STABLE
AS $$
    SELECT b.batch, sum(b.amount_fen)::bigint, min(b.business_date), array_agg(b.item_id ORDER BY b.item_id)
      FROM counter.book_item b
     WHERE b.ledger_account = 'cash_in_transit' AND b.open_fen <> 0 AND b.open_fen = b.amount_fen AND b.batch <> ''
       AND b.kind IN ('cash_deposit', 'cheque')
     GROUP BY b.batch
    UNION ALL
    SELECT b.batch, b.amount_fen, b.business_date, ARRAY[b.item_id]
      FROM counter.book_item b
     WHERE b.kind = 'cash_deposit' AND b.open_fen <> 0 AND b.open_fen = b.amount_fen AND b.batch <> ''
       AND EXISTS (SELECT FROM counter.book_item c WHERE c.ledger_account = 'cash_in_transit' AND c.kind = 'cheque'
                      AND c.open_fen <> 0 AND c.batch = b.batch)
$$;

-- Cash: the line names the deposit slip, and the amount is that of the whole slip or of its cash.
CREATE OR REPLACE FUNCTION counter.rule_deposit_slip(accounts text[], policy counter.bank_policy) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO pg_temp.pair
    SELECT 4, c.line_id, b.item_id, b.amount_fen, 'cash_in_transit', b.journal_id, b.line
      FROM (SELECT DISTINCT ON (n.slip_no) n.line_id, n.item_ids
              FROM (SELECT DISTINCT ON (s.line_id) s.line_id, d.slip_no, d.item_ids
                      FROM counter.open_slips() AS d JOIN counter.statement_line s ON s.amount_fen = d.amount_fen
                     WHERE s.bank_account_no = ANY (accounts) AND s.open_fen <> 0 AND s.open_fen = s.amount_fen
                       AND s.booked BETWEEN d.business_date AND d.business_date + policy.window_days
                       AND strpos(replace(s.text || ' ' || s.reference, '-', ''), replace(d.slip_no, '-', '')) > 0
                       AND NOT EXISTS (SELECT FROM pg_temp.pair p WHERE p.line_id = s.line_id)
                     ORDER BY s.line_id, d.slip_no) n
             ORDER BY n.slip_no, cardinality(n.item_ids) DESC, n.line_id) c
      JOIN counter.book_item b ON b.item_id = ANY (c.item_ids);
END
$$;

-- Transfers and cheques: the bank's own serial number stands on the slip that the customer brought, or the number on the cheque.
CREATE OR REPLACE FUNCTION counter.rule_transfer_serial(accounts text[], policy counter.bank_policy) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO pg_temp.pair
    SELECT 5, l.line_id, i.item_id, i.amount_fen,
           CASE i.kind WHEN 'cheque' THEN 'cash_in_transit'::counter.ledger_account ELSE 'transfer_clearing' END, i.journal_id, i.line
      FROM (SELECT s.line_id, s.amount_fen, s.reference, hashtextextended(s.reference, s.amount_fen) AS h,
                   row_number() OVER (PARTITION BY hashtextextended(s.reference, s.amount_fen) ORDER BY s.line_id) AS k
              FROM counter.statement_line s
             WHERE s.bank_account_no = ANY (accounts) AND s.open_fen <> 0 AND s.open_fen = s.amount_fen AND s.reference <> ''
               AND NOT EXISTS (SELECT FROM pg_temp.pair p WHERE p.line_id = s.line_id)) l
      JOIN (SELECT b.item_id, b.amount_fen, b.reference, b.business_date, b.kind, b.journal_id, b.line,
                   hashtextextended(b.reference, b.amount_fen) AS h,
                   row_number() OVER (PARTITION BY hashtextextended(b.reference, b.amount_fen) ORDER BY b.item_id) AS k
              FROM counter.book_item b
             WHERE b.ledger_account IN ('transfer_clearing', 'cash_in_transit') AND b.kind IN ('transfer', 'cheque')
               AND b.open_fen <> 0 AND b.open_fen = b.amount_fen AND b.reference <> ''
               AND NOT EXISTS (SELECT FROM pg_temp.pair p WHERE p.item_id = b.item_id)) i
           USING (h, k)
     WHERE l.reference = i.reference AND l.amount_fen = i.amount_fen;
END
$$;

-- All exact rules in their order, over these accounts of banks and these of acquirers. What a person took apart, or turned down,
-- is not put together again.
CREATE OR REPLACE FUNCTION counter.pair_exactly(banks text[], acquirers text[], policy counter.bank_policy) RETURNS void
LANGUAGE plpgsql SET enable_nestloop = off SET jit = off
AS $$
BEGIN
    DROP TABLE IF EXISTS pg_temp.pair;
    CREATE TEMP TABLE pair (
        rule smallint, line_id bigint, item_id bigint, amount_fen bigint, ledger_account counter.ledger_account,
        journal_id bigint, line smallint
    ) ON COMMIT DROP;
    IF acquirers <> '{}' THEN
        PERFORM counter.rule_pos_terminal_trace(acquirers, policy);
        ANALYZE pg_temp.pair;
        PERFORM counter.rule_pos_reference(acquirers, policy);
    END IF;
    IF banks <> '{}' THEN
        PERFORM counter.rule_settlement_net(banks, policy);
        PERFORM counter.rule_deposit_slip(banks, policy);
        ANALYZE pg_temp.pair;
        PERFORM counter.rule_transfer_serial(banks, policy);
    END IF;
    DELETE FROM pg_temp.pair d
     USING (SELECT p.line_id FROM pg_temp.pair p
              JOIN (SELECT unnest(r.line_ids) AS line_id, r.item_ids FROM counter.suggestion r WHERE r.rejected_at IS NOT NULL) s
                   ON s.line_id = p.line_id AND p.item_id = ANY (s.item_ids)) w
     WHERE d.line_id = w.line_id;
END
$$;
