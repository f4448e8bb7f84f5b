"""What is agreed with a customer: instalments and reconnections, and what moved a balance.

Plain data and the protocol that the screens ask; see ``counter.services.ports``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from counter.domain.instalments import Instalment, InstalmentRules, Standing


@dataclass(frozen=True, slots=True)
class Agreement:
    """An instalment agreement; open until it was ended or the month's bill is there."""

    agreement_id: UUID
    account_no: str
    account_name: str
    period: int
    expected_kwh: int
    reason: str
    plan: tuple[Instalment, ...]
    paid_fen: int
    ended: bool
    billed: bool
    standing: Standing

    @property
    def open(self) -> bool:
        """Whether instalments are still paid under it."""
        return not self.ended and not self.billed

    @property
    def total_fen(self) -> int:
        """Everything that was agreed."""
        return sum(item.amount_fen for item in self.plan)


@dataclass(frozen=True, slots=True)
class AgreementBasis:
    """What a new agreement starts from: the last month's use and bill, and the bureau's rules.

    ``risk_customer`` settles every few days, whatever is used.
    """

    last_kwh: int
    last_fen: int
    rules: InstalmentRules
    today: date
    risk_customer: bool = False


@dataclass(frozen=True, slots=True)
class MakeAgreement:
    """Request: advances for an account before the bill of ``period`` (YYYYMM)."""

    request_id: UUID
    account_no: str
    period: int
    expected_kwh: int
    plan: tuple[Instalment, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class EndAgreement:
    """Request: give an agreement up before its bill; what was paid stays in the balance."""

    request_id: UUID
    agreement_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ReconnectionTask:
    """A disconnected account whose last arrears are paid; ``overdue`` when the deadline has passed."""

    journal_id: int
    account_no: str
    account_name: str
    address: str
    phone: str
    meter_no: str
    raised_at: datetime
    due_at: datetime
    overdue: bool


@dataclass(frozen=True, slots=True)
class BalanceMove:
    """One thing that went into a prepaid balance (positive) or out of it, with the balance afterwards.

    ``kind`` is that of the journal; ``periods`` are the bills that were paid from it; ``agreement`` tells an
    instalment.
    """

    journal_id: int
    kind: str
    moved_at: datetime
    hall_name: str
    staff_name: str
    receipt_no: str
    amount_fen: int
    balance_fen: int
    periods: tuple[int, ...]
    agreement: bool


class Agreements(Protocol):
    """Instalments, reconnections, and the history of a balance."""

    def of_account(self, account_no: str) -> tuple[Agreement, ...]:
        """Every agreement of an account, the newest month first."""
        ...

    def due(self) -> tuple[Agreement, ...]:
        """The hall's open agreements with something due today or missed, the longest missed first."""
        ...

    def basis(self, account_no: str) -> AgreementBasis:
        """What a new agreement starts from."""
        ...

    def make(self, request: MakeAgreement) -> None:
        """Make an agreement, once; raises Refusal."""
        ...

    def end(self, request: EndAgreement) -> None:
        """End an agreement, once; raises Refusal."""
        ...

    def reconnections(self) -> tuple[ReconnectionTask, ...]:
        """The open tasks of the caller's hall by deadline."""
        ...

    def reconnection_count(self) -> int:
        """How many of them there are."""
        ...

    def complete(self, request_id: UUID, task: ReconnectionTask) -> None:
        """The account is connected again; raises Refusal."""
        ...

    def export_reconnections(self) -> Path:
        """Write the open tasks as a CSV file; where it is. Raises Fault when it cannot be written."""
        ...

    def balance_history(self, account_no: str) -> tuple[BalanceMove, ...]:
        """What moved the prepaid balance, newest first, at most a thousand."""
        ...
