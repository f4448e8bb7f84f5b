"""One payer, many accounts: groups, lists of payers, and one payment for all.

Plain data and the protocol that the screens ask; see ``counter.services.ports``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from counter.domain.allocation import OpenBill
from counter.domain.spreading import Owing

ACCOUNTS_MAX = 5_000
"""Accounts of one group, one list and one payment."""

Progress = Callable[[int, int], None]
"""Told how much is done of how much."""


@dataclass(frozen=True, slots=True)
class PayerGroup:
    """A group as it is listed; ``version`` proves at saving that nobody changed it in between."""

    group_id: UUID
    name: str
    version: int
    account_count: int


@dataclass(frozen=True, slots=True)
class SaveGroup:
    """Request: make (``version`` 0), rename or change a group; ``accounts`` become all its members."""

    request_id: UUID
    group_id: UUID
    version: int
    name: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PayerAccount:
    """One account of many, with its open bills and late fees to the day of the reading.

    ``agreement_id`` is the instalment agreement that an advance counts for: the earliest that is not paid up.
    """

    account_no: str
    version: int
    name: str
    hall_name: str
    closed: bool
    corporate_bank: bool
    prepaid_fen: int
    bills: tuple[OpenBill, ...]
    agreement_id: UUID | None = None

    @property
    def owing(self) -> Owing:
        """The account as the rules of spreading take it."""
        return Owing(self.account_no, self.bills)

    @property
    def owed_fen(self) -> int:
        """Everything owed on the day."""
        return self.owing.owed_fen

    @property
    def due_fen(self) -> int:
        """What of it is due: a late fee that was put off may wait."""
        return self.owing.due_fen


@dataclass(frozen=True, slots=True)
class Reading:
    """Many accounts in one snapshot, sorted by number; ``unknown`` are numbers that no account has."""

    business_date: date
    accounts: tuple[PayerAccount, ...]
    unknown: tuple[str, ...]


class ListFault(StrEnum):
    """What is wrong with a line of a payer's list, or worth knowing before it is paid."""

    BAD_ACCOUNT = "bad_account"
    UNKNOWN_ACCOUNT = "unknown_account"
    TWICE = "twice"
    BAD_AMOUNT = "bad_amount"
    CLOSED = "closed"
    MORE = "more"
    LESS = "less"
    NAME_DIFFERS = "name_differs"


NOT_PAID = frozenset(
    {
        ListFault.BAD_ACCOUNT,
        ListFault.UNKNOWN_ACCOUNT,
        ListFault.TWICE,
        ListFault.BAD_AMOUNT,
        ListFault.CLOSED,
    }
)
"""With one of these a line cannot be paid; the others are only shown."""


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a payer's list, numbered as in the file.

    ``account_no`` and ``name`` are what stands there, ``amount_fen`` what was understood (0 for no amount),
    ``amount_text`` what stands there when that is none.
    """

    line_no: int
    account_no: str
    name: str
    amount_fen: int
    amount_text: str = ""


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line beside the account that it means; ``owed_fen`` is what that owes (0 for none)."""

    line: ListLine
    faults: tuple[ListFault, ...]
    owed_fen: int = 0
    account_name: str = ""

    @property
    def payable(self) -> bool:
        """Whether the line can be paid."""
        return not NOT_PAID.intersection(self.faults)

    @property
    def difference_fen(self) -> int:
        """How much more than owed the list has; less is negative."""
        return self.line.amount_fen - self.owed_fen


@dataclass(frozen=True, slots=True)
class CheckedList:
    """A payer's list beside the accounts as they stand. Nothing is posted by it."""

    path: str
    lines: tuple[CheckedLine, ...]
    reading: Reading

    @property
    def mismatches(self) -> tuple[CheckedLine, ...]:
        """The lines that somebody has to look at."""
        return tuple(line for line in self.lines if line.faults)


class Payers(Protocol):
    """One payer, many accounts: groups, lists of payers, and one payment for all."""

    def groups(self, text: str) -> tuple[PayerGroup, ...]:
        """Groups whose name holds ``text``, those that begin with it first; 50 at most."""
        ...

    def members(self, group_id: UUID) -> tuple[str, ...]:
        """The account numbers of a group, sorted; none for a group that is gone."""
        ...

    def save_group(self, request: SaveGroup) -> PayerGroup:
        """Make or change a group; the same request id answers the same."""
        ...

    def delete_group(self, request_id: UUID, group: PayerGroup) -> None:
        """Delete a group, unless somebody changed it; one that is gone is gone."""
        ...

    def read(self, accounts: Sequence[str]) -> Reading:
        """Many accounts at once, in one snapshot of the database."""
        ...

    def read_list(self, path: str, progress: Progress) -> CheckedList:
        """Read a payer's list and hold it against the accounts; raises Refusal for what is no list."""
        ...

    def complete(self, path: str) -> str:
        """``path`` with as much added as all files fit that begin like it."""
        ...
