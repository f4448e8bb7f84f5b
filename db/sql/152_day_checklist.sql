-- What a cashier proves before a day of a hall is closed, step by step, as it stands now.
--
-- A day's journals are found by the tills' own chains: a closing keeps for each till how far its chain was whole
-- (whole_seq), so that nothing before it is read again. head (seq, hash) is the last journal of the day or before.

-- The closing of a hall that a day follows; a row of nulls before the first.
CREATE OR REPLACE FUNCTION counter.closing_before(of_hall smallint, day date) RETURNS counter.day_closing
LANGUAGE sql STABLE
AS $$
    SELECT c.* FROM counter.day_closing c WHERE c.hall_no = of_hall AND c.business_date < day
     ORDER BY c.business_date DESC LIMIT 1
$$;

-- The journals of a hall with a date from first_day to last_day, both after the closing whose heads are given.
CREATE OR REPLACE FUNCTION counter.hall_journals(of_hall smallint, heads jsonb, first_day date, last_day date)
RETURNS SETOF counter.journal
LANGUAGE sql STABLE
AS $$
    SELECT j.*
      FROM counter.till t
      LEFT JOIN counter.day_closing c ON c.hall_no = of_hall AND c.business_date = last_day
     CROSS JOIN LATERAL (
           SELECT s.* FROM counter.journal s
            WHERE s.journal_id > t.till_no * 10000000000
                                 + coalesce((hall_journals.heads->t.till_no::text->>'whole_seq')::bigint, 0)
              AND s.journal_id <= t.till_no * 10000000000
                                  + coalesce((c.heads->t.till_no::text->>'seq')::bigint, t.chain_seq)
            ORDER BY s.journal_id) j
     WHERE t.hall_no = of_hall AND j.business_date BETWEEN first_day AND last_day
$$;

-- The day that has to be closed next: the first one with a journal after the last closing. Before the first closing
-- it is the first day of work; what was only billed before that is carried into it.
CREATE OR REPLACE FUNCTION counter.next_day(of_hall smallint) RETURNS date
LANGUAGE sql STABLE
AS $$
    SELECT CASE WHEN c.business_date IS NOT NULL
                THEN (SELECT min(j.business_date)
                        FROM counter.hall_journals(of_hall, c.heads, c.business_date + 1, 'infinity') AS j)
                ELSE (SELECT min(f.business_date)
                        FROM counter.till t
                       CROSS JOIN LATERAL (SELECT j.business_date FROM counter.journal j
                                            WHERE j.journal_id BETWEEN t.till_no * 10000000000 + 1
                                                                   AND t.till_no * 10000000000 + t.chain_seq
                                            ORDER BY j.journal_id LIMIT 1) f
                       WHERE t.hall_no = of_hall AND t.kind <> 'billing') END
      FROM counter.closing_before(of_hall, 'infinity') AS c
$$;

-- How far each till's chain goes with a day: {till_no: {seq, hash, whole_seq, cash_fen}}. A head never goes back, also
-- where the server's clock once did.
CREATE OR REPLACE FUNCTION counter.day_heads(of_hall smallint, day date) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    WITH past AS (
        SELECT coalesce(c.heads, '{}') AS heads, coalesce(c.business_date, '-infinity') AS business_date
          FROM counter.closing_before(of_hall, day) AS c
    ), known AS (
        SELECT t.till_no, t.chain_seq, coalesce((p.heads->t.till_no::text->>'seq')::bigint, 0) AS seq,
               coalesce(p.heads->t.till_no::text->>'hash', repeat('00', 32)) AS hash,
               coalesce((p.heads->t.till_no::text->>'cash_fen')::bigint, 0) AS cash_fen
          FROM counter.till t CROSS JOIN past p WHERE t.hall_no = of_hall
    ), gone AS (
        SELECT j.till_no, max(j.till_seq) FILTER (WHERE j.business_date <= day) AS seq,
               min(j.till_seq) FILTER (WHERE j.business_date > day) - 1 AS whole_seq
          FROM past p CROSS JOIN LATERAL counter.hall_journals(of_hall, p.heads, p.business_date + 1, 'infinity') AS j
         GROUP BY j.till_no
    ), cash AS (
        SELECT j.till_no, sum(g.amount_fen) AS cash_fen
          FROM past p CROSS JOIN LATERAL counter.hall_journals(of_hall, p.heads, p.business_date + 1, day) AS j
          JOIN counter.posting g USING (journal_id) WHERE g.ledger_account = 'cash_in_till' GROUP BY j.till_no
    )
    SELECT coalesce(jsonb_object_agg(k.till_no, jsonb_build_object(
               'seq', greatest(g.seq, k.seq),
               'hash', CASE WHEN coalesce(g.seq, 0) <= k.seq THEN k.hash
                            ELSE (SELECT encode(j.hash, 'hex') FROM counter.journal j
                                   WHERE j.journal_id = k.till_no * 10000000000 + g.seq) END,
               'whole_seq', coalesce(g.whole_seq, k.chain_seq),
               'cash_fen', k.cash_fen + coalesce(c.cash_fen, 0))), '{}')
      FROM known k LEFT JOIN gone g USING (till_no) LEFT JOIN cash c USING (till_no)
