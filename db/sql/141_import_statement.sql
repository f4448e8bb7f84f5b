-- Taking a file over: what is new of each statement is kept and posted, all of it or nothing.

-- Writes the lines that are new, with the numbers and balances that follow those of the account.
CREATE OR REPLACE FUNCTION counter.keep_lines(
    account counter.bank_account, of_statement bigint, lines counter.statement_line[], known counter.known_line[]
) RETURNS void
LANGUAGE sql
SET enable_nestloop = off SET jit = off
AS $$
    INSERT INTO counter.statement_line (
        bank_account_no, seq, statement_id, booked, value_date, amount_fen, balance_fen, reference, text, party, party_account,
        reversal, file_line, occurrence, details, fee_fen, terminal, batch, trace, card, card_class, traded_at, open_fen)
    SELECT account.bank_account_no, account.last_seq + row_number() OVER place, of_statement, l.booked, l.value_date, l.amount_fen,
           account.closing_fen + sum(l.amount_fen) OVER place, l.reference, l.text, l.party, l.party_account, l.reversal,
           l.file_line, row_number() OVER (PARTITION BY l.booked, l.amount_fen, l.reference, l.text, l.terminal, l.batch, l.trace
                                               ORDER BY l.seq),
           l.details, l.fee_fen, l.terminal, l.batch, l.trace, l.card, l.card_class, l.traded_at, l.amount_fen
      FROM unnest(lines) l LEFT JOIN unnest(known) k ON k.place = l.seq
     WHERE k.place IS NULL
    WINDOW place AS (ORDER BY l.seq)
     ORDER BY l.seq
$$;

-- The journal of what was new. The first statement of an account brings its opening along; an acquirer owes net, keeps its
-- fee, and the slips are looked for in what it took.
CREATE OR REPLACE FUNCTION counter.post_statement(
    account counter.bank_account, request jsonb, place bigint, opening_fen bigint, added counter.line_sums
) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    drawer counter.till;
    entry counter.journal;
    sums bigint[] := CASE WHEN account.kind = 'acquirer' THEN ARRAY[added.in_fen - added.out_fen - added.fee_fen, added.fee_fen]
                          ELSE ARRAY[CASE WHEN account.closing_fen IS NULL THEN opening_fen ELSE 0 END, added.in_fen,
                                     added.out_fen] END;
    lines counter.posting_line[];
BEGIN
    lines := CASE WHEN account.kind = 'acquirer' THEN ARRAY[
        ROW('acquirer_receivable', NULL, NULL, NULL, sums[1])::counter.posting_line,
        ROW('bank_fees', NULL, NULL, NULL, sums[2])::counter.posting_line,
        ROW('pos_unmatched', NULL, NULL, NULL, -sums[1] - sums[2])::counter.posting_line]
    ELSE ARRAY[
        ROW('bank', NULL, NULL, NULL, sums[1])::counter.posting_line,
        ROW('opening_equity', NULL, NULL, NULL, -sums[1])::counter.posting_line,
        ROW('bank', NULL, NULL, NULL, sums[2])::counter.posting_line,
        ROW('unidentified_receipts', NULL, NULL, NULL, -sums[2])::counter.posting_line,
        ROW('unexplained_payments', NULL, NULL, NULL, sums[3])::counter.posting_line,
        ROW('bank', NULL, NULL, NULL, -sums[3])::counter.posting_line] END;
    lines := ARRAY(SELECT l FROM unnest(lines) l WHERE l.amount_fen <> 0);
    IF cardinality(lines) = 0 THEN
        RETURN NULL;
    END IF;
    SELECT * INTO STRICT drawer FROM counter.till WHERE till_no = 850000 + counter.my_hall() FOR UPDATE;
    entry.kind := 'statement';
    entry.request_id := md5(concat_ws('.', request->>'request_id', 'statement', place))::uuid;
    entry.request_hash := counter.request_digest(jsonb_build_object('file', request->'file', 'place', place));
    RETURN (counter.append_journal(drawer, entry, lines)).journal_id;
END
$$;

