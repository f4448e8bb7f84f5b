-- What the desk may know of other halls: an account is served at any hall, so its last payments are shown
-- wherever they were taken, though the row policies hide other halls' journals. Of a payment for several accounts it is
-- this account's share, under the payer's name.

CREATE OR REPLACE FUNCTION counter.account_payments(for_account text, most integer) RETURNS TABLE (
    receipt_no text, recorded_at timestamptz, account_no text, account_name text, total_fen bigint,
    hall_name text, staff_name text, tenders text[], printed boolean, reversed_by text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), j.recorded_at, for_account,
           r.account_name, coalesce(d.total_fen, r.total_fen), h.name, coalesce(p.name, j.staff_no),
           ARRAY(SELECT t.kind FROM counter.tender t WHERE t.journal_id = j.journal_id ORDER BY t.line),
           EXISTS (SELECT FROM counter.receipt_print x WHERE x.journal_id = j.journal_id AND x.outcome IN ('printed', 'saved')),
           coalesce((SELECT counter.receipt_no(w.till_no, w.business_date, w.receipt_serial)
                       FROM counter.journal w WHERE w.reverses = j.journal_id), '')
      FROM (SELECT o.journal_id, NULL::bigint AS total_fen FROM counter.receipt o WHERE o.account_no = for_account
            UNION ALL
            SELECT m.journal_id, m.total_fen FROM counter.receipt_account m
              JOIN counter.receipt o USING (journal_id)
             WHERE m.account_no = for_account AND o.account_no IS DISTINCT FROM for_account) AS d
      JOIN counter.receipt r USING (journal_id)
      JOIN counter.journal j USING (journal_id)
      JOIN counter.hall h ON h.hall_no = j.hall_no
      LEFT JOIN counter.staff p ON p.staff_no = j.staff_no
     ORDER BY j.recorded_at DESC LIMIT least(most, 100)
$$;

-- Everything that went into the prepaid balance of an account or out of it, newest first, whichever hall did it, with
-- the balance after each. What a balance paid names its bills: more than one only where one journal settled several.
CREATE OR REPLACE FUNCTION counter.account_balance_history(for_account text, most integer) RETURNS TABLE (
    journal_id bigint, kind text, recorded_at timestamptz, hall_name text, staff_name text, receipt_no text,
    amount_fen bigint, balance_fen bigint, periods integer[], agreement boolean
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    WITH moved AS (
        SELECT p.journal_id, -sum(p.amount_fen)::bigint AS amount_fen FROM counter.posting p
         WHERE p.account_no = for_account AND p.ledger_account = 'prepaid' GROUP BY p.journal_id
    ), ordered AS (
        SELECT m.journal_id, m.amount_fen, j.kind::text AS kind, j.recorded_at, j.hall_no, j.staff_no, j.till_no,
               j.business_date, j.receipt_serial,
               sum(m.amount_fen) OVER (ORDER BY j.recorded_at, m.journal_id)::bigint AS balance_fen
          FROM moved m JOIN counter.journal j USING (journal_id)
    )
    SELECT o.journal_id, o.kind, o.recorded_at, h.name, coalesce(s.name, o.staff_no),
           CASE WHEN o.receipt_serial IS NOT NULL
                THEN counter.receipt_no(o.till_no, o.business_date, o.receipt_serial) ELSE '' END,
           o.amount_fen, o.balance_fen,
           ARRAY(SELECT DISTINCT p.period FROM counter.posting p
                  WHERE p.journal_id = o.journal_id AND p.account_no = for_account AND p.period IS NOT NULL ORDER BY 1),
           EXISTS (SELECT FROM counter.instalment_payment i JOIN counter.instalment_agreement g USING (agreement_id)
                    WHERE i.journal_id = o.journal_id AND g.account_no = for_account)
      FROM ordered o JOIN counter.hall h USING (hall_no) LEFT JOIN counter.staff s ON s.staff_no = o.staff_no
     ORDER BY o.recorded_at DESC, o.journal_id DESC LIMIT least(most, 1000)
$$;
