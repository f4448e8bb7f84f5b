-- What each group role may do. Nobody but the owner may write a table; money moves through functions.

REVOKE ALL ON ALL TABLES IN SCHEMA counter FROM PUBLIC, counter_clerk, counter_cashier, counter_supervisor,
    counter_auditor, counter_admin, counter_service;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA counter FROM PUBLIC;
REVOKE ALL ON ALL ROUTINES IN SCHEMA counter FROM PUBLIC, counter_clerk, counter_cashier, counter_supervisor,
    counter_auditor, counter_admin, counter_service;
REVOKE ALL ON SCHEMA counter FROM PUBLIC;
GRANT USAGE ON SCHEMA counter TO counter_clerk, counter_cashier, counter_supervisor, counter_auditor,
    counter_admin, counter_service;

GRANT SELECT ON counter.bureau, counter.hall, counter.staff, counter.till, counter.shift, counter.closed_day,
    counter.account, counter.account_balance, counter.place, counter.account_address, counter.account_name_part,
    counter.bill, counter.late_fee_policy, counter.journal, counter.posting, counter.tender, counter.receipt,
    counter.receipt_print, counter.account_change, counter.receipt_account, counter.journal_note, counter.printer,
    counter.tender_kind, counter.tender_document, counter.payment_policy, counter.till_policy, counter.fund,
    counter.approval_rule, counter.approval_request, counter.approval_decision, counter.approval_use,
    counter.cash_movement_reason, counter.cash_movement, counter.shift_closing, counter.bank_account, counter.deposit,
    counter.deposit_item, counter.payer_group, counter.payer_group_member, counter.instalment_agreement,
    counter.instalment, counter.instalment_payment, counter.instalment_end, counter.late_fee_relief,
    counter.reconnection_task
TO counter_clerk, counter_cashier, counter_supervisor, counter_auditor, counter_admin, counter_service;

GRANT EXECUTE ON FUNCTION counter.my_hall(), counter.sees_all_halls(), counter.business_date(),
    counter.receipt_no(integer, date, integer), counter.account_payments(text, integer),
    counter.account_balance_history(text, integer), counter.cards_sold(bigint), counter.cards_untouched(bigint),
    counter.draw_downs_before(bigint), counter.instalments_of(bigint),
    counter.late_fee_policies(text), counter.late_fee_due(bigint, bigint, bigint),
    counter.late_fee_accrual(counter.late_fee_policy[], date, date, bigint, date),
    counter.late_fee_minimum(counter.late_fee_policy[], date)
TO counter_clerk, counter_cashier, counter_supervisor, counter_auditor, counter_admin, counter_service;

-- counter ledger verify builds each hash again from the rows.
GRANT SELECT ON counter.abandoned_request, counter.request_claim, counter.payer_exposure TO counter_auditor, counter_admin;
GRANT EXECUTE ON FUNCTION counter.journal_text(counter.journal),
    counter.posting_text(integer, text, text, integer, smallint, bigint),
    counter.tender_text(smallint, text, bigint, bigint, jsonb),
    counter.chain_hash(bytea, text, text, text), counter.epoch_us(timestamptz),
    counter.has_receipt(text), counter.cards_outstanding_fen(), counter.card_sales()
TO counter_auditor, counter_admin;

GRANT EXECUTE ON FUNCTION counter.open_shift(jsonb), counter.post_payment(jsonb), counter.settle_payment(uuid, bigint),
    counter.reverse_payment(jsonb), counter.refund(jsonb), counter.balance_transfer(jsonb),
    counter.record_print(jsonb), counter.set_phone(jsonb), counter.request_approval(jsonb), counter.decide_approval(jsonb),
    counter.make_agreement(jsonb), counter.end_agreement(jsonb), counter.complete_reconnection(jsonb),
    counter.relieve_late_fee(jsonb), counter.settle_request(uuid)
TO counter_clerk, counter_cashier, counter_supervisor;

GRANT EXECUTE ON FUNCTION counter.save_group(jsonb), counter.delete_group(jsonb)
TO counter_clerk, counter_cashier, counter_supervisor;

GRANT EXECUTE ON FUNCTION counter.move_cash(jsonb), counter.sign_count(jsonb), counter.close_shift(jsonb),
    counter.take_over(jsonb)
TO counter_clerk, counter_cashier, counter_supervisor;
GRANT SELECT ON counter.shift_count
TO counter_clerk, counter_cashier, counter_supervisor, counter_auditor, counter_admin, counter_service;

GRANT EXECUTE ON FUNCTION counter.begin_import(), counter.load_accounts(jsonb), counter.load_bills(jsonb)
TO counter_service, counter_admin;
GRANT SELECT, INSERT ON counter.account_staging, counter.bill_staging TO counter_service, counter_admin;

-- The way of the takings to the bank: everybody of the hall looks, the function refuses clerks.
GRANT EXECUTE ON FUNCTION counter.post_deposit(jsonb) TO counter_cashier, counter_supervisor;
GRANT EXECUTE ON FUNCTION counter.shift_parts(bigint, bigint), counter.waiting_parts(smallint),
    counter.is_deposited(bigint), counter.deposit_part(text)
TO counter_clerk, counter_cashier, counter_supervisor, counter_auditor, counter_admin;

