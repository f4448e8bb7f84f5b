-- The way of the takings to the bank: what of which closed shift goes on which deposit slip.
--
-- Cash that left a drawer is in the safe (undeposited_cash, by the shift of its journals), cheques are in hand
-- (cheques_in_hand, by their documents), POS totals are only listed, because the acquirer settles them.

-- Which ledger account tells the parts of a shift that are banked.
CREATE OR REPLACE FUNCTION counter.deposit_part(of_account text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE of_account WHEN 'cash_in_till' THEN 'cash' WHEN 'cheques_in_hand' THEN 'cheque'
                           WHEN 'pos_clearing' THEN 'pos' END
$$;

-- Whether money of this journal is on a deposit slip. Who wants to rely on the answer for the rest of a transaction
-- locks the row of the journal's shift before asking (FOR SHARE): a slip that takes the shift waits for that.
CREATE OR REPLACE FUNCTION counter.is_deposited(for_journal bigint) RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT EXISTS (
        SELECT FROM counter.journal j JOIN counter.posting p USING (journal_id)
          JOIN counter.deposit_item i ON i.shift_id = j.shift_id AND i.part = counter.deposit_part(p.ledger_account::text)
         WHERE j.journal_id = for_journal)
$$;