$$;

-- The first journal of a hall's chains from one set of heads to another that is not what was written, computed again
-- from its rows as counter ledger verify does; null when all are. The heads before are signed, so each chain has to
-- continue from there.
CREATE OR REPLACE FUNCTION counter.broken_journal(of_hall smallint, since jsonb, through jsonb) RETURNS bigint
LANGUAGE sql STABLE
AS $$
    WITH span AS (
        SELECT t.till_no, coalesce((since->t.till_no::text->>'seq')::bigint, 0) AS first_seq,
               decode(coalesce(since->t.till_no::text->>'hash', repeat('00', 32)), 'hex') AS first_hash,
               (through->t.till_no::text->>'seq')::bigint AS last_seq,
               decode(through->t.till_no::text->>'hash', 'hex') AS last_hash
          FROM counter.till t WHERE t.hall_no = of_hall
    ), seen AS (
        SELECT s.till_no, j.journal_id, j.till_seq, j.hash, j.prev_hash, p.lines, p.sum_fen,
               lag(j.hash, 1, s.first_hash) OVER chain AS hash_before,
               lag(j.till_seq, 1, s.first_seq) OVER chain AS seq_before,
               counter.chain_hash(j.prev_hash, counter.journal_text(j), coalesce(g.tenders, ''), p.text) AS wanted
          FROM span s
          JOIN counter.journal j ON j.journal_id > s.till_no * 10000000000 + s.first_seq
                                AND j.journal_id <= s.till_no * 10000000000 + s.last_seq
         CROSS JOIN LATERAL (
               SELECT count(*) AS lines, sum(amount_fen) AS sum_fen,
                      string_agg(counter.posting_text(line, ledger_account::text, account_no, period, part, amount_fen),
                                 E'\n' ORDER BY line) AS text
                 FROM counter.posting q WHERE q.journal_id = j.journal_id) p
         CROSS JOIN LATERAL (
               SELECT string_agg(counter.tender_text(line, kind, amount_fen, received_fen, details), E'\n' ORDER BY line)
                          AS tenders
                 FROM counter.tender q WHERE q.journal_id = j.journal_id) g
        WINDOW chain AS (PARTITION BY j.till_no ORDER BY j.journal_id)
    )
    SELECT min(w.journal_id)
      FROM (SELECT n.journal_id FROM seen n
             WHERE n.lines < 2 OR n.sum_fen IS DISTINCT FROM 0 OR n.wanted IS DISTINCT FROM n.hash
                OR n.till_seq <> n.seq_before + 1 OR n.prev_hash <> n.hash_before
            UNION ALL
            SELECT s.till_no * 10000000000 + s.last_seq FROM span s
             WHERE s.last_seq - s.first_seq <> (SELECT count(*) FROM seen n WHERE n.till_no = s.till_no)
                OR s.last_hash <> coalesce((SELECT n.hash FROM seen n WHERE n.till_no = s.till_no
                                             ORDER BY n.journal_id DESC LIMIT 1), s.first_hash)) w
$$;