GRANT EXECUTE ON FUNCTION counter.show_card(jsonb), counter.sell_cards(jsonb), counter.cards_for_sale(text[])
TO counter_clerk, counter_cashier, counter_supervisor;
GRANT EXECUTE ON FUNCTION counter.load_cards(jsonb) TO counter_service, counter_admin;
GRANT EXECUTE ON FUNCTION counter.add_to_fund(jsonb) TO counter_supervisor, counter_admin;

-- Prepaid cards: which card and which count come next is open to all staff, because a card is served at any hall.
GRANT SELECT ON counter.vend, counter.vend_event, counter.vend_signature, counter.meter_card, counter.meter_count, counter.card_change,
    counter.vend_policy
TO counter_clerk, counter_cashier, counter_supervisor, counter_auditor, counter_admin, counter_service;
GRANT EXECUTE ON FUNCTION counter.account_vends(text, integer), counter.told_vend_of(uuid), counter.unsettled_vends(),
    counter.vend_limit_fen(date)
TO counter_clerk, counter_cashier, counter_supervisor, counter_auditor, counter_admin, counter_service;
GRANT EXECUTE ON FUNCTION counter.begin_vend(jsonb), counter.settle_vend(jsonb), counter.doubt_vend(jsonb), counter.undo_vend(jsonb),
    counter.decide_vend(jsonb), counter.replace_card(jsonb), counter.return_card(jsonb), counter.change_meter(jsonb)
TO counter_clerk, counter_cashier, counter_supervisor;
GRANT EXECUTE ON FUNCTION counter.sign_vends(jsonb) TO counter_supervisor;
GRANT EXECUTE ON FUNCTION counter.load_meter_cards(jsonb) TO counter_service, counter_admin;

-- Tokens. They are the customer's: whoever may read the receipt may read the token on it.
GRANT SELECT ON counter.token_vend, counter.token_vend_event, counter.token_vend_signature
TO counter_clerk, counter_cashier, counter_supervisor, counter_auditor, counter_admin, counter_service;
GRANT EXECUTE ON FUNCTION counter.account_token_vends(text, integer), counter.told_token_vend_of(uuid),
    counter.unsettled_token_vends()
TO counter_clerk, counter_cashier, counter_supervisor, counter_auditor, counter_admin, counter_service;
GRANT EXECUTE ON FUNCTION counter.begin_token_vend(jsonb), counter.settle_token_vend(jsonb), counter.decide_token_vend(jsonb)
TO counter_clerk, counter_cashier, counter_supervisor;

-- The bank side. Halls share bank accounts, so lines and items of all halls are open to who matches them; clerks find
-- what a customer claims through a function.
GRANT SELECT ON counter.bank_file, counter.statement, counter.statement_line, counter.book_item, counter.bank_match,
    counter.bank_match_line, counter.bank_match_item, counter.suggestion, counter.break_event, counter.receipt_claim
TO counter_cashier, counter_supervisor, counter_auditor, counter_admin, counter_service;
GRANT SELECT ON counter.acquirer_contract, counter.bank_policy, counter.day_closing, counter.month_closing
TO counter_clerk, counter_cashier, counter_supervisor, counter_auditor, counter_admin, counter_service;
GRANT EXECUTE ON FUNCTION counter.import_statement(jsonb, bytea) TO counter_cashier, counter_supervisor;

-- The closing of the day: who looks into the hall sees its checklist; the functions refuse who does not close.
GRANT EXECUTE ON FUNCTION counter.day_checklist(smallint, date, boolean), counter.hall_journals(smallint, jsonb, date, date)
TO counter_cashier, counter_supervisor, counter_auditor, counter_admin;
GRANT EXECUTE ON FUNCTION counter.close_day(jsonb), counter.close_month(jsonb) TO counter_cashier, counter_supervisor;

-- Matching: cashiers and supervisors write, auditors look (and looking takes in what is new in the books).
GRANT EXECUTE ON FUNCTION counter.match_lines(jsonb), counter.confirm_match(jsonb), counter.unmatch(jsonb),
    counter.reject_suggestion(jsonb)
TO counter_cashier, counter_supervisor;
GRANT EXECUTE ON FUNCTION counter.collect_items(), counter.collect_items(boolean)
TO counter_cashier, counter_supervisor, counter_auditor, counter_admin;
GRANT SELECT ON counter.collected_till TO counter_auditor, counter_admin;

GRANT EXECUTE ON FUNCTION counter.line_account(boolean, bigint) TO counter_auditor, counter_admin;
-- Receipts of the bank are claimed at any desk; breaks are for who works on the bank side.
GRANT EXECUTE ON FUNCTION counter.held_receipts(jsonb, text, integer)
TO counter_clerk, counter_cashier, counter_supervisor, counter_auditor, counter_admin;
GRANT EXECUTE ON FUNCTION counter.list_breaks(), counter.break_alarms(), counter.returned_payments(bigint)
TO counter_cashier, counter_supervisor, counter_auditor, counter_admin;
GRANT EXECUTE ON FUNCTION counter.note_break(jsonb) TO counter_cashier, counter_supervisor;

-- Reports of the bank side, over all halls.
GRANT EXECUTE ON FUNCTION counter.lines_open_at(text, date), counter.items_open_at(date), counter.balances_at(date),
    counter.books_at(date), counter.settlements(date, date)
TO counter_cashier, counter_supervisor, counter_auditor, counter_admin;
