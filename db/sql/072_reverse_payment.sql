-- A payment or a sale of recharge cards is taken back: a mirror journal in the books of today, in the caller's own drawer.
--
-- Request: {request_id, shift_id, journal_id, account_no, amount_fen, cause, reason, approval_id}; cause is mistake, customer,
-- cheque_returned or other; account and amount are what the desk showed of it, for who approves it or asks what became of it.
-- The caller's own payment of the same business date whose money is on no deposit slip is reversed directly; any other
-- needs a supervisor's approval. Locks: the till, the accounts sorted, the shift of the payment, then its documents.

-- The caller's drawer under its lock, or the answer that this request got before. What every correction begins with.
CREATE OR REPLACE FUNCTION counter.lock_drawer(request jsonb, OUT drawer counter.till, OUT answer jsonb)
LANGUAGE plpgsql
AS $$
DECLARE
    in_shift bigint := request->>'shift_id';
    asked uuid := request->>'request_id';
BEGIN
    SELECT * INTO drawer FROM counter.till WHERE till_no = in_shift / 10000000000 FOR UPDATE;
    IF drawer.shift_id IS DISTINCT FROM in_shift OR drawer.staff_no IS DISTINCT FROM session_user::text
       OR EXISTS (SELECT FROM counter.journal WHERE request_id = asked) OR counter.is_abandoned(asked) THEN
        answer := counter.replay_or_refuse(request);
    END IF;
END
$$;

-- Who posted a journal, when and under which number, for a sentence about it.
CREATE OR REPLACE FUNCTION counter.receipt_facts(of_journal bigint) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object('receipt_no', counter.receipt_no(j.till_no, j.business_date, j.receipt_serial),
               'staff_name', coalesce(s.name, j.staff_no),
               'taken_at', to_char(j.recorded_at AT TIME ZONE b.timezone, 'YYYY-MM-DD HH24:MI'))
      FROM counter.journal j LEFT JOIN counter.staff s ON s.staff_no = j.staff_no CROSS JOIN counter.bureau b
     WHERE j.journal_id = of_journal
$$;

-- The accounts of a payment as it left them: one paper each, also where one receipt was for many.
CREATE OR REPLACE FUNCTION counter.papers_of(of_journal bigint) RETURNS SETOF counter.receipt_account
LANGUAGE sql STABLE
AS $$
    SELECT a.* FROM counter.receipt_account a WHERE a.journal_id = of_journal
    UNION ALL
    SELECT r.journal_id, r.account_no, r.account_name, r.address, r.meter_no, r.total_fen, r.prepaid_before_fen,
           r.prepaid_after_fen, r.arrears_after_fen
      FROM counter.receipt r WHERE r.journal_id = of_journal AND r.account_no IS NOT NULL
$$;

-- Why a payment can not be reversed without a supervisor: a state of refusal, or NULL when it can. That a vending server
-- refused a token is the word of the desk alone.
CREATE OR REPLACE FUNCTION counter.reversal_barrier(wrong counter.journal, today date) RETURNS text
LANGUAGE sql STABLE
AS $$
    SELECT CASE WHEN EXISTS (SELECT FROM counter.token_vend v WHERE v.journal_id = wrong.journal_id) THEN 'CN111'
                WHEN counter.is_deposited(wrong.journal_id) THEN 'CN037'
                WHEN wrong.business_date <> today THEN 'CN039'
                WHEN wrong.staff_no <> session_user::text THEN 'CN040' END
$$;

