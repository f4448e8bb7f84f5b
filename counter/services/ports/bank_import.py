"""Statements coming in: the accounts of the bureau, what is in of each, and taking a file over.

Plain data and the protocol that the screens ask; see ``counter.services.ports``. Amounts are whole fen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import UUID

from counter.errors import Refusal


class AccountKind(StrEnum):
    """Who keeps an account for us."""

    BANK = "bank"
    ACQUIRER = "acquirer"


class ImportStage(StrEnum):
    """What is being done with a file, in this order."""

    READING = "reading"
    SAVING = "saving"
    SAVED = "saved"


Progress = Callable[[ImportStage, int], None]
"""Hears what is being done, and with how many lines (0 while that is not known)."""


class AccountNeeded(Refusal):
    """The file does not say whose it is: a person has to."""


class BalancesNeeded(Refusal):
    """The file has no balances: a person has to state them, from the bank's paper or screen."""


@dataclass(frozen=True, slots=True)
class StatementAccount:
    """An account that statements come for. ``closing_fen`` and ``through`` are None until the first."""

    bank_account_no: str
    masked: str
    bank_name: str
    holder: str
    kind: AccountKind
    currency: str
    closing_fen: int | None
    through: date | None
    lines: int
    open_lines: int


@dataclass(frozen=True, slots=True)
class StatementView:
    """One account of one file that was taken over."""

    statement_id: int
    bank_account_no: str
    masked: str
    kind: AccountKind
    number: str
    opening_date: date
    closing_date: date
    opening_fen: int | None
    closing_fen: int | None
    by_person: bool
    """Whether a person stated the balances, because the file had none."""
    lines_in_file: int
    lines_new: int
    file_name: str
    format: str
    staff_name: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ImportFile:
    """Request: a file, and what a person says of it where the file does not."""

    request_id: UUID
    path: str
    bank_account_no: str = ""
    opening_fen: int | None = None
    closing_fen: int | None = None


@dataclass(frozen=True, slots=True)
class ImportedStatement:
    """What a file brought for one account."""

    statement_id: int
    bank_account_no: str
    masked: str
    lines_new: int
    lines_known: int
    closing_fen: int | None


@dataclass(frozen=True, slots=True)
class FileImported:
    """The answer. ``replayed`` means that it had been taken over before, and only once."""

    request_id: UUID
    name: str
    settlement: bool
    statements: tuple[ImportedStatement, ...]
    replayed: bool

    @property
    def lines_new(self) -> int:
        """Lines of all accounts that were not in before."""
        return sum(each.lines_new for each in self.statements)

    @property
    def lines_known(self) -> int:
        """Lines of all accounts that were in already."""
        return sum(each.lines_known for each in self.statements)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of the folder of statements; ``size_bytes`` and ``changed_at`` as the disk has them."""

    path: Path
    size_bytes: int
    changed_at: datetime


class BankImport(Protocol):
    """Statements of banks and settlement files of acquirers. Cashiers and supervisors take over."""

    def accounts(self) -> tuple[StatementAccount, ...]:
        """The accounts in use, banks first, by number."""
        ...

    def statements(self, limit: int = 500) -> tuple[StatementView, ...]:
        """What was taken over, the newest first."""
        ...

    def import_file(self, request: ImportFile, progress: Progress | None = None) -> FileImported:
        """Take a file over, whole or not at all, once however often it is called with the same request.

        Raises AccountNeeded, BalancesNeeded or another Refusal, ServerUnreachable, or OutcomeUnknown.
        """
        ...

    def files(self) -> tuple[FoundFile, ...]:
        """The files in the folder that the settings name, the newest first; none without such a folder."""
        ...
