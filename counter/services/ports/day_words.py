"""What the steps of a day's checklist, their states and the ledger accounts are called; to be translated."""

from __future__ import annotations

from counter.i18n import N_

STEP_TITLES = {
    "shifts": N_("Shifts closed and counted"),
    "deposits": N_("Takings on deposit slips"),
    "settlement": N_("POS batches settled"),
    "statements": N_("Bank statements in"),
    "matches": N_("Matches decided"),
    "breaks": N_("Breaks explained"),
    "vends": N_("Cards and tokens signed for"),
    "receipts": N_("Receipts without a gap"),
    "ledger": N_("Books proven"),
}
"""The steps in their order."""

STATE_WORDS = {
    "done": N_("done"),
    "waiting": N_("waits in time"),
    "explained": N_("explained"),
    "note": N_("needs a word"),
    "mend": N_("to be mended"),
    "unknown": N_("not looked at"),
}

LEDGER_WORDS = {
    "cash_in_till": N_("Cash in tills"),
    "float_fund": N_("Float fund"),
    "pos_clearing": N_("POS clearing"),
    "transfer_clearing": N_("Transfer clearing"),
    "cash_in_transit": N_("Cash in transit"),
    "bank": N_("Bank deposits"),
    "bank_fees": N_("Bank fees"),
    "receivable": N_("Electricity receivable"),
    "billed_sales": N_("Electricity sales"),
    "late_fee_income": N_("Late fee income"),
    "prepaid": N_("Prepaid balances"),
    "opening_equity": N_("Opening balances"),
    "cash_over": N_("Cash over"),
    "cash_short": N_("Cash short"),
    "vend_in_flight": N_("Power being written"),
    "vended": N_("Power sold on cards and tokens"),
    "unidentified_receipts": N_("Unidentified receipts"),
    "unexplained_payments": N_("Unexplained payments"),
    "acquirer_receivable": N_("Due from the acquirer"),
    "pos_unmatched": N_("POS lines not matched"),
    "care_fund": N_("Care fund"),
    "recharge_cards": N_("Recharge cards outstanding"),
    "cheques_in_hand": N_("Cheques in hand"),
    "undeposited_cash": N_("Undeposited cash"),
    "refunds_payable": N_("Refunds payable"),
}
"""The ledger accounts, in the order in which a list shows them."""
