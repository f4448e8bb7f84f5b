-- What a person may confirm: rules over what the exact ones left, each with its score and the facts of its reason.
--
-- pg_temp.left_line and pg_temp.left_item hold what is open on both sides; whatever a rule suggests is taken out of them before
-- the next rule looks, so that each line and each item stands in one suggestion at most: the best that was found.

DO $do$
BEGIN
    CREATE TYPE counter.hint AS (
        score integer, facts jsonb, line_ids bigint[], item_ids bigint[], difference_fen bigint
    );
EXCEPTION WHEN duplicate_object THEN NULL;
END
$do$;

-- A name as it is compared: without blanks and brackets, in capitals.
CREATE OR REPLACE FUNCTION counter.name_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT upper(translate(name, ' 　()（）·.-', '')) $$;

-- The serial number of a slip stands somewhere in the line's text.
CREATE OR REPLACE FUNCTION counter.rule_serial_in_text(policy counter.bank_policy) RETURNS SETOF counter.hint
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    SELECT 95, jsonb_build_object('reference', i.reference), ARRAY[l.line_id], ARRAY[i.item_id], 0::bigint
      FROM (SELECT DISTINCT ON (n.line_id) n.*, row_number() OVER (PARTITION BY n.token, n.open_fen ORDER BY n.line_id) AS k
              FROM (SELECT a.line_id, a.open_fen, a.acquirer, ltrim(m.token[1], '0') AS token
                      FROM pg_temp.left_line a CROSS JOIN LATERAL regexp_matches(a.words, '[0-9A-Z]{6,}', 'g') AS m(token)) n
             WHERE n.token IN (SELECT ltrim(upper(b.reference), '0') FROM pg_temp.left_item b)) l
      JOIN (SELECT b.*, ltrim(upper(b.reference), '0') AS token, row_number() OVER (
                       PARTITION BY ltrim(upper(b.reference), '0'), b.open_fen ORDER BY b.item_id) AS k
              FROM pg_temp.left_item b WHERE length(b.reference) >= 6) i USING (token, open_fen, k, acquirer);
END
$$;

-- The payer wrote the account into the text.
CREATE OR REPLACE FUNCTION counter.rule_account_in_text(policy counter.bank_policy) RETURNS SETOF counter.hint
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    SELECT 92, jsonb_build_object('account_no', i.account_no), ARRAY[l.line_id], ARRAY[i.item_id], 0::bigint
      FROM (SELECT n.*, row_number() OVER (PARTITION BY n.account_no, n.open_fen ORDER BY n.booked, n.line_id) AS k
              FROM (SELECT DISTINCT ON (a.line_id) a.line_id, a.booked, a.open_fen, m.token[1] AS account_no
                      FROM pg_temp.left_line a CROSS JOIN LATERAL
                           regexp_matches(a.words, '(?<![0-9])[0-9]{10,12}(?![0-9])', 'g') AS m(token)
                     WHERE NOT a.acquirer AND m.token[1] IN (SELECT b.account_no FROM pg_temp.left_item b)
                     ORDER BY a.line_id) n) l
      JOIN (SELECT b.*, row_number() OVER (PARTITION BY b.account_no, b.open_fen ORDER BY b.business_date, b.item_id) AS k
              FROM pg_temp.left_item b WHERE NOT b.acquirer) i USING (account_no, open_fen, k);
END
$$;

-- The account that the money came from, or went to, is the one on the slip.
CREATE OR REPLACE FUNCTION counter.rule_payer_account_amount(policy counter.bank_policy) RETURNS SETOF counter.hint
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    SELECT 90, jsonb_build_object('payer', i.payer, 'account_end', right(i.payer_account, 4)), ARRAY[l.line_id],
           ARRAY[i.item_id], 0::bigint
      FROM (SELECT a.*, row_number() OVER (PARTITION BY a.party_account, a.open_fen ORDER BY a.booked, a.line_id) AS k
              FROM pg_temp.left_line a WHERE NOT a.acquirer AND a.party_account <> '') l
      JOIN (SELECT b.*, row_number() OVER (PARTITION BY b.payer_account, b.open_fen ORDER BY b.business_date, b.item_id) AS k
              FROM pg_temp.left_item b WHERE NOT b.acquirer) i
           ON i.payer_account = l.party_account AND i.open_fen = l.open_fen AND i.k = l.k;