-- One account of the file: checked, compared with what is in, what is new kept and posted.
CREATE OR REPLACE FUNCTION counter.take_statement(request jsonb, item jsonb, place bigint) RETURNS void
LANGUAGE plpgsql
SET enable_nestloop = off SET jit = off
AS $$
DECLARE
    account counter.bank_account;
    lines counter.statement_line[] := counter.incoming_lines(item);
    known counter.known_line[];
    added counter.line_sums;
    of_statement bigint;
BEGIN
    SELECT * INTO STRICT account FROM counter.bank_account WHERE bank_account_no = item->>'bank_account_no';
    PERFORM counter.check_statement(item, lines, request->'file'->>'kind');
    known := counter.settle_known(account, item, lines, request->'file'->>'format');
    SELECT count(*) AS lines, coalesce(sum(l.amount_fen) FILTER (WHERE l.amount_fen > 0), 0)::bigint AS in_fen,
           coalesce(-sum(l.amount_fen) FILTER (WHERE l.amount_fen < 0), 0)::bigint AS out_fen,
           coalesce(sum(l.fee_fen), 0)::bigint AS fee_fen
      INTO added FROM unnest(lines) l LEFT JOIN unnest(known) k ON k.place = l.seq WHERE k.place IS NULL;
    INSERT INTO counter.statement (file_id, bank_account_no, number, opening_fen, closing_fen, opening_date, closing_date,
                                   balance_source, lines_in_file, lines_new, journal_id)
    VALUES ((request->>'request_id')::uuid, account.bank_account_no, coalesce(item->>'number', ''),
            (item->>'opening_fen')::bigint, (item->>'closing_fen')::bigint, (item->>'opening_date')::date,
            (item->>'closing_date')::date, item->>'balance_source', cardinality(lines), added.lines,
            counter.post_statement(account, request, place, (item->>'opening_fen')::bigint, added))
    RETURNING statement_id INTO of_statement;
    IF account.kind = 'bank' THEN
        account.closing_fen := coalesce(account.closing_fen, (item->>'opening_fen')::bigint);
    END IF;
    PERFORM counter.keep_lines(account, of_statement, lines, known);
    UPDATE counter.bank_account
       SET closing_fen = account.closing_fen + added.in_fen - added.out_fen, last_seq = last_seq + added.lines,
           through = greatest(through, (item->>'closing_date')::date)
     WHERE bank_account_no = account.bank_account_no;
END
$$;

-- Request: {request_id, file: {name, digest, kind, format, encoding}, statements: [{bank_account_no, currency, number,
-- opening_fen, closing_fen, opening_date, closing_date, balance_source, lines: [[…], …]}, …]}; content is the whole file.
-- All of it or nothing. Sent again it gives the same answer; the same file under another id is refused.
CREATE OR REPLACE FUNCTION counter.import_statement(request jsonb, content bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    me counter.staff;
    known counter.bank_file;
    item record;
BEGIN
    PERFORM counter.claim_request(request);
    me := counter.bank_staff();
    PERFORM FROM counter.till WHERE till_no = 850000 + me.hall_no FOR UPDATE;
    SELECT * INTO known FROM counter.bank_file WHERE file_id = (request->>'request_id')::uuid;
    IF FOUND THEN
        IF known.request_hash <> counter.import_digest(request) OR known.staff_no <> me.staff_no THEN
            PERFORM counter.refuse('CN002', 'this request id was used for something else',
                                   jsonb_build_object('request_id', known.file_id));
        END IF;
        RETURN counter.import_answer(known.file_id, true);
    ELSIF request->'file'->>'format' IN ('camt.052', 'camt.054', 'mt942') THEN
        PERFORM counter.refuse('CN116', 'no closed statement', request->'file');
    END IF;
    PERFORM counter.keep_bank_file(request, content, me);
    PERFORM counter.hold_bank_accounts(request);
    FOR item IN SELECT t.s, t.place FROM jsonb_array_elements(request->'statements') WITH ORDINALITY t(s, place) LOOP
        PERFORM counter.take_statement(request, item.s, item.place);
    END LOOP;
    RETURN counter.import_answer((request->>'request_id')::uuid, false);
END
$$;
