-- Money goes back out of a prepaid balance, with four eyes always: in cash from the drawer, or by the bank.
--
-- Request: {request_id, shift_id, account_no, account_version, amount_fen, method, payee_name, payee_account, payee_bank,
--           reason, approval_id}; method is cash or bank, and the bank needs to know whom to pay.

CREATE OR REPLACE FUNCTION counter.check_refund(request jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    IF ((request->>'amount_fen')::bigint BETWEEN 1 AND 1000000000000
        AND length(trim(request->>'reason')) BETWEEN 1 AND 200
        AND coalesce(length(request->>'payee_name'), 0) <= 100 AND coalesce(length(request->>'payee_bank'), 0) <= 100
        AND (request->>'method' = 'cash' OR request->>'method' = 'bank'
             AND length(trim(request->>'payee_name')) > 0 AND length(trim(request->>'payee_bank')) > 0
             AND request->>'payee_account' ~ '^[0-9]{8,32}$')) IS NOT TRUE THEN
        PERFORM counter.refuse('CN043', 'amount, payee or reason of the refund are not right');
    END IF;
END
$$;

-- How an account stands, under its lock, when it is still of the version that the desk saw; all NULL when not.
CREATE OR REPLACE FUNCTION counter.paper_of(for_account text, seen bigint, entry_id bigint, moved_fen bigint)
RETURNS counter.receipt_account
LANGUAGE sql
AS $$
    SELECT entry_id, a.account_no, a.name, a.address, a.meter_no, moved_fen, b.prepaid_fen,
           b.prepaid_fen + moved_fen, b.arrears_fen
      FROM counter.account_balance b JOIN counter.account a USING (account_no)
     WHERE b.account_no = for_account AND b.version = seen FOR UPDATE OF b
$$;

CREATE OR REPLACE FUNCTION counter.refund(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    begun record := counter.lock_drawer(request);
    drawer counter.till := begun.drawer;
    entry counter.journal;
    amount bigint := request->>'amount_fen';
    by_bank boolean := request->>'method' = 'bank';
    paper counter.receipt_account;
    given counter.tender;
    allowed uuid;
BEGIN
    IF begun.answer IS NOT NULL THEN
        RETURN begun.answer;
    END IF;
    PERFORM counter.check_refund(request);
    entry.kind := 'refund';
    entry.journal_id := drawer.till_no * 10000000000 + drawer.chain_seq + 1;
    entry.business_date := clock_timestamp() AT TIME ZONE drawer.timezone;
    entry.shift_id := drawer.shift_id;
    entry.request_id := request->>'request_id';
    entry.request_hash := counter.request_digest(request);
    paper := counter.paper_of(request->>'account_no', (request->>'account_version')::bigint, entry.journal_id, -amount);
    IF paper.account_no IS NULL THEN
        RETURN counter.replay_or_refuse(request);
    ELSIF paper.prepaid_after_fen < 0 THEN
        PERFORM counter.refuse('CN042', 'more than the prepaid balance', jsonb_build_object(
            'account_no', paper.account_no));
    END IF;
    allowed := counter.use_approval('refund', request);
    given := ROW(entry.journal_id, 1, CASE WHEN by_bank THEN 'transfer' ELSE 'cash' END, -amount, NULL,
                 CASE WHEN by_bank THEN jsonb_build_object('payer', trim(request->>'payee_name'),
                     'payer_account', request->>'payee_account', 'bank', trim(request->>'payee_bank')) END)::counter.tender;
    RETURN counter.post_correction(drawer, entry, ARRAY[
        ROW('prepaid', paper.account_no, NULL, NULL, amount)::counter.posting_line,
        ROW(CASE WHEN by_bank THEN 'refunds_payable' ELSE 'cash_in_till' END, NULL, NULL, NULL, -amount)
            ::counter.posting_line], ARRAY[given], ARRAY[paper], NULL, request, allowed);
END
$$;
