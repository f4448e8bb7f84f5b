"""The rows of a text table (CSV), and which of a table's rows holds the headings.

Invariant: a row is whole or the file is refused; a quote that never ends swallows no lines behind it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from counter.bank.cells import Cell
from counter.bank.manner import Finder
from counter.bank.statement import UnreadableError

DELIMITERS = ",\t;|"
HEADING_WITHIN = 80
"""A heading stands within that many rows of the top."""

_DATED_LINE = re.compile(r"\n\s*\"?'?[0-9]{4}[-/.年]?[0-9]{1,2}")
_SPAN_MAX = 6
_PIECE = 65_536
_MONEY = frozenset(("credit", "debit", "amount", "balance", "fee", "net"))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the line on which each begins. Who has read it may clear the rows, for they are large."""

    rows: list[Sequence[Cell]]
    lines: Sequence[int]
    heading: int
    """Which row holds the headings; -1 when none was found."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a sheet or of a page, whose headings nobody has looked for yet."""

    rows: Sequence[Sequence[Cell]]
    lines: Sequence[int]

    def table(self, finder: Finder) -> Table:
        """As a table of the kind that the finder knows."""
        return Table(list(self.rows), self.lines, heading_of(self.rows, finder))


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


def _refuse_cut(text: str, rows: list[list[str]], columns: Mapping[str, int], line: int) -> None:
    """Refuse a text whose last line ends too early: a quote is open, a cell or a decimal is missing."""
    before, last = rows[-2], rows[-1]
    money = {index for name, index in columns.items() if name in _MONEY}
    end = len(last) - 1
    is_like = len(before) == len(last) and end in money and last[end] and before[end]
    short = is_like and len(last[end].partition(".")[2]) < len(before[end].partition(".")[2])
    odd = text.count('"', text.rfind("\n") + 1) % 2 == 1
    if odd or short or (1 < len(last) < len(before) and len(before) > max(columns.values())):
        raise UnreadableError("the last line is cut", line=line, hint="truncated")


def _rows(text: str, delimiter: str, *, look: bool = False) -> tuple[list[list[str]], Sequence[int]]:
    """Split into rows and the line where each begins; ``look`` lets a quote run. Raises UnreadableError."""
    reader = csv.reader(_written_lines(text), delimiter=delimiter)
    try:
        rows = list(reader)
    except csv.Error as error:
        reason = f"a row cannot be read: {error}"
        raise UnreadableError(reason, line=reader.line_num, hint="row") from error
    if look or reader.line_num == len(rows):
        return rows, range(1, len(rows) + 1)
    return rows, _lines(text, delimiter)


def _written_lines(text: str) -> Iterator[str]:
    """The lines with their ends, some at a time: a whole text in a StringIO takes four bytes a character."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PIECE) + 1 or len(text)
        yield from io.StringIO(text[start:end], newline="")
        start = end


def _lines(text: str, delimiter: str) -> list[int]:
    """The line where each row begins, of a text with cells of several lines. Raises UnreadableError."""
    reader = csv.reader(_written_lines(text), delimiter=delimiter)
    lines, begins = list[int](), 1
    for row in reader:
        if reader.line_num > begins:
            _refuse_swallowed(row, reader.line_num - begins, begins)
        lines.append(begins)
        begins = reader.line_num + 1
    return lines


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
    heading = heading_of(rows, finder)
    if not text.endswith(("\n", "\r")) and 0 <= heading < len(rows) - 2:
        _refuse_cut(text, rows, finder(rows[heading]), lines[-1])
    return Table(cast("list[Sequence[Cell]]", rows), lines, heading)
