-- Breaks: every open line of a statement and every open item of the books, with what kind of break it is.
--
-- double: the same paper or line stands twice; one_sided_reversal: only the bank, or only the books, took it back;
-- amount_differs: the keys agree and the amounts do not, or a match left a rest; fee: the bank charged;
-- or an acquirer kept another fee than its contract gives, which is a break of a matched line too, for a month;
-- across_midnight: both sides have it on neighbouring days, or it is too young for the other side; bank_only and
-- book_only: nothing else is known. The first that applies counts. All of it is computed from what is open, set by set.

DO $do$
BEGIN
    CREATE TYPE counter.break_row AS (
        line_id bigint, item_id bigint, kind text, side text, item_kind text, day date, age_days integer,
        amount_fen bigint, open_fen bigint, reference text, said text, party text, place text, account_no text,
        state text, owner text, owner_name text, note text, alarm smallint, other_line bigint, other_item bigint
    );
EXCEPTION WHEN duplicate_object THEN NULL;
END
$do$;

-- Whether a reference says which one it is; banks fill the field with noughts or words where they have none.
CREATE OR REPLACE FUNCTION counter.is_telling(reference text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT reference !~* '^(0*|NON?REF|NOTPROVIDED|无|-*)$' $$;

CREATE OR REPLACE FUNCTION counter.says_returned(said text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT said ~* '退票|退汇|退回|退款|冲正|冲销|抹账|\m(returned|reversal|reversed|chargeback)\M' $$;

-- Open lines that stand twice: the other one is closed, or came first.
CREATE OR REPLACE FUNCTION counter.double_lines(within_days integer) RETURNS TABLE (line_id bigint, other_line bigint)
LANGUAGE sql STABLE
AS $$
    WITH open AS MATERIALIZED (
        SELECT l.*, l.trace <> '' AS is_slip FROM counter.statement_line l WHERE l.open_fen <> 0
    ), twins AS (
        SELECT l.line_id, l.booked, t.line_id AS other_line, t.booked AS other_day, t.open_fen AS other_fen
          FROM open l JOIN counter.statement_line t USING (bank_account_no, reference, amount_fen)
         WHERE NOT l.is_slip AND counter.is_telling(l.reference)
        UNION ALL
        SELECT l.line_id, l.booked, t.line_id, t.booked, t.open_fen
          FROM open l JOIN counter.statement_line t USING (bank_account_no, terminal, batch, trace, amount_fen)
         WHERE l.is_slip AND t.booked >= (SELECT min(o.booked) - within_days FROM open o)
    )
    SELECT t.line_id, min(t.other_line) FROM twins t
     WHERE t.other_line <> t.line_id AND (t.other_fen = 0 OR t.other_line < t.line_id)
       AND t.other_day BETWEEN t.booked - within_days AND t.booked + within_days
     GROUP BY t.line_id
$$;

-- Open items whose paper was taken twice: typed with another bank or terminal, or claimed as a receipt of the bank too.
CREATE OR REPLACE FUNCTION counter.double_items(within_days integer)
RETURNS TABLE (item_id bigint, other_line bigint, other_item bigint)
LANGUAGE sql STABLE
AS $$
    SELECT i.item_id, NULL::bigint, min(t.item_id)
      FROM counter.book_item i JOIN counter.book_item t
           ON t.reference = i.reference AND t.kind = i.kind AND t.amount_fen = i.amount_fen AND t.item_id <> i.item_id
          AND t.payer_account = i.payer_account AND NOT t.withdrawn
          AND t.business_date BETWEEN i.business_date - within_days AND i.business_date + within_days
     WHERE i.open_fen <> 0 AND NOT i.withdrawn AND i.kind IN ('transfer', 'pos') AND counter.is_telling(i.reference)
       AND (t.open_fen = 0 OR t.item_id < i.item_id)
     GROUP BY i.item_id
    UNION
    SELECT i.item_id, min(l.line_id), NULL::bigint
      FROM counter.book_item i JOIN counter.statement_line l ON l.amount_fen = i.amount_fen
      JOIN (SELECT c.line_id, max(c.account_no) AS account_no FROM counter.receipt_claim c
             GROUP BY c.line_id HAVING sum(c.amount_fen) > 0) c USING (line_id)
     WHERE i.open_fen <> 0 AND NOT i.withdrawn AND i.kind = 'transfer'
       AND (l.reference = i.reference AND counter.is_telling(i.reference)
            OR c.account_no = i.account_no AND l.booked BETWEEN i.business_date - within_days AND i.business_date + within_days
               AND (l.party_account = i.payer_account AND i.payer_account <> '' OR l.party = i.payer AND i.payer <> ''))
     GROUP BY i.item_id
$$;

-- Open lines that only the bank took back, or that the books took back alone: marked as a reversal, a debit at the
-- acquirer, a debit that says so or has the reference of an earlier credit, or the paper of a reversed payment.
CREATE OR REPLACE FUNCTION counter.one_sided_lines() RETURNS TABLE (line_id bigint, other_line bigint)
LANGUAGE sql STABLE
AS $$
    WITH open AS MATERIALIZED (
        SELECT l.*, b.kind FROM counter.statement_line l JOIN counter.bank_account b USING (bank_account_no) WHERE l.open_fen <> 0
    ), released AS MATERIALIZED (
        SELECT d.kind, d.amount_fen, d.reference,
               CASE d.kind WHEN 'transfer' THEN split_part(d.reference, '/', 2) ELSE t.details->>'rrn' END AS number
          FROM counter.tender_document d JOIN counter.tender t USING (journal_id, line)
         WHERE d.released_by IS NOT NULL AND d.kind IN ('transfer', 'pos')
    )
    SELECT l.line_id, NULL::bigint FROM open l
     WHERE l.reversal OR l.kind = 'acquirer' AND l.amount_fen < 0
        OR l.kind = 'bank' AND l.amount_fen < 0 AND counter.says_returned(l.text)
    UNION
    SELECT l.line_id, min(c.line_id)
      FROM open l JOIN counter.statement_line c
           ON c.bank_account_no = l.bank_account_no AND c.reference = l.reference AND c.amount_fen = -l.amount_fen
     WHERE l.amount_fen < 0 AND l.kind = 'bank' AND counter.is_telling(l.reference) GROUP BY l.line_id
    UNION
    SELECT l.line_id, NULL::bigint
      FROM open l JOIN released d ON d.amount_fen = l.amount_fen AND d.kind = 'pos' AND l.trace <> ''
           AND d.reference = concat_ws('-', l.terminal, l.batch, l.trace) WHERE l.kind = 'acquirer'
    UNION
    SELECT l.line_id, NULL::bigint
      FROM open l JOIN released d ON d.amount_fen = l.amount_fen AND d.number = l.reference
           AND (d.kind = 'pos') = (l.kind = 'acquirer') WHERE counter.is_telling(l.reference)
$$;

-- Open lines and items that name each other and have other amounts: slip by terminal, batch and trace, paper by its number,
-- deposit by its slip, settlement by its merchant. Numbers are looked for as words of a line, so that the work grows with
-- the lines and not with lines times items.
CREATE OR REPLACE FUNCTION counter.differing_pairs(within_days integer) RETURNS TABLE (line_id bigint, item_id bigint)
LANGUAGE sql STABLE
AS $$
    WITH open_line AS MATERIALIZED (
        SELECT l.*, b.kind AS side
          FROM counter.statement_line l JOIN counter.bank_account b USING (bank_account_no) WHERE l.open_fen <> 0
    ), words AS MATERIALIZED (
        SELECT DISTINCT l.line_id, l.open_fen, l.booked, w.word[1] AS word
          FROM open_line l CROSS JOIN LATERAL regexp_matches(
               replace(concat_ws(' ', l.text, l.reference, l.party, l.party_account), '-', ''), '[0-9]{6,}|[0-9A-Z]{15}', 'g') AS w(word)
         WHERE l.side = 'bank'
    ), open_item AS MATERIALIZED (
        SELECT i.*, CASE WHEN i.kind IN ('cash_deposit', 'cheque')
                         THEN sum(i.open_fen) OVER (PARTITION BY i.batch, i.ledger_account) ELSE i.open_fen END AS slip_fen,
               CASE i.kind WHEN 'settlement' THEN s.bank_account_no WHEN 'cash_deposit' THEN replace(i.batch, '-', '')
                           WHEN 'cheque' THEN replace(i.batch, '-', '') END AS named
          FROM counter.book_item i LEFT JOIN counter.statement s USING (statement_id) WHERE i.open_fen <> 0 AND NOT i.withdrawn
    ), named AS (
        SELECT l.line_id, i.item_id, l.open_fen, i.open_fen AS item_fen, i.slip_fen, l.booked - i.business_date AS days
          FROM open_line l JOIN open_item i USING (terminal, batch, trace)
         WHERE l.side = 'acquirer' AND i.kind IN ('pos', 'pos_back') AND l.trace <> ''
        UNION ALL
        SELECT l.line_id, i.item_id, l.open_fen, i.open_fen, i.slip_fen, l.booked - i.business_date
          FROM open_line l JOIN open_item i USING (reference)
         WHERE counter.is_telling(l.reference)
           AND (l.side = 'acquirer' AND i.kind IN ('pos', 'pos_back') OR l.side = 'bank' AND i.kind IN ('transfer', 'cheque'))
        UNION ALL
        SELECT w.line_id, i.item_id, w.open_fen, i.open_fen, i.slip_fen, w.booked - i.business_date
          FROM words w JOIN open_item i ON i.named = w.word
    ), near AS (
        SELECT n.*, n.open_fen IN (n.item_fen, n.slip_fen) AS equal FROM named n
         WHERE n.days BETWEEN -within_days AND within_days AND sign(n.open_fen) = sign(n.item_fen)
    ), judged AS (
        SELECT n.*, bool_or(n.equal) OVER (PARTITION BY n.line_id) OR bool_or(n.equal) OVER (PARTITION BY n.item_id) AS fits
          FROM near n
    )
    SELECT DISTINCT ON (n.item_id) n.line_id, n.item_id FROM judged n WHERE NOT n.fits
     ORDER BY n.item_id, abs(n.days), n.line_id
$$;

-- What tells a stranger from the one that is meant, when amounts are equal: the terminal of a card slip, the bank account
-- of a deposit, payer, payer's account or account number of a transfer.
CREATE OR REPLACE FUNCTION counter.open_keys()
RETURNS TABLE (line_id bigint, item_id bigint, key text, open_fen bigint, day date)
LANGUAGE sql STABLE
AS $$
    SELECT l.line_id, NULL::bigint, k.key, l.open_fen, l.booked
      FROM counter.statement_line l JOIN counter.bank_account b USING (bank_account_no) CROSS JOIN LATERAL (
           SELECT 't ' || l.terminal WHERE b.kind = 'acquirer'
           UNION ALL SELECT 'd ' || l.bank_account_no WHERE b.kind = 'bank' AND l.party_account = ''
           UNION ALL SELECT 'p ' || l.party WHERE b.kind = 'bank' AND l.party <> ''
           UNION ALL SELECT 'a ' || l.party_account WHERE b.kind = 'bank' AND l.party_account <> ''
           UNION ALL SELECT DISTINCT 'n ' || w.word[1] FROM regexp_matches(l.text, '[0-9]{10,12}', 'g') AS w(word)
                      WHERE b.kind = 'bank') AS k(key)
     WHERE l.open_fen <> 0
    UNION ALL
    SELECT NULL, i.item_id, k.key, i.open_fen, i.business_date
      FROM counter.book_item i CROSS JOIN LATERAL (
           SELECT 't ' || i.terminal WHERE i.kind IN ('pos', 'pos_back')
           UNION ALL SELECT 'd ' || i.bank_account_no WHERE i.kind IN ('cash_deposit', 'cheque')
           UNION ALL SELECT 'p ' || i.payer WHERE i.ledger_account = 'transfer_clearing' AND i.payer <> ''
           UNION ALL SELECT 'a ' || i.payer_account WHERE i.ledger_account = 'transfer_clearing' AND i.payer_account <> ''
           UNION ALL SELECT 'n ' || i.account_no WHERE i.ledger_account = 'transfer_clearing' AND i.account_no IS NOT NULL) AS k(key)
     WHERE i.open_fen <> 0 AND NOT i.withdrawn AND k.key IS NOT NULL
$$;

-- Open lines and items of the same amount on neighbouring days that can mean only each other.
CREATE OR REPLACE FUNCTION counter.midnight_pairs() RETURNS TABLE (line_id bigint, item_id bigint)
LANGUAGE sql STABLE
AS $$
    WITH keys AS MATERIALIZED (
        SELECT k.key, k.open_fen, k.day, min(k.line_id) AS line_id, min(k.item_id) AS item_id, count(k.line_id) AS lines,
               count(k.item_id) AS items
          FROM counter.open_keys() AS k GROUP BY k.key, k.open_fen, k.day
    ), pairs AS (
        SELECT DISTINCT l.line_id, i.item_id
          FROM keys l JOIN keys i ON i.key = l.key AND i.open_fen = l.open_fen AND i.day IN (l.day - 1, l.day + 1)
         WHERE l.lines = 1 AND i.items = 1
    )
    SELECT p.line_id, p.item_id
      FROM (SELECT q.*, count(*) OVER (PARTITION BY q.line_id) AS items, count(*) OVER (PARTITION BY q.item_id) AS lines
              FROM pairs q) p
     WHERE p.items = 1 AND p.lines = 1
$$;

-- Matched lines of acquirers of the last month whose fee is not that of the contract, with what was taken too much. The
-- contract is looked up once for each merchant, class of card and day; counter.contract_fee says the same of one line.
CREATE OR REPLACE FUNCTION counter.wrong_fees() RETURNS TABLE (line_id bigint, excess_fen bigint)
LANGUAGE sql STABLE
AS $$
    WITH recent AS MATERIALIZED (
        SELECT l.line_id, l.bank_account_no, l.card_class, l.booked, l.amount_fen, l.fee_fen
          FROM counter.bank_account a JOIN counter.statement_line l USING (bank_account_no)
         WHERE a.kind = 'acquirer' AND l.booked >= counter.business_date() - 31 AND l.open_fen = 0
    ), rates AS (
        SELECT k.*, c.rate_ppm, c.fee_min_fen, c.fee_max_fen
          FROM (SELECT DISTINCT r.bank_account_no, r.card_class, r.booked FROM recent r) k
         CROSS JOIN LATERAL (
               SELECT * FROM counter.acquirer_contract c
                WHERE c.merchant = k.bank_account_no AND c.card_class IN (k.card_class, '') AND c.valid_from <= k.booked
                ORDER BY c.card_class = '', c.valid_from DESC LIMIT 1) c
    ), owed AS (
        SELECT r.line_id, r.fee_fen - (sign(r.amount_fen) * least(greatest(div(
                   abs(r.amount_fen)::numeric * p.rate_ppm + 500000, 1000000), p.fee_min_fen), p.fee_max_fen))::bigint AS excess_fen
          FROM recent r JOIN rates p USING (bank_account_no, card_class, booked)
    )
    SELECT o.line_id, o.excess_fen FROM owed o WHERE o.excess_fen <> 0
$$;

-- How many days an item may be on its way.
CREATE OR REPLACE FUNCTION counter.days_allowed(item_kind text, policy counter.bank_policy) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN item_kind = 'cash_deposit' THEN policy.deposit_within_days
                WHEN item_kind IN ('pos', 'pos_back', 'settlement') THEN policy.settle_within_days
                ELSE policy.arrive_within_days END
$$;

-- Every open line with its kind of break and what it was told by.
CREATE OR REPLACE FUNCTION counter.line_breaks(policy counter.bank_policy)
RETURNS TABLE (line_id bigint, kind text, other_line bigint, other_item bigint)
LANGUAGE sql STABLE
AS $$
    SELECT l.line_id,
           CASE WHEN d.line_id IS NOT NULL THEN 'double' WHEN o.line_id IS NOT NULL THEN 'one_sided_reversal'
                WHEN a.line_id IS NOT NULL OR l.amount_fen - l.open_fen <> coalesce(c.amount_fen, 0) THEN 'amount_differs'
                WHEN b.kind = 'bank' AND counter.is_fee(concat_ws(' ', l.text, l.party), l.amount_fen) THEN 'fee'
                WHEN m.line_id IS NOT NULL THEN 'across_midnight' ELSE 'bank_only' END,
           CASE WHEN d.line_id IS NOT NULL THEN d.other_line ELSE o.other_line END,
           CASE WHEN d.line_id IS NULL AND o.line_id IS NULL THEN coalesce(a.item_id, m.item_id) END
      FROM counter.statement_line l JOIN counter.bank_account b USING (bank_account_no)
      LEFT JOIN counter.double_lines(policy.window_days) AS d USING (line_id)
      LEFT JOIN (SELECT s.line_id, min(s.other_line) AS other_line FROM counter.one_sided_lines() AS s GROUP BY s.line_id) o
           USING (line_id)
      LEFT JOIN (SELECT p.line_id, min(p.item_id) AS item_id FROM counter.differing_pairs(policy.window_days) AS p
                  GROUP BY p.line_id) a USING (line_id)
      LEFT JOIN counter.midnight_pairs() AS m USING (line_id)
      LEFT JOIN (SELECT r.line_id, sum(r.amount_fen) AS amount_fen FROM counter.receipt_claim r GROUP BY r.line_id) c
           USING (line_id)
     WHERE l.open_fen <> 0
$$;

-- Every open item with its kind of break. A card slip of the last two hours of a day is too young for the acquirer's file
-- of that day, as long as it is not overdue.
CREATE OR REPLACE FUNCTION counter.item_breaks(policy counter.bank_policy)
RETURNS TABLE (item_id bigint, kind text, other_line bigint, other_item bigint)
LANGUAGE sql STABLE
AS $$
    SELECT i.item_id,
           CASE WHEN d.item_id IS NOT NULL THEN 'double' WHEN i.kind LIKE '%\_back' THEN 'one_sided_reversal'
                WHEN a.item_id IS NOT NULL OR i.open_fen <> i.amount_fen THEN 'amount_differs'
                WHEN m.item_id IS NOT NULL THEN 'across_midnight'
                WHEN i.kind = 'pos' AND (j.recorded_at AT TIME ZONE b.timezone)::time >= time '22:00'
                     AND counter.business_date() <= i.business_date + policy.settle_within_days THEN 'across_midnight'
                ELSE 'book_only' END,
           CASE WHEN d.item_id IS NOT NULL THEN d.other_line ELSE coalesce(a.line_id, m.line_id) END, d.other_item
      FROM counter.book_item i JOIN counter.journal j USING (journal_id) CROSS JOIN counter.bureau b
      LEFT JOIN (SELECT t.item_id, min(t.other_line) AS other_line, min(t.other_item) AS other_item
                   FROM counter.double_items(policy.window_days) AS t GROUP BY t.item_id) d USING (item_id)
      LEFT JOIN counter.differing_pairs(policy.window_days) AS a USING (item_id)
      LEFT JOIN counter.midnight_pairs() AS m USING (item_id)
     WHERE i.open_fen <> 0 AND NOT i.withdrawn
$$;

-- How loud a break is: 0 silent, 1 late, 2 very late or escalated. What is explained is silent.
CREATE OR REPLACE FUNCTION counter.break_alarm(state text, overdue_days integer, alarm_days integer) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT (CASE WHEN state = 'explained' THEN 0 WHEN state = 'escalated' THEN 2 WHEN overdue_days <= 0 THEN 0
                 WHEN overdue_days > alarm_days AND state <> 'waiting' THEN 2 ELSE 1 END)::smallint
$$;

-- The one list: lines and items of all halls, the loudest and oldest first. Items are late after the days of their kind,
-- lines after the alarm days; what stands twice, differs or was reversed on one side is late from the next day on.
CREATE OR REPLACE FUNCTION counter.breaks() RETURNS SETOF counter.break_row
LANGUAGE sql STABLE
AS $$
    WITH rules AS (
        SELECT r AS policy, r.alarm_days, counter.business_date() AS today FROM counter.bank_rules() AS r
    ), said AS MATERIALIZED (
        SELECT DISTINCT ON (x.line_id, x.item_id) x.line_id, x.item_id, x.state, x.owner, s.name AS owner_name, x.note
          FROM counter.break_event x LEFT JOIN counter.staff s ON s.staff_no = x.owner
         ORDER BY x.line_id, x.item_id, x.event_id DESC
    ), found AS (
        SELECT b.line_id, NULL::bigint AS item_id, b.kind, CASE a.kind WHEN 'acquirer' THEN 'pos' ELSE 'bank' END AS side,
               '' AS item_kind, l.booked AS day, l.amount_fen, l.open_fen, l.reference, l.text AS words,
               concat_ws(' ', nullif(l.party, ''), nullif(counter.masked_number(l.party_account), '')) AS party,
               concat_ws(' ', a.bank_name, counter.masked_number(a.bank_account_no)) AS place, '' AS account_no,
               r.alarm_days AS days, b.other_line, b.other_item, e.state, e.owner, e.owner_name, e.note
          FROM rules r CROSS JOIN LATERAL counter.line_breaks(r.policy) AS b
          JOIN counter.statement_line l USING (line_id) JOIN counter.bank_account a USING (bank_account_no)
          LEFT JOIN said e USING (line_id)
        UNION ALL
        SELECT NULL, b.item_id, b.kind, 'book', i.kind, i.business_date, i.amount_fen, i.open_fen, i.reference,
               concat_ws(' ', nullif(i.terminal, ''), nullif(i.batch, ''), nullif(i.trace, '')),
               concat_ws(' ', nullif(i.payer, ''), nullif(counter.masked_number(i.payer_account), '')), h.name,
               coalesce(i.account_no, ''), counter.days_allowed(i.kind, r.policy), b.other_line, b.other_item, e.state,
               e.owner, e.owner_name, e.note
          FROM rules r CROSS JOIN LATERAL counter.item_breaks(r.policy) AS b
          JOIN counter.book_item i USING (item_id) JOIN counter.hall h USING (hall_no)
          LEFT JOIN said e USING (item_id)
        UNION ALL
        SELECT w.line_id, NULL, 'fee', 'pos', '', l.booked, l.amount_fen, w.excess_fen, l.reference,
               concat_ws(' ', nullif(l.terminal, ''), nullif(l.batch, ''), nullif(l.trace, '')), l.card,
               concat_ws(' ', a.bank_name, counter.masked_number(a.bank_account_no)), '', 0, NULL, NULL, e.state, e.owner,
               e.owner_name, e.note
          FROM counter.wrong_fees() AS w JOIN counter.statement_line l USING (line_id)
          JOIN counter.bank_account a USING (bank_account_no) LEFT JOIN said e USING (line_id)
         WHERE e.state IS DISTINCT FROM 'explained'
    ), judged AS (
        SELECT f.*, r.today - f.day AS age_days, counter.break_alarm(
                   coalesce(f.state, 'new'), r.today - f.day - CASE
                       WHEN f.kind IN ('double', 'amount_differs', 'one_sided_reversal') THEN 0 ELSE f.days END,
                   r.alarm_days) AS alarm
          FROM found f CROSS JOIN rules r
    )
    SELECT j.line_id, j.item_id, j.kind, j.side, j.item_kind, j.day, j.age_days, j.amount_fen, j.open_fen, j.reference,
           j.words, j.party, j.place, j.account_no, coalesce(j.state, 'new'), coalesce(j.owner, ''),
           coalesce(j.owner_name, ''), coalesce(j.note, ''), j.alarm, j.other_line, j.other_item
      FROM judged j ORDER BY j.alarm DESC, j.day, j.line_id, j.item_id
$$;

-- Who may see and work on breaks.
CREATE OR REPLACE FUNCTION counter.require_bank_duty(may_write boolean) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM counter.staff WHERE staff_no = session_user::text AND active
                      AND duty::text = ANY (CASE WHEN may_write THEN ARRAY['cashier', 'supervisor']
                                                 ELSE ARRAY['cashier', 'supervisor', 'auditor', 'admin'] END)) THEN
        PERFORM counter.refuse('CN013', 'this login does not work on the bank side');
    END IF;
END
$$;

-- What of the breaks needs somebody: how many are late, the loudest alarm, and the oldest of those.
CREATE OR REPLACE FUNCTION counter.break_alarms() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
BEGIN
    PERFORM counter.require_bank_duty(false);
    RETURN (SELECT jsonb_build_object('late', count(*) FILTER (WHERE b.alarm > 0), 'alarm', coalesce(max(b.alarm), 0),
               'kind', coalesce((array_agg(b.kind ORDER BY b.alarm DESC, b.age_days DESC))[1], ''),
               'age_days', coalesce((array_agg(b.age_days ORDER BY b.alarm DESC, b.age_days DESC))[1], 0))
      FROM counter.breaks() AS b);
END
$$;

-- Brings the books up to now and gives the list.
CREATE OR REPLACE FUNCTION counter.list_breaks() RETURNS SETOF counter.break_row
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
BEGIN
    PERFORM counter.require_bank_duty(false);
    PERFORM counter.collect_items();
    RETURN QUERY SELECT * FROM counter.breaks();
END
$$;

-- What is known of a break. Request: {request_id, line_id or item_id, state, owner, note}; the last word counts. What is
-- explained has a note.
CREATE OR REPLACE FUNCTION counter.note_break(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    asked uuid := request->>'request_id';
    of_line bigint := request->>'line_id';
    of_item bigint := request->>'item_id';
    said text := trim(coalesce(request->>'note', ''));
    known counter.break_event;
BEGIN
    PERFORM counter.claim_request(request);
    PERFORM counter.require_bank_duty(true);
    SELECT * INTO known FROM counter.break_event WHERE request_id = asked;
    IF FOUND THEN
        IF known.request_hash <> counter.request_digest(request) OR known.staff_no <> session_user::text THEN
            PERFORM counter.refuse('CN002', 'this request id was used for something else',
                                   jsonb_build_object('request_id', asked));
        END IF;
        RETURN jsonb_build_object('request_id', asked, 'replayed', true);
    END IF;
    IF (num_nonnulls(of_line, of_item) = 1 AND request->>'state' IN ('new', 'explained', 'waiting', 'escalated')
        AND length(said) <= 200 AND said !~ '[[:cntrl:]]' AND (said <> '' OR request->>'state' <> 'explained')
        AND (request->>'owner' IS NULL OR EXISTS (SELECT FROM counter.staff WHERE staff_no = request->>'owner' AND active)))
       IS NOT TRUE THEN
        PERFORM counter.refuse('CN147', 'state, owner or note are not in order');
    ELSIF NOT EXISTS (SELECT FROM counter.statement_line WHERE line_id = of_line AND open_fen <> 0
                      UNION ALL
                      SELECT FROM counter.book_item WHERE item_id = of_item AND open_fen <> 0 AND NOT withdrawn
                      UNION ALL
                      SELECT FROM counter.wrong_fees() AS w WHERE w.line_id = of_line) THEN
        PERFORM counter.refuse('CN146', 'not open any more');
    END IF;
    INSERT INTO counter.break_event (request_id, request_hash, line_id, item_id, state, owner, note, staff_no)
    VALUES (asked, counter.request_digest(request), of_line, of_item, request->>'state', request->>'owner', said, session_user);
    RETURN jsonb_build_object('request_id', asked, 'replayed', false);
END
$$;

-- The payments that a debit line of the bank may have taken back, the likeliest first: slips and cheques that came, and
-- claimed receipts, of exactly this amount.
CREATE OR REPLACE FUNCTION counter.returned_payments(of_line bigint)
RETURNS TABLE (
    receipt_no text, business_date date, hall_no smallint, hall_name text, account_no text, account_name text, kind text,
    amount_fen bigint, reference text, payer text, score integer
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
BEGIN
    PERFORM counter.require_bank_duty(false);
    RETURN QUERY
    WITH debit AS (
        SELECT l.*, concat_ws(' ', l.text, l.reference, l.party, l.party_account) AS said
          FROM counter.statement_line l WHERE l.line_id = of_line AND l.open_fen < 0
    ), paid AS (
        SELECT d.journal_id, d.kind, d.amount_fen, split_part(d.reference, '/', 2) AS reference, d.payer AS payer_account,
               coalesce(t.details->>'payer_name', '') AS payer
          FROM debit x JOIN counter.tender_document d ON d.amount_fen = -x.open_fen AND d.kind IN ('transfer', 'cheque')
                                                     AND d.released_by IS NULL
          JOIN counter.tender t USING (journal_id, line)
        UNION ALL
        SELECT c.journal_id, 'bank_receipt', c.amount_fen, l.reference, l.party_account, l.party
          FROM debit x JOIN counter.statement_line l ON l.amount_fen = -x.open_fen AND l.bank_account_no = x.bank_account_no
          JOIN counter.receipt_claim c ON c.line_id = l.line_id AND c.amount_fen > 0
    )
    SELECT counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), j.business_date, j.hall_no, h.name,
           coalesce(r.account_no, ''), r.account_name, p.kind, p.amount_fen, p.reference,
           concat_ws(' ', nullif(p.payer, ''), nullif(counter.masked_number(p.payer_account), '')),
           CASE WHEN counter.is_telling(p.reference) AND strpos(x.said, p.reference) > 0 THEN 95
                WHEN p.payer_account <> '' AND p.payer_account = x.party_account THEN 85
                WHEN p.payer <> '' AND strpos(x.said, p.payer) > 0 THEN 75 ELSE 50 END
      FROM debit x CROSS JOIN paid p JOIN counter.journal j USING (journal_id) JOIN counter.hall h USING (hall_no)
      JOIN counter.receipt r USING (journal_id)
     WHERE NOT EXISTS (SELECT FROM counter.journal w WHERE w.reverses = p.journal_id) AND j.business_date <= x.booked
     ORDER BY 11 DESC, 2 DESC, 1 LIMIT 100;
END
$$;
