"""Breaks: every open line and item with what kind of break it is, who looks after it, and how loud it is.

Plain data and the protocol that the screens ask; see ``counter.services.ports``. What is known of a break is
kept by ``Matching.note``, which both screens use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from counter.i18n import N_
from counter.services.ports.matching import ItemView, LineView


class BreakKind(StrEnum):
    """What is wrong; the values are those of the database."""

    BANK_ONLY = "bank_only"
    BOOK_ONLY = "book_only"
    AMOUNT_DIFFERS = "amount_differs"
    DOUBLE = "double"
    ACROSS_MIDNIGHT = "across_midnight"
    FEE = "fee"
    ONE_SIDED_REVERSAL = "one_sided_reversal"


BREAK_KINDS = {
    BreakKind.BANK_ONLY: N_("bank only"),
    BreakKind.BOOK_ONLY: N_("books only"),
    BreakKind.AMOUNT_DIFFERS: N_("amount differs"),
    BreakKind.DOUBLE: N_("double"),
    BreakKind.ACROSS_MIDNIGHT: N_("across midnight"),
    BreakKind.FEE: N_("fee"),
    BreakKind.ONE_SIDED_REVERSAL: N_("one-sided"),
}
"""What each kind is called on screens and in files; to be translated."""


@dataclass(frozen=True, slots=True)
class BreakView:
    """One break. ``view`` is the open line or item; ``place`` the bank account or the hall it is at.

    ``owner_no`` is the staff number behind ``view.owner``. ``alarm`` is 0 silent, 1 late, 2 very late or
    escalated. ``other`` says which line or item it was compared with, empty when with none.
    """

    kind: BreakKind
    view: LineView | ItemView
    place: str
    owner_no: str
    alarm: int
    other: str

    @property
    def day(self) -> date:
        """When the bank booked it, or the books did."""
        return self.view.booked if isinstance(self.view, LineView) else self.view.business_date


@dataclass(frozen=True, slots=True)
class BreakAlarm:
    """What of the breaks needs somebody: how many are late, the loudest, its kind and age."""

    late: int
    alarm: int
    kind: str
    age_days: int


@dataclass(frozen=True, slots=True)
class ReturnedPayment:
    """A payment that a debit line of the bank may have taken back; ``score`` is 95 when it names the paper.

    ``own_hall`` is whether it can be reversed in the hall of whoever looks.
    """

    receipt_no: str
    business_date: date
    own_hall: bool
    hall_name: str
    account_no: str
    account_name: str
    tender: str
    amount_fen: int
    reference: str
    payer: str
    score: int


class Breaks(Protocol):
    """The one list of breaks. Cashiers and supervisors work on it, auditors read."""

    def listed(self) -> tuple[BreakView, ...]:
        """Every open line and item, the loudest and oldest first."""
        ...

    def alarm(self) -> BreakAlarm:
        """What needs somebody; asked again and again for the line at the foot."""
        ...

    def returned_by(self, line_id: int) -> tuple[ReturnedPayment, ...]:
        """The payments of exactly the amount of a debit line, the likeliest first."""
        ...

    def export(self, rows: tuple[BreakView, ...]) -> Path:
        """Write these rows into a file of their own."""
        ...