-- The first till of a hall whose own row is not what its journals say: the head of its chain, the cash in its drawer,
-- the last receipt's number.
CREATE OR REPLACE FUNCTION counter.wrong_till(of_hall smallint, past counter.day_closing) RETURNS integer
LANGUAGE sql STABLE
AS $$
    SELECT t.till_no
      FROM counter.till t
      LEFT JOIN counter.journal h ON h.journal_id = t.till_no * 10000000000 + t.chain_seq
      LEFT JOIN LATERAL (
           SELECT sum(p.amount_fen) AS cash_fen
             FROM counter.journal j JOIN counter.posting p USING (journal_id)
            WHERE j.journal_id > t.till_no * 10000000000 + coalesce((past.heads->t.till_no::text->>'whole_seq')::bigint, 0)
              AND j.journal_id <= t.till_no * 10000000000 + t.chain_seq AND p.ledger_account = 'cash_in_till'
              AND j.business_date > coalesce(past.business_date, '-infinity')) c ON true
     WHERE t.hall_no = of_hall
       AND (t.chain_head <> coalesce(h.hash, decode(repeat('00', 32), 'hex')) OR t.chain_seq > 0 AND h.journal_id IS NULL
            OR EXISTS (SELECT FROM counter.journal j WHERE j.journal_id > t.till_no * 10000000000 + t.chain_seq
                          AND j.journal_id < t.till_no * 10000000000 + 10000000000)
            OR t.cash_fen <> coalesce((past.heads->t.till_no::text->>'cash_fen')::bigint, 0) + coalesce(c.cash_fen, 0)
            OR t.receipt_date IS NOT NULL AND t.receipt_serial IS DISTINCT FROM (
               SELECT max(j.receipt_serial) FROM counter.journal j
                WHERE j.till_no = t.till_no AND j.business_date = t.receipt_date AND j.receipt_serial IS NOT NULL))
     ORDER BY t.till_no LIMIT 1
$$;

-- What is done with a step that is not in order: 'mend' stops the closing, 'note' lets it go on with a word why. The
-- bureau may say otherwise for the steps that depend on others (checklist of its bank policy).
CREATE OR REPLACE FUNCTION counter.step_rule(step text, day date) RETURNS text
LANGUAGE sql STABLE
AS $$
    SELECT CASE WHEN step IN ('shifts', 'vends', 'receipts', 'ledger') THEN 'mend'
                ELSE coalesce((SELECT CASE b.checklist->>step WHEN 'note' THEN 'note' WHEN 'block' THEN 'mend' END
                                 FROM counter.bank_policy b WHERE b.valid_from <= day
                                ORDER BY b.valid_from DESC LIMIT 1),
                              CASE WHEN step IN ('settlement', 'statements') THEN 'note' ELSE 'mend' END) END
$$;

-- One step as it is told: how many are wrong, their sum, the age in days of the oldest; how many only wait in time.
CREATE OR REPLACE FUNCTION counter.step_row(
    step text, day date, wrong bigint, amount_fen bigint, oldest date, waiting bigint, waiting_fen bigint, facts jsonb
) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object(
               'step', step, 'state', CASE WHEN wrong > 0 THEN counter.step_rule(step, day)
                                           WHEN waiting > 0 THEN 'waiting' ELSE 'done' END,
               'count', wrong, 'amount_fen', coalesce(amount_fen, 0), 'age_days', greatest(day - oldest, 0),
               'waiting', waiting, 'waiting_fen', coalesce(waiting_fen, 0), 'facts', coalesce(facts, '[]'))
$$;

-- Shifts of the day or before that are still open.
CREATE OR REPLACE FUNCTION counter.step_shifts(of_hall smallint, day date) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT counter.step_row('shifts', day, count(*), sum(t.cash_fen)::bigint, min(s.business_date), 0, 0,
               jsonb_agg(concat_ws(' ', t.name, coalesce(p.name, s.staff_no)) ORDER BY s.business_date, t.till_no))
      FROM counter.shift s JOIN counter.till t USING (till_no) LEFT JOIN counter.staff p ON p.staff_no = s.staff_no
     WHERE s.hall_no = of_hall AND s.closed_at IS NULL AND s.business_date <= day
$$;

