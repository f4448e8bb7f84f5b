-- A payment for one account or many: one request, one transaction, one journal, one receipt, one round trip.
--
-- Request: {request_id, shift_id, tenders: [{kind, amount_fen, received_fen, details}],
--           accounts: [{account_no, version, prepaid_fen, agreement_id, lines: [{period, part, late_fee_fen, principal_fen}]}],
--           payer_name, reason, approval_id}.
-- The desk decides what should happen; this function refuses what must never be true.
-- Locks: the till, then the accounts sorted, then cards, fund and payer of a slip. Any look for what the request may collide
-- with comes in a statement after the till's lock, so that it sees what was waited for.

-- Settles the bills of a request; its lines of receivable and late fee come back.
CREATE OR REPLACE FUNCTION counter.allocate_to_bills(
    for_account text, policies counter.late_fee_policy[], on_date date, allocation jsonb,
    OUT lines counter.posting_line[], OUT principal_fen bigint, OUT late_fee_fen bigint
)
LANGUAGE plpgsql
AS $$
DECLARE
    minimum bigint := counter.late_fee_minimum(policies, on_date);
    bills integer := 0;
    paid record;
BEGIN
    principal_fen := 0;
    late_fee_fen := 0;
    FOR paid IN
        UPDATE counter.bill b
           SET principal_paid_fen = b.principal_paid_fen + i.principal_fen,
               late_fee_paid_fen = b.late_fee_paid_fen + i.late_fee_fen,
               late_fee_accrued_fen = b.late_fee_accrued_fen + counter.late_fee_accrual(
                   policies, b.due_date, b.late_fee_through, b.principal_fen - b.principal_paid_fen, on_date),
               late_fee_through = greatest(b.late_fee_through, on_date)
          FROM jsonb_to_recordset(allocation)
                   AS i(period integer, part smallint, late_fee_fen bigint, principal_fen bigint)
         WHERE b.account_no = for_account AND b.period = i.period AND b.part = i.part
        RETURNING b.period, b.part, i.principal_fen, i.late_fee_fen, counter.late_fee_due(
                      b.late_fee_accrued_fen, b.late_fee_paid_fen - i.late_fee_fen + b.late_fee_waived_fen, minimum)
                      AS due_fen, coalesce(b.late_fee_deferred_until >= on_date, false) AS deferred
    LOOP
        IF paid.late_fee_fen < 0 OR paid.principal_fen < 0 OR paid.late_fee_fen + paid.principal_fen = 0 THEN
            PERFORM counter.refuse('CN006', 'nothing, or less, for a bill', jsonb_build_object('lines', allocation));
        ELSIF paid.late_fee_fen > paid.due_fen
              OR (paid.principal_fen > 0 AND paid.late_fee_fen < paid.due_fen AND NOT paid.deferred) THEN
            PERFORM counter.refuse('CN005', 'the late fee is not what the policy gives',
                                   jsonb_build_object('lines', allocation));
        END IF;
        bills := bills + 1;
        principal_fen := principal_fen + paid.principal_fen;
        late_fee_fen := late_fee_fen + paid.late_fee_fen;
        IF paid.principal_fen > 0 THEN
            lines := lines || ROW('receivable', for_account, paid.period, paid.part,
                                  -paid.principal_fen)::counter.posting_line;
        END IF;
        IF paid.late_fee_fen > 0 THEN
            lines := lines || ROW('late_fee_income', for_account, paid.period, paid.part,
                                  -paid.late_fee_fen)::counter.posting_line;
        END IF;
    END LOOP;
    IF bills <> jsonb_array_length(allocation) THEN
        PERFORM counter.refuse('CN006', 'no such bill', jsonb_build_object('lines', allocation));
    END IF;
END
$$;

-- A request that cannot be posted as it stands: posted before, and answered as then, or refused.
CREATE OR REPLACE FUNCTION counter.replay_or_refuse(request jsonb) RETURNS jsonb
LANGUAGE plpgsql
AS $$
DECLARE
    asked uuid := request->>'request_id';
    known counter.journal;
BEGIN
    SELECT * INTO known FROM counter.journal WHERE request_id = asked;
    IF FOUND THEN
        PERFORM counter.require_same_request(known, request);
        RETURN counter.replay_payment(known);
    ELSIF NOT EXISTS (SELECT FROM counter.till
                       WHERE shift_id = (request->>'shift_id')::bigint AND staff_no = session_user::text) THEN
        PERFORM counter.refuse('CN003', 'not an open shift of this login',
                               jsonb_build_object('shift_id', request->'shift_id'));
    ELSIF counter.is_abandoned(asked) THEN
        PERFORM counter.refuse('CN002', 'this request was given up', jsonb_build_object('request_id', asked));
    END IF;
    PERFORM counter.refuse('CN001', 'the account changed since it was read', jsonb_build_object(
        'account_no', coalesce(request->'account_no', request->'accounts'->0->'account_no')));
END
$$;

CREATE OR REPLACE FUNCTION counter.is_abandoned(asked uuid) RETURNS boolean
LANGUAGE sql STABLE
AS $$ SELECT EXISTS (SELECT FROM counter.abandoned_request WHERE request_id = asked) $$;

