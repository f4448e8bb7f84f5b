"""The rows of a text table (CSV) or of an Excel workbook (through python-calamine).

Invariant: a row is whole or the file is refused; a quote that never ends swallows no lines behind it.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from counter.bank.cells import Cell
from counter.bank.manner import Finder
from counter.bank.statement import UnreadableError

OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
DELIMITERS = ",\t;|"
HEADING_WITHIN = 80
"""A heading stands within that many rows of the top."""
UNPACKED_MAX = 400_000_000
"""Bytes of a workbook when unpacked; a bomb has more."""

_DATED_LINE = re.compile(r"\n\s*\"?'?[0-9]{4}[-/.年]?[0-9]{1,2}")
_SPAN_MAX = 6


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the line on which each begins."""

    rows: Sequence[Sequence[Cell]]
    lines: Sequence[int]
    heading: int
    """Which row holds the headings; -1 when none was found."""


def is_workbook(data: bytes) -> bool:
    """Whether it is an xls or an xlsx, from the content."""
    return data.startswith(OLE) or (data.startswith(ZIP) and b"xl/" in data)


def workbook_kind(data: bytes) -> str:
    """``xlsx`` or ``xls``, from the content."""
    return "xlsx" if data.startswith(ZIP) else "xls"


def heading_of(rows: Sequence[Sequence[Cell]], finder: Finder) -> int:
    """The row with the most known headings within the first rows; -1 without one."""
    best, most = -1, 0
    for index, row in enumerate(rows[:HEADING_WITHIN]):
        count = len(finder(row))
        if count > most:
            best, most = index, count
    return best


def delimiter_of(text: str, finder: Finder) -> str | None:
    """The delimiter under which the top of the text has a heading."""
    top = _top(text)
    for delimiter in DELIMITERS:
        if delimiter in top and heading_of(_rows(top, delimiter, look=True)[0], finder) >= 0:
            return delimiter
    return None


def _top(text: str) -> str:
    """The first lines, bounded."""
    return "\n".join(text[:65_536].splitlines()[: HEADING_WITHIN * 2])


def _rows(text: str, delimiter: str, *, look: bool = False) -> tuple[list[list[str]], list[int]]:
    """Split into rows and the line where each begins; ``look`` lets a quote run. Raises UnreadableError."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, lines, begins = list[list[str]](), list[int](), 1
    try:
        for row in reader:
            if reader.line_num > begins and not look:
                _refuse_swallowed(row, reader.line_num - begins, begins)
            rows.append(row)
            lines.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableError(f"a row cannot be read: {error}", line=begins, hint="row") from error
    return rows, lines


def _refuse_swallowed(row: list[str], span: int, line: int) -> None:
    """Refuse a cell that holds further rows, for want of a closing quote."""
    if span > _SPAN_MAX or any(_DATED_LINE.search(cell) for cell in row):
        raise UnreadableError("a quote is never closed", line=line, hint="quote")


def text_table(text: str, finder: Finder) -> Table:
    """A CSV or TSV as a table. Raises UnreadableError."""
    delimiter = delimiter_of(text, finder)
    if delimiter is None:
        raise UnreadableError("no heading that is known", hint="heading")
    rows, lines = _rows(text.lstrip("\ufeff"), delimiter)
    return Table(rows, lines, heading_of(rows, finder))


def table_of(rows: Sequence[Sequence[Cell]], finder: Finder) -> Table:
    """The rows of a sheet as a table."""
    return Table(rows, range(1, len(rows) + 1), heading_of(rows, finder))


def workbook_rows(data: bytes) -> list[list[list[Cell]]]:
    """The rows of every visible sheet of a workbook that holds anything. Raises UnreadableError."""
    if data.startswith(ZIP):
        _refuse_bomb(data)
    from python_calamine import CalamineError, PasswordError, SheetVisibleEnum, load_workbook

    try:
        book = load_workbook(io.BytesIO(data))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]
        found = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names]
    except PasswordError as error:
        raise UnreadableError("the workbook has a password", hint="password") from error
    except (CalamineError, ValueError, OSError) as error:
        raise UnreadableError("the workbook cannot be read", hint="workbook") from error
    return [cast("list[list[Cell]]", rows) for rows in found if rows]


def _refuse_bomb(data: bytes) -> None:
    """Refuse an archive that is broken or unpacks into too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableError("the workbook cannot be opened", hint="workbook") from error
    if unpacked > UNPACKED_MAX:
        raise UnreadableError("the workbook unpacks into too much", hint="bomb")
