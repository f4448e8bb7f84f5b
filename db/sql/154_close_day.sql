-- The closing of a day of a hall, and of a month. Nobody may write closed_day, day_closing or month_closing but these.
--
-- In one transaction, with every till of the hall held, the checklist is gone through once more; what is not in order
-- refuses the closing by its name. After it the tills' own rows refuse every journal of the day (CN004), whoever posts.

-- What moved on each ledger account of a hall in the days after the closing before, and how it stands with it.
CREATE OR REPLACE FUNCTION counter.day_totals(of_hall smallint, past counter.day_closing, day date) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    WITH moved AS (
        SELECT p.ledger_account::text AS account,
               coalesce(sum(p.amount_fen) FILTER (WHERE p.amount_fen > 0 AND j.business_date > d.before), 0)::bigint AS debits_fen,
               coalesce(-sum(p.amount_fen) FILTER (WHERE p.amount_fen < 0 AND j.business_date > d.before), 0)::bigint AS credits_fen,
               coalesce(sum(p.amount_fen) FILTER (WHERE j.business_date <= d.before), 0)::bigint AS carried_fen
          FROM (SELECT coalesce(past.business_date, day - 1) AS before) d
         CROSS JOIN LATERAL counter.hall_journals(of_hall, past.heads, coalesce(past.business_date + 1, '-infinity'), day) AS j
          JOIN counter.posting p USING (journal_id) GROUP BY p.ledger_account
    ), stood AS (
        SELECT t.key AS account, (t.value->>'closing_fen')::bigint AS fen FROM jsonb_each(coalesce(past.totals, '{}')) AS t
    )
    SELECT coalesce(jsonb_object_agg(account, jsonb_build_object(
               'opening_fen', opening_fen, 'debits_fen', coalesce(debits_fen, 0), 'credits_fen', coalesce(credits_fen, 0),
               'closing_fen', opening_fen + coalesce(debits_fen, 0) - coalesce(credits_fen, 0))), '{}')
      FROM (SELECT account, coalesce(s.fen, 0) + coalesce(m.carried_fen, 0) AS opening_fen, m.debits_fen, m.credits_fen
              FROM stood s FULL JOIN moved m USING (account)) w
$$;

-- How a ledger account stands over all halls: what was closed, and what moved since.
CREATE OR REPLACE FUNCTION counter.bureau_balances(accounts text[]) RETURNS TABLE (ledger_account text, fen bigint)
LANGUAGE sql STABLE
AS $$
    SELECT w.account, sum(w.fen)::bigint
      FROM counter.hall h
     CROSS JOIN LATERAL counter.closing_before(h.hall_no, 'infinity') AS c
     CROSS JOIN LATERAL (
           SELECT t.key AS account, (t.value->>'closing_fen')::bigint AS fen FROM jsonb_each(coalesce(c.totals, '{}')) AS t
           UNION ALL
           SELECT p.ledger_account::text, p.amount_fen
             FROM counter.hall_journals(h.hall_no, c.heads, coalesce(c.business_date + 1, '-infinity'), 'infinity') AS j
             JOIN counter.posting p USING (journal_id)) w
     WHERE w.account = ANY (accounts) GROUP BY w.account
$$;

-- The bank reconciliation statement as it is signed: what the statements say and what they have not seen yet is what
-- the books say and what those have not seen yet. Bank accounts are shared, so it is of all halls; the hall's own items
-- are listed (the 500 oldest), and so are the lines.
CREATE OR REPLACE FUNCTION counter.day_bank(of_hall smallint, day date) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object(
        'accounts', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                'bank_account_no', a.bank_account_no, 'bank_name', a.bank_name, 'through', a.through,
                                'closing_fen', a.closing_fen) ORDER BY a.bank_account_no), '[]')
                       FROM counter.bank_account a WHERE a.kind = 'bank' AND a.closing_fen IS NOT NULL),
        'statement_fen', (SELECT coalesce(sum(a.closing_fen), 0) FROM counter.bank_account a WHERE a.kind = 'bank'),
        'books_fen', (SELECT coalesce(sum(b.fen), 0) FROM counter.bureau_balances(ARRAY[
                          'bank', 'cash_in_transit', 'transfer_clearing', 'pos_clearing', 'acquirer_receivable', 'pos_unmatched',
                          'refunds_payable', 'unidentified_receipts', 'unexplained_payments']) AS b),
        'not_at_bank', (SELECT jsonb_build_object('count', count(*), 'amount_fen', coalesce(sum(i.open_fen), 0),
                                   'own_count', count(*) FILTER (WHERE i.hall_no = of_hall),
                                   'own_fen', coalesce(sum(i.open_fen) FILTER (WHERE i.hall_no = of_hall), 0))
                          FROM counter.book_item i WHERE i.open_fen <> 0 AND NOT i.withdrawn),
        'not_in_books', (SELECT jsonb_build_object('count', count(*), 'amount_fen', coalesce(sum(l.open_fen), 0))
                           FROM counter.statement_line l WHERE l.open_fen <> 0),
        'items', (SELECT coalesce(jsonb_agg(to_jsonb(o) || jsonb_build_object('age_days', day - o.business_date)), '[]')
                    FROM (SELECT w.* FROM counter.open_items(of_hall, day) AS w ORDER BY w.business_date, w.item_id LIMIT 500) o),
        'lines', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                             'line_id', l.line_id, 'booked', l.booked, 'open_fen', l.open_fen, 'party', l.party,
                             'reference', l.reference, 'age_days', greatest(day - l.booked, 0))), '[]')
                    FROM (SELECT s.* FROM counter.statement_line s WHERE s.open_fen <> 0
                           ORDER BY s.booked, s.line_id LIMIT 500) l))