-- Settles every account of a request, in the order of their numbers, under their locks: the credit lines, what the
-- paper says of each, and what the rules need to know. An account of another version than the desk saw is left
-- out, so that the caller finds fewer papers than accounts.
CREATE OR REPLACE FUNCTION counter.settle_accounts(
    for_journal bigint, accounts jsonb, on_date date,
    OUT lines counter.posting_line[], OUT papers counter.receipt_account[], OUT settled_fen bigint,
    OUT rules counter.payment_policy[], OUT all_hardship boolean, OUT corporate_cash boolean, OUT reconnect text[]
)
LANGUAGE plpgsql
AS $$
DECLARE
    held record;
    settled record;
    paper counter.receipt_account;
BEGIN
    settled_fen := 0;
    all_hardship := true;
    corporate_cash := false;
    FOR held IN
        SELECT b.account_no, b.prepaid_fen, b.arrears_fen, a.name, a.address, a.meter_no, a.status, a.hardship,
               a.disconnected, a.corporate_bank, i.prepaid_fen AS in_fen, i.lines,
               ARRAY(SELECT p FROM counter.late_fee_policy p WHERE p.customer_class = a.customer_class
                      ORDER BY p.valid_from DESC) AS policies,
               (SELECT r FROM counter.payment_policy r
                 WHERE r.customer_class = a.customer_class AND r.payment_mode = a.payment_mode AND r.valid_from <= on_date
                 ORDER BY r.valid_from DESC LIMIT 1) AS rule
          FROM jsonb_to_recordset(accounts) AS i(account_no text, version bigint, prepaid_fen bigint, lines jsonb)
          JOIN counter.account_balance b ON b.account_no = i.account_no AND b.version = i.version
          JOIN counter.account a ON a.account_no = b.account_no
         ORDER BY b.account_no FOR UPDATE OF b
    LOOP
        IF held.status = 'closed' AND held.in_fen > 0 THEN
            PERFORM counter.refuse('CN008', 'a closed account takes no prepayment',
                                   jsonb_build_object('account_no', held.account_no));
        ELSIF (held.in_fen >= 0) IS NOT TRUE THEN
            PERFORM counter.refuse('CN007', 'tenders and allocation do not add up');
        END IF;
        settled := counter.allocate_to_bills(held.account_no, held.policies, on_date, held.lines);
        lines := lines || settled.lines;
        IF held.in_fen > 0 THEN
            lines := lines || ROW('prepaid', held.account_no, NULL, NULL, -held.in_fen)::counter.posting_line;
        END IF;
        paper := ROW(for_journal, held.account_no, held.name, held.address, held.meter_no,
                     settled.principal_fen + settled.late_fee_fen + held.in_fen, held.prepaid_fen,
                     held.prepaid_fen + held.in_fen, held.arrears_fen - settled.principal_fen);
        papers := papers || paper;
        settled_fen := settled_fen + paper.total_fen;
        IF rules IS NULL OR held.rule <> rules[cardinality(rules)] THEN
            rules := rules || held.rule;
        END IF;
        all_hardship := all_hardship AND held.hardship;
        corporate_cash := corporate_cash OR (held.corporate_bank AND (held.rule).corporate_cash_approval);
        IF held.disconnected AND settled.principal_fen > 0 AND paper.arrears_after_fen = 0 THEN
            reconnect := reconnect || held.account_no;
        END IF;
    END LOOP;
END
$$;

-- What a posted payment leaves behind beside its postings: tenders, balances and the paper.
CREATE OR REPLACE FUNCTION counter.keep_payment(
    entry counter.journal, payer_name text, given counter.tender[], papers counter.receipt_account[]
) RETURNS counter.receipt
LANGUAGE plpgsql
AS $$
DECLARE
    paper counter.receipt;
    many boolean := cardinality(papers) > 1;
BEGIN
    WITH balanced AS (
        UPDATE counter.account_balance b
           SET prepaid_fen = p.prepaid_after_fen, arrears_fen = p.arrears_after_fen, version = b.version + 1
          FROM unnest(papers) AS p WHERE b.account_no = p.account_no
    ), tendered AS (
        INSERT INTO counter.tender SELECT * FROM unnest(given)
    )
    INSERT INTO counter.receipt (journal_id, hall_no, account_no, account_name, address, meter_no, total_fen,
                                 prepaid_before_fen, prepaid_after_fen, arrears_after_fen)
    SELECT entry.journal_id, entry.hall_no, CASE WHEN NOT many THEN papers[1].account_no END,
           CASE WHEN many THEN coalesce(nullif(left(trim(payer_name), 100), ''), papers[1].account_name)
                ELSE papers[1].account_name END,
           CASE WHEN many THEN '' ELSE papers[1].address END, CASE WHEN NOT many THEN papers[1].meter_no END,
           sum(p.total_fen), sum(p.prepaid_before_fen), sum(p.prepaid_after_fen), sum(p.arrears_after_fen)
      FROM unnest(papers) AS p
    RETURNING * INTO paper;
    IF many THEN
        INSERT INTO counter.receipt_account SELECT * FROM unnest(papers);
    END IF;
    RETURN paper;
