-- From bill_staging, already checked, into bills and the ledger. Request: {request_id, file_hash}.
-- A bill debits the receivable; an account with a prepaid balance is drawn down at once, oldest bill
-- first and late fee before principal. A bill of 0.00 (零字户: nothing was used) is kept and owes nothing.

CREATE OR REPLACE VIEW counter.staged_bill AS
SELECT account_no, period::integer AS period, coalesce(nullif(part, ''), '1')::smallint AS part,
       replace(kwh, ',', '')::integer AS kwh, due_date::date AS due_date, counter.yuan_to_fen(amount) AS principal_fen
  FROM counter.bill_staging;

CREATE OR REPLACE FUNCTION counter.post_bill_journals(request jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    piece record;
BEGIN
    FOR piece IN
        SELECT n.hall_no, n.chunk, sum(n.principal_fen)::bigint AS total_fen,
               array_agg(ROW('receivable', n.account_no, n.period, n.part, n.principal_fen)::counter.posting_line) AS lines
          FROM (SELECT b.*, (row_number() OVER (PARTITION BY b.hall_no ORDER BY b.account_no, b.period, b.part) - 1)
                            / 1000 AS chunk
                  FROM pg_temp.added_bill b WHERE b.principal_fen > 0) n
         GROUP BY n.hall_no, n.chunk ORDER BY n.hall_no, n.chunk
    LOOP
        PERFORM counter.append_import_journal('billing', piece.hall_no, piece.chunk, request,
            piece.lines || ROW('billed_sales', NULL, NULL, NULL, -piece.total_fen)::counter.posting_line);
    END LOOP;
    UPDATE counter.account_balance b SET arrears_fen = b.arrears_fen + n.total_fen, version = b.version + 1
      FROM (SELECT account_no, sum(principal_fen) AS total_fen FROM pg_temp.added_bill GROUP BY account_no) n
     WHERE b.account_no = n.account_no;
END
$$;

-- What each open bill of a newly billed account takes from its prepaid balance, oldest first. A late fee that was
-- waived is not taken, and one that was put off waits.
CREATE OR REPLACE FUNCTION counter.plan_draw_down(on_date date) RETURNS TABLE (
    hall_no smallint, account_no text, period integer, part smallint, late_fee_fen bigint, principal_fen bigint,
    accrued_fen bigint
)
LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH billed AS (
        SELECT a.hall_no, a.customer_class, b.account_no, b.period, b.part, b.due_date, b.late_fee_through, h.prepaid_fen,
               b.principal_fen - b.principal_paid_fen AS open_fen, b.late_fee_paid_fen + b.late_fee_waived_fen AS late_fee_settled_fen,
               b.late_fee_accrued_fen, coalesce(b.late_fee_deferred_until >= on_date, false) AS deferred
          FROM counter.account_balance h
          JOIN counter.account a USING (account_no)
          JOIN counter.bill b USING (account_no)
         WHERE h.prepaid_fen > 0 AND b.principal_paid_fen < b.principal_fen
           AND h.account_no IN (SELECT n.account_no FROM pg_temp.added_bill n)
    ), rated AS MATERIALIZED (  -- the fee of a million fen is the sum of the days' rates, and few bills differ in their days
        SELECT c.customer_class, d.due_date, d.late_fee_through,
               counter.late_fee_accrual(c.policies, d.due_date, d.late_fee_through, 1000000, on_date)::numeric AS day_rates,
               counter.late_fee_minimum(c.policies, on_date) AS minimum_fen
          FROM (SELECT DISTINCT customer_class, due_date, late_fee_through FROM billed) d
          JOIN (SELECT p.customer_class, counter.late_fee_policies(p.customer_class) AS policies
                  FROM (SELECT DISTINCT customer_class FROM counter.late_fee_policy) p) c USING (customer_class)
    ), owing AS (
        SELECT b.*, r.minimum_fen,
               b.late_fee_accrued_fen + round(b.open_fen * r.day_rates / 1000000)::bigint AS accrued_fen
          FROM billed b JOIN rated r USING (customer_class, due_date, late_fee_through)
    ), due AS MATERIALIZED (
        SELECT o.*, CASE WHEN o.deferred THEN 0 ELSE counter.late_fee_due(
                   o.accrued_fen, o.late_fee_settled_fen, o.minimum_fen) END AS fee_fen
          FROM owing o
    ), taken AS (
        SELECT d.*, least(d.open_fen + d.fee_fen, greatest(0, d.prepaid_fen + d.open_fen + d.fee_fen - sum(
                   d.open_fen + d.fee_fen) OVER (PARTITION BY d.account_no ORDER BY d.due_date, d.period, d.part)
               ))::bigint AS take_fen
          FROM due d
    )
    SELECT t.hall_no, t.account_no, t.period, t.part, least(t.take_fen, t.fee_fen),
           t.take_fen - least(t.take_fen, t.fee_fen), t.accrued_fen
      FROM taken t WHERE t.take_fen > 0;
END
$$;

CREATE OR REPLACE FUNCTION counter.draw_down(request jsonb) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    today date := counter.business_date();
    piece record;
    entry counter.journal;
    drawn bigint;
BEGIN
    CREATE TEMP TABLE drawn_bill ON COMMIT DROP AS
    SELECT p.*, (dense_rank() OVER (PARTITION BY p.hall_no ORDER BY p.account_no) - 1) / 250 AS chunk
      FROM counter.plan_draw_down(today) p;
    UPDATE counter.bill b
       SET principal_paid_fen = b.principal_paid_fen + d.principal_fen,
           late_fee_paid_fen = b.late_fee_paid_fen + d.late_fee_fen,
           late_fee_accrued_fen = d.accrued_fen, late_fee_through = greatest(b.late_fee_through, today)
      FROM pg_temp.drawn_bill d
     WHERE (b.account_no, b.period, b.part) = (d.account_no, d.period, d.part);
    UPDATE counter.account_balance b
       SET prepaid_fen = b.prepaid_fen - d.fee_fen - d.principal_fen, arrears_fen = b.arrears_fen - d.principal_fen,
           version = b.version + 1
      FROM (SELECT account_no, sum(late_fee_fen) AS fee_fen, sum(principal_fen) AS principal_fen
              FROM pg_temp.drawn_bill GROUP BY account_no) d
     WHERE b.account_no = d.account_no;
    GET DIAGNOSTICS drawn = ROW_COUNT;
    FOR piece IN
        SELECT d.hall_no, d.chunk, array_agg(ROW(l.ledger_account, d.account_no, l.period, l.part, l.amount_fen)
                   ::counter.posting_line ORDER BY d.account_no, d.period, d.part, l.place) AS lines
          FROM pg_temp.drawn_bill d CROSS JOIN LATERAL (VALUES
                   (1, 'prepaid', NULL::integer, NULL::smallint, d.late_fee_fen + d.principal_fen),
                   (2, 'late_fee_income', d.period, d.part, -d.late_fee_fen),
                   (3, 'receivable', d.period, d.part, -d.principal_fen)
               ) AS l(place, ledger_account, period, part, amount_fen)
         WHERE l.amount_fen <> 0
         GROUP BY d.hall_no, d.chunk ORDER BY d.hall_no, d.chunk
    LOOP
        entry := counter.append_import_journal('draw_down', piece.hall_no, piece.chunk, request, piece.lines);
        PERFORM counter.raise_reconnections(entry, ARRAY(
            SELECT a.account_no FROM counter.account a JOIN counter.account_balance h USING (account_no)
             WHERE a.disconnected AND h.arrears_fen = 0
               AND a.account_no IN (SELECT l.account_no FROM unnest(piece.lines) AS l)));
    END LOOP;
    RETURN drawn;
END
$$;

CREATE OR REPLACE FUNCTION counter.load_bills(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    staged bigint;
    added bigint;
    drawn bigint;
BEGIN
    ANALYZE counter.bill_staging;
    SELECT count(*) INTO staged FROM counter.bill_staging;
    CREATE TEMP TABLE added_bill ON COMMIT DROP AS
    SELECT DISTINCT ON (s.account_no, s.period, s.part) a.hall_no, s.*
      FROM counter.staged_bill s JOIN counter.account a USING (account_no)
      LEFT JOIN counter.bill b USING (account_no, period, part)
     WHERE b.account_no IS NULL ORDER BY s.account_no, s.period, s.part;
    ANALYZE pg_temp.added_bill;
    PERFORM FROM counter.account_balance h
      WHERE h.account_no IN (SELECT n.account_no FROM pg_temp.added_bill n) ORDER BY h.account_no FOR UPDATE;
    INSERT INTO counter.bill (account_no, period, part, kwh, due_date, late_fee_through, principal_fen)
    SELECT account_no, period, part, kwh, due_date, due_date, principal_fen FROM pg_temp.added_bill
     ORDER BY account_no, period, part;
    GET DIAGNOSTICS added = ROW_COUNT;
    PERFORM counter.post_bill_journals(request);
    drawn := counter.draw_down(request);
    RETURN jsonb_build_object('lines', staged, 'added', added, 'drawn_down', drawn);
END
$$;
