"""Tokens for meters without a card: what is sold, and what the vending server's answer is worth."""

from __future__ import annotations

from counter.errors import NeedsApproval, Refusal
from counter.i18n import N_
from db.sentences.sentence import SentenceTable

SENTENCES: SentenceTable = {
    "CN100": (
        Refusal,
        N_("This account has no meter that takes tokens."),
        N_("Nothing was saved."),
        N_("Take a payment, or have the account's payment mode corrected."),
    ),
    "CN101": (
        Refusal,
        N_("A sale of this account has no token yet: receipt {receipt_no}."),
        N_("Nothing was saved."),
        N_("Ask for that token first; then sell again."),
    ),
    "CN102": (
        Refusal,
        N_("The amount has to be between 0.01 and {limit} yuan."),
        N_("Nothing was saved."),
        N_("Sell less at once; the limits are set by the administrator."),
    ),
    "CN103": (
        Refusal,
        N_("The account has another meter now: {meter_no}."),
        N_("Nothing was saved."),
        N_("Open the account again and sell for the meter that is shown."),
    ),
    "CN104": (
        Refusal,
        N_("There is no such sale of a token."),
        N_("Nothing was changed."),
        N_("Open the list again."),
    ),
    "CN105": (
        Refusal,
        N_("A token has twenty digits, and this is none."),
        N_("Nothing was changed."),
        N_("Compare the digits group by group."),
    ),
    "CN106": (
        Refusal,
        N_("The token is for another meter or amount than receipt {receipt_no}."),
        N_("Nothing was changed, and the token was not kept."),
        N_("Tell the administrator of the vending server; do not hand the token out."),
    ),
    "CN107": (
        Refusal,
        N_("An issued token cannot be taken back: receipt {receipt_no}."),
        N_("Nothing was changed."),
        N_("Print the receipt again if the customer lost the token."),
    ),
    "CN108": (
        Refusal,
        N_("There may be a token for receipt {receipt_no}."),
        N_("Nothing was changed."),
        N_("Ask the vending server for it first; without it a supervisor decides."),
    ),
    "CN111": (
        NeedsApproval,
        N_("Receipt {receipt_no} is a sale whose token was refused: a supervisor has to approve."),
        N_("Nothing was saved."),
        N_("Ask a supervisor."),
    ),
    "CN109": (
        Refusal,
        N_("Receipt {receipt_no} is settled, or its token is another."),
        N_("Nothing was changed: one sale never has two tokens."),
        N_("Tell the administrator of the vending server; do not hand the token out."),
    ),
}
