"""The way of the takings to the bank: what waits in the safe, and the slips.

Plain data and the protocol that the screens ask; see ``counter.services.ports``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from counter.domain.undeposited import CashAlarm
from counter.services.ports.paper import PaperOutcome


class DepositPart(StrEnum):
    """What of a shift's takings is banked by itself."""

    CASH = "cash"
    CHEQUE = "cheque"
    POS = "pos"


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """A part of a closed shift that is on no slip. ``pieces`` counts cheques or POS slips."""

    shift_id: int
    part: DepositPart
    amount_fen: int
    pieces: int
    till_name: str
    business_date: date
    closed_at: datetime
    closed_by: str
    age_h: int
    alarm: CashAlarm | None

    @property
    def key(self) -> tuple[int, str]:
        """What names it."""
        return self.shift_id, self.part.value


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """An open shift; ``over_float_fen`` is what its drawer holds above the float."""

    till_name: str
    staff_name: str
    business_date: date
    cash_fen: int
    over_float_fen: int
    safe_fen: int
    alarm: CashAlarm | None


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where deposits go; ``masked`` is what screens and papers show of the number."""

    bank_account_no: str
    bank_name: str
    holder: str
    masked: str


@dataclass(frozen=True, slots=True)
class Safe:
    """Everything of a hall that is on its way to the bank, as it stands now."""

    items: tuple[WaitingItem, ...]
    drawers: tuple[OpenDrawer, ...]
    bank_accounts: tuple[BankAccount, ...]
    alarm: CashAlarm | None
    deposit_by: str
    cash_ceiling_fen: int

    @property
    def cash_fen(self) -> int:
        """Undeposited cash in the safe."""
        waiting = sum(item.amount_fen for item in self.items if item.part is DepositPart.CASH)
        return waiting + sum(drawer.safe_fen for drawer in self.drawers)


@dataclass(frozen=True, slots=True)
class MakeDeposit:
    """Request: one slip. ``total_fen`` is what the cashier saw of the items; the ledger computes it again."""

    request_id: UUID
    bank_account_no: str
    items: tuple[tuple[int, str], ...]
    total_fen: int
    carried_by: str
    seal_no: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DepositMade:
    """The answer of the ledger. ``replayed`` means that it had been posted before, and only once."""

    request_id: UUID
    slip_no: str
    cash_fen: int
    cheques_fen: int
    pos_fen: int
    replayed: bool

    @property
    def total_fen(self) -> int:
        """All of the slip."""
        return self.cash_fen + self.cheques_fen + self.pos_fen


@dataclass(frozen=True, slots=True)
class SlipSummary:
    """An earlier slip of the hall."""

    slip_no: str
    business_date: date
    made_at: datetime
    made_by: str
    carried_by: str
    seal_no: str
    bank: str
    cash_fen: int
    cheques_fen: int
    pos_fen: int

    @property
    def total_fen(self) -> int:
        """All of the slip."""
        return self.cash_fen + self.cheques_fen + self.pos_fen


class Deposits(Protocol):
    """The way of the takings to the bank. Everybody of the hall looks; cashiers and supervisors post."""

    def safe(self) -> Safe:
        """What waits in the own hall, and what is wrong with it."""
        ...

    def cash_alarm(self) -> CashAlarm | None:
        """The most pressing thing about the hall's cash, for the line that always shows it."""
        ...

    def make_deposit(self, request: MakeDeposit) -> DepositMade:
        """Post a slip once, however often it is called with the same request; raises OutcomeUnknown."""
        ...

    def slips(self) -> tuple[SlipSummary, ...]:
        """The last slips of the hall, the newest first."""
        ...

    def print_slip(self, slip_no: str, *, reprint: bool) -> PaperOutcome:
        """Print a slip; raises Refusal when there is none of this number in the hall."""
        ...