-- Takings of the closed shifts that are on no deposit slip.
CREATE OR REPLACE FUNCTION counter.step_deposits(of_hall smallint, day date) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT counter.step_row('deposits', day, count(*), sum(w.amount_fen)::bigint, min(s.business_date), 0, 0,
               jsonb_agg(DISTINCT t.name))
      FROM counter.waiting_parts(of_hall) AS w JOIN counter.shift s USING (shift_id) JOIN counter.till t USING (till_no)
     WHERE w.amount_fen <> 0 AND s.business_date <= day
$$;

-- Book items of the hall that the bank has not shown, with how long each may take and whether somebody said why.
CREATE OR REPLACE FUNCTION counter.open_items(of_hall smallint, day date)
RETURNS TABLE (item_id bigint, kind text, business_date date, open_fen bigint, may_days integer, state text, note text)
LANGUAGE sql STABLE
AS $$
    SELECT i.item_id, i.kind, i.business_date, i.open_fen, coalesce(counter.days_allowed(i.kind, b.policy), 3),
           coalesce(e.state, 'new'), coalesce(e.note, '')
      FROM counter.book_item i
      LEFT JOIN LATERAL (SELECT p AS policy FROM counter.bank_policy p WHERE p.valid_from <= day
                          ORDER BY p.valid_from DESC LIMIT 1) b ON true
      LEFT JOIN LATERAL (SELECT v.state, v.note FROM counter.break_event v WHERE v.item_id = i.item_id
                          ORDER BY v.event_id DESC LIMIT 1) e ON true
     WHERE i.open_fen <> 0 AND NOT i.withdrawn AND i.hall_no = of_hall AND i.business_date <= day
$$;

-- POS slips that the acquirer has not settled: in time, explained, or neither.
CREATE OR REPLACE FUNCTION counter.step_settlement(of_hall smallint, day date) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT counter.step_row('settlement', day, count(*) FILTER (WHERE i.late), sum(i.open_fen) FILTER (WHERE i.late)::bigint,
               min(i.business_date) FILTER (WHERE i.late), count(*) FILTER (WHERE NOT i.late),
               sum(i.open_fen) FILTER (WHERE NOT i.late)::bigint, NULL)
      FROM (SELECT o.open_fen, o.business_date, day - o.business_date > o.may_days AND (o.state = 'new' OR o.note = '') AS late
              FROM counter.open_items(of_hall, day) AS o WHERE o.kind IN ('pos', 'pos_back')) i
$$;

-- Bank accounts whose statements do not reach the day.
CREATE OR REPLACE FUNCTION counter.step_statements(day date) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT counter.step_row('statements', day, count(*), 0, min(a.through), 0, 0,
               jsonb_agg(concat_ws(' ', a.bank_name, '****' || right(a.bank_account_no, 4), a.through) ORDER BY a.bank_account_no))
      FROM counter.bank_account a
     WHERE a.active AND a.kind = 'bank' AND (a.through >= day) IS NOT TRUE
$$;

-- Suggestions for items of the hall that nobody has confirmed or rejected.
CREATE OR REPLACE FUNCTION counter.step_matches(of_hall smallint, day date) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT counter.step_row('matches', day, count(*), sum(m.open_fen)::bigint, min(m.oldest), 0, 0, NULL)
      FROM (SELECT s.suggestion_id, sum(i.open_fen) AS open_fen, min(i.business_date) AS oldest
              FROM counter.suggestion s JOIN counter.book_item i ON i.item_id = ANY (s.item_ids)
             WHERE s.rejected_at IS NULL AND i.hall_no = of_hall AND i.business_date <= day AND i.open_fen <> 0
               AND NOT i.withdrawn
             GROUP BY s.suggestion_id) m
$$;

