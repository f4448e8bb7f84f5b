"""What ledger accounts, tenders and kinds of journals are called in reports."""

from __future__ import annotations

from typing import Final

from counter.i18n import N_, _
from counter.services.ports.day_words import LEDGER_WORDS

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
    return _say(LEDGER_WORDS, ledger_account)


def tender_words(kind: str) -> str:
    """The name of a tender; one added as data is shown by its own."""
    return _say(_TENDERS, kind)


def business_words(kind: str) -> str:
    """What was done for the customer."""
    return _say(_BUSINESS, kind)


def _say(words: dict[str, str], name: str) -> str:
    return _(words[name]) if name in words else name
