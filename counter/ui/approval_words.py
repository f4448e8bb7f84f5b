"""A question to a supervisor in plain words: what it is about, how much, by which tenders, and how it stands.

The subject is the request of some other member of staff: whatever it holds is shown, and nothing of it is
trusted to have a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from counter.domain.money import format_yuan
from counter.i18n import N_, _
from counter.ui.cells import plain
from counter.ui.words import period, tender

if TYPE_CHECKING:
    from counter.services.ports.approvals import ApprovalView

_ACTIONS = {
    "payment": N_("Payment"),
    "balance_transfer": N_("Balance transfer"),
    "refund": N_("Refund"),
    "late_fee_waiver": N_("Late-fee waiver"),
    "late_fee_deferral": N_("Late-fee deferral"),
    "reversal": N_("Reversal"),
    "vend_decision": N_("Decision on power sold"),
}
_STATES = {
    "waiting": N_("waiting"),
    "approved": N_("approved"),
    "refused": N_("refused"),
    "withdrawn": N_("withdrawn"),
    "expired": N_("expired"),
    "used": N_("used"),
}
_AMOUNT_KEYS = ("amount_fen", "waived_fen", "total_fen")
_ACCOUNT_KEYS = ("account_no", "from_account_no", "to_account_no")
_ACCOUNTS_SHOWN = 3


def action_word(action: str) -> str:
    """What is to be allowed; an unknown action is shown as the database has it."""
    return _(_ACTIONS[action]) if action in _ACTIONS else action


def state_word(view: ApprovalView) -> str:
    """How far a question is, and by whom."""
    word = _(_STATES[view.state.value])
    return f"{word} {view.decided_by}".rstrip()


def amount_fen(subject: Mapping[str, Any]) -> int | None:
    """How much money it is about; None when the subject names no amount."""
    tenders = _items(subject.get("tenders"))
    if tenders:
        return sum(_whole(item.get("amount_fen")) for item in tenders)
    found = [_whole(subject[key]) for key in _AMOUNT_KEYS if key in subject]
    return found[0] if found else None


def amount_word(subject: Mapping[str, Any]) -> str:
    """The amount in yuan, or a dash."""
    found_fen = amount_fen(subject)
    return "-" if found_fen is None else format_yuan(found_fen)


def accounts_word(subject: Mapping[str, Any]) -> str:
    """The accounts it touches, the first few by number."""
    numbers = [str(item.get("account_no", "")) for item in _items(subject.get("accounts"))]
    numbers += [str(subject[key]) for key in _ACCOUNT_KEYS if key in subject]
    shown = " ".join(numbers[:_ACCOUNTS_SHOWN])
    more = len(numbers) - _ACCOUNTS_SHOWN
    return plain(shown + (" " + _("and {count} more").format(count=more) if more > 0 else ""))


def tenders_word(subject: Mapping[str, Any]) -> str:
    """How it is paid, each tender with its amount."""
    return "  ".join(
        f"{tender(str(item.get('kind', '')))} {format_yuan(_whole(item.get('amount_fen')))}"
        for item in _items(subject.get("tenders"))
    )


def age_word(age_s: int) -> str:
    """How long it has been waiting, in whole minutes."""
    return _("{count} min").format(count=age_s // 60)


def subject_lines(action: str, subject: Mapping[str, Any], name: str = "") -> list[str]:
    """What is asked, line by line; ``name`` belongs to the first account."""
    amount = amount_word(subject)
    lines = [f"{action_word(action)}  {amount}".removesuffix("  -")]
    rows = (
        (_("Account"), f"{accounts_word(subject)}  {name}".strip()),
        (_("Receipt"), str(subject.get("receipt_no") or "")),
        (_("Vend count"), str(subject.get("vend_count") or "")),
        (_("Tender"), tenders_word(subject)),
        (_("Decision"), _decision(action, subject)),
        (_("Period"), _period(subject)),
        (_("Until"), str(subject.get("deferred_until") or "")),
        (_("Reason"), str(subject.get("reason") or "")),
    )
    return [plain(line) for line in (*lines, *(f"{word}: {said}" for word, said in rows if said))]


def _decision(action: str, subject: Mapping[str, Any]) -> str:
    """What a decision on a sale says, and where the money goes by it."""
    if action != "vend_decision":
        return ""
    if "written" in subject:
        return _("written on the card") if subject["written"] is True else _("not written: to the balance")
    token = subject.get("token")
    return _("token {digits}").format(digits=token) if token else _("no token was issued")


def _period(subject: Mapping[str, Any]) -> str:
    """The billing period, when it is about one bill."""
    return period(_whole(subject["period"])) if "period" in subject else ""


def _items(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list, whatever else it is."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _whole(value: object) -> int:
    """A whole number, or 0."""
    return value if isinstance(value, int) else 0
