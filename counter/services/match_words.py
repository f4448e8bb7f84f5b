"""Why two things belong together, as a sentence for the cashier: one for each rule, with its facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from counter.domain.matching import MANUAL
from counter.domain.money import format_yuan
from counter.i18n import N_, _

_REASONS: Final = {
    "pos_terminal_trace": N_("Terminal, batch, trace and amount are the same."),
    "pos_reference": N_("The acquirer's reference {reference} and the amount are the same."),
    "settlement_net": N_("The bank names the merchant, and the net amount is the same."),
    "deposit_slip": N_("The bank names the deposit slip {reference}, and the amount is the same."),
    "transfer_serial": N_("The bank's serial number {reference} and the amount are the same."),
    "serial_in_text": N_("The number {reference} stands in the text, and the amount is the same."),
    "account_in_text": N_("Account {account_no} stands in the text, and the amount is the same."),
    "payer_account_amount": N_("The payer's account (…{account_end}) and the amount are the same."),
    "deposit_amount_date": N_("Account and amount of deposit slip {slip_no} fit; {days}."),
    "slip_differs": N_("The bank names deposit slip {slip_no} but counted {counted} instead of {books}."),
    "payer_name_amount": N_("The payer's name {payer} and the amount are the same; {days}."),
    "learned_payer": N_("This payer paid for account {account_no} before, and the amount is the same."),
    "line_reversal": N_("The bank took its own entry back."),
    "returned": N_("The bank returned what was reversed in the books ({reference})."),
    "fee_line": N_("A fee or interest of the bank, by its text."),
    "amount_date": N_("Only the amount is the same; {days}."),
    MANUAL: N_("Matched by hand."),
}
_GROUPS: Final = {
    "a": N_("The line is the sum of {count} items of one payer's account."),
    "n": N_("The line is the sum of {count} items of {name}."),
    "c": N_("The line is the sum of {count} items of account {name}."),
    "d": N_("The line is the sum of {count} deposits of one day."),
    "s": N_("The line is the sum of {count} settlements of merchant {name}."),
}
_LINES: Final = N_("{count} lines of one payer are the sum of {items} of its items.")


def reason(rule: str, facts: Mapping[str, Any], *, reference: str = "") -> str:
    """The sentence; ``reference`` is the line's own, where the facts have none."""
    told = {"reference": reference, **facts}
    told["days"] = _days(int(facts.get("days", 0)))
    for amount in ("counted", "books"):
        told[amount] = format_yuan(int(facts.get(f"{amount}_fen", 0)))
    if rule == "group_sum":
        sentence = _GROUPS.get(str(facts.get("group")), _LINES)
    else:
        sentence = _REASONS.get(rule, _REASONS[MANUAL])
    return _(sentence).format_map(_Told(told))


class _Told(dict[str, Any]):
    """Facts that are missing leave nothing behind."""

    def __missing__(self, key: str) -> str:
        return ""


def _days(days: int) -> str:
    """How the line's day lies to the item's."""
    if days == 0:
        return _("on the same day")
    if days > 0:
        return _("the bank {days} d later").format(days=days)
    return _("the bank {days} d earlier").format(days=-days)
