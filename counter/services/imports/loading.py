"""Import of an accounts or bills file: one transaction, all or nothing, and the same file twice adds nothing.

Reading, staging and the checks of single fields are done here line by line; checks between lines and the
booking are done by the database over all lines at once. Memory does not grow with the file.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from counter.errors import OutcomeUnknown
from counter.i18n import _
from counter.services.imports.encodings import Inspected, inspect
from counter.services.imports.headings import Headings, read_headings
from counter.services.imports.lines import batches, split_batch
from counter.services.imports.problems import Problem, Reason
from counter.services.imports.rows import FileKind, RowReader, accounts_file, bills_file
from counter.services.imports.spool import ProblemSpool
from db import errors
from db.queries import imports


class Phase(StrEnum):
    """What an import is busy with."""

    READING = "reading"
    CHECKING = "checking"
    BOOKING = "booking"


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did; with ``problems`` nothing was changed and every other count is 0.

    ``lines`` were read; ``added`` accounts or bills are new and ``changed`` accounts other than before;
    ``drawn_down`` accounts had a prepaid balance that paid new bills; ``opening_balances`` were booked.
    """

    problems: int = 0
    lines: int = 0
    added: int = 0
    changed: int = 0
    drawn_down: int = 0
    opening_balances: int = 0

    @property
    def accepted(self) -> bool:
        """Whether the file was taken."""
        return self.problems == 0


Progress = Callable[[Phase, int, int], None]
"""Hears (phase, bytes read, bytes in all); in the later phases the two are equal."""

Listener = Callable[[Problem], None]
"""Hears every problem of the file, in the order of its lines."""


class Importer(Protocol):
    """Either of the two imports."""

    def __call__(
        self, engine: Engine, path: Path, *, on_problem: Listener, on_progress: Progress | None = None
    ) -> ImportOutcome:
        """Take a file; see ``import_accounts``."""
        ...


def import_accounts(
    engine: Engine, path: Path, *, on_problem: Listener, on_progress: Progress | None = None
) -> ImportOutcome:
    """Take an accounts file: new accounts are added, changed ones changed.

    Raises FileRefused for a file that cannot be read as one, the database's refusals (another import is
    running, this login may not), ServerUnreachable, and OutcomeUnknown when the answer was lost.
    """
    return _Import(engine, path, _accounts_kind, on_problem, on_progress).run()


def import_bills(
    engine: Engine, path: Path, *, on_problem: Listener, on_progress: Progress | None = None
) -> ImportOutcome:
    """Take a bills file: each new bill debits its account, and a prepaid balance is drawn down at once.

    Raises as ``import_accounts`` does.
    """
    return _Import(engine, path, lambda _connection: bills_file(), on_problem, on_progress).run()


def _accounts_kind(connection: Connection) -> FileKind:
    """The accounts file of this bureau, in which a hall may stand by its number or its name."""
    halls = imports.halls(connection)
    by_number = {str(hall_no): str(hall_no) for hall_no in halls}
    by_padded = {f"{hall_no:02d}": str(hall_no) for hall_no in halls}
    return accounts_file(
        {**{name: str(hall_no) for hall_no, name in halls.items()}, **by_padded, **by_number}
    )


class _Import:
    """One run over one file."""

    def __init__(
        self,
        engine: Engine,
        path: Path,
        make_kind: Callable[[Connection], FileKind],
        on_problem: Listener,
        on_progress: Progress | None,
    ) -> None:
        self._engine = engine
        self._path = path
        self._make_kind = make_kind
        self._on_problem = on_problem
        self._on_progress = on_progress or (lambda _phase, _done, _total: None)

    def run(self) -> ImportOutcome:
        """The whole import; the database's errors come out as sentences."""
        inspected = inspect(self._path)
        booking = False
        try:
            with self._engine.connect() as connection, connection.begin() as transaction:
                outcome = self._in_transaction(connection, inspected)
                if outcome.accepted:
                    booking = True
                    transaction.commit()
                else:
                    transaction.rollback()
        except DBAPIError as error:
            if booking and errors.connection_lost(error):
                raise _outcome_unknown() from error
            raise errors.translate(error) from error
        return outcome

    def _in_transaction(self, connection: Connection, inspected: Inspected) -> ImportOutcome:
        """Stage, check, and book unless something is wrong."""
        imports.begin(connection)
        kind = self._make_kind(connection)
        headings = read_headings(self._path, inspected, kind.columns)
        with ProblemSpool() as spool:
            self._stage(connection, inspected, kind, headings, spool)
            self._tell(Phase.CHECKING, inspected)
            problems = self._report(
                heapq.merge(spool, _conflicts(connection, kind), key=lambda item: item.line_no)
            )
        if problems:
            return ImportOutcome(problems=problems)
        self._tell(Phase.BOOKING, inspected)
        counts = imports.load(connection, kind.staging_table, uuid4(), inspected.file_hash)
        return ImportOutcome(
            lines=counts["lines"],
            added=counts["added"],
            changed=counts.get("changed", 0),
            drawn_down=counts.get("drawn_down", 0),
            opening_balances=counts.get("opening_balances", 0),
        )

    def _stage(
        self,
        connection: Connection,
        inspected: Inspected,
        kind: FileKind,
        headings: Headings,
        spool: ProblemSpool,
    ) -> None:
        """Send every line after the headings to the staging table."""
        reader = RowReader(kind, headings.matched.positions, headings.field_count)
        with imports.staging(connection, kind.staging_table, kind.staged_columns) as copy:
            for batch in batches(self._path, inspected):
                skipped = max(0, headings.line_no + 1 - batch.first_line_no)
                lines = batch.lines[skipped:]
                rows = split_batch(lines, headings.delimiter)
                copy.write(reader.staged(batch.first_line_no + skipped, rows, lines))
                spool.add(reader.problems)
                reader.problems.clear()
                self._on_progress(Phase.READING, batch.bytes_done, inspected.size_bytes)

    def _report(self, problems: Iterator[Problem]) -> int:
        """Tell every problem and count them."""
        count = 0
        for problem in problems:
            self._on_problem(problem)
            count += 1
        return count

    def _tell(self, phase: Phase, inspected: Inspected) -> None:
        """A phase in which there is nothing to count has begun."""
        self._on_progress(phase, inspected.size_bytes, inspected.size_bytes)


def _conflicts(connection: Connection, kind: FileKind) -> Iterator[Problem]:
    """The database's findings as problems."""
    for line_no, column, reason, found in imports.conflicts(connection, kind.staging_table):
        yield Problem(line_no, column, Reason(reason), found)


def _outcome_unknown() -> OutcomeUnknown:
    """The connection broke while the booking was being confirmed."""
    return OutcomeUnknown(
        _("The server stopped answering during the import."),
        _("It is not known whether the file was taken; half of it cannot have been."),
        _("Import the same file again: what is already there is not taken twice."),
    )