-- What waits longer than it may on either side, and nobody has said why: the hall's items but POS slips, and the lines
-- of the accounts that all halls share.
CREATE OR REPLACE FUNCTION counter.step_breaks(of_hall smallint, day date) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT counter.step_row('breaks', day, count(*) FILTER (WHERE b.late), sum(abs(b.open_fen)) FILTER (WHERE b.late)::bigint,
               min(b.since) FILTER (WHERE b.late), count(*) FILTER (WHERE NOT b.late),
               sum(abs(b.open_fen)) FILTER (WHERE NOT b.late)::bigint, NULL)
      FROM (SELECT o.open_fen, o.business_date AS since,
                   day - o.business_date > o.may_days AND (o.state = 'new' OR o.note = '') AS late
              FROM counter.open_items(of_hall, day) AS o WHERE o.kind NOT IN ('pos', 'pos_back')
            UNION ALL
            SELECT l.open_fen, l.booked,
                   day - l.booked > coalesce(p.alarm_days, 7) AND coalesce(e.state = 'new' OR e.note = '', true)
              FROM counter.statement_line l
              LEFT JOIN LATERAL (SELECT q.alarm_days FROM counter.bank_policy q WHERE q.valid_from <= day
                                  ORDER BY q.valid_from DESC LIMIT 1) p ON true
              LEFT JOIN LATERAL (SELECT v.state, v.note FROM counter.break_event v WHERE v.line_id = l.line_id
                                  ORDER BY v.event_id DESC LIMIT 1) e ON true
             WHERE l.open_fen <> 0 AND l.booked <= day) b
$$;

-- Sales of power that are neither settled nor signed for by a supervisor; the closing itself refuses them too.
CREATE OR REPLACE FUNCTION counter.step_vends(of_hall smallint, day date) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT counter.step_row('vends', day, count(*) FILTER (WHERE NOT v.signed), sum(v.amount_fen) FILTER (WHERE NOT v.signed)::bigint,
               min(v.business_date) FILTER (WHERE NOT v.signed), count(*) FILTER (WHERE v.signed),
               sum(v.amount_fen) FILTER (WHERE v.signed)::bigint, jsonb_agg(DISTINCT v.kind) FILTER (WHERE NOT v.signed))
      FROM (SELECT 'card' AS kind, c.amount_fen, j.business_date, EXISTS (
                       SELECT FROM counter.vend_signature s WHERE s.vend_id = c.vend_id AND s.business_date >= day) AS signed
              FROM counter.vend c JOIN counter.journal j USING (journal_id)
             WHERE c.state IN ('pending', 'in_doubt') AND c.hall_no = of_hall AND j.business_date <= day
            UNION ALL
            SELECT 'token', c.amount_fen, j.business_date, EXISTS (
                       SELECT FROM counter.token_vend_signature s WHERE s.vend_id = c.vend_id AND s.business_date >= day)
              FROM counter.token_vend c JOIN counter.journal j USING (journal_id)
             WHERE c.state IN ('pending', 'in_doubt', 'refused') AND c.hall_no = of_hall AND j.business_date <= day) v
$$;

-- Receipt numbers that are missing, till by till and date by date.
CREATE OR REPLACE FUNCTION counter.step_receipts(of_hall smallint, past counter.day_closing, day date) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT counter.step_row('receipts', day, coalesce(sum(r.missing), 0)::bigint, 0, min(r.business_date), 0, 0,
               jsonb_agg(concat_ws(' ', r.name, r.business_date)) FILTER (WHERE r.missing > 0))
      FROM (SELECT t.name, j.business_date, max(j.receipt_serial) - count(*) AS missing
              FROM counter.hall_journals(of_hall, past.heads, coalesce(past.business_date, '-infinity') + 1, day) AS j
              JOIN counter.till t USING (till_no)
             WHERE j.receipt_serial IS NOT NULL GROUP BY t.till_no, t.name, j.business_date) r
$$;

-- The books themselves: every journal since the closing before hashed and added up again, every till's figures derived.
-- What was proven before up to some heads is not read again.
CREATE OR REPLACE FUNCTION counter.step_ledger(
    of_hall smallint, past counter.day_closing, day date, broken bigint, proven jsonb, heads jsonb
) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT counter.step_row('ledger', day, (b.journal_id IS NOT NULL)::integer + (b.till_no IS NOT NULL)::integer, 0, NULL, 0, 0,
               CASE WHEN b.journal_id IS NOT NULL OR b.till_no IS NOT NULL
                    THEN jsonb_build_array(coalesce(b.journal_id, b.till_no)) END)
      FROM (SELECT coalesce(broken, counter.broken_journal(of_hall, proven, heads)) AS journal_id,
                   counter.wrong_till(of_hall, past) AS till_no) b
