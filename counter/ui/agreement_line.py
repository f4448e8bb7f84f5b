"""The one line that an account with an open instalment agreement shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import AccountView
from counter.ui.words import period

if TYPE_CHECKING:
    from counter.services.ports.agreements import Agreement


def agreement_line(account: AccountView) -> Content:
    """The one line of an account with an open agreement: missed, due today, next. A word tells them apart."""
    if not account.agreements:
        return Content("")
    agreed = next((each for each in account.agreements if each.standing.due_fen), account.agreements[0])
    parts = [Content(_("Instalments {month}:").format(month=period(agreed.period)))]
    return Content(" ").join([*parts, *_standing_parts(agreed)])


def _standing_parts(agreed: Agreement) -> list[Content]:
    """What there is to say of how it stands."""
    stands = agreed.standing
    parts = []
    if stands.missed_fen:
        said = _("missed {amount} since {day}").format(
            amount=format_yuan(stands.missed_fen), day=f"{stands.missed_since:%m-%d}"
        )
        parts.append(Content.styled(f" {said} ", "bold $background on $error"))
    if stands.due_fen > stands.missed_fen:
        said = _("due today {amount}").format(amount=format_yuan(stands.due_fen - stands.missed_fen))
        parts.append(Content.styled(f" {said} ", "bold $background on $warning"))
    if stands.next is not None and not stands.due_fen:
        said = _("next {day} {amount}")
        parts.append(
            Content(
                said.format(day=f"{stands.next.due_date:%m-%d}", amount=format_yuan(stands.next.amount_fen))
            )
        )
    if not stands.due_fen:
        paid = _("paid {paid} of {total}")
        parts.append(
            Content(paid.format(paid=format_yuan(agreed.paid_fen), total=format_yuan(agreed.total_fen)))
        )
    return parts