END
$$;

-- The last arrears of a disconnected account are paid: it is to be connected again within the bureau's time.
CREATE OR REPLACE FUNCTION counter.raise_reconnections(entry counter.journal, accounts text[]) RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO counter.reconnection_task (journal_id, account_no, hall_no, due_at)
    SELECT entry.journal_id, a.account_no, a.hall_no, clock_timestamp() + b.reconnect_within_h * interval '1 hour'
      FROM counter.account a CROSS JOIN counter.bureau b WHERE a.account_no = ANY (accounts)
    ON CONFLICT DO NOTHING
$$;

-- Advances that are paid under an instalment agreement of their account.
CREATE OR REPLACE FUNCTION counter.keep_instalments(entry counter.journal, accounts jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO counter.instalment_payment (agreement_id, journal_id, amount_fen)
    SELECT g.agreement_id, entry.journal_id, i.prepaid_fen
      FROM jsonb_to_recordset(accounts) AS i(account_no text, prepaid_fen bigint, agreement_id uuid)
      JOIN counter.instalment_agreement g ON g.agreement_id = i.agreement_id AND g.account_no = i.account_no
     WHERE i.prepaid_fen > 0 AND NOT EXISTS (SELECT FROM counter.instalment_end e WHERE e.agreement_id = g.agreement_id);
    IF NOT FOUND THEN
        PERFORM counter.refuse('CN033', 'no such instalment agreement of this account');
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION counter.note_journal(entry counter.journal, reason text, allowed uuid) RETURNS void
LANGUAGE sql
AS $$ INSERT INTO counter.journal_note (journal_id, reason, approval_id) VALUES (entry.journal_id, trim(reason), allowed) $$;

CREATE OR REPLACE FUNCTION counter.post_payment(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
AS $$
DECLARE
    drawer counter.till;
    entry counter.journal;
    tendered record;
    settled record;
    paper counter.receipt;
    accounts jsonb := request->'accounts';
    how_many integer := jsonb_array_length(accounts);
    allowed uuid;
BEGIN
    entry.kind := 'payment';
    entry.shift_id := request->>'shift_id';
    entry.request_id := request->>'request_id';
    SELECT * INTO drawer FROM counter.till WHERE till_no = entry.shift_id / 10000000000 FOR UPDATE;
    IF drawer.shift_id IS DISTINCT FROM entry.shift_id OR drawer.staff_no IS DISTINCT FROM session_user::text
       OR (drawer.has_abandoned AND counter.is_abandoned(entry.request_id)) THEN
        RETURN counter.replay_or_refuse(request);
    END IF;
    entry.business_date := clock_timestamp() AT TIME ZONE drawer.timezone;
    entry.journal_id := drawer.till_no * 10000000000 + drawer.chain_seq + 1;
    settled := counter.settle_accounts(entry.journal_id, accounts, entry.business_date);
    IF how_many < 1 OR cardinality(settled.papers) IS DISTINCT FROM how_many THEN
        RETURN counter.replay_or_refuse(request);
    END IF;
    tendered := counter.take_tenders(entry.journal_id, entry.shift_id, request->'tenders',
                                     CASE WHEN how_many = 1 THEN settled.papers[1].account_no END);
    IF (tendered.total_fen > 0 AND settled.settled_fen = tendered.total_fen
        AND (tendered.own_fen = 0 OR how_many = 1 AND (accounts->0->>'prepaid_fen')::bigint = 0)) IS NOT TRUE THEN
        PERFORM counter.refuse('CN007', 'tenders and allocation do not add up', request->'tenders');
    ELSIF tendered.own_fen > 0 THEN
        settled.papers[1].prepaid_after_fen := settled.papers[1].prepaid_after_fen - tendered.own_fen;
    END IF;
    IF counter.judge_tenders(settled.rules, settled.all_hardship, settled.corporate_cash, tendered.kinds,
                             tendered.exposure_fen) OR request ? 'approval_id' THEN
        allowed := counter.use_approval('payment', request);
    END IF;
    entry.request_hash := counter.request_digest(request);
    entry := counter.append_journal(drawer, entry, tendered.lines || settled.lines, true,
                                    counter.tender_texts(tendered.given));
    paper := counter.keep_payment(entry, request->>'payer_name', tendered.given, settled.papers);
    IF tendered.has_documents THEN
        PERFORM counter.keep_documents(tendered.given);
    END IF;
    IF allowed IS NOT NULL OR request ? 'reason' THEN
        PERFORM counter.note_journal(entry, request->>'reason', allowed);
    END IF;
    IF settled.reconnect IS NOT NULL THEN
        PERFORM counter.raise_reconnections(entry, settled.reconnect);
    END IF;
    IF jsonb_path_exists(accounts, '$[*].agreement_id') THEN
        PERFORM counter.keep_instalments(entry, accounts);
    END IF;
    RETURN counter.payment_answer(entry, paper.total_fen, tendered.change_fen, paper.prepaid_after_fen,
                                  paper.arrears_after_fen, false);
END
$$;