$$;

-- What was taken: {kind, count, amount_fen} for every tender.
CREATE OR REPLACE FUNCTION counter.day_takings(of_hall smallint, past counter.day_closing, first_day date, day date)
RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'count', k.count, 'amount_fen', k.amount_fen)
                              ORDER BY k.position), '[]')
      FROM (SELECT g.kind, n.position, count(*), sum(g.amount_fen)::bigint AS amount_fen
              FROM counter.hall_journals(of_hall, past.heads, first_day, day) AS j
              JOIN counter.tender g USING (journal_id) JOIN counter.tender_kind n ON n.kind = g.kind
             GROUP BY g.kind, n.position) k
$$;

-- All steps of a day in their order; the books are proven only where it is asked for, because that reads every row.
CREATE OR REPLACE FUNCTION counter.day_steps(of_hall smallint, day date, proven boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    past counter.day_closing := counter.closing_before(of_hall, day);
BEGIN
    RETURN jsonb_build_array(
        counter.step_shifts(of_hall, day), counter.step_deposits(of_hall, day), counter.step_settlement(of_hall, day),
        counter.step_statements(day), counter.step_matches(of_hall, day), counter.step_breaks(of_hall, day),
        counter.step_vends(of_hall, day), counter.step_receipts(of_hall, past, day))
        || CASE WHEN proven THEN counter.step_ledger(of_hall, past, day, NULL, coalesce(past.heads, '{}'),
                                                    counter.day_heads(of_hall, day))
                ELSE '[]' END;
END
$$;

-- The month that has to be closed next: the one after the last, or that of the first closed day.
CREATE OR REPLACE FUNCTION counter.next_month(of_hall smallint) RETURNS date
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(
        (SELECT (max(m.month) + interval '1 month')::date FROM counter.month_closing m WHERE m.hall_no = of_hall),
        (SELECT date_trunc('month', min(c.business_date))::date FROM counter.day_closing c WHERE c.hall_no = of_hall))
$$;

-- That month, when all its days are closed.
CREATE OR REPLACE FUNCTION counter.closable_month(of_hall smallint, closed date) RETURNS date
LANGUAGE sql STABLE
AS $$
    SELECT n.month FROM counter.next_month(of_hall) AS n(month) WHERE closed >= n.month + interval '1 month' - interval '1 day'
$$;

-- The checklist of a day for the screen, for whoever may look into the hall. For a day that is closed, as it was signed.
CREATE OR REPLACE FUNCTION counter.day_checklist(of_hall smallint, of_day date, proven boolean DEFAULT true) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    past counter.day_closing;
    waits date;
    day date;
    closed date;
BEGIN
    IF NOT coalesce(of_hall = counter.my_hall() OR counter.sees_all_halls(), false) THEN
        PERFORM counter.refuse('CN159', 'this is not a day of this login''s hall', jsonb_build_object('hall_no', of_hall));
    END IF;
    waits := counter.next_day(of_hall);
    day := coalesce(of_day, waits, counter.business_date());
    past := counter.closing_before(of_hall, day);
    closed := (SELECT max(c.business_date) FROM counter.closed_day c WHERE c.hall_no = of_hall);
    RETURN jsonb_build_object(
        'hall_no', of_hall, 'hall_name', (SELECT h.name FROM counter.hall h WHERE h.hall_no = of_hall),
        'business_date', day, 'today', counter.business_date(), 'closed_through', closed, 'next_day', waits,
        'closed', coalesce(day <= closed, false), 'closable_month', counter.closable_month(of_hall, closed),
        'journals', (SELECT count(*) FROM counter.hall_journals(
                         of_hall, past.heads, coalesce(past.business_date + 1, day), day)),
        'takings', counter.day_takings(of_hall, past, coalesce(past.business_date + 1, day), day),
        'steps', CASE WHEN coalesce(day <= closed, false)
                      THEN coalesce((SELECT c.checklist FROM counter.day_closing c
                                      WHERE c.hall_no = of_hall AND c.business_date = day), '[]')
                      ELSE counter.day_steps(of_hall, day, proven) END);
END
$$;
