-- Appending to a till's chain: the only place where a journal is made.
--
-- hash = SHA-256(previous hash ‖ text of the journal, its tenders and its lines). counter ledger verify
-- builds the same text from the rows with the same functions.

DO $do$
BEGIN
    CREATE TYPE counter.posting_line AS (
        ledger_account text, account_no text, period integer, part smallint, amount_fen bigint
    );
EXCEPTION WHEN duplicate_object THEN NULL;
END
$do$;

-- What the functions of a payment hand to each other. Composites, because a session prepares each expression of
-- PL/pgSQL anew in every transaction: one long assignment costs what one short one does.
DO $do$
BEGIN
    CREATE TYPE counter.allotment AS (
        lines counter.posting_line[], principal_fen bigint, late_fee_fen bigint
    );
    CREATE TYPE counter.settlement AS (
        lines counter.posting_line[], papers counter.receipt_account[], total_fen bigint, needs_approval boolean,
        slip_limit_fen bigint, reconnect text[]
    );
    CREATE TYPE counter.tendering AS (
        lines counter.posting_line[], given counter.tender[], texts text, total_fen bigint, change_fen bigint,
        own_fen bigint, exposure_fen bigint, has_documents boolean
    );
EXCEPTION WHEN duplicate_object THEN NULL;
END
$do$;

CREATE OR REPLACE FUNCTION counter.posting_text(
    line integer, ledger_account text, account_no text, period integer, part smallint, amount_fen bigint
) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT format('%s|%s|%s|%s|%s|%s', line, ledger_account, account_no, period, part, amount_fen) $$;

CREATE OR REPLACE FUNCTION counter.tender_text(
    line smallint, kind text, amount_fen bigint, received_fen bigint, details jsonb
) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT format('%s|%s|%s|%s|%s', line, kind, amount_fen, received_fen, details) $$;

CREATE OR REPLACE FUNCTION counter.epoch_us(moment timestamptz) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT round(date_part('epoch', moment) * 1000000)::bigint $$;

CREATE OR REPLACE FUNCTION counter.journal_text(entry counter.journal) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT format('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', entry.journal_id, entry.kind,
                  entry.business_date - DATE '2000-01-01', entry.hall_no, entry.shift_id, entry.staff_no,
                  entry.request_id, encode(entry.request_hash, 'hex'), entry.reverses, entry.receipt_serial,
                  counter.epoch_us(entry.effective_at), counter.epoch_us(entry.recorded_at))
$$;

CREATE OR REPLACE FUNCTION counter.chain_hash(prev_hash bytea, header text, tenders text, lines text) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT sha256(prev_hash || convert_to(header || E'\n' || tenders || E'\n' || lines, 'UTF8')) $$;

-- Appends entry with its lines to the chain of the drawer, whose row the caller has locked, and gives it back
-- whole. The caller has set kind, shift_id, request_id, request_hash and, where they apply, business_date,
-- effective_at and reverses.
CREATE OR REPLACE FUNCTION counter.append_journal(
    drawer counter.till, entry counter.journal, lines counter.posting_line[], with_receipt boolean DEFAULT false,
    tenders text DEFAULT ''
) RETURNS counter.journal
LANGUAGE plpgsql
AS $$
DECLARE
    item counter.posting_line;
    item_no integer := 0;
    line_texts text[];
    cash bigint := 0;
    moment timestamptz := clock_timestamp();
BEGIN
    entry := ROW(
        drawer.till_no * 10000000000 + drawer.chain_seq + 1, drawer.till_no, drawer.chain_seq + 1, entry.kind,
        coalesce(entry.business_date, counter.business_date()), drawer.hall_no, entry.shift_id, session_user,
        entry.request_id, entry.request_hash, entry.reverses, NULL, coalesce(entry.effective_at, moment), moment,
        drawer.chain_head, NULL)::counter.journal;
    IF entry.business_date <= drawer.closed_through THEN
        PERFORM counter.refuse('CN004', 'the business day is closed',
                               jsonb_build_object('business_date', entry.business_date));
    END IF;
    IF with_receipt THEN
        entry.receipt_serial := 1 + CASE WHEN drawer.receipt_date = entry.business_date
                                         THEN drawer.receipt_serial ELSE 0 END;
    END IF;
    FOREACH item IN ARRAY lines LOOP
        item_no := item_no + 1;
        line_texts[item_no] := counter.posting_text(
            item_no, item.ledger_account, item.account_no, item.period, item.part, item.amount_fen);
        IF item.ledger_account = 'cash_in_till' THEN
            cash := cash + item.amount_fen;
        END IF;
    END LOOP;
    entry.hash := counter.chain_hash(entry.prev_hash, counter.journal_text(entry), tenders,
                                     array_to_string(line_texts, E'\n'));
    WITH written AS (
        INSERT INTO counter.posting (journal_id, line, ledger_account, account_no, period, part, amount_fen)
        SELECT entry.journal_id, l.line, l.ledger_account::counter.ledger_account, l.account_no, l.period, l.part,
               l.amount_fen
          FROM unnest(lines) WITH ORDINALITY AS l(ledger_account, account_no, period, part, amount_fen, line)
    ), chained AS (
        UPDATE counter.till
           SET chain_seq = entry.till_seq, chain_head = entry.hash, cash_fen = cash_fen + cash,
               receipt_date = CASE WHEN with_receipt THEN entry.business_date ELSE receipt_date END,
               receipt_serial = coalesce(entry.receipt_serial, receipt_serial)
         WHERE till_no = drawer.till_no
    )
    INSERT INTO counter.journal SELECT entry.*;
    RETURN entry;
END
$$;
