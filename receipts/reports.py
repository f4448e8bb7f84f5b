"""The report of a shift as plain data: X at any time, Z at its close.

Amounts are whole fen. Whoever fills it knows the ledger; the paper only shows. Over and short stand each
for itself and are never netted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from receipts.document import TenderKind


class ReportKind(StrEnum):
    """``X`` looks into a shift, ``Z`` closes it and has a number."""

    X = "X"
    Z = "Z"


@dataclass(frozen=True, slots=True)
class TenderTaking:
    """What was taken in one kind of money: how often, and how much in fen."""

    kind: TenderKind
    count: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something happened and what it came to in fen (0 or more)."""

    count: int = 0
    amount_fen: int = 0


@dataclass(frozen=True, slots=True)
class CashMovement:
    """Cash put into the till (positive) or taken out of it (negative), and why."""

    at: datetime
    amount_fen: int
    reason: str
    staff_name: str = ""


@dataclass(frozen=True, slots=True)
class CountedPieces:
    """Notes or coins of one face value that were counted."""

    face_fen: int
    pieces: int

    @property
    def amount_fen(self) -> int:
        """What they are worth."""
        return self.face_fen * self.pieces


@dataclass(frozen=True, slots=True)
class CashCount:
    """One count of the drawer, signed by ``staff_name``; the last of several is the one that holds."""

    counted_at: datetime
    staff_name: str
    pieces: tuple[CountedPieces, ...] = ()

    @property
    def total_fen(self) -> int:
        """What was in the drawer."""
        return sum(counted.amount_fen for counted in self.pieces)


@dataclass(frozen=True, slots=True)
class HourTaking:
    """What was taken from ``hour`` (0 to 23) to the next."""

    hour: int
    count: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class VoidedReceipt:
    """A receipt of the shift that was reversed, and by which number."""

    receipt_no: str
    reversed_by: str
    amount_fen: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """One shift on paper.

    Times are the hall's and printed as they are. ``number`` counts the Z reports of the till and is 0 for
    an X. ``clerk_names`` holds everybody who had the till, in order. ``cash_expected_fen`` is None in a
    blind X: the expected cash is not to be known before the count is signed. ``cash_over_fen`` and
    ``cash_short_fen`` are 0 or more. ``reversals`` and ``refunds`` are amounts that went out again, 0 or
    more. ``chain_head`` is the SHA-256 of the till's last entry in hex. Raises ValueError for a Z without
    number or end.
    """

    kind: ReportKind
    business_date: date
    payee: str
    hall_name: str
    till_no: int
    till_name: str
    clerk_names: tuple[str, ...]
    opened_at: datetime
    printed_at: datetime
    number: int = 0
    closed_at: datetime | None = None
    float_fen: int = 0
    takings: tuple[TenderTaking, ...] = ()
    reversals: Tally = Tally()
    refunds: Tally = Tally()
    movements: tuple[CashMovement, ...] = ()
    deposited_fen: int = 0
    cash_expected_fen: int | None = None
    counts: tuple[CashCount, ...] = ()
    cash_over_fen: int = 0
    cash_short_fen: int = 0
    first_receipt_no: str = ""
    last_receipt_no: str = ""
    receipt_count: int = 0
    voided: tuple[VoidedReceipt, ...] = ()
    hours: tuple[HourTaking, ...] = ()
    chain_head: str = ""
    reprint: bool = False
    language: str = "zh_CN"

    def __post_init__(self) -> None:
        """Refuse what could not be filed."""
        if (self.kind is ReportKind.Z) != (self.number > 0):
            raise ValueError("a Z report has a number, an X report has none")
        if self.kind is ReportKind.Z and (self.closed_at is None or self.cash_expected_fen is None):
            raise ValueError("a Z report says when the shift ended and what cash was expected")
        if self.cash_over_fen < 0 or self.cash_short_fen < 0:
            raise ValueError("over and short are 0 fen or more")

    @property
    def taken_fen(self) -> int:
        """Everything that was taken, over all kinds of money."""
        return sum(taking.amount_fen for taking in self.takings)

    @property
    def counted_fen(self) -> int | None:
        """The cash of the count that holds; None before any count."""
        return self.counts[-1].total_fen if self.counts else None

    @property
    def name(self) -> str:
        """What the file is called: till, date and number."""
        number = f"Z{self.number:04d}" if self.number else f"X{self.printed_at:%H%M%S}"
        return f"{self.till_no:04d}-{self.business_date:%y%m%d}-{number}"
