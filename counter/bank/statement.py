"""A statement of an account, whatever the format it came in."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal

EXACTLY = Context(prec=100)
"""Sums of amounts of 24 digits, however many, lose nothing."""
BOOKED, PENDING, INFORMATION, FUTURE = "booked", "pending", "information", "future"
"""What an entry can be: money that moved, that is on its way, that is only told of, or of a day to come."""
FINAL, INTERIM, ADVICE = "final", "interim", "advice"
"""What a statement can be: a closed statement, a report during the day, or a notice of single entries."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement. ``amount`` is positive for money in (credit), negative for money out; exact.

    ``reversal`` marks what takes an earlier entry back. ``line`` is where it stands in the file (from 1; 0
    when the format has no lines). ``details`` are the parts of a batch, which together make the amount.
    """

    booked: date
    amount: Decimal
    text: str = ""
    reference: str = ""
    """The bank's own reference; empty when it has none."""
    value_date: date | None = None
    party: str = ""
    party_account: str = ""
    balance: Decimal | None = None
    """The running balance behind it, where the file has one."""
    reversal: bool = False
    line: int = 0
    details: tuple[Entry, ...] = ()
    status: str = BOOKED
    """``booked``, ``pending``, ``information`` or ``future``; only what is booked moves the balance."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What entries come to: money in, money out as a positive number, and what of both is booked, signed."""

    credits: Decimal = Decimal(0)
    debits: Decimal = Decimal(0)
    booked: Decimal = Decimal(0)

    def plus(self, entries: Iterable[Entry]) -> Totals:
        """With these entries added."""
        credit, debit, booked = self.credits, self.debits, self.booked
        for entry in entries:
            if entry.amount > 0:
                credit = EXACTLY.add(credit, entry.amount)
            else:
                debit = EXACTLY.subtract(debit, entry.amount)
            if entry.status == BOOKED:
                booked = EXACTLY.add(booked, entry.amount)
        return Totals(credit, debit, booked)


class ManyEntries(Sequence[Entry]):
    """Entries that are too many for the memory; read them in order, for each look may go to the disk."""

    @property
    @abstractmethod
    def totals(self) -> Totals:
        """What they come to."""

    @abstractmethod
    def only_booked(self) -> Sequence[Entry]:
        """Those that moved the balance."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One account over some days. Balances are None where the file has none."""

    account: str
    currency: str
    opening: Decimal | None
    closing: Decimal | None
    opening_date: date | None
    closing_date: date | None
    entries: Sequence[Entry]
    """A tuple; of a very large file ManyEntries, of which a block at a time is in memory."""
    kind: str = FINAL
    """``final`` (camt.053, mt940, ofx, tables), ``interim`` (camt.052, mt942) or ``advice`` (camt.054)."""
    number: str = ""
    """The bank's own number of the statement, as written; empty when it has none."""
    complete: bool = True
    """False where the bank says that more pages follow, and they are not in the file."""
    wrong_total: int = 0
    """The line of a total in the file that is not the sum of its rows; then nothing is to be believed."""

    @property
    def booked(self) -> Sequence[Entry]:
        """The entries that moved the balance: what an import takes over."""
        if isinstance(self.entries, ManyEntries):
            return self.entries.only_booked()
        return tuple(entry for entry in self.entries if entry.status == BOOKED)

    @property
    def totals(self) -> Totals:
        """What the entries come to."""
        if isinstance(self.entries, ManyEntries):
            return self.entries.totals
        return Totals().plus(self.entries)

    @property
    def credits(self) -> Decimal:
        """The sum of money in, whatever its status; 0 or more."""
        return self.totals.credits

    @property
    def debits(self) -> Decimal:
        """The sum of money out, whatever its status, as a positive number."""
        return self.totals.debits

    @property
    def balanced(self) -> bool | None:
        """Whether opening and all movements make the closing balance; None without both balances.

        False where a total in the file is wrong.
        """
        totals = self.totals
        return self._reaches_closing(EXACTLY.subtract(totals.credits, totals.debits))

    @property
    def ties(self) -> bool | None:
        """Whether opening and what is booked make the closing balance; None without both balances."""
        return self._reaches_closing(self.totals.booked)

    def _reaches_closing(self, moved: Decimal) -> bool | None:
        """Whether the opening balance and this sum make the closing balance."""
        if self.wrong_total:
            return False
        if self.opening is None or self.closing is None:
            return None
        return EXACTLY.add(self.opening, moved) == self.closing


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A whole file: what it was recognised as, and every statement in it."""

    format: str
    """``camt.053`` (052, 054), ``mt940``, ``mt942``, ``ofx1``, ``ofx2``, ``csv``, ``xls``, ``xlsx``."""
    encoding: str
    statements: tuple[Statement, ...]


class UnreadableError(ValueError):
    """The file cannot be read; nothing of it counts. ``line`` is 0 when no line is to blame."""

    def __init__(self, reason: str, line: int = 0, hint: str = "") -> None:
        """``reason`` in English, for the command; the screens translate by ``hint``."""
        super().__init__(reason)
        self.reason, self.line, self.hint = reason, line, hint