END
$$;

-- Cash and cheques: the account of the deposit, the amount, and the day of the slip or one of the next.
CREATE OR REPLACE FUNCTION counter.rule_deposit_amount_date(policy counter.bank_policy) RETURNS SETOF counter.hint
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT ON (l.line_id) 85, jsonb_build_object('slip_no', i.batch, 'days', l.booked - i.business_date),
           ARRAY[l.line_id], ARRAY[i.item_id], 0::bigint
      FROM (SELECT a.*, row_number() OVER (PARTITION BY a.bank_account_no, a.open_fen, a.booked ORDER BY a.line_id) AS k
              FROM pg_temp.left_line a WHERE NOT a.acquirer) l
      JOIN (SELECT b.*, d.day, row_number() OVER (
                       PARTITION BY b.bank_account_no, b.open_fen, b.business_date + d.day ORDER BY d.day DESC, b.item_id) AS k
              FROM pg_temp.left_item b CROSS JOIN generate_series(0, policy.deposit_within_days) AS d(day)
             WHERE b.kind IN ('cash_deposit', 'cheque')) i
           ON i.bank_account_no = l.bank_account_no AND i.open_fen = l.open_fen AND l.booked = i.business_date + i.day
          AND i.k = l.k
     ORDER BY l.line_id, i.day DESC;
END
$$;

-- The line names the deposit slip, but the bank counted another sum.
CREATE OR REPLACE FUNCTION counter.rule_slip_differs(policy counter.bank_policy) RETURNS SETOF counter.hint
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT ON (d.batch) 80, jsonb_build_object('slip_no', d.batch, 'counted_fen', l.open_fen, 'books_fen', d.open_fen),
           ARRAY[l.line_id], d.item_ids, l.open_fen - d.open_fen
      FROM (SELECT n.line_id, n.open_fen, n.token FROM (
                SELECT a.line_id, a.open_fen, replace(m.token[1], '-', '') AS token FROM pg_temp.left_line a
                 CROSS JOIN LATERAL regexp_matches(a.words, '[0-9]{4,6}-?[0-9]{6}-?[0-9]{4}', 'g') AS m(token)
                 WHERE NOT a.acquirer AND a.open_fen > 0) n) l
      JOIN (SELECT b.batch, sum(b.open_fen)::bigint AS open_fen, array_agg(b.item_id ORDER BY b.item_id) AS item_ids
              FROM pg_temp.left_item b WHERE b.kind IN ('cash_deposit', 'cheque') AND b.batch <> ''
             GROUP BY b.batch) d ON replace(d.batch, '-', '') = l.token
     ORDER BY d.batch, l.line_id;
END
$$;

-- The name of who paid and the amount, within the window.
CREATE OR REPLACE FUNCTION counter.rule_payer_name_amount(policy counter.bank_policy) RETURNS SETOF counter.hint
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    SELECT 75, jsonb_build_object('payer', i.payer, 'days', l.booked - i.business_date), ARRAY[l.line_id], ARRAY[i.item_id],
           0::bigint
      FROM (SELECT a.*, row_number() OVER (PARTITION BY a.party_key, a.open_fen ORDER BY a.booked, a.line_id) AS k
              FROM pg_temp.left_line a WHERE NOT a.acquirer AND a.party_key <> '') l
      JOIN (SELECT b.*, row_number() OVER (PARTITION BY b.payer_key, b.open_fen ORDER BY b.business_date, b.item_id) AS k
              FROM pg_temp.left_item b WHERE NOT b.acquirer AND b.kind <> 'cash_deposit') i
           ON i.payer_key = l.party_key AND i.open_fen = l.open_fen AND i.k = l.k
     WHERE abs(l.booked - i.business_date) <= policy.window_days;
END
$$;

