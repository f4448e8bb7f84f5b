"""Taking files of banks and acquirers over, and what is in."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine

from counter.bank.hints import hint_of, title_of
from counter.bank.profiles import Profile
from counter.bank.reading import (
    SIZE_MAX_BYTES,
    WHOLE_MAX_BYTES,
    importable,
    read_any,
    read_any_file,
    too_large,
    without_waiting,
)
from counter.bank.settlement import SettlementFile
from counter.bank.statement import FINAL, Statement, StatementFile, UnreadableError
from counter.domain.undeposited import masked_account
from counter.errors import Refusal
from counter.i18n import _
from counter.services import bank_rows
from counter.services.bank_accounts import ours
from counter.services.bank_profiles import BankFolders, profiles_in
from counter.services.once import ask_once
from counter.services.ports.bank_import import (
    AccountKind,
    BalancesNeeded,
    FileImported,
    FoundFile,
    ImportedStatement,
    ImportFile,
    ImportStage,
    Progress,
    StatementAccount,
    StatementView,
)
from counter.services.posting import Posting
from counter.services.unit_of_work import transaction
from db.errors import refusal
from db.queries import statements
from db.queries.statements import StatementRow

FILES_LISTED: Final = 500
"""How many files of the folder a chooser shows."""


@dataclass(frozen=True, slots=True)
class BankImport:
    """The real part behind ``ports.bank_import.BankImport``."""

    engine: Engine
    posting: Posting
    folders: BankFolders = field(default_factory=BankFolders)

    def accounts(self) -> tuple[StatementAccount, ...]:
        """The accounts in use, banks first, by number."""
        with transaction(self.engine) as connection:
            rows = statements.accounts(connection)
        return tuple(
            StatementAccount(
                bank_account_no=row.bank_account_no,
                masked=masked_account(row.bank_account_no),
                bank_name=row.bank_name,
                holder=row.holder,
                kind=AccountKind(row.kind),
                currency=row.currency,
                closing_fen=row.closing_fen,
                through=row.through,
                lines=row.lines,
                open_lines=row.open_lines,
            )
            for row in rows
        )

    def statements(self, limit: int = 500) -> tuple[StatementView, ...]:
        """What was taken over, the newest first."""
        with transaction(self.engine) as connection:
            return tuple(map(_view, statements.statements(connection, limit)))

    def import_file(self, request: ImportFile, progress: Progress | None = None) -> FileImported:
        """Take a file over, whole or not at all; see the port."""
        tell = progress or _unheard
        tell(ImportStage.READING, 0)
        path = Path(request.path.strip().strip("\"'")).expanduser()
        content, found = read(path, profiles_in(self.folders.profiles))
        bodies = list(self._bodies(found, request))
        file = {
            "name": path.name.encode("utf-8", "replace").decode("utf-8")[-200:] or "-",
            "digest": hashlib.sha256(content).hexdigest(),
            "kind": "settlement" if isinstance(found, SettlementFile) else "statement",
            "format": found.format,
            "encoding": found.encoding,
        }
        body = {"request_id": str(request.request_id), "file": file, "statements": bodies}
        tell(ImportStage.SAVING, bank_rows.count_lines(bodies))
        answer = self._send(body, content)
        tell(ImportStage.SAVED, bank_rows.count_lines(bodies))
        return _imported(request.request_id, file, answer)

    def files(self) -> tuple[FoundFile, ...]:
        """The files in the folder that the settings name, the newest first."""
        folder = self.folders.files
        if folder is None:
            return ()
        if self.folders.simulated:
            from counter.services.simulated_bank import send_files

            send_files(self.engine, folder)
        try:
            found = [_found(path) for path in folder.iterdir() if path.is_file() and path.name[0] != "."]
        except OSError as error:
            raise Refusal(
                _("The folder of bank files cannot be read: {path}").format(path=folder),
                error.strerror or type(error).__name__,
                _("Correct bank_files_dir in the settings, or type the path of a file."),
            ) from error
        return tuple(sorted(found, key=lambda file: file.changed_at, reverse=True)[:FILES_LISTED])

    def _send(self, body: dict[str, Any], content: bytes) -> Any:
        """Into the ledger, once; the desk's disk keeps which file it was."""
        ask = partial(statements.send_file, self.engine, bank_rows.as_json(body), content)
        kept = {"request_id": body["request_id"], "file": body["file"]}
        return self.posting.post_by("import_statement", kept, lambda: ask_once(ask, self.posting.pauses_s))

    def _bodies(self, found: StatementFile | SettlementFile, request: ImportFile) -> Iterator[dict[str, Any]]:
        """The statements of a file with our accounts and all balances; raises Refusal."""
        accounts = self.accounts()
        if isinstance(found, SettlementFile):
            names = {line.merchant for line in found.lines}
            numbers = {name: ours(accounts, AccountKind.ACQUIRER, name, request) for name in sorted(names)}
            for each in bank_rows.settlement_bodies(found, ""):
                yield each | {"bank_account_no": numbers[each["bank_account_no"]]}
            return
        for statement in in_time(found.statements):
            if statement.kind != FINAL:
                raise refusal("CN116", {"format": found.format})
            yield self._statement(
                statement, ours(accounts, AccountKind.BANK, statement.account, request), request
            )

    def _statement(self, statement: Statement, account_no: str, request: ImportFile) -> dict[str, Any]:
        """One statement with its balances, from the file or from a person."""
        body = bank_rows.statement_body(statement, account_no)
        balances = bank_rows.balances_of(statement)
        source = "file"
        if balances is None:
            if request.opening_fen is None or request.closing_fen is None:
                raise needs_balances(account_no)
            balances, source = (request.opening_fen, request.closing_fen), "person"
        if body["opening_date"] is None:
            raise Refusal(
                _("A statement in the file has neither lines nor days."),
                _("Nothing of the file was taken over."),
                hint_of("nothing"),
            )
        return body | {"opening_fen": balances[0], "closing_fen": balances[1], "balance_source": source}


