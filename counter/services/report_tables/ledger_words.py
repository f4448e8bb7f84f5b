"""What ledger accounts and kinds of journals are called in reports."""

from __future__ import annotations

from typing import Final

from counter.i18n import N_, _

_ACCOUNTS: Final = {
    "cash_in_till": N_("Cash in tills"),
    "float_fund": N_("Float fund"),
    "pos_clearing": N_("POS clearing"),
    "transfer_clearing": N_("Transfer clearing"),
    "cash_in_transit": N_("Cash in transit"),
    "bank": N_("Cash at bank"),
    "bank_fees": N_("Bank fees"),
    "receivable": N_("Receivables from customers"),
    "billed_sales": N_("Billed sales"),
    "late_fee_income": N_("Late-fee income"),
    "prepaid": N_("Prepaid by customers"),
    "opening_equity": N_("Opening balances"),
    "cash_over": N_("Cash over"),
    "cash_short": N_("Cash short"),
    "vend_in_flight": N_("Sales of power not yet proven"),
    "vended": N_("Power sold"),
    "unidentified_receipts": N_("Unidentified receipts"),
    "care_fund": N_("Care fund"),
    "recharge_cards": N_("Recharge cards outstanding"),
    "cheques_in_hand": N_("Cheques in hand"),
    "undeposited_cash": N_("Undeposited cash"),
    "refunds_payable": N_("Refunds payable"),
    "unexplained_payments": N_("Unexplained bank payments"),
    "acquirer_receivable": N_("Receivable from acquirers"),
    "pos_unmatched": N_("POS lines not matched"),
}
_TENDERS: Final = {
    "cash": N_("Cash"),
    "pos": N_("POS"),
    "transfer": N_("Bank transfer"),
    "cheque": N_("Cheque"),
    "recharge_card": N_("Recharge card"),
    "care_fund": N_("Care fund"),
    "prepaid": N_("Own balance"),
    "bank_receipt": N_("Bank receipt"),
}
_BUSINESS: Final = {
    "payment": N_("Payments"),
    "card_sale": N_("Recharge cards sold"),
    "vend": N_("Power onto cards and tokens"),
    "refund": N_("Refunds"),
}


def account_words(ledger_account: str) -> str:
    """The name of a ledger account; one without words is shown as it is."""
    return _say(_ACCOUNTS, ledger_account)


def tender_words(kind: str) -> str:
    """The name of a tender; one added as data is shown by its own."""
    return _say(_TENDERS, kind)


def business_words(kind: str) -> str:
    """What was done for the customer."""
    return _say(_BUSINESS, kind)


def _say(words: dict[str, str], name: str) -> str:
    return _(words[name]) if name in words else name
