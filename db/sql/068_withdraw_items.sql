-- Reversed payments and the bank: see 142_book_items.sql.

-- The payment of these items is reversed: what is open of them is expected no more, and what the bank has sent it will
-- take back (退票). Called before anything else of the payment is released; locks the items, then the documents.
CREATE OR REPLACE FUNCTION counter.withdraw_items(wrong bigint, entry_id bigint) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM FROM counter.book_item WHERE journal_id = wrong AND kind IN ('transfer', 'pos', 'cheque')
      ORDER BY item_id FOR UPDATE;
    PERFORM FROM counter.tender_document WHERE journal_id = wrong ORDER BY line FOR UPDATE;
    INSERT INTO counter.book_item (kind, ledger_account, journal_id, line, hall_no, bank_account_no, business_date, amount_fen,
                                   open_fen, reference, payer, payer_account, account_no, terminal, batch, trace)
    SELECT i.kind || '_back', i.ledger_account, entry_id, i.line, j.hall_no, i.bank_account_no, j.business_date,
           i.open_fen - i.amount_fen, i.open_fen - i.amount_fen, i.reference, i.payer, i.payer_account, i.account_no,
           i.terminal, i.batch, i.trace
      FROM counter.book_item i JOIN counter.journal j ON j.journal_id = entry_id
     WHERE i.journal_id = wrong AND i.kind IN ('transfer', 'pos', 'cheque') AND NOT i.withdrawn AND i.open_fen <> i.amount_fen;
    UPDATE counter.book_item SET open_fen = 0, withdrawn = true
     WHERE journal_id = wrong AND kind IN ('transfer', 'pos', 'cheque') AND NOT withdrawn;
END
$$;