-- Under which names an item may stand in a group: its payer's account, its payer, its customer's account, the day of deposits, the merchant.
CREATE OR REPLACE FUNCTION counter.fill_groups() RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    DROP TABLE IF EXISTS pg_temp.group_run;
    CREATE TEMP TABLE group_run ON COMMIT DROP AS
    SELECT g.key, g.item_id, g.business_date, row_number() OVER w AS n, sum(g.open_fen) OVER w AS total_fen
      FROM (SELECT 'a' || b.payer_account AS key, b.* FROM pg_temp.left_item b WHERE b.payer_account <> '' AND NOT b.acquirer
            UNION ALL
            SELECT 'n' || b.payer_key, b.* FROM pg_temp.left_item b
             WHERE b.payer_key <> '' AND NOT b.acquirer AND b.kind <> 'cash_deposit'
            UNION ALL
            SELECT 'c' || b.account_no, b.* FROM pg_temp.left_item b WHERE b.account_no <> '' AND NOT b.acquirer
            UNION ALL
            SELECT 'd' || b.bank_account_no || b.business_date, b.* FROM pg_temp.left_item b
             WHERE b.kind IN ('cash_deposit', 'cheque')
            UNION ALL
            SELECT 's' || s.bank_account_no, b.* FROM pg_temp.left_item b JOIN counter.statement s USING (statement_id)
             WHERE b.kind = 'settlement') g
    WINDOW w AS (PARTITION BY g.key ORDER BY g.business_date, g.item_id);
    ANALYZE pg_temp.group_run;
END
$$;

-- One line is the sum of several items: of one payer from the oldest on, of one day's deposits, of one merchant's days.
CREATE OR REPLACE FUNCTION counter.rule_group_sum(policy counter.bank_policy) RETURNS SETOF counter.hint
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM counter.fill_groups();
    RETURN QUERY
    SELECT CASE left(m.key, 1) WHEN 's' THEN 85 WHEN 'a' THEN 82 WHEN 'c' THEN 80 WHEN 'd' THEN 72 ELSE 70 END,
           jsonb_build_object('count', m.n, 'group', left(m.key, 1), 'name', CASE left(m.key, 1) WHEN 'a' THEN '' ELSE substr(m.key, 2) END),
           ARRAY[m.line_id],
           (SELECT array_agg(r.item_id ORDER BY r.n) FROM pg_temp.group_run r WHERE r.key = m.key AND r.n <= m.n), 0::bigint
      FROM (SELECT DISTINCT ON (l.line_id) l.line_id, r.key, r.n
              FROM (SELECT a.line_id, a.open_fen, a.booked, 'a' || a.party_account AS key FROM pg_temp.left_line a
                     WHERE a.party_account <> '' AND NOT a.acquirer
                    UNION ALL
                    SELECT a.line_id, a.open_fen, a.booked, 'n' || a.party_key FROM pg_temp.left_line a
                     WHERE a.party_key <> '' AND NOT a.acquirer
                    UNION ALL
                    SELECT a.line_id, a.open_fen, a.booked, 'd' || a.bank_account_no || (a.booked - d.day) FROM pg_temp.left_line a
                     CROSS JOIN generate_series(0, policy.deposit_within_days) AS d(day) WHERE NOT a.acquirer
                    UNION ALL
                    SELECT a.line_id, a.open_fen, a.booked, p.letter || m.token[1] FROM pg_temp.left_line a
                     CROSS JOIN LATERAL regexp_matches(a.words, '[0-9A-Z]{10,20}', 'g') AS m(token)
                     CROSS JOIN (VALUES ('c'), ('s')) AS p(letter) WHERE NOT a.acquirer) l
              JOIN pg_temp.group_run r ON r.key = l.key AND r.total_fen = l.open_fen AND r.n > 1
             WHERE abs(l.booked - r.business_date) <= policy.window_days
             ORDER BY l.line_id, left(r.key, 1) <> 's', r.key) m;
END
$$;

