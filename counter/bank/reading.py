"""Any statement file: what it is, told from its content, and read by the module of that format.

A module of a format has ``fits(data, text)`` and ``read(data, text, encoding)``; it is loaded when a file is
asked about. ``text`` is None for what is no text (XLS, XLSX) or says its encoding itself (camt).
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Literal, Protocol, cast

from counter.bank.profiles import Profile
from counter.bank.settlement import SettlementFile
from counter.bank.statement import StatementFile, UnreadableError

SIZE_MAX_BYTES = 200_000_000
"""What is larger is no statement; it is not even loaded."""

TEXT_FORMATS = ("ofx", "mt940", "tables")
"""In the order in which they are asked; a table is whatever has the headings of one."""

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
ENCRYPTED_FLAG_AT = 6
NO_STATEMENTS = (
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
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


def read_any(data: bytes, profiles: Sequence[Profile] | None = None) -> StatementFile | SettlementFile:
    """A statement or a settlement file, as its content says; raises UnreadableError and nothing else.

    ``profiles`` are asked before anything is guessed; without them those that come with the program.
    """
    refuse_at_sight(data)
    if module("camt").fits(data, None):
        return module("camt").read(data, None, "")
    if profiles is None:
        from counter.bank.profiles.loading import load_profiles

        profiles = load_profiles()
    if data.startswith((ZIP, OLE)):
        refuse_archive(data)
        return read_workbook(data, profiles)
    return read_text(data, profiles)


def kind_of(data: bytes) -> Literal["statement", "settlement"]:
    """Which of the two a readable file is; raises UnreadableError for what is neither."""
    return "settlement" if isinstance(read_any(data), SettlementFile) else "statement"


def read(data: bytes, profiles: Sequence[Profile] | None = None) -> StatementFile:
    """All statements of a file of any known format; raises UnreadableError and nothing else."""
    found = read_any(data, profiles)
    if isinstance(found, SettlementFile):
        raise UnreadableError("A settlement file of card terminals, no statement.", 0, "settlement")
    return found


def read_text(data: bytes, profiles: Sequence[Profile]) -> StatementFile | SettlementFile:
    """A text by a profile, as an acquirer's table, or as a statement; raises UnreadableError."""
    from counter.bank import pos, profiled
    from counter.bank.encoding import decode

    text, encoding = decode(data)
    found = profiled.read_text(profiles, data, text, encoding)
    if found is not None:
        return found
    if pos.fits(text):
        return pos.read(text, encoding)
    for name in TEXT_FORMATS:
        if module(name).fits(data, text):
            return module(name).read(data, text, encoding)
    raise UnreadableError("The file is text, but no statement of a known format.", 0, "unknown")


def read_workbook(data: bytes, profiles: Sequence[Profile]) -> StatementFile | SettlementFile:
    """An Excel file by a profile, as an acquirer's table, or as a statement; raises UnreadableError."""
    from counter.bank import manner, pos, profiled, sheets, tables

    rows, kind = sheets.workbook_rows(data), sheets.workbook_kind(data)
    found = profiled.read_sheets(profiles, kind, rows)
    if found is not None:
        return found
    ours = [sheets.table_of(each, manner.SETTLEMENT.columns_of) for each in rows]
    if any(table.heading >= 0 for table in ours):
        return pos.read_tables(kind, "binary", ours)
    statements = [sheets.table_of(each, manner.STATEMENT.columns_of) for each in rows]
    return tables.read_tables(kind, "binary", statements)


def importable(found: StatementFile) -> StatementFile:
    """The same file, if there is a statement in it to take over; raises UnreadableError."""
    if not found.statements:
        raise UnreadableError("The file is sound, but it holds no statement of any account.", 0, "nothing")
    return found


def module(name: str) -> Format:
    """The module of a format, loaded when it is first asked."""
    return cast("Format", import_module(f"counter.bank.{name}"))


def refuse_at_sight(data: bytes) -> None:
    """What cannot hold rows: nothing, too much, archives, pictures; raises UnreadableError."""
    if not data.strip():
        raise UnreadableError("The file is empty.", 0, "empty")
    if len(data) > SIZE_MAX_BYTES:
        raise UnreadableError("The file is too large.", 0, "size")
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