$$;

CREATE OR REPLACE FUNCTION counter.day_answer(closing counter.day_closing, replayed boolean) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object('request_id', closing.request_id, 'business_date', closing.business_date,
                              'journals', closing.journals, 'closed_at', closing.closed_at, 'replayed', replayed)
$$;

-- Who closes, or a refusal: a cashier or a supervisor.
CREATE OR REPLACE FUNCTION counter.who_closes() RETURNS counter.staff
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    me counter.staff;
BEGIN
    SELECT * INTO me FROM counter.staff
     WHERE staff_no = session_user::text AND active AND duty IN ('cashier', 'supervisor');
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN159', 'this login closes no days');
    END IF;
    RETURN me;
END
$$;

-- A signed note is one line of 1 to 200 characters, for a step that there is.
CREATE OR REPLACE FUNCTION counter.check_notes(notes jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    IF notes IS NULL OR jsonb_typeof(notes) = 'object' AND NOT EXISTS (
        SELECT FROM jsonb_each(notes) AS n
         WHERE n.key NOT IN ('shifts', 'deposits', 'settlement', 'statements', 'matches', 'breaks', 'vends', 'receipts', 'ledger')
            OR jsonb_typeof(n.value) <> 'string'
            OR (length(trim(n.value #>> '{}')) BETWEEN 1 AND 200 AND n.value #>> '{}' !~ '[[:cntrl:]]') IS NOT TRUE) THEN
        RETURN;
    END IF;
    PERFORM counter.refuse('CN160', 'the notes of the checklist are not complete', jsonb_build_object('field', 'checklist'));
END
$$;

-- The day can be the next to be closed: not before it began, not twice, and none with something in it is left out.
CREATE OR REPLACE FUNCTION counter.check_day(of_hall smallint, day date) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    known counter.day_closing;
    waits date;
BEGIN
    IF day IS NULL OR NOT isfinite(day) THEN
        PERFORM counter.refuse('CN160', 'no day', jsonb_build_object('field', 'business_date'));
    ELSIF day > counter.business_date() THEN
        PERFORM counter.refuse('CN157', 'a day is closed when it has begun', jsonb_build_object('business_date', day));
    ELSIF EXISTS (SELECT FROM counter.closed_day c WHERE c.hall_no = of_hall AND c.business_date >= day) THEN
        SELECT * INTO known FROM counter.day_closing c WHERE c.hall_no = of_hall AND c.business_date >= day
         ORDER BY c.business_date LIMIT 1;
        PERFORM counter.refuse('CN158', 'the day is closed', jsonb_build_object('business_date', day,
            'closed_at', to_char(known.closed_at, 'YYYY-MM-DD HH24:MI'),
            'staff_name', coalesce((SELECT s.name FROM counter.staff s WHERE s.staff_no = known.staff_no), known.staff_no)));
    END IF;
    waits := counter.next_day(of_hall);
    IF waits < day THEN
        PERFORM counter.refuse('CN156', 'an earlier day is open', jsonb_build_object('business_date', day, 'first', waits));
    END IF;
END
$$;

-- The checklist as it is signed, with the notes; the first step that stops the closing refuses it by its name.
CREATE OR REPLACE FUNCTION counter.signed_steps(steps jsonb, notes jsonb, day date) RETURNS jsonb
LANGUAGE plpgsql
AS $$
DECLARE
    step jsonb;
    signed jsonb := '[]';
    said text;
BEGIN
    FOR step IN SELECT s FROM jsonb_array_elements(steps) AS s LOOP
        said := trim(notes->>(step->>'step'));
        IF step->>'state' = 'mend' OR step->>'state' = 'note' AND said IS NULL THEN
            PERFORM counter.refuse('CN155', format('step %s is not in order', step->>'step'),
                                   step || jsonb_build_object('business_date', day));
        END IF;
        signed := signed || CASE WHEN said IS NULL THEN step
                                 WHEN step->>'state' = 'note' THEN step || jsonb_build_object('state', 'explained', 'note', said)
                                 ELSE step || jsonb_build_object('note', said) END;
    END LOOP;
    RETURN signed;
END
$$;

-- Closes a day of the caller's hall, and the days before it in which nothing was. Request: {request_id, business_date,
-- checklist?: {step: note}, journals?}. journals is how many the cashier saw; another number
-- means that the books moved since.
CREATE OR REPLACE FUNCTION counter.close_day(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    me counter.staff;
    known counter.day_closing;
    past counter.day_closing;
    done counter.day_closing;
    day date := CASE WHEN request->>'business_date' ~ '^\d{4}-\d\d-\d\d$' THEN (request->>'business_date')::date END;
    proven bigint;
    heads jsonb;
BEGIN
    PERFORM counter.claim_request(request);
    SELECT * INTO known FROM counter.day_closing c WHERE c.request_id = (request->>'request_id')::uuid;
    IF FOUND THEN
        IF known.request_hash <> counter.request_digest(request) OR known.staff_no <> session_user::text THEN
            PERFORM counter.refuse('CN002', 'this request id was used for something else');
        END IF;
        RETURN counter.day_answer(known, true);
    END IF;
    me := counter.who_closes();
    PERFORM counter.check_notes(request->'checklist');
    -- Most of the books are proven before any desk is held up; what is written meanwhile comes under the locks.
    past := counter.closing_before(me.hall_no, day);
    heads := counter.day_heads(me.hall_no, day);
    proven := counter.broken_journal(me.hall_no, coalesce(past.heads, '{}'), heads);
    PERFORM FROM counter.hall h WHERE h.hall_no = me.hall_no FOR NO KEY UPDATE;
    PERFORM FROM counter.till t WHERE t.hall_no = me.hall_no ORDER BY t.till_no FOR UPDATE;
    PERFORM counter.check_day(me.hall_no, day);
    PERFORM counter.collect_items();
    done.heads := counter.day_heads(me.hall_no, day);
    done.checklist := counter.signed_steps(
        counter.day_steps(me.hall_no, day, false) || counter.step_ledger(me.hall_no, past, day, proven, heads, done.heads),
        request->'checklist', day);
    done.journals := (SELECT count(*) FROM counter.hall_journals(
                          me.hall_no, past.heads, coalesce(past.business_date + 1, day), day));
    IF (request->>'journals')::bigint <> done.journals THEN
        PERFORM counter.refuse('CN161', 'the books moved since they were looked at',
                               jsonb_build_object('seen', request->'journals', 'journals', done.journals));
    END IF;
    done.totals := counter.day_totals(me.hall_no, past, day);
    INSERT INTO counter.closed_day (hall_no, business_date, closed_at)
    SELECT me.hall_no, d::date, clock_timestamp()
      FROM generate_series(coalesce(past.business_date + 1, day), day, interval '1 day') AS d ORDER BY d DESC;
    INSERT INTO counter.day_closing (hall_no, business_date, request_id, request_hash, staff_no, closed_at, journals, totals,
                                     heads, checklist, bank)
    VALUES (me.hall_no, day, (request->>'request_id')::uuid, counter.request_digest(request), me.staff_no, clock_timestamp(),
            done.journals, done.totals, done.heads, done.checklist, counter.day_bank(me.hall_no, day))
    RETURNING * INTO done;
    PERFORM pg_notify('counter_day', jsonb_build_object('hall_no', me.hall_no)::text);
    RETURN counter.day_answer(done, false);
END
$$;

-- What moved in a month, carried from the closing of the month before, out of the closings of its days.
CREATE OR REPLACE FUNCTION counter.month_totals(of_hall smallint, month date) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    WITH days AS (
        SELECT c.business_date, t.key AS account, (t.value->>'opening_fen')::bigint AS opening_fen,
               (t.value->>'debits_fen')::bigint AS debits_fen, (t.value->>'credits_fen')::bigint AS credits_fen
          FROM counter.day_closing c CROSS JOIN LATERAL jsonb_each(c.totals) AS t
         WHERE c.hall_no = of_hall AND c.business_date >= month AND c.business_date < month + interval '1 month'
    ), carried AS (
        SELECT t.key AS account, (t.value->>'closing_fen')::bigint AS fen
          FROM counter.closing_before(of_hall, month) AS c CROSS JOIN LATERAL jsonb_each(c.totals) AS t
    )
    SELECT coalesce(jsonb_object_agg(w.account, jsonb_build_object(
               'opening_fen', w.opening_fen, 'debits_fen', w.debits_fen, 'credits_fen', w.credits_fen,
               'closing_fen', w.opening_fen + w.debits_fen - w.credits_fen)), '{}')
      FROM (SELECT account, coalesce(c.fen, d.first_fen, 0) AS opening_fen, coalesce(d.debits_fen, 0) AS debits_fen,
                   coalesce(d.credits_fen, 0) AS credits_fen
              FROM carried c
              FULL JOIN (SELECT account, (array_agg(opening_fen ORDER BY business_date))[1] AS first_fen,
                                sum(debits_fen)::bigint AS debits_fen, sum(credits_fen)::bigint AS credits_fen
                           FROM days GROUP BY account) d USING (account)) w
$$;

-- A month can be closed when all its days are, once, and after the months before it.
CREATE OR REPLACE FUNCTION counter.check_month(of_hall smallint, month date) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    known counter.month_closing;
    last_day date := month + interval '1 month' - interval '1 day';
    closed date := (SELECT max(c.business_date) FROM counter.closed_day c WHERE c.hall_no = of_hall);
BEGIN
    IF (isfinite(month) AND extract(day FROM month) = 1) IS NOT TRUE THEN
        PERFORM counter.refuse('CN160', 'no month', jsonb_build_object('field', 'month'));
    END IF;
    SELECT * INTO known FROM counter.month_closing m WHERE m.hall_no = of_hall AND m.month = check_month.month;
    IF FOUND THEN
        PERFORM counter.refuse('CN164', 'the month is closed', jsonb_build_object('month', to_char(month, 'YYYY-MM'),
            'closed_at', to_char(known.closed_at, 'YYYY-MM-DD HH24:MI'),
            'staff_name', coalesce((SELECT s.name FROM counter.staff s WHERE s.staff_no = known.staff_no), known.staff_no)));
    ELSIF (closed >= last_day) IS NOT TRUE THEN
        PERFORM counter.refuse('CN162', 'not all days of the month are closed', jsonb_build_object(
            'month', to_char(month, 'YYYY-MM'), 'closed_through', coalesce(closed::text, '-'), 'last_day', last_day));
    ELSIF counter.next_month(of_hall) IS DISTINCT FROM month THEN
        PERFORM counter.refuse('CN163', 'another month is to be closed first', jsonb_build_object(
            'month', to_char(month, 'YYYY-MM'), 'first', to_char(counter.next_month(of_hall), 'YYYY-MM')));
    END IF;
END
$$;

-- Closes a month of the caller's hall. Request: {request_id, month}, the first day of it.
CREATE OR REPLACE FUNCTION counter.close_month(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    me counter.staff;
    done counter.month_closing;
    replayed boolean;
    month date := CASE WHEN request->>'month' ~ '^\d{4}-\d\d-\d\d$' THEN (request->>'month')::date END;
BEGIN
    PERFORM counter.claim_request(request);
    SELECT * INTO done FROM counter.month_closing m WHERE m.request_id = (request->>'request_id')::uuid;
    replayed := FOUND;
    IF replayed AND (done.request_hash <> counter.request_digest(request) OR done.staff_no <> session_user::text) THEN
        PERFORM counter.refuse('CN002', 'this request id was used for something else');
    ELSIF NOT replayed THEN
        me := counter.who_closes();
        PERFORM FROM counter.till t WHERE t.hall_no = me.hall_no ORDER BY t.till_no FOR UPDATE;
        PERFORM counter.check_month(me.hall_no, month);
        INSERT INTO counter.month_closing (hall_no, month, request_id, request_hash, staff_no, closed_at, totals)
        VALUES (me.hall_no, month, (request->>'request_id')::uuid, counter.request_digest(request), me.staff_no,
                clock_timestamp(), counter.month_totals(me.hall_no, month))
        RETURNING * INTO done;
    END IF;
    RETURN jsonb_build_object('request_id', done.request_id, 'month', done.month, 'closed_at', done.closed_at,
                              'replayed', replayed);
END
$$;
