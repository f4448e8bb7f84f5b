-- The ledger is never changed: not by a clerk, not by the owner. A correction is a new journal.

CREATE OR REPLACE FUNCTION counter.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = counter, pg_temp
AS $$
BEGIN
    PERFORM counter.refuse('CN011', format('%s is append-only: %s refused', TG_TABLE_NAME, TG_OP),
                           jsonb_build_object('table', TG_TABLE_NAME, 'operation', TG_OP));
    RETURN NULL;
END
$$;

DO $do$
DECLARE
    ledger_table text;
BEGIN
    FOREACH ledger_table IN ARRAY ARRAY[
        'journal', 'posting', 'tender', 'receipt', 'receipt_account', 'receipt_print', 'journal_note',
        'account_change', 'abandoned_request', 'request_claim', 'closed_day', 'approval_request', 'approval_decision', 'approval_use',
        'sold_card', 'cash_movement', 'shift_count', 'shift_closing', 'deposit', 'deposit_item',
        'instalment_agreement', 'instalment', 'instalment_payment', 'instalment_end', 'late_fee_relief',
        'vend_event', 'vend_signature', 'card_change', 'token_vend_event', 'token_vend_signature',
        'bank_file', 'statement', 'bank_match', 'bank_match_line', 'bank_match_item', 'break_event', 'receipt_claim',
        'day_closing', 'month_closing'
    ] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER refuse_row_change BEFORE UPDATE OR DELETE ON counter.%I
                        FOR EACH ROW EXECUTE FUNCTION counter.refuse_change()', ledger_table);
        EXECUTE format('CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON counter.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION counter.refuse_change()', ledger_table);
        EXECUTE format('ALTER TABLE counter.%I ENABLE ALWAYS TRIGGER refuse_row_change', ledger_table);
        EXECUTE format('ALTER TABLE counter.%I ENABLE ALWAYS TRIGGER refuse_truncate', ledger_table);
    END LOOP;
END
$do$;

-- A bill's own figures stand as billed; only what is paid and accrued on it moves.
CREATE OR REPLACE TRIGGER refuse_rebilling
BEFORE UPDATE OF account_no, period, part, kwh, due_date, principal_fen OR DELETE ON counter.bill
FOR EACH ROW EXECUTE FUNCTION counter.refuse_change();

-- What is fixed at billing is checked once, when the bill comes, and not again at every payment.
CREATE OR REPLACE TRIGGER refuse_senseless_bill BEFORE INSERT ON counter.bill
FOR EACH ROW WHEN (NEW.period NOT BETWEEN 190001 AND 299912 OR mod(NEW.period, 100) NOT BETWEEN 1 AND 12
                   OR NEW.part NOT BETWEEN 1 AND 99 OR NEW.kwh < 0 OR NEW.late_fee_through < NEW.due_date
                   OR NEW.principal_fen NOT BETWEEN 0 AND 1000000000000)
EXECUTE FUNCTION counter.refuse_change();

-- A sale onto a card stands as sold; only its state moves.
CREATE OR REPLACE TRIGGER refuse_reselling
BEFORE UPDATE OF vend_id, journal_id, account_no, meter_no, card_serial, vend_count, amount_fen, kind, mark, hall_no,
                 staff_no, began_at OR DELETE ON counter.vend
FOR EACH ROW EXECUTE FUNCTION counter.refuse_change();

CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON counter.vend
FOR EACH STATEMENT EXECUTE FUNCTION counter.refuse_change();

-- A sale of a token stands as sold, and an issued token stands for ever.
CREATE OR REPLACE TRIGGER refuse_reselling
BEFORE UPDATE OF vend_id, journal_id, account_no, meter_no, amount_fen, mark, hall_no, staff_no, began_at OR DELETE
ON counter.token_vend
FOR EACH ROW EXECUTE FUNCTION counter.refuse_change();

CREATE OR REPLACE TRIGGER refuse_taking_back BEFORE UPDATE ON counter.token_vend
FOR EACH ROW WHEN (OLD.token IS NOT NULL) EXECUTE FUNCTION counter.refuse_change();

CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON counter.token_vend
FOR EACH STATEMENT EXECUTE FUNCTION counter.refuse_change();

CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON counter.bill
FOR EACH STATEMENT EXECUTE FUNCTION counter.refuse_change();

-- A line of a statement stands as the bank booked it, an item as it was collected; only what is open of them moves.
CREATE OR REPLACE TRIGGER refuse_rewriting
BEFORE UPDATE OF line_id, bank_account_no, seq, statement_id, booked, value_date, amount_fen, balance_fen, reference, text, party,
                 party_account, reversal, file_line, occurrence, details, fee_fen, terminal, batch, trace, card, card_class,
                 traded_at OR DELETE
ON counter.statement_line FOR EACH ROW EXECUTE FUNCTION counter.refuse_change();

CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON counter.statement_line
FOR EACH STATEMENT EXECUTE FUNCTION counter.refuse_change();

CREATE OR REPLACE TRIGGER refuse_rewriting
BEFORE UPDATE OF item_id, kind, ledger_account, journal_id, line, hall_no, bank_account_no, business_date, amount_fen,
                 reference, payer, payer_account, account_no, terminal, batch, trace, statement_id, collected_at OR DELETE
ON counter.book_item FOR EACH ROW EXECUTE FUNCTION counter.refuse_change();

CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON counter.book_item
FOR EACH STATEMENT EXECUTE FUNCTION counter.refuse_change();
