"""A shift between its opening and its close: cash in and out, counts, handover, reports.

Plain data and the protocol that the screens ask; see ``counter.services.ports``. A count is blind: what was
expected is in the answer to a signed count and nowhere before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from counter.services.ports import Shift
from counter.services.ports.paper import PaperOutcome


@dataclass(frozen=True, slots=True)
class CashReason:
    """Why cash goes into a drawer or out of it; ``into`` says in which direction."""

    reason: str
    into: bool


@dataclass(frozen=True, slots=True)
class MoveCash:
    """Request: ``amount_fen`` (1 or more) in the direction of the reason."""

    request_id: UUID
    shift_id: int
    reason: str
    amount_fen: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class SignCount:
    """Request: so many pieces of each face value, in fen; ``handover_to`` names who takes the till over."""

    request_id: UUID
    shift_id: int
    pieces: tuple[tuple[int, int], ...]
    handover_to: str = ""


@dataclass(frozen=True, slots=True)
class CountSigned:
    """A signed count beside what the books expected."""

    count_id: UUID
    counted_fen: int
    expected_fen: int

    @property
    def difference_fen(self) -> int:
        """Above 0: over; below 0: short."""
        return self.counted_fen - self.expected_fen


@dataclass(frozen=True, slots=True)
class CloseShift:
    """Request: close by this count, which must be the last and nothing posted since."""

    request_id: UUID
    shift_id: int
    count_id: UUID


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Request of the next person: close by the count that was signed for them, and open with a float."""

    request_id: UUID
    shift_id: int
    count_id: UUID
    float_fen: int


@dataclass(frozen=True, slots=True)
class ShiftClosed:
    """How a shift ended; ``over_fen`` and ``short_fen`` are 0 or more, and one of them is 0."""

    shift_id: int
    z_no: int
    expected_fen: int
    counted_fen: int
    over_fen: int
    short_fen: int
    float_fen: int
    to_bank_fen: int


@dataclass(frozen=True, slots=True)
class HallShift:
    """An open shift of the own hall, or one that was closed lately (``z_no`` above 0)."""

    shift_id: int
    till_no: int
    till_name: str
    staff_no: str
    staff_name: str
    business_date: date
    opened_at: datetime
    z_no: int


@dataclass(frozen=True, slots=True)
class TenderSum:
    """What was taken by one tender."""

    kind: str
    count: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class HourSum:
    """What was taken from ``hour`` (0 to 23) to the next."""

    hour: int
    count: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Movement:
    """Cash in (above 0) or out, and why."""

    at: datetime
    amount_fen: int
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class Count:
    """A signed count of a shift."""

    at: datetime
    staff_name: str
    pieces: tuple[tuple[int, int], ...]
    counted_fen: int


@dataclass(frozen=True, slots=True)
class ReversedReceipt:
    """A receipt of the shift that was reversed."""

    receipt_no: str
    reversed_by: str
    amount_fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """An X (``z_no`` 0) or a Z of one shift. ``expected_fen`` is None in an X: counts are blind."""

    shift_id: int
    z_no: int
    payee: str
    hall_name: str
    till_no: int
    till_name: str
    staff_name: str
    business_date: date
    opened_at: datetime
    closed_at: datetime | None
    made_at: datetime
    float_fen: int
    expected_fen: int | None
    counted_fen: int | None
    takings: tuple[TenderSum, ...]
    reversals: TenderSum
    refunds: TenderSum
    movements: tuple[Movement, ...]
    counts: tuple[Count, ...]
    hours: tuple[HourSum, ...]
    reversed_receipts: tuple[ReversedReceipt, ...]
    first_receipt_no: str
    last_receipt_no: str
    receipt_count: int
    chain_head: str

    @property
    def over_fen(self) -> int:
        """What was counted above what was expected."""
        return max(0, (self.counted_fen or 0) - (self.expected_fen or 0)) if self.z_no else 0

    @property
    def short_fen(self) -> int:
        """What was missing."""
        return max(0, (self.expected_fen or 0) - (self.counted_fen or 0)) if self.z_no else 0


class Drawer(Protocol):
    """The till of one shift. Every method blocks; raises Refusal or Fault."""

    def reasons(self) -> tuple[CashReason, ...]:
        """Why cash may be moved."""
        ...

    def move_cash(self, request: MoveCash) -> None:
        """Book cash in or out, once."""
        ...

    def sign_count(self, request: SignCount) -> CountSigned:
        """Sign a count of one's own drawer, or as a supervisor of another's; tells what was expected."""
        ...

    def close_shift(self, request: CloseShift) -> ShiftClosed:
        """Close it by its last count."""
        ...

    def take_over(self, request: TakeOver, staff_no: str, password: str) -> Shift:
        """Sign for the till as the next person; after an error the shift is as it was."""
        ...

    def shifts(self) -> tuple[HallShift, ...]:
        """The open shifts of the hall, and those closed in the last days, newest first."""
        ...

    def report(self, shift_id: int) -> ShiftReport | None:
        """X of an open shift, Z of a closed one."""
        ...

    def print_report(self, shift_id: int, *, reprint: bool) -> PaperOutcome:
        """The same on paper."""
        ...