def read(path: Path, profiles: Sequence[Profile]) -> tuple[bytes, StatementFile | SettlementFile]:
    """The bytes of a file and the rows of exactly these bytes; raises Refusal with the line."""
    try:
        content = bytes_of(path)
        large = len(content) > WHOLE_MAX_BYTES
        found = read_any_file(path, profiles) if large else read_any(content, profiles)
        if large and bytes_of(path) != content:
            raise unstable()
        return content, importable(found) if isinstance(found, StatementFile) else found
    except UnreadableError as error:
        where = _("Line {line}: ").format(line=error.line) if error.line else ""
        raise Refusal(
            where + title_of(error), _("Nothing of the file was taken over."), hint_of(error.hint)
        ) from error
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or type(error).__name__
        raise Refusal(
            _("The file cannot be opened: {path}").format(path=path), str(said), hint_of("missing")
        ) from error


def bytes_of(path: Path) -> bytes:
    """All bytes of a file that is no device and not too large; raises OSError, UnreadableError."""
    with open(path, "rb", opener=without_waiting) as stream:
        told = os.fstat(stream.fileno())
        if not stat.S_ISREG(told.st_mode):
            raise UnreadableError("This is a device or a pipe, not a file.", 0, "missing")
        if told.st_size > SIZE_MAX_BYTES:
            raise too_large(told.st_size)
        return stream.read(SIZE_MAX_BYTES + 1)


def unstable() -> UnreadableError:
    """Somebody writes to the file."""
    return UnreadableError("The file changed while it was read.", 0, "changed")


def in_time(found: Sequence[Statement]) -> list[Statement]:
    """Statements of each account in the order of their days, as they follow each other."""

    def begins(statement: Statement) -> tuple[str, str]:
        """Its account and first day."""
        days = [day for day in (statement.opening_date, statement.closing_date) if day is not None]
        days += [entry.booked for entry in statement.entries]
        return statement.account, min(days).isoformat() if days else ""

    return sorted(found, key=begins)


def needs_balances(account_no: str) -> BalancesNeeded:
    """The question to the person."""
    return BalancesNeeded(
        _("The file has no balances for {bank_account_no}.").format(bank_account_no=account_no),
        _("Nothing of the file was taken over."),
        _("Enter the opening and the closing balance from the bank's paper or screen."),
    )


def _unheard(_stage: ImportStage, _lines: int) -> None:
    """Nobody watches."""


def _found(path: Path) -> FoundFile:
    told = path.stat()
    return FoundFile(path, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC))


def _imported(request_id: UUID, file: dict[str, Any], answer: dict[str, Any]) -> FileImported:
    return FileImported(
        request_id=request_id,
        name=file["name"],
        settlement=file["kind"] == "settlement",
        statements=tuple(
            ImportedStatement(
                each["statement_id"],
                each["bank_account_no"],
                masked_account(each["bank_account_no"]),
                each["lines_new"],
                each["lines_known"],
                each["closing_fen"],
            )
            for each in answer["statements"]
        ),
        replayed=answer["replayed"],
    )


def _view(row: StatementRow) -> StatementView:
    return StatementView(
        statement_id=row.statement_id,
        bank_account_no=row.bank_account_no,
        masked=masked_account(row.bank_account_no),
        kind=AccountKind(row.kind),
        number=row.number,
        opening_date=row.opening_date,
        closing_date=row.closing_date,
        opening_fen=row.opening_fen,
        closing_fen=row.closing_fen,
        by_person=row.balance_source == "person",
        lines_in_file=row.lines_in_file,
        lines_new=row.lines_new,
        file_name=row.file_name,
        format=row.format,
        staff_name=row.staff_name,
        recorded_at=row.recorded_at,
    )
