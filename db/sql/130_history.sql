-- What the desk may know of other halls: an account is served at any hall, so its last payments are shown
-- wherever they were taken, though the row policies hide other halls' journals.

CREATE OR REPLACE FUNCTION counter.account_payments(for_account text, most integer) RETURNS TABLE (
    receipt_no text, recorded_at timestamptz, account_no text, account_name text, total_fen bigint,
    hall_name text, staff_name text, tenders text[], printed boolean
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), j.recorded_at, r.account_no,
           r.account_name, r.total_fen, h.name, coalesce(p.name, j.staff_no),
           ARRAY(SELECT t.kind FROM counter.tender t WHERE t.journal_id = j.journal_id ORDER BY t.line),
           EXISTS (SELECT FROM counter.receipt_print x WHERE x.journal_id = j.journal_id AND x.outcome IN ('printed', 'saved'))
      FROM counter.receipt r
      JOIN counter.journal j USING (journal_id)
      JOIN counter.hall h ON h.hall_no = j.hall_no
      LEFT JOIN counter.staff p ON p.staff_no = j.staff_no
     WHERE r.account_no = for_account
     ORDER BY j.recorded_at DESC LIMIT least(most, 100)
$$;
