-- Matches that a person makes, takes back or turns down: one request, one match, one journal.

-- The parts of a request ({line_id|item_id, amount_fen?}); without an amount it is all that is open.
CREATE OR REPLACE FUNCTION counter.match_parts(given jsonb, named text)
RETURNS TABLE (id bigint, amount_fen bigint)
LANGUAGE sql IMMUTABLE
AS $$
    SELECT (g->>named)::bigint, (g->>'amount_fen')::bigint FROM jsonb_array_elements(coalesce(given, '[]')) AS g
$$;

-- Refuses a request that is no match: parts missing or named twice, too many, a difference that goes nowhere.
CREATE OR REPLACE FUNCTION counter.check_match(request jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    wrong text := CASE
        WHEN jsonb_typeof(coalesce(request->'lines', '[]')) <> 'array' OR jsonb_array_length(coalesce(request->'lines', '[]')) > 5000
             THEN 'lines'
        WHEN jsonb_typeof(coalesce(request->'items', '[]')) <> 'array' OR jsonb_array_length(coalesce(request->'items', '[]')) > 5000
             THEN 'items'
        WHEN request->>'difference_account' NOT IN ('bank_fees', 'cash_over', 'cash_short') THEN 'difference_account'
        WHEN length(request->>'note') > 200 OR request->>'note' ~ '[[:cntrl:]]' THEN 'note' END;
BEGIN
    wrong := coalesce(wrong, CASE
        WHEN (SELECT count(*) = 0 OR count(*) <> count(DISTINCT p.id) FROM counter.match_parts(request->'lines', 'line_id') AS p)
             AND jsonb_array_length(coalesce(request->'lines', '[]')) > 0 THEN 'lines'
        WHEN (SELECT count(*) <> count(DISTINCT p.id) FROM counter.match_parts(request->'items', 'item_id') AS p) THEN 'items'
        WHEN jsonb_array_length(coalesce(request->'lines', '[]')) + jsonb_array_length(coalesce(request->'items', '[]')) = 0
             THEN 'lines' END);
    IF wrong IS NOT NULL THEN
        PERFORM counter.refuse('CN128', 'this is no match', jsonb_build_object('field', wrong));
    END IF;
END
$$;

-- The lines of a match under their lock, with the amounts that are taken of them.
CREATE OR REPLACE FUNCTION counter.hold_lines(given jsonb, OUT ids bigint[], OUT amounts bigint[], OUT acquirer boolean, OUT words text)
LANGUAGE plpgsql
AS $$
DECLARE
    facts jsonb;
BEGIN
    PERFORM FROM counter.statement_line l WHERE l.line_id IN (SELECT p.id FROM counter.match_parts(given, 'line_id') AS p)
      ORDER BY l.line_id FOR UPDATE;
    SELECT jsonb_build_object('open_fen', coalesce(l.open_fen, 0), 'asked_fen', coalesce(p.amount_fen, l.open_fen, 0)) INTO facts
      FROM counter.match_parts(given, 'line_id') AS p LEFT JOIN counter.statement_line l ON l.line_id = p.id
     WHERE (coalesce(p.amount_fen, l.open_fen) <> 0
            AND coalesce(p.amount_fen, l.open_fen) BETWEEN least(l.open_fen, 0) AND greatest(l.open_fen, 0)) IS NOT TRUE LIMIT 1;
    IF FOUND THEN
        PERFORM counter.refuse('CN126', 'not that much is open of a line', facts);
    END IF;
    SELECT array_agg(p.id ORDER BY p.id), array_agg(coalesce(p.amount_fen, l.open_fen) ORDER BY p.id), bool_or(a.kind = 'acquirer'),
           string_agg(l.text || ' ' || l.party, ' ')
      INTO ids, amounts, acquirer, words
      FROM counter.match_parts(given, 'line_id') AS p JOIN counter.statement_line l ON l.line_id = p.id
      JOIN counter.bank_account a USING (bank_account_no);
    IF (SELECT count(DISTINCT a.kind) > 1 FROM counter.statement_line l JOIN counter.bank_account a USING (bank_account_no)
         WHERE l.line_id = ANY (ids)) THEN
        PERFORM counter.refuse('CN133', 'lines of a bank and of an acquirer');
    END IF;
END
$$;

-- The items of a match under their lock, with the amounts that are taken of them.
CREATE OR REPLACE FUNCTION counter.hold_items(given jsonb, OUT ids bigint[], OUT amounts bigint[], OUT acquirer boolean, OUT cash boolean)
LANGUAGE plpgsql
AS $$
DECLARE
    facts jsonb;
BEGIN
    PERFORM FROM counter.book_item i WHERE i.item_id IN (SELECT p.id FROM counter.match_parts(given, 'item_id') AS p)
      ORDER BY i.item_id FOR UPDATE;
    IF EXISTS (SELECT FROM counter.match_parts(given, 'item_id') AS p JOIN counter.book_item i ON i.item_id = p.id
                WHERE i.withdrawn) THEN
        PERFORM counter.refuse('CN129', 'the payment of an item is reversed');
    END IF;
    SELECT jsonb_build_object('open_fen', coalesce(i.open_fen, 0), 'asked_fen', coalesce(p.amount_fen, i.open_fen, 0)) INTO facts
      FROM counter.match_parts(given, 'item_id') AS p LEFT JOIN counter.book_item i ON i.item_id = p.id
     WHERE (coalesce(p.amount_fen, i.open_fen) <> 0
            AND coalesce(p.amount_fen, i.open_fen) BETWEEN least(i.open_fen, 0) AND greatest(i.open_fen, 0)) IS NOT TRUE LIMIT 1;
    IF FOUND THEN
        PERFORM counter.refuse('CN126', 'not that much is open of an item', facts);
    END IF;
    SELECT array_agg(p.id ORDER BY p.id), array_agg(coalesce(p.amount_fen, i.open_fen) ORDER BY p.id),
           bool_or(i.ledger_account = 'pos_clearing'), bool_or(i.ledger_account = 'cash_in_transit')
      INTO ids, amounts, acquirer, cash
      FROM counter.match_parts(given, 'item_id') AS p JOIN counter.book_item i ON i.item_id = p.id;
    IF (SELECT count(DISTINCT i.ledger_account = 'pos_clearing') > 1 FROM counter.book_item i WHERE i.item_id = ANY (ids)) THEN
        PERFORM counter.refuse('CN133', 'items of a bank and of an acquirer');
    END IF;
END
$$;

-- Refuses a difference that has no reason: it needs its account and a note, over and short belong to counted cash, and without
-- an item there is only what the bank itself takes or gives.
CREATE OR REPLACE FUNCTION counter.check_difference(request jsonb, difference bigint, lines record, items record) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    named text := request->>'difference_account';
    right_one boolean := CASE
        WHEN difference = 0 THEN named IS NULL
        WHEN coalesce(lines.acquirer, items.acquirer) OR lines.ids IS NULL THEN false
        WHEN items.ids IS NULL THEN named = 'bank_fees' AND (difference < 0 OR counter.is_fee(lines.words, difference))
        WHEN named = 'cash_over' THEN items.cash AND difference > 0
        WHEN named = 'cash_short' THEN items.cash AND difference < 0
        ELSE named = 'bank_fees' END;
BEGIN
    IF right_one IS NOT TRUE THEN
        PERFORM counter.refuse('CN127', 'the sums differ', jsonb_build_object('difference_fen', difference));
    ELSIF difference <> 0 AND request->>'suggestion_id' IS NULL AND coalesce(trim(request->>'note'), '') = '' THEN
        PERFORM counter.refuse('CN128', 'a difference needs a note', jsonb_build_object('field', 'note'));
    END IF;
END
$$;

-- The lines of a match's journal: where its lines stand, where its items stand, and the difference.
CREATE OR REPLACE FUNCTION counter.match_postings(of_match bigint, sign integer) RETURNS counter.posting_line[]
LANGUAGE sql STABLE
AS $$
    SELECT array_agg(ROW(s.ledger_account, NULL, NULL, NULL, sign * s.amount_fen)::counter.posting_line
                     ORDER BY s.side, s.ledger_account)
      FROM (SELECT 1 AS side, counter.line_account(a.kind = 'acquirer', l.amount_fen) AS ledger_account,
                   sum(p.amount_fen)::bigint AS amount_fen
              FROM counter.bank_match_line p JOIN counter.statement_line l USING (line_id)
              JOIN counter.bank_account a USING (bank_account_no)
             WHERE p.match_id = of_match GROUP BY 1, 2
            UNION ALL
            SELECT 2, i.ledger_account, -sum(p.amount_fen)::bigint
              FROM counter.bank_match_item p JOIN counter.book_item i USING (item_id)
             WHERE p.match_id = of_match GROUP BY 1, 2
            UNION ALL
            SELECT 3, m.difference_account, -m.difference_fen FROM counter.bank_match m
             WHERE m.match_id = of_match AND m.difference_fen <> 0) s
$$;

CREATE OR REPLACE FUNCTION counter.match_answer(asked uuid, replayed boolean) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object('request_id', asked, 'match_id', m.match_id, 'journal_id', m.journal_id,
                              'difference_fen', m.difference_fen, 'replayed', replayed)
      FROM counter.bank_match m WHERE m.request_id = asked
$$;

-- A journal's own request asked for again: its answer, or NULL when it is new.
CREATE OR REPLACE FUNCTION counter.replay_match(request jsonb) RETURNS jsonb
LANGUAGE plpgsql
AS $$
DECLARE
    known counter.journal;
BEGIN
    SELECT * INTO known FROM counter.journal WHERE request_id = (request->>'request_id')::uuid;
    IF FOUND THEN
        PERFORM counter.require_same_request(known, request);
        RETURN counter.match_answer(known.request_id, true);
    END IF;
    RETURN NULL;
END
$$;

-- Suggestions that want what is open no more go with the match that used it.
CREATE OR REPLACE FUNCTION counter.drop_suggestions(of_lines bigint[], of_items bigint[]) RETURNS void
LANGUAGE sql
AS $$
    DELETE FROM counter.suggestion s
     WHERE s.rejected_at IS NULL AND (s.line_ids && coalesce(of_lines, '{}') OR s.item_ids && coalesce(of_items, '{}'))
$$;

-- What a request asks for, with the parts of the suggestion that it names.
CREATE OR REPLACE FUNCTION counter.with_suggestion(request jsonb) RETURNS jsonb
LANGUAGE plpgsql
AS $$
DECLARE
    wanted counter.suggestion;
    cash boolean;
BEGIN
    IF request->>'suggestion_id' IS NULL THEN
        RETURN request || '{"rule": "manual", "score": 0, "facts": {}}';
    END IF;
    SELECT * INTO wanted FROM counter.suggestion s
     WHERE s.suggestion_id = (request->>'suggestion_id')::bigint AND s.rejected_at IS NULL;
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN132', 'the suggestion is gone');
    END IF;
    SELECT bool_or(i.ledger_account = 'cash_in_transit') INTO cash FROM counter.book_item i WHERE i.item_id = ANY (wanted.item_ids);
    IF coalesce(jsonb_array_length(request->'lines'), 0) + coalesce(jsonb_array_length(request->'items'), 0) = 0 THEN
        request := request || jsonb_build_object(
            'lines', (SELECT jsonb_agg(jsonb_build_object('line_id', u)) FROM unnest(wanted.line_ids) AS u),
            'items', (SELECT coalesce(jsonb_agg(jsonb_build_object('item_id', u)), '[]') FROM unnest(wanted.item_ids) AS u))
            || CASE WHEN wanted.difference_fen = 0 THEN '{}' ELSE jsonb_build_object('difference_account', CASE
                   WHEN NOT coalesce(cash, false) THEN 'bank_fees' WHEN wanted.difference_fen > 0 THEN 'cash_over'
                   ELSE 'cash_short' END) END;
    END IF;
    RETURN request || jsonb_build_object('rule', wanted.rule, 'score', wanted.score, 'facts', wanted.facts);
END
$$;

-- A match by hand. Request: {request_id, lines: [{line_id, amount_fen?}], items: [{item_id, amount_fen?}], difference_account?,
-- suggestion_id?, note?}; with a suggestion and no parts it is the suggestion as it stands.
CREATE OR REPLACE FUNCTION counter.confirm_match(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    asked uuid := request->>'request_id';
    fresh boolean := counter.claim_anew(request);
    drawer counter.till := counter.lock_bank_till();
    whole jsonb := counter.replay_match(request);
    made bigint := nextval(pg_get_serial_sequence('counter.bank_match', 'match_id'));
    lines record;
    items record;
    difference bigint;
    journal bigint;
BEGIN
    IF whole IS NOT NULL THEN
        RETURN whole;
    END IF;
    whole := counter.with_suggestion(request);
    PERFORM counter.check_match(whole);
    lines := counter.hold_lines(whole->'lines');
    items := counter.hold_items(whole->'items');
    IF lines.acquirer IS DISTINCT FROM items.acquirer AND lines.acquirer IS NOT NULL AND items.acquirer IS NOT NULL THEN
        PERFORM counter.refuse('CN133', 'a line of a bank with an item of an acquirer');
    END IF;
    difference := (SELECT coalesce(sum(a), 0) FROM unnest(lines.amounts) AS a)
                  - (SELECT coalesce(sum(a), 0) FROM unnest(items.amounts) AS a);
    PERFORM counter.check_difference(whole, difference, lines, items);
    UPDATE counter.statement_line l SET open_fen = l.open_fen - g.fen
      FROM unnest(lines.ids, lines.amounts) AS g(id, fen) WHERE l.line_id = g.id;
    UPDATE counter.book_item i SET open_fen = i.open_fen - g.fen
      FROM unnest(items.ids, items.amounts) AS g(id, fen) WHERE i.item_id = g.id;
    journal := counter.post_matches(drawer.till_no, asked, counter.request_digest(request),
                                    counter.parts_postings(lines, items, whole->>'difference_account', difference));
    INSERT INTO counter.bank_match (match_id, request_id, rule, score, facts, journal_id, difference_fen, difference_account, note,
                                    staff_no) OVERRIDING SYSTEM VALUE
    VALUES (made, asked, whole->>'rule', (whole->>'score')::smallint, whole->'facts', journal, difference,
            whole->>'difference_account', coalesce(trim(request->>'note'), ''), session_user);
    INSERT INTO counter.bank_match_line (match_id, line_id, amount_fen)
    SELECT made, g.id, g.fen FROM unnest(lines.ids, lines.amounts) AS g(id, fen);
    INSERT INTO counter.bank_match_item (match_id, item_id, amount_fen)
    SELECT made, g.id, g.fen FROM unnest(items.ids, items.amounts) AS g(id, fen);
    PERFORM counter.documents_arrived(items.ids, journal);
    PERFORM counter.drop_suggestions(lines.ids, items.ids);
    RETURN counter.match_answer(asked, false);
END
$$;

-- The postings of a match that is about to be made.
CREATE OR REPLACE FUNCTION counter.parts_postings(lines record, items record, difference_account text, difference bigint)
RETURNS counter.posting_line[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (
        SELECT array_agg(ROW(s.ledger_account, NULL, NULL, NULL, s.amount_fen)::counter.posting_line
                         ORDER BY s.side, s.ledger_account)
          FROM (SELECT 1 AS side, counter.line_account(lines.acquirer, g.fen) AS ledger_account, sum(g.fen)::bigint AS amount_fen
                  FROM unnest(lines.amounts) AS g(fen) GROUP BY 1, 2
                UNION ALL
                SELECT 2, i.ledger_account, -sum(g.fen)::bigint
                  FROM unnest(items.ids, items.amounts) AS g(id, fen) JOIN counter.book_item i ON i.item_id = g.id GROUP BY 1, 2
                UNION ALL
                SELECT 3, difference_account, -difference WHERE difference <> 0) s);
END
$$;

-- Takes a match back, by a match and a journal of today. Request: {request_id, match_id, reason}. Not when the payment of an item was
-- reversed since: then what the bank sent stands against the …_back item, and is matched there.
CREATE OR REPLACE FUNCTION counter.unmatch(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    asked uuid := request->>'request_id';
    fresh boolean := counter.claim_anew(request);
    drawer counter.till := counter.lock_bank_till();
    answer jsonb := counter.replay_match(request);
    wrong counter.bank_match;
    made bigint := nextval(pg_get_serial_sequence('counter.bank_match', 'match_id'));
    journal bigint;
    line_ids bigint[];
    item_ids bigint[];
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    ELSIF (length(trim(request->>'reason')) BETWEEN 1 AND 200 AND request->>'reason' !~ '[[:cntrl:]]') IS NOT TRUE THEN
        PERFORM counter.refuse('CN128', 'no reason', jsonb_build_object('field', 'reason'));
    END IF;
    SELECT * INTO wrong FROM counter.bank_match m WHERE m.match_id = (request->>'match_id')::bigint;
    line_ids := ARRAY(SELECT l.line_id FROM counter.bank_match_line l WHERE l.match_id = wrong.match_id ORDER BY 1);
    item_ids := ARRAY(SELECT i.item_id FROM counter.bank_match_item i WHERE i.match_id = wrong.match_id ORDER BY 1);
    PERFORM FROM counter.statement_line l WHERE l.line_id = ANY (line_ids) ORDER BY l.line_id FOR UPDATE;
    PERFORM FROM counter.book_item i WHERE i.item_id = ANY (item_ids) ORDER BY i.item_id FOR UPDATE;
    IF wrong.match_id IS NULL OR wrong.unmatches IS NOT NULL
       OR EXISTS (SELECT FROM counter.bank_match m WHERE m.unmatches = wrong.match_id) THEN
        PERFORM counter.refuse('CN130', 'no such match, or taken back already');
    ELSIF EXISTS (SELECT FROM counter.book_item i WHERE i.item_id = ANY (item_ids) AND i.withdrawn) THEN
        PERFORM counter.refuse('CN131', 'the payment of an item was reversed since');
    END IF;
    UPDATE counter.statement_line l SET open_fen = l.open_fen + p.amount_fen FROM counter.bank_match_line p
     WHERE p.match_id = wrong.match_id AND l.line_id = p.line_id;
    UPDATE counter.book_item i SET open_fen = i.open_fen + p.amount_fen FROM counter.bank_match_item p
     WHERE p.match_id = wrong.match_id AND i.item_id = p.item_id;
    journal := counter.post_matches(drawer.till_no, asked, counter.request_digest(request),
                                    counter.match_postings(wrong.match_id, -1));
    INSERT INTO counter.bank_match (match_id, request_id, rule, score, facts, journal_id, unmatches, difference_fen,
                                    difference_account, note, staff_no) OVERRIDING SYSTEM VALUE
    VALUES (made, asked, wrong.rule, wrong.score, wrong.facts, journal, wrong.match_id, -wrong.difference_fen,
            wrong.difference_account, trim(request->>'reason'), session_user);
    INSERT INTO counter.bank_match_line (match_id, line_id, amount_fen)
    SELECT made, p.line_id, -p.amount_fen FROM counter.bank_match_line p WHERE p.match_id = wrong.match_id;
    INSERT INTO counter.bank_match_item (match_id, item_id, amount_fen)
    SELECT made, p.item_id, -p.amount_fen FROM counter.bank_match_item p WHERE p.match_id = wrong.match_id;
    PERFORM counter.documents_awaited(item_ids);
    IF line_ids <> '{}' AND item_ids <> '{}' THEN
        INSERT INTO counter.suggestion (key, rule, score, line_ids, item_ids, difference_fen, rejected_by, rejected_at)
        VALUES (sha256(convert_to(format('%s|%s', line_ids, item_ids), 'UTF8')), wrong.rule, wrong.score, line_ids, item_ids,
                wrong.difference_fen, session_user, clock_timestamp())
        ON CONFLICT (key) DO UPDATE SET rejected_by = excluded.rejected_by, rejected_at = excluded.rejected_at;
    END IF;
    RETURN counter.match_answer(asked, false);
END
$$;

-- These do not belong together. Request: {request_id, suggestion_id}; turned down twice is turned down once.
CREATE OR REPLACE FUNCTION counter.reject_suggestion(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    fresh boolean := counter.claim_anew(request);
    drawer counter.till := counter.lock_bank_till();
BEGIN
    UPDATE counter.suggestion s SET rejected_by = coalesce(s.rejected_by, session_user::text),
                                    rejected_at = coalesce(s.rejected_at, clock_timestamp())
     WHERE s.suggestion_id = (request->>'suggestion_id')::bigint;
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN132', 'the suggestion is gone');
    END IF;
    RETURN jsonb_build_object('request_id', request->'request_id', 'suggestion_id', request->'suggestion_id',
                              'replayed', NOT fresh);
END
$$;
