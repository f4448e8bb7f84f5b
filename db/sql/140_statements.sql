-- Statements of banks, and settlement files of acquirers, taken over line by line, each line once.
--
-- The bank moves here and nowhere else: every statement that brought something new posts one journal, so that the ledger's
-- bank is the sum of the closing balances. A line is told by the bank's own reference on its day, else by its text; by the
-- k-th of the same day and amount when it came in another format before. What was paired like that is believed only when
-- the balances agree: the statement has to open with what the account had before the lines that are new.
--
-- Locks: the bank till of the caller's hall, then the accounts by number.

DO $do$
BEGIN
    -- A line of the file (by its place in it) that is in already: surely or by day and amount alone, and the same or changed.
    CREATE TYPE counter.known_line AS (
        place bigint, line_id bigint, seq bigint, amount_fen bigint, surely boolean, changed boolean
    );
    CREATE TYPE counter.line_sums AS (lines bigint, in_fen bigint, out_fen bigint, fee_fen bigint);
EXCEPTION WHEN duplicate_object THEN NULL;
END
$do$;

-- Yuan as the sentences of refusals show them.
CREATE OR REPLACE FUNCTION counter.yuan_text(amount_fen bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT to_char(amount_fen / 100.0, 'FM999,999,999,999,990.00') $$;

-- What the bank writes on a line that tells it from others of its day and amount.
CREATE OR REPLACE FUNCTION counter.line_key(
    reference text, line_text text, terminal text, batch text, trace text
) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN trace <> '' THEN 'p' || terminal || '/' || batch || '/' || trace
                WHEN reference <> '' THEN 'r' || reference ELSE 't' || line_text END
$$;

-- Who keeps the bank side: cashiers and supervisors.
CREATE OR REPLACE FUNCTION counter.bank_staff() RETURNS counter.staff
LANGUAGE plpgsql
AS $$
DECLARE
    me counter.staff;
BEGIN
    SELECT * INTO me FROM counter.staff
     WHERE staff_no = session_user::text AND active AND duty IN ('cashier', 'supervisor');
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN013', 'this login does not keep the bank side');
    END IF;
    RETURN me;
END
$$;

CREATE OR REPLACE FUNCTION counter.import_answer(of_file uuid, replayed boolean) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object('file_id', of_file, 'replayed', replayed, 'statements', coalesce(jsonb_agg(jsonb_build_object(
               'statement_id', s.statement_id, 'bank_account_no', s.bank_account_no, 'lines_new', s.lines_new,
               'lines_known', s.lines_in_file - s.lines_new, 'closing_fen', s.closing_fen) ORDER BY s.statement_id), '[]'))
      FROM counter.statement s WHERE s.file_id = of_file
$$;

-- What a request id stands for. The lines follow from the file, whose digest is in it.
CREATE OR REPLACE FUNCTION counter.import_digest(request jsonb) RETURNS bytea
LANGUAGE sql STABLE
AS $$
    SELECT counter.request_digest(request || jsonb_build_object('statements', (
               SELECT jsonb_agg(s - 'lines') FROM jsonb_array_elements(request->'statements') s)))
$$;

-- The file is kept whole, once for all halls: who comes second is told who was first. (Of two at once the second waits
-- here for the first.)
CREATE OR REPLACE FUNCTION counter.keep_bank_file(request jsonb, whole bytea, me counter.staff) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    file jsonb := request->'file';
    facts jsonb;
BEGIN
    IF encode(sha256(whole), 'hex') IS DISTINCT FROM file->>'digest' THEN
        PERFORM counter.refuse('CN113', 'the file did not arrive as it was sent', '{"line": 0}');
    END IF;
    INSERT INTO counter.bank_file (file_id, request_hash, digest, name, kind, format, encoding, size_bytes, content, staff_no,
                                   hall_no)
    VALUES ((request->>'request_id')::uuid, counter.import_digest(request), sha256(whole), file->>'name', file->>'kind',
            file->>'format', file->>'encoding', octet_length(whole), whole, me.staff_no, me.hall_no)
    ON CONFLICT (digest) DO NOTHING;
    IF FOUND THEN
        RETURN;
    END IF;
    SELECT jsonb_build_object('staff_name', coalesce(s.name, f.staff_no), 'name', f.name,
               'imported_at', to_char(f.recorded_at AT TIME ZONE b.timezone, 'YYYY-MM-DD HH24:MI'))
      INTO facts
      FROM counter.bank_file f LEFT JOIN counter.staff s USING (staff_no) CROSS JOIN counter.bureau b
     WHERE f.digest = sha256(whole);
    PERFORM counter.refuse('CN112', 'this file was imported before', facts);
END
$$;

-- The accounts of a request are ours, of the right kind and currency; their rows are held to the end.
CREATE OR REPLACE FUNCTION counter.hold_bank_accounts(request jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    item jsonb;
    account counter.bank_account;
BEGIN
    FOR item IN SELECT s FROM jsonb_array_elements(request->'statements') s ORDER BY s->>'bank_account_no' COLLATE "C" LOOP
        SELECT * INTO account FROM counter.bank_account b
         WHERE b.bank_account_no = item->>'bank_account_no' AND b.active
           AND b.kind = CASE request->'file'->>'kind' WHEN 'settlement' THEN 'acquirer' ELSE 'bank' END FOR UPDATE;
        IF NOT FOUND THEN
            PERFORM counter.refuse('CN114', 'not an account of this company', item - 'lines');
        ELSIF account.currency <> coalesce(item->>'currency', account.currency) THEN
            PERFORM counter.refuse('CN115', 'another currency', jsonb_build_object(
                'bank_account_no', account.bank_account_no, 'currency', item->'currency', 'expected', account.currency));
        END IF;
    END LOOP;
END
$$;

-- The lines of a statement in the order of the file; seq is their place in it. See counter/services/bank_rows.py.
CREATE OR REPLACE FUNCTION counter.incoming_lines(item jsonb) RETURNS counter.statement_line[]
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(array_agg(ROW(
               NULL, item->>'bank_account_no', t.place, NULL, l->>0, l->>1, l->>2, l->>3, coalesce(l->>4, ''),
               coalesce(l->>5, ''), coalesce(l->>6, ''), coalesce(l->>7, ''), coalesce((l->>8)::boolean, false), l->>9, 1,
               nullif(l->10, 'null'), coalesce((l->>11)::bigint, 0), coalesce(l->>12, ''), coalesce(l->>13, ''),
               coalesce(l->>14, ''), coalesce(l->>15, ''), coalesce(l->>16, ''),
               (l->>17)::timestamp AT TIME ZONE b.timezone, l->>2
           )::counter.statement_line ORDER BY t.place), '{}')
      FROM jsonb_array_elements(item->'lines') WITH ORDINALITY AS t(l, place) CROSS JOIN counter.bureau b
$$;

-- What a statement says of itself: days that have been, and balances that its lines lead to.
CREATE OR REPLACE FUNCTION counter.check_statement(item jsonb, lines counter.statement_line[], of_kind text) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    opening_fen bigint := item->>'opening_fen';
    closing_fen bigint := item->>'closing_fen';
    today date := counter.business_date();
    moved_fen bigint;
    wrong record;
BEGIN
    SELECT coalesce(sum(l.amount_fen), 0) INTO moved_fen FROM unnest(lines) l;
    SELECT l.file_line AS line, l.booked INTO wrong FROM unnest(lines) l WHERE l.booked > today ORDER BY l.seq LIMIT 1;
    IF wrong.line IS NOT NULL OR (item->>'closing_date')::date > today THEN
        PERFORM counter.refuse('CN117', 'a day to come', jsonb_build_object(
            'line', coalesce(wrong.line, 0), 'date', coalesce(wrong.booked, (item->>'closing_date')::date), 'today', today));
    END IF;
    IF of_kind = 'settlement' THEN
        RETURN;
    ELSIF opening_fen IS NULL OR closing_fen IS NULL THEN
        PERFORM counter.refuse('CN124', 'no balances', jsonb_build_object('bank_account_no', item->'bank_account_no'));
    END IF;
    SELECT r.file_line AS line, r.reached_fen, r.balance_fen INTO wrong
      FROM (SELECT l.*, opening_fen + sum(l.amount_fen) OVER (ORDER BY l.seq) AS reached_fen FROM unnest(lines) l) r
     WHERE r.balance_fen <> r.reached_fen ORDER BY r.seq LIMIT 1;
    IF wrong.line IS NOT NULL THEN
        PERFORM counter.refuse('CN119', 'the running balance breaks', jsonb_build_object(
            'line', wrong.line, 'stated', counter.yuan_text(wrong.balance_fen),
            'reached', counter.yuan_text(wrong.reached_fen::bigint)));
    ELSIF opening_fen + moved_fen <> closing_fen THEN
        PERFORM counter.refuse('CN118', 'opening and movements do not make closing', jsonb_build_object(
            'bank_account_no', item->'bank_account_no', 'opening', counter.yuan_text(opening_fen),
            'reached', counter.yuan_text(opening_fen + moved_fen), 'stated', counter.yuan_text(closing_fen),
            'off', counter.yuan_text(closing_fen - opening_fen - moved_fen)));
    END IF;
END
$$;

-- Which lines of the file are in already. The k-th of the same day, amount, key and text is the k-th there; what is left is
-- paired by day, amount and key (a changed text, unless the format is another), then by day and amount with what came in
-- another format (never of an acquirer, who has no balance to prove it).
CREATE OR REPLACE FUNCTION counter.known_lines(
    account counter.bank_account, lines counter.statement_line[], of_format text
) RETURNS counter.known_line[]
LANGUAGE sql STABLE
SET enable_nestloop = off SET jit = off
AS $$
    WITH incoming AS MATERIALIZED (
        SELECT l.seq, l.booked, l.amount_fen, k.key, l.text, l.fee_fen,
               row_number() OVER (PARTITION BY l.booked, l.amount_fen, k.key, l.text ORDER BY l.seq) AS nth
          FROM unnest(lines) l
         CROSS JOIN LATERAL (SELECT counter.line_key(l.reference, l.text, l.terminal, l.batch, l.trace)) k(key)
    ), stored AS MATERIALIZED (
        SELECT s.line_id, s.seq, s.booked, s.amount_fen, k.key, s.text, s.fee_fen, f.format <> of_format AS other_format,
               row_number() OVER (PARTITION BY s.booked, s.amount_fen, k.key, s.text ORDER BY s.seq) AS nth
          FROM counter.statement_line s JOIN counter.statement t USING (statement_id) JOIN counter.bank_file f USING (file_id)
         CROSS JOIN LATERAL (SELECT counter.line_key(s.reference, s.text, s.terminal, s.batch, s.trace)) k(key)
         WHERE s.bank_account_no = account.bank_account_no
           AND s.booked BETWEEN (SELECT min(booked) FROM incoming) AND (SELECT max(booked) FROM incoming)
    ), exact AS MATERIALIZED (
        SELECT i.seq AS place, s.line_id, s.seq, s.amount_fen, i.fee_fen <> s.fee_fen AS changed
          FROM incoming i JOIN stored s USING (booked, amount_fen, key, text, nth)
    ), left_incoming AS MATERIALIZED (
        SELECT i.seq, i.booked, i.amount_fen, i.key, i.fee_fen,
               row_number() OVER (PARTITION BY i.booked, i.amount_fen, i.key ORDER BY i.seq) AS nth
          FROM incoming i LEFT JOIN exact e ON e.place = i.seq WHERE e.place IS NULL
    ), left_stored AS MATERIALIZED (
        SELECT s.line_id, s.seq, s.booked, s.amount_fen, s.key, s.fee_fen, s.other_format,
               row_number() OVER (PARTITION BY s.booked, s.amount_fen, s.key ORDER BY s.seq) AS nth
          FROM stored s LEFT JOIN exact e ON e.line_id = s.line_id WHERE e.line_id IS NULL
    ), same AS MATERIALIZED (
        SELECT i.seq AS place, s.line_id, s.seq, s.amount_fen,
               i.fee_fen <> s.fee_fen OR account.kind = 'bank' AND NOT s.other_format AS changed
          FROM left_incoming i JOIN left_stored s USING (booked, amount_fen, key, nth)
    ), open_incoming AS (
        SELECT i.seq, i.booked, i.amount_fen, row_number() OVER (PARTITION BY i.booked, i.amount_fen ORDER BY i.seq) AS nth
          FROM left_incoming i LEFT JOIN same ON same.place = i.seq
         WHERE same.place IS NULL AND account.kind = 'bank'
    ), open_stored AS (
        SELECT s.line_id, s.seq, s.booked, s.amount_fen,
               row_number() OVER (PARTITION BY s.booked, s.amount_fen ORDER BY s.seq) AS nth
          FROM left_stored s LEFT JOIN same ON same.line_id = s.line_id
         WHERE same.line_id IS NULL AND s.other_format
    ), pairs AS (
        SELECT place, line_id, seq, amount_fen, true, changed FROM exact
        UNION ALL
        SELECT place, line_id, seq, amount_fen, true, changed FROM same
        UNION ALL
        SELECT i.seq, s.line_id, s.seq, s.amount_fen, false, false
          FROM open_incoming i JOIN open_stored s USING (booked, amount_fen, nth)
    )
    SELECT coalesce(array_agg(ROW(pairs.*)::counter.known_line), '{}') FROM pairs
$$;

-- The first line that stands in days that are in, before lines that are in: the bank has put it there afterwards.
CREATE OR REPLACE FUNCTION counter.line_between(
    lines counter.statement_line[], known counter.known_line[], last_booked date
) RETURNS counter.statement_line
LANGUAGE sql STABLE
SET enable_nestloop = off SET jit = off
AS $$
    SELECT l FROM unnest(lines) l LEFT JOIN unnest(known) k ON k.place = l.seq
     WHERE k.place IS NULL AND l.booked < last_booked AND l.seq < (SELECT max(place) FROM unnest(known))
     ORDER BY l.seq LIMIT 1
$$;

-- A line under a reference that is known, with another text in the same format, or (where new lines are looked at too) with
-- other figures.
CREATE OR REPLACE FUNCTION counter.refuse_changed_line(
    account counter.bank_account, lines counter.statement_line[], known counter.known_line[], new_too boolean
) RETURNS void
LANGUAGE plpgsql
SET enable_nestloop = off SET jit = off
AS $$
DECLARE
    wrong record;
BEGIN
    IF NOT new_too AND NOT EXISTS (SELECT FROM unnest(known) k WHERE k.changed) THEN
        RETURN;
    END IF;
    WITH stored AS (
        SELECT s.*, count(*) OVER (PARTITION BY s.reference, s.terminal, s.batch, s.trace) AS alike
          FROM counter.statement_line s
         WHERE s.bank_account_no = account.bank_account_no
           AND s.booked BETWEEN (SELECT min(l.booked) FROM unnest(lines) l) AND (SELECT max(l.booked) FROM unnest(lines) l)
    ), pairs AS (
        SELECT k.place, k.line_id FROM unnest(known) k WHERE k.changed
        UNION ALL
        SELECT l.seq, s.line_id
          FROM unnest(lines) l LEFT JOIN unnest(known) k ON k.place = l.seq
          JOIN stored s ON s.terminal = l.terminal AND s.batch = l.batch AND s.trace = l.trace
                           AND CASE WHEN s.trace = '' THEN s.reference ELSE '' END
                               = CASE WHEN l.trace = '' THEN l.reference ELSE '' END
          LEFT JOIN unnest(known) taken ON taken.line_id = s.line_id
         WHERE new_too AND k.place IS NULL AND taken.line_id IS NULL AND s.alike = 1 AND (l.reference <> '' OR l.trace <> '')
           AND (account.kind = 'bank' OR s.booked = l.booked)
    )
    SELECT l.file_line AS line, CASE WHEN l.trace <> '' THEN l.terminal || ' ' || l.trace ELSE l.reference END AS reference,
           concat_ws(' ', s.booked, counter.yuan_text(s.amount_fen), s.text) AS was,
           concat_ws(' ', l.booked, counter.yuan_text(l.amount_fen), l.text) AS now
      INTO wrong
      FROM pairs p JOIN stored s USING (line_id) JOIN unnest(lines) l ON l.seq = p.place
     ORDER BY l.seq, s.seq LIMIT 1;
    IF wrong.line IS NOT NULL THEN
        PERFORM counter.refuse('CN121', 'a line that is in has changed', to_jsonb(wrong));
    END IF;
END
$$;

-- A statement that fits nowhere: says what is wrong with it, and at which line.
CREATE OR REPLACE FUNCTION counter.refuse_break(
    account counter.bank_account, item jsonb, lines counter.statement_line[], known counter.known_line[], last_booked date
) RETURNS void
LANGUAGE plpgsql
SET enable_nestloop = off SET jit = off
AS $$
DECLARE
    begun date := (SELECT min(s.opening_date) FROM counter.statement s WHERE s.bank_account_no = account.bank_account_no);
    wrong counter.statement_line;
    facts jsonb;
BEGIN
    PERFORM counter.refuse_changed_line(account, lines, known, true);
    wrong := counter.line_between(lines, known, last_booked);
    IF wrong.file_line IS NOT NULL THEN
        PERFORM counter.refuse('CN122', 'a line between lines that are in', jsonb_build_object(
            'line', wrong.file_line, 'booked', wrong.booked, 'text', wrong.text,
            'amount', counter.yuan_text(wrong.amount_fen), 'through', account.through));
    END IF;
    SELECT l.* INTO wrong FROM unnest(lines) l LEFT JOIN unnest(known) k ON k.place = l.seq
     WHERE k.place IS NULL ORDER BY l.seq LIMIT 1;
    facts := jsonb_build_object(
        'bank_account_no', account.bank_account_no, 'line', coalesce(wrong.file_line, 0), 'begun', begun,
        'through', account.through, 'opening', counter.yuan_text((item->>'opening_fen')::bigint),
        'expected', counter.yuan_text(account.closing_fen), 'opening_date', item->'opening_date');
    PERFORM counter.refuse(CASE WHEN (item->>'opening_date')::date < begun THEN 'CN123' ELSE 'CN120' END,
                           'does not continue the statement before', facts);
END
$$;

-- The balance before lines that are in; unknown where others of the account stand between them.
CREATE OR REPLACE FUNCTION counter.balance_before(
    account counter.bank_account, known counter.known_line[]
) RETURNS bigint
LANGUAGE sql STABLE
AS $$
    SELECT CASE WHEN cardinality(known) = 0 THEN account.closing_fen
                ELSE (SELECT s.balance_fen - s.amount_fen FROM counter.statement_line s
                       WHERE s.bank_account_no = account.bank_account_no AND s.seq = k.first
                         AND k.last - k.first + 1 = cardinality(known)) END
      FROM (SELECT min(seq) AS first, max(seq) AS last FROM unnest(known)) k
$$;

-- Whether a statement of lines that are in, which does not open with the balance before them, is wrong: not where it begins
-- in the middle of a day, whose lines another format may have in another order, nor where it is of days that are in.
CREATE OR REPLACE FUNCTION counter.is_misplaced(
    account counter.bank_account, item jsonb, known counter.known_line[]
) RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT CASE WHEN cardinality(known) = 0 THEN ((item->>'closing_date')::date <= account.through) IS NOT TRUE
                ELSE NOT EXISTS (
                    SELECT FROM counter.statement_line s
                     WHERE s.bank_account_no = account.bank_account_no AND s.seq <> ALL (SELECT k.seq FROM unnest(known) k)
                       AND s.booked = (SELECT min(f.booked) FROM counter.statement_line f
                                        WHERE f.line_id IN (SELECT k.line_id FROM unnest(known) k))) END
$$;

-- Which of the pairs stand: those with which the statement opens where the account was. A statement with nothing new fits
-- wherever its lines are, unless it could only be the next one.
CREATE OR REPLACE FUNCTION counter.settle_known(
    account counter.bank_account, item jsonb, lines counter.statement_line[], of_format text
) RETURNS counter.known_line[]
LANGUAGE plpgsql
SET enable_nestloop = off SET jit = off
AS $$
DECLARE
    known counter.known_line[] := counter.known_lines(account, lines, of_format);
    tried counter.known_line[] := known;
    opening_fen bigint := item->>'opening_fen';
    last_booked date := (SELECT s.booked FROM counter.statement_line s
                          WHERE s.bank_account_no = account.bank_account_no AND s.seq = account.last_seq);
    nothing_new boolean := cardinality(known) = cardinality(lines);
    before_fen bigint;
BEGIN
    IF account.kind = 'acquirer' OR account.closing_fen IS NULL THEN
        PERFORM counter.refuse_changed_line(account, lines, known, account.kind = 'acquirer');
        RETURN known;
    ELSIF nothing_new THEN
        before_fen := counter.balance_before(account, known);
        IF opening_fen <> account.closing_fen OR (item->>'closing_fen')::bigint = opening_fen
           OR before_fen IS NOT DISTINCT FROM opening_fen OR before_fen IS NULL THEN
            IF opening_fen <> before_fen AND counter.is_misplaced(account, item, known) THEN
                account.closing_fen := before_fen;
                PERFORM counter.refuse_break(account, item, lines, known, last_booked);
            END IF;
            PERFORM counter.refuse_changed_line(account, lines, known, false);
            RETURN known;
        END IF;
    END IF;
    FOR attempt IN 1 .. 3 LOOP
        IF attempt = 2 THEN
            tried := ARRAY(SELECT k FROM unnest(known) k WHERE k.surely);
        ELSIF attempt = 3 THEN
            EXIT WHEN (SELECT min(l.booked) FROM unnest(lines) l) < last_booked;
            tried := '{}';
        END IF;
        IF opening_fen = account.closing_fen - (SELECT coalesce(sum(k.amount_fen), 0) FROM unnest(tried) k)
           AND NOT (nothing_new AND attempt = 1)
           AND (counter.line_between(lines, tried, last_booked)).file_line IS NULL THEN
            PERFORM counter.refuse_changed_line(account, lines, tried, false);
            RETURN tried;
        END IF;
    END LOOP;
    PERFORM counter.refuse_break(account, item, lines, known, last_booked);
    RETURN NULL;
END
$$;
