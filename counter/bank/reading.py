"""Any statement file: what it is, told from its content, and read by the module of that format.

``read_file`` and ``read_any_file`` are the door: they look at the size first, and read a large file in pieces
(camt, MT940, OFX) or refuse it unread. A module of a format has ``fits(data, text)`` and ``read(data, text,
encoding)``; it is loaded when a file is asked about. ``text`` is None for what is no text (XLS, XLSX) or says
its encoding itself (camt).
"""

from __future__ import annotations

import gc
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Literal, Protocol, cast

from counter.bank.profiles import Profile
from counter.bank.settlement import SettlementFile
from counter.bank.sheets import Grid
from counter.bank.source import HEAD_BYTES, Source
from counter.bank.statement import FINAL, Statement, StatementFile, UnreadableError

SIZE_MAX_BYTES = 200_000_000
"""What is larger is no statement; it is not even loaded."""
WHOLE_MAX_BYTES = 50_000_000
"""What is larger is not loaded as a whole; a table is refused, for only its whole tells its signs."""

TEXT_FORMATS = ("ofx", "mt940", "tables")
"""In the order in which they are asked; a table is whatever has the headings of one."""
LARGE_FORMATS = ("ofx", "mt940")
"""Those that can be read in pieces, beside camt."""

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
ENCRYPTED_FLAG_AT = 6
NO_STATEMENTS = (
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\x7fELF", "a program"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)


class Format(Protocol):
    """What a module of a format offers."""

    def fits(self, data: bytes, text: str | None) -> bool:
        """Whether the file looks like this format."""

    def read(self, data: bytes, text: str | None, encoding: str) -> StatementFile:
        """All statements in it; raises UnreadableError."""


class LargeFormat(Format, Protocol):
    """What the module of a format offers that can be read in pieces."""

    def read_source(self, source: Source, encoding: str) -> StatementFile:
        """All statements in it; raises UnreadableError."""


def read_file(path: Path, profiles: Sequence[Profile] | None = None) -> StatementFile:
    """All statements of a file on the disk; raises UnreadableError, and OSError when it cannot be opened."""
    return statement_only(read_any_file(path, profiles))


def read_any_file(path: Path, profiles: Sequence[Profile] | None = None) -> StatementFile | SettlementFile:
    """A statement or settlement file on the disk, after a look at its size; raises as ``read_file``."""
    with open(path, "rb", opener=without_waiting) as stream:
        before = os.fstat(stream.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise UnreadableError("This is a device or a pipe, not a file.", 0, "missing")
        if before.st_size > SIZE_MAX_BYTES:
            raise too_large(before.st_size)
        if before.st_size > WHOLE_MAX_BYTES:
            found: StatementFile | SettlementFile = read_large(Source(stream.read(HEAD_BYTES), path))
        else:
            data = stream.read(WHOLE_MAX_BYTES)
            refuse_changed(before, os.fstat(stream.fileno()))
            found = read_any(data, profiles)
        refuse_changed(before, os.fstat(stream.fileno()))
    return found


def refuse_changed(before: os.stat_result, after: os.stat_result) -> None:
    """A file that somebody is writing may be read in part; raises UnreadableError."""
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise UnreadableError("The file changed while it was read.", 0, "changed")


def without_waiting(name: str, flags: int) -> int:
    """Open a file; a pipe, on which nobody may ever write, does not hold the program up."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def too_large(size: int) -> UnreadableError:
    """The refusal of a file of that many bytes."""
    said = f"The file has {size // 1_000_000:,} MB; no more than {SIZE_MAX_BYTES // 1_000_000} MB are read."
    return UnreadableError(said, 0, "size")


def read_large(source: Source) -> StatementFile:
    """A file that is read in pieces; raises UnreadableError for a format that needs all of it at once."""
    refuse_at_sight(source.data)
    megabytes = WHOLE_MAX_BYTES // 1_000_000
    too_much = UnreadableError(f"Tables of more than {megabytes} MB are not read.", 0, "size")
    if source.data.startswith((ZIP, OLE)):
        raise too_much
    with collector_resting():
        camt = cast("LargeFormat", module("camt"))
        if camt.fits(source.data, None):
            return camt.read_source(source, "")
        from counter.bank.encoding import encoding_of

        encoding = encoding_of(source)
        top = source.data[:HEAD_BYTES].decode(encoding, "ignore")
        for name in LARGE_FORMATS:
            if module(name).fits(source.data, top):
                return cast("LargeFormat", module(name)).read_source(source, encoding)
    raise too_much


@contextmanager
def collector_resting() -> Iterator[None]:
    """Without looks of the garbage collector at rows that all stay; they take a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_any(data: bytes, profiles: Sequence[Profile] | None = None) -> StatementFile | SettlementFile:
    """A statement or a settlement file, as its content says; raises UnreadableError and nothing else.

    ``profiles`` are asked before anything is guessed; without them those that come with the program.
    """
    refuse_at_sight(data)
    if len(data) > WHOLE_MAX_BYTES:
        return read_large(Source(data))
    with collector_resting():
        archive = data.startswith((ZIP, OLE))
        if archive:
            refuse_archive(data)
        elif module("camt").fits(data, None):
            return module("camt").read(data, None, "")
        if profiles is None:
            from counter.bank.profiles.loading import load_profiles

            profiles = load_profiles()
        return read_workbook(data, profiles) if archive else read_text(data, profiles)


def kind_of(data: bytes) -> Literal["statement", "settlement"]:
    """Which of the two a readable file is; raises UnreadableError for what is neither."""
    return "settlement" if isinstance(read_any(data), SettlementFile) else "statement"


def read(data: bytes, profiles: Sequence[Profile] | None = None) -> StatementFile:
    """All statements of a file of any known format; raises UnreadableError and nothing else."""
    return statement_only(read_any(data, profiles))


def statement_only(found: StatementFile | SettlementFile) -> StatementFile:
    """The file, if it is a statement; raises UnreadableError."""
    if isinstance(found, SettlementFile):
        raise UnreadableError("A settlement file of card terminals, no statement.", 0, "settlement")
    return found


def read_text(data: bytes, profiles: Sequence[Profile]) -> StatementFile | SettlementFile:
    """A text by a profile, as an acquirer's table, or as a statement; raises UnreadableError."""
    from counter.bank import pos, profiled, web_tables
    from counter.bank.encoding import decode

    text, encoding = decode(data)
    kind = web_tables.kind_of(text)
    if kind:
        return read_grids(web_tables.grids_of(text), kind, encoding, profiles)
    found = profiled.read_text(profiles, data, text, encoding)
    if found is not None:
        return found
    if pos.fits(text):
        return pos.read(text, encoding)
    for name in TEXT_FORMATS:
        if module(name).fits(data, text):
            return module(name).read(data, text, encoding)
    if text.lstrip("\ufeff").lstrip()[:5].lower() == "<?xml":
        raise UnreadableError("The XML is no camt, and no OFX either.", 1, "message")
    raise UnreadableError("The file is text, but no statement of a known format.", 0, "unknown")


def read_workbook(data: bytes, profiles: Sequence[Profile]) -> StatementFile | SettlementFile:
    """An Excel file; raises UnreadableError."""
    from counter.bank import workbooks

    return read_grids(workbooks.grids_of(data), workbooks.workbook_kind(data), "binary", profiles)


def read_grids(
    grids: Sequence[Grid], kind: str, encoding: str, profiles: Sequence[Profile]
) -> StatementFile | SettlementFile:
    """Sheets by a profile, as an acquirer's table, or as a statement; raises UnreadableError."""
    from counter.bank import manner, pos, profiled, tables

    found = profiled.read_grids(profiles, kind, encoding, grids)
    if found is not None:
        return found
    ours = [grid.table(manner.SETTLEMENT.columns_of) for grid in grids]
    if any(table.heading >= 0 for table in ours):
        return pos.read_tables(kind, encoding, ours)
    return tables.read_tables(kind, encoding, [grid.table(manner.STATEMENT.columns_of) for grid in grids])


def importable(found: StatementFile, *, today: date | None = None) -> StatementFile:
    """The same file, if it can be taken over: statements that are whole and of days that have come.

    ``today`` is the business date; a bank in another time zone may be a day ahead. Raises UnreadableError.
    """
    if not found.statements:
        raise UnreadableError("The file is sound, but it holds no statement of any account.", 0, "nothing")
    for statement in found.statements:
        if statement.wrong_total:
            raise UnreadableError(
                "A total in the file is not the sum of its lines.", statement.wrong_total, "total"
            )
        refuse_unfinished(statement, balances=found.format == "mt940")
        if today is not None:
            refuse_future(statement, today + timedelta(days=1))
    return found


def refuse_unfinished(statement: Statement, *, balances: bool) -> None:
    """A statement that opens with a balance and never closes was cut between two entries or pages.

    ``balances`` says that the format has them always. Raises UnreadableError.
    """
    line = statement.entries[-1].line if statement.entries else 0
    if not statement.complete:
        raise UnreadableError("The last page of the statement is missing.", line, "unfinished")
    must_close = statement.kind == FINAL and (balances or statement.opening is not None)
    if must_close and statement.closing is None:
        raise UnreadableError("The statement has no closing balance.", line, "unfinished")


def refuse_future(statement: Statement, last: date) -> None:
    """Nothing is booked on a day that has not come; raises UnreadableError with the line that says so."""
    for entry in statement.booked:
        if entry.booked > last:
            raise UnreadableError(
                f"An entry is booked on {entry.booked}, which has not come.", entry.line, "future"
            )
    if statement.closing_date and statement.closing_date > last:
        raise UnreadableError(
            f"The statement closes on {statement.closing_date}, which has not come.", 0, "future"
        )


def module(name: str) -> Format:
    """The module of a format, loaded when it is first asked."""
    return cast("Format", import_module(f"counter.bank.{name}"))


def refuse_at_sight(data: bytes) -> None:
    """What cannot hold rows: nothing, too much, archives, pictures; raises UnreadableError."""
    if not data.strip():
        raise UnreadableError("The file is empty.", 0, "empty")
    if len(data) > SIZE_MAX_BYTES:
        raise too_large(len(data))
    kind = next((kind for mark, kind in NO_STATEMENTS if data.startswith(mark)), "")
    if kind:
        raise UnreadableError(f"The file is {kind}.", 0, "zip" if "archive" in kind else "binary")


def refuse_archive(data: bytes) -> None:
    """Other archives and locked ones are refused with what to do about them; raises UnreadableError."""
    if data.startswith(OLE) and ENCRYPTED_OFFICE in data:
        raise UnreadableError("The workbook is protected by a password.", 0, "password")
    if data.startswith(ZIP) and len(data) > ENCRYPTED_FLAG_AT and data[ENCRYPTED_FLAG_AT] & 1:
        raise UnreadableError("The archive is protected by a password.", 0, "password")
    if data.startswith(ZIP) and b"xl/" not in data:
        raise UnreadableError("The file is a zip archive.", 0, "zip")
