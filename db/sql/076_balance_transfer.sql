-- Prepaid balance goes from one account to another: freely between accounts of one customer (the same name and the same
-- phone number), else with a supervisor's approval.
--
-- Request: {request_id, shift_id, from_account, to_account, from_version, to_version, amount_fen, reason, approval_id}.

CREATE OR REPLACE FUNCTION counter.same_customer(one text, other text) RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT EXISTS (SELECT FROM counter.account a JOIN counter.account b ON b.name = a.name AND b.phone = a.phone
                    WHERE a.account_no = one AND b.account_no = other AND a.phone <> '')
$$;

CREATE OR REPLACE FUNCTION counter.check_balance_transfer(request jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    IF ((request->>'amount_fen')::bigint BETWEEN 1 AND 1000000000000
        AND request->>'from_account' <> request->>'to_account'
        AND length(trim(request->>'reason')) BETWEEN 1 AND 200) IS NOT TRUE THEN
        PERFORM counter.refuse('CN044', 'amount, accounts or reason of the transfer are not right');
    ELSIF EXISTS (SELECT FROM counter.account WHERE account_no = request->>'to_account' AND status = 'closed') THEN
        PERFORM counter.refuse('CN008', 'a closed account takes no prepayment',
                               jsonb_build_object('account_no', request->'to_account'));
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION counter.balance_transfer(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    begun record := counter.lock_drawer(request);
    drawer counter.till := begun.drawer;
    entry counter.journal;
    amount bigint := request->>'amount_fen';
    giver counter.receipt_account;
    taker counter.receipt_account;
    shown counter.receipt_account;
    allowed uuid;
    answer jsonb;
BEGIN
    IF begun.answer IS NOT NULL THEN
        RETURN begun.answer;
    END IF;
    PERFORM counter.check_balance_transfer(request);
    entry.kind := 'balance_transfer';
    entry.journal_id := drawer.till_no * 10000000000 + drawer.chain_seq + 1;
    entry.business_date := clock_timestamp() AT TIME ZONE drawer.timezone;
    entry.shift_id := drawer.shift_id;
    entry.request_id := request->>'request_id';
    entry.request_hash := counter.request_digest(request);
    PERFORM FROM counter.account_balance WHERE account_no IN (request->>'from_account', request->>'to_account')
      ORDER BY account_no COLLATE "C" FOR UPDATE;
    giver := counter.paper_of(request->>'from_account', (request->>'from_version')::bigint, entry.journal_id, -amount);
    taker := counter.paper_of(request->>'to_account', (request->>'to_version')::bigint, entry.journal_id, amount);
    IF giver.account_no IS NULL OR taker.account_no IS NULL THEN
        RETURN counter.replay_or_refuse(request || jsonb_build_object('account_no', CASE WHEN giver.account_no IS NULL
            THEN request->'from_account' ELSE request->'to_account' END));
    ELSIF giver.prepaid_after_fen < 0 THEN
        PERFORM counter.refuse('CN042', 'more than the prepaid balance', jsonb_build_object(
            'account_no', giver.account_no));
    ELSIF request ? 'approval_id' OR NOT counter.same_customer(giver.account_no, taker.account_no) THEN
        allowed := counter.use_approval('balance_transfer', request);
    END IF;
    shown := giver;
    shown.total_fen := amount;
    answer := counter.post_correction(drawer, entry, ARRAY[
        ROW('prepaid', giver.account_no, NULL, NULL, amount)::counter.posting_line,
        ROW('prepaid', taker.account_no, NULL, NULL, -amount)::counter.posting_line],
        NULL, ARRAY[shown], NULL, request, allowed);
    UPDATE counter.account_balance SET prepaid_fen = taker.prepaid_after_fen, version = version + 1
     WHERE account_no = taker.account_no;
    INSERT INTO counter.receipt_account SELECT * FROM unnest(ARRAY[giver, taker]);
    RETURN answer;
END
$$;
