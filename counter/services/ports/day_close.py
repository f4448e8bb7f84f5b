"""The closing of a day and of a month: the checklist as it stands, and what was signed.

Plain data and the protocol that the screens ask; see ``counter.services.ports``. Amounts are whole fen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from counter.services.ports.paper import PaperOutcome


class StepName(StrEnum):
    """What is proven before a day is closed, in this order."""

    SHIFTS = "shifts"
    DEPOSITS = "deposits"
    SETTLEMENT = "settlement"
    STATEMENTS = "statements"
    MATCHES = "matches"
    BREAKS = "breaks"
    VENDS = "vends"
    RECEIPTS = "receipts"
    LEDGER = "ledger"


class StepState(StrEnum):
    """How a step stands. ``NOTE`` stops the closing until somebody says why, ``MEND`` until it is mended."""

    DONE = "done"
    WAITING = "waiting"
    EXPLAINED = "explained"
    NOTE = "note"
    MEND = "mend"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DayStep:
    """One step: how many are wrong and their sum, the age of the oldest; how many only wait in time."""

    name: StepName
    state: StepState
    count: int = 0
    amount_fen: int = 0
    age_days: int | None = None
    waiting: int = 0
    waiting_fen: int = 0
    facts: tuple[str, ...] = ()
    note: str = ""

    @property
    def stops(self) -> bool:
        """Whether the day cannot be closed over it without anything more."""
        return self.state in (StepState.NOTE, StepState.MEND)


@dataclass(frozen=True, slots=True)
class DayTaking:
    """What was taken by one tender."""

    kind: str
    count: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class DayChecklist:
    """A day of a hall as it stands; ``journals`` is how many there are in it.

    ``next_day`` is the day to be closed next, None when nothing waits; of a closed day the steps are those
    that were signed. ``closable_month`` is a month that is open while all its days are closed.
    """

    hall_no: int
    hall_name: str
    business_date: date
    today: date
    closed_through: date | None
    next_day: date | None
    closed: bool
    journals: int
    takings: tuple[DayTaking, ...]
    steps: tuple[DayStep, ...]
    closable_month: date | None = None

    @property
    def taken_fen(self) -> int:
        """Everything that was taken."""
        return sum(taking.amount_fen for taking in self.takings)

    def first_stop(self, notes: dict[str, str]) -> DayStep | None:
        """The first step that stops the closing, where ``notes`` says why for some."""
        return next((step for step in self.steps if _stops(step, notes)), None)


def _stops(step: DayStep, notes: dict[str, str]) -> bool:
    """Whether it stops the closing also with what was said."""
    return step.stops and not (step.state is StepState.NOTE and notes.get(step.name.value))


@dataclass(frozen=True, slots=True)
class CloseDay:
    """Request: one day, with a word for each step that needs one. ``journals`` is how many were seen."""

    request_id: UUID
    business_date: date
    journals: int | None = None
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DayClosed:
    """The answer of the ledger. ``replayed`` means that it had been closed before, by the same request."""

    request_id: UUID
    business_date: date
    journals: int
    closed_at: datetime
    replayed: bool


@dataclass(frozen=True, slots=True)
class CloseMonth:
    """Request: the month that begins with this day."""

    request_id: UUID
    month: date


@dataclass(frozen=True, slots=True)
class MonthClosed:
    """The answer of the ledger."""

    request_id: UUID
    month: date
    closed_at: datetime
    replayed: bool


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day that is closed, for a list."""

    business_date: date
    closed_at: datetime
    staff_name: str
    journals: int
    month_closed: bool


class DayClose(Protocol):
    """Closing. Auditors look; cashiers and supervisors close."""

    def checklist(self, day: date | None = None, *, proven: bool = True) -> DayChecklist:
        """A day of the own hall, or the one to be closed next; ``proven`` re-computes the books of it."""
        ...

    def close_day(self, request: CloseDay) -> DayClosed:
        """Close once, however often it is called with the same request; raises Refusal, OutcomeUnknown."""
        ...

    def close_month(self, request: CloseMonth) -> MonthClosed:
        """Close once, however often it is called with the same request; raises Refusal, OutcomeUnknown."""
        ...

    def closed_days(self) -> tuple[ClosedDay, ...]:
        """The last closed days of the own hall, the newest first."""
        ...

    def print_summary(self, day: date, *, reprint: bool) -> PaperOutcome:
        """Print the summary of a closed day; raises Refusal when it is not closed."""
        ...

    def listen(self, heard: Callable[[], object]) -> Callable[[], None]:
        """Call ``heard`` in a thread whenever a day was closed; the answer ends it."""
        ...