-- Several lines of one payer are one item, or all lines of a payer are all of its items.
CREATE OR REPLACE FUNCTION counter.rule_group_lines(policy counter.bank_policy) RETURNS SETOF counter.hint
LANGUAGE plpgsql
AS $$
BEGIN
    DROP TABLE IF EXISTS pg_temp.line_run;
    CREATE TEMP TABLE line_run ON COMMIT DROP AS
    SELECT g.key, g.line_id, g.booked, row_number() OVER w AS n, sum(g.open_fen) OVER w AS total_fen
      FROM (SELECT 'a' || a.party_account AS key, a.* FROM pg_temp.left_line a WHERE a.party_account <> '' AND NOT a.acquirer
            UNION ALL
            SELECT 'n' || a.party_key, a.* FROM pg_temp.left_line a WHERE a.party_key <> '' AND NOT a.acquirer) g
    WINDOW w AS (PARTITION BY g.key ORDER BY g.booked, g.line_id);
    ANALYZE pg_temp.line_run;
    PERFORM counter.fill_groups();
    RETURN QUERY
    SELECT CASE WHEN m.items = 1 THEN 68 ELSE 60 END, jsonb_build_object('count', m.n, 'items', m.items),
           (SELECT array_agg(r.line_id ORDER BY r.n) FROM pg_temp.line_run r WHERE r.key = m.key AND r.n <= m.n),
           (SELECT array_agg(r.item_id ORDER BY r.n) FROM pg_temp.group_run r WHERE r.key = m.key AND r.n <= m.items), 0::bigint
      FROM (SELECT DISTINCT ON (l.key) l.key, l.n, i.n AS items
              FROM pg_temp.line_run l JOIN pg_temp.group_run i ON i.key = l.key AND i.total_fen = l.total_fen
             WHERE l.n > 1 AND abs(l.booked - i.business_date) <= policy.window_days
             ORDER BY l.key, l.n, i.n) m;
END
$$;

-- Who sent this was matched, or claimed, for an account before.
CREATE OR REPLACE FUNCTION counter.rule_learned_payer(policy counter.bank_policy) RETURNS SETOF counter.hint
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    WITH known AS (
        SELECT DISTINCT s.party_account, i.account_no
          FROM counter.statement_line s JOIN counter.bank_match_line l USING (line_id)
          JOIN counter.bank_match_item m USING (match_id) JOIN counter.book_item i USING (item_id)
         WHERE s.party_account IN (SELECT a.party_account FROM pg_temp.left_line a WHERE a.party_account <> '')
           AND s.open_fen <> s.amount_fen AND i.account_no IS NOT NULL
        UNION
        SELECT s.party_account, c.account_no
          FROM counter.receipt_claim c JOIN counter.statement_line s USING (line_id)
         WHERE c.account_no IS NOT NULL AND s.party_account <> ''
    )
    SELECT DISTINCT ON (l.line_id) 70, jsonb_build_object('account_no', i.account_no), ARRAY[l.line_id], ARRAY[i.item_id],
           0::bigint
      FROM (SELECT a.line_id, a.open_fen, a.party_account, row_number() OVER (
                       PARTITION BY a.party_account, a.open_fen ORDER BY a.booked, a.line_id) AS k
              FROM pg_temp.left_line a WHERE NOT a.acquirer AND a.party_account <> '') l
      JOIN known USING (party_account)
      JOIN (SELECT b.item_id, b.account_no, b.open_fen, row_number() OVER (
                       PARTITION BY b.account_no, b.open_fen ORDER BY b.business_date, b.item_id) AS k
              FROM pg_temp.left_item b WHERE NOT b.acquirer) i
           ON i.account_no = known.account_no AND i.open_fen = l.open_fen AND i.k = l.k
     ORDER BY l.line_id, i.account_no;
END
$$;

-- The bank took its own entry back: two lines of one account that cancel each other.
CREATE OR REPLACE FUNCTION counter.rule_line_reversal(policy counter.bank_policy) RETURNS SETOF counter.hint
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    SELECT CASE WHEN p.reference <> '' AND p.reference = m.reference THEN 88 ELSE 78 END,
           jsonb_build_object('days', m.booked - p.booked), ARRAY[p.line_id, m.line_id], '{}'::bigint[], 0::bigint
      FROM (SELECT a.*, row_number() OVER (PARTITION BY a.bank_account_no, a.open_fen ORDER BY a.booked, a.line_id) AS k
              FROM pg_temp.left_line a WHERE a.open_fen > 0) p
      JOIN (SELECT a.*, row_number() OVER (PARTITION BY a.bank_account_no, a.open_fen ORDER BY a.booked, a.line_id) AS k
              FROM pg_temp.left_line a WHERE a.open_fen < 0) m
           ON m.bank_account_no = p.bank_account_no AND m.open_fen = -p.open_fen AND m.k = p.k
     WHERE (p.reversal OR m.reversal OR p.reference <> '' AND p.reference = m.reference
            OR m.words ~ '冲正|冲销|退汇|撤销' OR p.words ~ '冲正|冲销|退汇|撤销')
       AND abs(m.booked - p.booked) <= policy.window_days;