-- Whether every card of a sale can go back to stock: none was redeemed, and none is locked by wrong secrets.
CREATE OR REPLACE FUNCTION counter.cards_untouched(of_sale bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$ SELECT NOT EXISTS (SELECT FROM counter.recharge_card WHERE sold_by = of_sale AND status <> 'sold') $$;

-- Locks the cards of a sale, by number as a sale does; refuses when one of them was used.
CREATE OR REPLACE FUNCTION counter.lock_sold_cards(of_sale bigint) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM FROM counter.recharge_card WHERE sold_by = of_sale ORDER BY card_no FOR UPDATE;
    IF NOT counter.cards_untouched(of_sale) THEN
        PERFORM counter.refuse('CN064', 'a card of this sale was redeemed or is locked', counter.receipt_facts(of_sale));
    END IF;
END
$$;

-- The payment that a request means, with its accounts or cards locked; refuses what can never be reversed.
CREATE OR REPLACE FUNCTION counter.reversible_payment(wanted bigint, of_hall smallint) RETURNS counter.journal
LANGUAGE plpgsql
AS $$
DECLARE
    wrong counter.journal;
    reversed_by bigint;
BEGIN
    SELECT * INTO wrong FROM counter.journal WHERE journal_id = wanted AND hall_no = of_hall;
    IF wrong.kind = 'reversal' THEN
        PERFORM counter.refuse('CN035', 'a reversal is not reversed', counter.receipt_facts(wanted));
    ELSIF wrong.kind = 'vend' AND NOT EXISTS (SELECT FROM counter.token_vend WHERE journal_id = wanted) THEN
        PERFORM counter.refuse('CN091', 'a sale onto a card is undone, not reversed', counter.receipt_facts(wanted));
    ELSIF (wrong.kind IN ('payment', 'card_sale', 'vend')) IS NOT TRUE THEN
        PERFORM counter.refuse('CN034', 'no such payment in this hall', jsonb_build_object('journal_id', wanted));
    END IF;
    PERFORM FROM counter.account_balance b
      WHERE b.account_no IN (SELECT p.account_no FROM counter.papers_of(wanted) AS p)
      ORDER BY b.account_no COLLATE "C" FOR UPDATE;
    SELECT journal_id INTO reversed_by FROM counter.journal WHERE reverses = wanted;
    IF FOUND THEN
        PERFORM counter.refuse('CN036', 'reversed already', counter.receipt_facts(reversed_by));
    END IF;
    IF wrong.kind = 'card_sale' THEN
        PERFORM counter.lock_sold_cards(wanted);
    ELSIF wrong.kind = 'vend' THEN
        PERFORM counter.refuse_token_reversal(wanted);
    END IF;
    PERFORM FROM counter.shift WHERE shift_id = wrong.shift_id FOR SHARE;  -- no slip takes it meanwhile
    RETURN wrong;
END
$$;

-- Opens the bills of a payment again. What is open once more has been owed all the time: for the days that another
-- payment or relief has counted since, its late fee is added.
CREATE OR REPLACE FUNCTION counter.reopen_bills(wrong counter.journal) RETURNS void
LANGUAGE sql
AS $$
    UPDATE counter.bill b
       SET principal_paid_fen = b.principal_paid_fen - p.principal_fen,
           late_fee_paid_fen = b.late_fee_paid_fen - p.late_fee_fen,
           late_fee_accrued_fen = b.late_fee_accrued_fen + counter.late_fee_accrual(
               counter.late_fee_policies(a.customer_class), b.due_date,
               greatest(least(wrong.business_date, (wrong.effective_at AT TIME ZONE o.timezone)::date), b.due_date),
               p.principal_fen, b.late_fee_through)
      FROM (SELECT account_no, period, part,
                   coalesce(-sum(amount_fen) FILTER (WHERE ledger_account = 'receivable'), 0)::bigint AS principal_fen,
                   coalesce(-sum(amount_fen) FILTER (WHERE ledger_account = 'late_fee_income'), 0)::bigint AS late_fee_fen
              FROM counter.posting WHERE journal_id = wrong.journal_id AND period IS NOT NULL
             GROUP BY account_no, period, part) p
      JOIN counter.account a USING (account_no) CROSS JOIN counter.bureau o
     WHERE (b.account_no, b.period, b.part) = (p.account_no, p.period, p.part)
$$;

-- The papers of a reversal: each account's share with the other sign, and what it has and owes now.
CREATE OR REPLACE FUNCTION counter.reversed_papers(wrong bigint, entry_id bigint) RETURNS counter.receipt_account[]
LANGUAGE plpgsql
AS $$
DECLARE
    papers counter.receipt_account[];
    paper counter.receipt_account;
BEGIN
    SELECT array_agg(ROW(entry_id, p.account_no, p.account_name, p.address, p.meter_no, -p.total_fen, b.prepaid_fen,
                         b.prepaid_fen + m.prepaid_fen, b.arrears_fen + m.arrears_fen)::counter.receipt_account
                     ORDER BY p.account_no COLLATE "C")
      INTO papers
      FROM counter.papers_of(wrong) AS p JOIN counter.account_balance b USING (account_no)
      JOIN (SELECT account_no, coalesce(sum(amount_fen) FILTER (WHERE ledger_account = 'prepaid'), 0) AS prepaid_fen,
                   coalesce(-sum(amount_fen) FILTER (WHERE ledger_account = 'receivable'), 0) AS arrears_fen
              FROM counter.posting WHERE journal_id = wrong AND account_no IS NOT NULL GROUP BY account_no) m
           USING (account_no);
    IF papers IS NULL THEN  -- a sale of cards: for no account
        SELECT ARRAY[ROW(entry_id, NULL, r.account_name, '', NULL, -r.total_fen, 0, 0, 0)::counter.receipt_account]
          INTO papers FROM counter.receipt r WHERE r.journal_id = wrong;
    END IF;
    FOREACH paper IN ARRAY papers LOOP
        IF paper.prepaid_after_fen < 0 THEN
            PERFORM counter.refuse('CN038', 'the balance that it brought is spent',
                counter.receipt_facts(wrong) || jsonb_build_object('account_no', paper.account_no));
        END IF;
    END LOOP;
    RETURN papers;
END
$$;

-- The sale of a token can be taken back only when there is none and never will be; its account is locked.
CREATE OR REPLACE FUNCTION counter.refuse_token_reversal(of_sale bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    stands text := (SELECT v.state FROM counter.token_vend v WHERE v.journal_id = of_sale);
BEGIN
    IF stands = 'issued' THEN
        PERFORM counter.refuse('CN107', 'an issued token cannot be taken back', counter.receipt_facts(of_sale));
    ELSIF stands <> 'refused' THEN
        PERFORM counter.refuse('CN108', 'there may be a token', counter.receipt_facts(of_sale));
    END IF;
END
$$;

-- Adds an event to the sale of a token, which is in that state from now on.
CREATE OR REPLACE FUNCTION counter.note_token_vend(
    of_vend uuid, new_state text, asked uuid, digest bytea, of_journal bigint, said text, allowed uuid
) RETURNS void
LANGUAGE sql
AS $$
    UPDATE counter.token_vend SET state = new_state, changed_at = clock_timestamp()
     WHERE vend_id = of_vend AND state <> new_state;
    INSERT INTO counter.token_vend_event (vend_id, seq, state, request_id, request_hash, journal_id, note, staff_no,
                                          approval_id)
    SELECT of_vend, coalesce(max(e.seq), 0) + 1, new_state, asked, digest, of_journal,
           left(coalesce(trim(said), ''), 200), session_user, allowed
      FROM counter.token_vend_event e WHERE e.vend_id = of_vend
$$;

-- What hung on the payment: slips and cards may be taken again, receipts of the bank claimed again, the fund has its money back, advances are not paid.
-- Cards of a sale are in stock again, with the wrong secrets that were counted: else selling and taking back would give
-- as many tries as one likes. Which cards the sale handed over stays in sold_card, for its receipt.
CREATE OR REPLACE FUNCTION counter.release_payment(wrong bigint, entry_id bigint) RETURNS void
LANGUAGE sql
AS $$
    SELECT counter.withdraw_items(wrong, entry_id);
    UPDATE counter.payer_exposure e SET open_fen = e.open_fen - d.open_fen
      FROM (SELECT payer, sum(amount_fen)::bigint AS open_fen FROM counter.tender_document
             WHERE journal_id = wrong AND kind = 'transfer' AND released_by IS NULL AND arrived_by IS NULL
             GROUP BY payer) d
     WHERE e.payer = d.payer;
    SELECT counter.release_claims(wrong, entry_id);
    UPDATE counter.tender_document SET released_by = entry_id WHERE journal_id = wrong AND released_by IS NULL;
    UPDATE counter.recharge_card SET status = 'sold', redeemed_by = NULL, shown_in_shift = NULL, shown_at = NULL
     WHERE card_no IN (SELECT t.details->>'reference' FROM counter.tender t
                        WHERE t.journal_id = wrong AND t.kind = 'recharge_card')
       AND redeemed_by = wrong;
    UPDATE counter.recharge_card SET status = 'stock', sold_by = NULL, shown_in_shift = NULL, shown_at = NULL
     WHERE sold_by = wrong AND status = 'sold';
    UPDATE counter.fund f SET balance_fen = f.balance_fen + t.amount_fen
      FROM (SELECT sum(amount_fen)::bigint AS amount_fen FROM counter.tender
             WHERE journal_id = wrong AND kind = 'care_fund') t
     WHERE f.fund = 'care_fund' AND t.amount_fen IS NOT NULL;
    INSERT INTO counter.instalment_payment (agreement_id, journal_id, amount_fen)
    SELECT agreement_id, entry_id, -amount_fen FROM counter.instalment_payment WHERE journal_id = wrong;
    UPDATE counter.reconnection_task SET cancelled_by = entry_id
     WHERE journal_id = wrong AND done_at IS NULL AND cancelled_by IS NULL;
    SELECT counter.note_token_vend(v.vend_id, 'undone', j.request_id, j.request_hash, entry_id, '', NULL)
      FROM counter.token_vend v JOIN counter.journal j ON j.journal_id = entry_id WHERE v.journal_id = wrong
$$;

-- Mirrors a journal that may be reversed, whose accounts are locked: what both a reversal and an undone vend post.
CREATE OR REPLACE FUNCTION counter.post_reversal(request jsonb, drawer counter.till, wrong counter.journal) RETURNS jsonb
LANGUAGE plpgsql
AS $$
DECLARE
    entry counter.journal;
    barrier text;
    allowed uuid;
    lines counter.posting_line[];
    given counter.tender[];
    papers counter.receipt_account[];
BEGIN
    entry.business_date := clock_timestamp() AT TIME ZONE drawer.timezone;
    barrier := counter.reversal_barrier(wrong, entry.business_date);
    IF request ? 'approval_id' THEN
        allowed := counter.use_approval('reversal', request);
    ELSIF barrier IS NOT NULL THEN
        PERFORM counter.refuse(barrier, 'a supervisor has to approve this reversal',
                               counter.receipt_facts(wrong.journal_id));
    END IF;
    entry.kind := 'reversal';
    entry.journal_id := drawer.till_no * 10000000000 + drawer.chain_seq + 1;
    entry.shift_id := drawer.shift_id;
    entry.request_id := request->>'request_id';
    entry.request_hash := counter.request_digest(request);
    entry.reverses := wrong.journal_id;
    papers := counter.reversed_papers(wrong.journal_id, entry.journal_id);
    SELECT array_agg(ROW(p.ledger_account, p.account_no, p.period, p.part, -p.amount_fen)::counter.posting_line
                     ORDER BY p.line) INTO lines FROM counter.posting p WHERE p.journal_id = wrong.journal_id;
    SELECT array_agg(ROW(entry.journal_id, t.line, t.kind, -t.amount_fen, NULL, t.details)::counter.tender
                     ORDER BY t.line) INTO given FROM counter.tender t WHERE t.journal_id = wrong.journal_id;
    PERFORM counter.reopen_bills(wrong);
    RETURN counter.post_correction(drawer, entry, lines, given, papers,
        (SELECT r.account_name FROM counter.receipt r WHERE r.journal_id = wrong.journal_id), request, allowed);
END
$$;

CREATE OR REPLACE FUNCTION counter.reverse_payment(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    begun record := counter.lock_drawer(request);
    drawer counter.till := begun.drawer;
BEGIN
    IF begun.answer IS NOT NULL THEN
        RETURN begun.answer;
    ELSIF (request->>'cause' IN ('mistake', 'customer', 'cheque_returned', 'other')
           AND length(trim(request->>'reason')) BETWEEN 1 AND 200) IS NOT TRUE THEN
        PERFORM counter.refuse('CN041', 'no cause or no reason');
    END IF;
    RETURN counter.post_reversal(request, drawer, counter.reversible_payment(
        (request->>'journal_id')::bigint, drawer.hall_no));
END
$$;

-- Posts a correction whose rows are ready: journal, tenders, balances, paper and note; its answer.
CREATE OR REPLACE FUNCTION counter.post_correction(
    drawer counter.till, entry counter.journal, lines counter.posting_line[], given counter.tender[],
    papers counter.receipt_account[], payer_name text, request jsonb, allowed uuid
) RETURNS jsonb
LANGUAGE plpgsql
AS $$
DECLARE
    texts text;
    paper counter.receipt;
    total bigint := (SELECT sum(p.total_fen) FROM unnest(papers) AS p);
BEGIN
    SELECT string_agg(counter.tender_text(t.line, t.kind, t.amount_fen, t.received_fen, t.details), E'\n' ORDER BY t.line)
      INTO texts FROM unnest(given) AS t;
    entry := counter.append_journal(drawer, entry, lines, true, coalesce(texts, ''));
    paper := counter.keep_payment(entry, payer_name, total, given, papers);
    IF entry.reverses IS NOT NULL THEN
        PERFORM counter.release_payment(entry.reverses, entry.journal_id);
    END IF;
    INSERT INTO counter.journal_note (journal_id, reason, approval_id, cause)
    VALUES (entry.journal_id, trim(request->>'reason'), allowed, request->>'cause');
    RETURN counter.replay_payment(entry) || '{"replayed": false}';
END
$$;
