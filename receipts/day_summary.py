"""The summary of a closed day as plain data: what was taken, how the books stand, who signed for what.

Amounts are whole fen. The words of the checklist and of the ledger accounts come translated, in the language
of the paper. The invariant: each ledger account closes at its opening plus debits minus credits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from receipts.reports import Tally, TenderTaking

_NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class DayShift:
    """How a shift ended: counted, and over (positive) or short."""

    number: int
    till_name: str
    staff_name: str
    counted_fen: int
    over_fen: int


@dataclass(frozen=True, slots=True)
class DayReceipts:
    """The receipts of a till, without a gap."""

    till_name: str
    first_no: str
    last_no: str
    count: int


@dataclass(frozen=True, slots=True)
class DayDeposit:
    """A slip that was made on the day."""

    slip_no: str
    carrier_name: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class DayStepLine:
    """A step of the checklist as it was signed; ``detail`` is its note or how much waits."""

    title: str
    state: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DayAccount:
    """How a ledger account moved; debits minus credits, so that a debt is negative."""

    name: str
    opening_fen: int
    debits_fen: int
    credits_fen: int
    closing_fen: int


@dataclass(frozen=True, slots=True)
class DayBank:
    """The bank reconciliation in its four figures, with how many items each of the open ones is."""

    statement_fen: int
    not_at_bank_fen: int
    not_at_bank_count: int
    books_fen: int
    not_in_books_fen: int
    not_in_books_count: int

    @property
    def difference_fen(self) -> int:
        """0 when both sides agree."""
        return self.statement_fen + self.not_at_bank_fen - self.books_fen - self.not_in_books_fen


@dataclass(frozen=True, slots=True)
class DayHead:
    """Where the chain of a till stood; ``head`` is the SHA-256 of its last entry in hex."""

    till_name: str
    seq: int
    head: str


@dataclass(frozen=True, slots=True)
class DaySummary:
    """One closed day on paper; times are the hall's. Raises ValueError when the books do not add up."""

    business_date: date
    payee: str
    hall_no: int
    hall_name: str
    closed_by: str
    closed_at: datetime
    printed_at: datetime
    journals: int
    bank: DayBank
    takings: tuple[TenderTaking, ...] = ()
    reversals: Tally = _NOTHING
    refunds: Tally = _NOTHING
    shifts: tuple[DayShift, ...] = ()
    receipts: tuple[DayReceipts, ...] = ()
    deposits: tuple[DayDeposit, ...] = ()
    steps: tuple[DayStepLine, ...] = ()
    accounts: tuple[DayAccount, ...] = ()
    heads: tuple[DayHead, ...] = ()
    reprint: bool = False
    language: str = "zh_CN"

    def __post_init__(self) -> None:
        """Refuse what could not be filed."""
        for account in self.accounts:
            if account.opening_fen + account.debits_fen - account.credits_fen != account.closing_fen:
                raise ValueError(f"the ledger account {account.name} does not add up")

    @property
    def taken_fen(self) -> int:
        """Everything that was taken, over all kinds of money."""
        return sum(taking.amount_fen for taking in self.takings)

    @property
    def name(self) -> str:
        """What the file is called: hall and date."""
        return f"{self.hall_no:04d}-{self.business_date:%y%m%d}-day"