END
$$;

-- The bank takes back what it had sent: a debit line and a payment that was reversed after its money had come.
CREATE OR REPLACE FUNCTION counter.rule_returned(policy counter.bank_policy) RETURNS SETOF counter.hint
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    SELECT CASE WHEN l.words ~ '退票|退汇|退回|退款|RETURN' OR l.reference <> '' AND l.reference = i.reference THEN 83 ELSE 62 END,
           jsonb_build_object('reference', i.reference), ARRAY[l.line_id], ARRAY[i.item_id], 0::bigint
      FROM (SELECT a.*, row_number() OVER (PARTITION BY a.acquirer, a.open_fen ORDER BY a.booked, a.line_id) AS k
              FROM pg_temp.left_line a WHERE a.open_fen < 0) l
      JOIN (SELECT b.*, row_number() OVER (PARTITION BY b.acquirer, b.open_fen ORDER BY b.business_date, b.item_id) AS k
              FROM pg_temp.left_item b WHERE b.kind LIKE '%\_back') i USING (acquirer, open_fen, k)
     WHERE abs(l.booked - i.business_date) <= 4 * policy.window_days;
END
$$;

-- The bank's own fees, and its interest: they match no item.
CREATE OR REPLACE FUNCTION counter.rule_fee_line(policy counter.bank_policy) RETURNS SETOF counter.hint
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    SELECT 90, jsonb_build_object('text', left(a.words, 60)), ARRAY[a.line_id], '{}'::bigint[], a.open_fen
      FROM pg_temp.left_line a
     WHERE NOT a.acquirer AND counter.is_fee(a.words, a.open_fen);
END
$$;

