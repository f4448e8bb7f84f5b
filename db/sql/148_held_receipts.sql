-- Unidentified receipts as the desk finds them, and what was learned from earlier claims (063_receipt_claims.sql).

-- What of a remittance text stays the same from one transfer to the next: its words, without numbers and blanks.
CREATE OR REPLACE FUNCTION counter.lasting_text(said text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT lower(regexp_replace(said, '[[:digit:][:space:][:punct:]]+', '', 'g')) $$;

-- For which account receipts of a payer were claimed before: by its bank account, its name, the words of its text.
-- accounts says for how many accounts the same value was claimed; 1 is a payer who pays for one.
CREATE OR REPLACE VIEW counter.learned_payers AS
SELECT k.kind, k.value, c.account_no, count(*) AS times, max(j.recorded_at) AS last_claimed,
       count(*) OVER (PARTITION BY k.kind, k.value) AS accounts
  FROM counter.receipt_claim c JOIN counter.journal j USING (journal_id) JOIN counter.statement_line l USING (line_id)
 CROSS JOIN LATERAL (VALUES ('party_account', l.party_account), ('party', l.party),
                            ('text', counter.lasting_text(l.text))) AS k(kind, value)
 WHERE c.account_no IS NOT NULL AND c.amount_fen > 0 AND k.value <> ''
   AND NOT EXISTS (SELECT FROM counter.journal r WHERE r.reverses = c.journal_id)
 GROUP BY k.kind, k.value, c.account_no;

-- An account number of a payer as others may see it: the last four characters.
CREATE OR REPLACE FUNCTION counter.masked_number(number text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN length(number) > 4 THEN '*' || right(number, 4) ELSE number END $$;

-- The open receipts that all words fit, for an account the ones first that were claimed for it before, then the oldest.
-- words: [{text, amount_fen?, date?}]: each is found in party, account, text or reference, or is an amount or a day.
-- usual_account is whom receipts of this payer were for before; waits_for names the book items that a rule thinks the
-- receipt belongs to, which whoever claims it looks at first.
CREATE OR REPLACE FUNCTION counter.held_receipts(words jsonb, for_account text, most integer)
RETURNS TABLE (
    line_id bigint, booked date, age_days integer, amount_fen bigint, open_fen bigint, party text, party_account text,
    said text, reference text, bank text, usual_account text, times bigint, known_by text, waits_for text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
BEGIN
    IF counter.my_hall() IS NULL THEN
        PERFORM counter.refuse('CN013', 'this login is not active staff');
    END IF;
    RETURN QUERY
    WITH fitting AS (
        SELECT l.*, concat_ws(' ', b.bank_name, counter.masked_number(b.bank_account_no)) AS at_bank
          FROM counter.statement_line l JOIN counter.bank_account b USING (bank_account_no)
         WHERE l.open_fen > 0 AND l.amount_fen > 0 AND b.kind = 'bank'
           AND NOT EXISTS (
               SELECT FROM jsonb_to_recordset(words) AS w(text text, amount_fen bigint, date date)
                WHERE (strpos(lower(normalize(concat_ws(' ', l.party, l.party_account, l.text, l.reference), NFKC)), w.text) > 0
                       OR w.amount_fen IN (l.amount_fen, l.open_fen) OR w.date IN (l.booked, l.value_date)) IS NOT TRUE)
    ), facts AS (
        SELECT f.line_id, k.* FROM fitting f CROSS JOIN LATERAL (
               VALUES (3, 'party_account', f.party_account), (2, 'party', f.party),
                      (1, 'text', counter.lasting_text(f.text))) AS k(weight, kind, value) WHERE k.value <> ''
    ), known AS (
        SELECT DISTINCT ON (f.line_id) f.line_id, p.account_no, p.times, p.kind
          FROM facts f JOIN counter.learned_payers p USING (kind, value)
         WHERE p.kind <> 'text' OR p.accounts = 1
         ORDER BY f.line_id, p.account_no IS NOT DISTINCT FROM for_account DESC, f.weight DESC, p.times DESC, p.account_no
    )
    SELECT f.line_id, f.booked, counter.business_date() - f.booked, f.amount_fen, f.open_fen, f.party,
           counter.masked_number(f.party_account), f.text, f.reference, f.at_bank, coalesce(k.account_no, ''),
           coalesce(k.times, 0), coalesce(k.kind, ''),
           coalesce((SELECT string_agg(DISTINCT coalesce(i.account_no, i.reference), ' ')
                       FROM counter.suggestion s JOIN counter.book_item i ON i.item_id = ANY (s.item_ids)
                      WHERE f.line_id = ANY (s.line_ids) AND s.rejected_at IS NULL AND i.open_fen <> 0), '')
      FROM fitting f LEFT JOIN known k USING (line_id)
     ORDER BY k.account_no IS NOT DISTINCT FROM nullif(for_account, '') AND k.account_no IS NOT NULL DESC,
              f.booked, f.line_id
     LIMIT least(most, 1000);
END
$$;
