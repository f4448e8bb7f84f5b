-- What a receipt tells beside its own journal. Read through functions, because bills draw balances down in the hall of
-- the account and instalments may have been paid in others, whose journals the row policies hide. What they answer is
-- what the history of the balance shows to all staff; equal at every reprint, because only what was earlier counts.

-- What bills drew from the prepaid balance of the receipt's account since the account's last receipt, oldest first.
-- None for a receipt of several accounts: their balances are followed in each account's history.
CREATE OR REPLACE FUNCTION counter.draw_downs_before(for_journal bigint) RETURNS TABLE (
    period integer, part smallint, drawn_on date, amount_fen bigint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    WITH paper AS (
        SELECT r.account_no, j.recorded_at FROM counter.receipt r JOIN counter.journal j USING (journal_id)
         WHERE r.journal_id = for_journal AND r.account_no IS NOT NULL
    ), earlier AS (
        SELECT max(j.recorded_at) AS moment FROM paper p
          JOIN LATERAL (SELECT o.journal_id FROM counter.receipt o WHERE o.account_no = p.account_no
                        UNION ALL
                        SELECT m.journal_id FROM counter.receipt_account m WHERE m.account_no = p.account_no) o ON true
          JOIN counter.journal j USING (journal_id) WHERE j.recorded_at < p.recorded_at
    ), drawn AS (
        SELECT DISTINCT j.journal_id, j.business_date, p.account_no FROM paper p CROSS JOIN earlier e
          JOIN counter.posting l ON l.account_no = p.account_no AND l.ledger_account = 'prepaid'
          JOIN counter.journal j USING (journal_id)
         WHERE j.kind = 'draw_down' AND j.recorded_at < p.recorded_at
           AND j.recorded_at > coalesce(e.moment, '-infinity')
    )
    SELECT l.period, l.part, d.business_date, -sum(l.amount_fen)::bigint
      FROM drawn d JOIN counter.posting l USING (journal_id, account_no)
     WHERE l.period IS NOT NULL GROUP BY d.business_date, d.journal_id, l.period, l.part
     ORDER BY d.business_date, d.journal_id, l.period, l.part
$$;

-- The instalments that a journal paid (or, as a reversal, took back), with the plan and what was paid before.
CREATE OR REPLACE FUNCTION counter.instalments_of(for_journal bigint) RETURNS TABLE (
    account_no text, agreement_id uuid, period integer, amount_fen bigint, paid_before_fen bigint, plan_fen bigint[]
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT g.account_no, g.agreement_id, g.period, i.amount_fen,
           coalesce((SELECT sum(x.amount_fen) FROM counter.instalment_payment x JOIN counter.journal y USING (journal_id)
                      WHERE x.agreement_id = g.agreement_id AND y.recorded_at < j.recorded_at), 0)::bigint,
           ARRAY(SELECT t.amount_fen FROM counter.instalment t WHERE t.agreement_id = g.agreement_id ORDER BY t.number)
      FROM counter.instalment_payment i JOIN counter.instalment_agreement g USING (agreement_id)
      JOIN counter.journal j USING (journal_id)
     WHERE i.journal_id = for_journal ORDER BY g.account_no
$$;