-- Whether a line says of itself that it is the bank's fee or interest.
CREATE OR REPLACE FUNCTION counter.is_fee(words text, amount_fen bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT amount_fen < 0 AND upper(words) ~ '手续费|工本费|管理费|年费|服务费|短信费|\mFEES?\M|\mCHARGES?\M|COMMISSION'
           OR upper(words) ~ '利息|结息|\mINTEREST\M'
$$;

-- The amount and the days near: a hint, no more.
CREATE OR REPLACE FUNCTION counter.rule_amount_date(policy counter.bank_policy) RETURNS SETOF counter.hint
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    SELECT CASE WHEN l.alike = 1 AND i.alike = 1 THEN 55 ELSE 40 END, jsonb_build_object('days', l.booked - i.business_date),
           ARRAY[l.line_id], ARRAY[i.item_id], 0::bigint
      FROM (SELECT a.*, row_number() OVER (PARTITION BY a.acquirer, a.open_fen ORDER BY a.booked, a.line_id) AS k,
                   count(*) OVER (PARTITION BY a.acquirer, a.open_fen) AS alike
              FROM pg_temp.left_line a) l
      JOIN (SELECT b.*, row_number() OVER (PARTITION BY b.acquirer, b.open_fen ORDER BY b.business_date, b.item_id) AS k,
                   count(*) OVER (PARTITION BY b.acquirer, b.open_fen) AS alike
              FROM pg_temp.left_item b) i USING (acquirer, open_fen, k)
     WHERE abs(l.booked - i.business_date) <= policy.window_days;
END
$$;

-- What is open on both sides, as the rules read it.
CREATE OR REPLACE FUNCTION counter.lay_out_rest(accounts text[]) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    DROP TABLE IF EXISTS pg_temp.left_line;
    DROP TABLE IF EXISTS pg_temp.left_item;
    CREATE TEMP TABLE left_line ON COMMIT DROP AS
    SELECT s.line_id, s.bank_account_no, a.kind = 'acquirer' AS acquirer, s.booked, s.open_fen, s.reference, s.reversal,
           upper(concat_ws(' ', s.text, s.reference, s.party, s.party_account)) AS words, counter.name_key(s.party) AS party_key,
           s.party_account
      FROM counter.statement_line s JOIN counter.bank_account a USING (bank_account_no)
     WHERE s.open_fen <> 0 AND s.bank_account_no = ANY (accounts);
    CREATE TEMP TABLE left_item ON COMMIT DROP AS
    SELECT b.item_id, b.kind, b.ledger_account = 'pos_clearing' AS acquirer, b.bank_account_no, b.business_date, b.open_fen,
           b.reference, b.payer, counter.name_key(b.payer) AS payer_key, b.payer_account, b.account_no, b.batch, b.statement_id
      FROM counter.book_item b WHERE b.open_fen <> 0;
    ANALYZE pg_temp.left_line;
    ANALYZE pg_temp.left_item;
END
$$;

-- Runs one rule over the rest and keeps what it suggests; what was rejected once is passed over, and of several suggestions that
-- want the same line or item the best stays.
CREATE OR REPLACE FUNCTION counter.suggest_by(rule text, named text, policy counter.bank_policy) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    DROP TABLE IF EXISTS pg_temp.found;
    EXECUTE format('CREATE TEMP TABLE found ON COMMIT DROP AS SELECT row_number() OVER (ORDER BY h.score DESC, h.line_ids) AS place,
                    h.*, sha256(convert_to(format(''%%s|%%s'', h.line_ids, h.item_ids), ''UTF8'')) AS key
                    FROM counter.%I($1) AS h', 'rule_' || rule) USING policy;
    DELETE FROM pg_temp.found f USING counter.suggestion s WHERE s.key = f.key;
    DELETE FROM pg_temp.found f
     USING (SELECT u.place, u.place <> min(u.place) OVER (PARTITION BY u.side, u.id) AS second
              FROM (SELECT place, 'l' AS side, unnest(line_ids) AS id FROM pg_temp.found
                    UNION ALL
                    SELECT place, 'i', unnest(item_ids) FROM pg_temp.found) u) d
     WHERE d.place = f.place AND d.second;
    INSERT INTO counter.suggestion (key, rule, score, facts, line_ids, item_ids, difference_fen)
    SELECT f.key, named, f.score, f.facts, f.line_ids, f.item_ids, f.difference_fen FROM pg_temp.found f ORDER BY f.place;
    DELETE FROM pg_temp.left_line l USING (SELECT unnest(line_ids) AS line_id FROM pg_temp.found) f WHERE f.line_id = l.line_id;
    DELETE FROM pg_temp.left_item i USING (SELECT unnest(item_ids) AS item_id FROM pg_temp.found) f WHERE f.item_id = i.item_id;
END
$$;

-- Makes all suggestions of these accounts anew; those that were rejected stay, so that they are not made again.
CREATE OR REPLACE FUNCTION counter.renew_suggestions(accounts text[], policy counter.bank_policy) RETURNS void
LANGUAGE plpgsql SET enable_nestloop = off SET jit = off
AS $$
DECLARE
    rule record;
BEGIN
    DELETE FROM counter.suggestion s
     WHERE s.rejected_at IS NULL
       AND EXISTS (SELECT FROM counter.statement_line l WHERE l.line_id = s.line_ids[1] AND l.bank_account_no = ANY (accounts));
    IF NOT EXISTS (SELECT FROM counter.statement_line s WHERE s.open_fen <> 0 AND s.bank_account_no = ANY (accounts)) THEN
        RETURN;
    END IF;
    PERFORM counter.lay_out_rest(accounts);
    DELETE FROM pg_temp.left_item i USING (SELECT unnest(item_ids) AS item_id FROM counter.suggestion
                                            WHERE rejected_at IS NULL) s WHERE s.item_id = i.item_id;
    FOR rule IN SELECT * FROM (VALUES
        ('serial_in_text', 'serial_in_text'), ('account_in_text', 'account_in_text'),
        ('payer_account_amount', 'payer_account_amount'), ('deposit_amount_date', 'deposit_amount_date'),
        ('slip_differs', 'slip_differs'), ('payer_name_amount', 'payer_name_amount'), ('group_sum', 'group_sum'),
        ('group_lines', 'group_sum'), ('learned_payer', 'learned_payer'), ('line_reversal', 'line_reversal'),
        ('returned', 'returned'), ('fee_line', 'fee_line'), ('amount_date', 'amount_date')) AS r(name, called)
    LOOP
        PERFORM counter.suggest_by(rule.name, rule.called, policy);
    END LOOP;
END
$$;
