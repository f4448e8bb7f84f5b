"""The rows of a text table (CSV), and which of a table's rows holds the headings.

Invariant: a row is whole or the file is refused; a quote that never ends swallows no lines behind it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

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
    """The rows down to the headings, and those below, which may be asked for again and again."""

    top: Sequence[Sequence[Cell]]
    """The heading is the last of them; where none was found, these are all rows."""
    lines: Sequence[int]
    heading: int
    """Which row holds the headings; -1 when none was found."""
    below: Callable[[], Iterable[tuple[Sequence[Cell], int]]]
    """The rows under the headings, each with the line on which it begins. Raises UnreadableError."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a sheet or of a page, whose headings nobody has looked for yet."""

    rows: Sequence[Sequence[Cell]]
    lines: Sequence[int]

    def table(self, finder: Finder) -> Table:
        """As a table of the kind that the finder knows."""
        heading = heading_of(self.rows, finder)
        top = self.rows[: heading + 1] if heading >= 0 else self.rows

        def below() -> Iterable[tuple[Sequence[Cell], int]]:
            return zip(self.rows[heading + 1 :], self.lines[heading + 1 :], strict=True)

        return Table(top, self.lines, heading, below)


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
        if delimiter in top and heading_of(_looked_at(top, delimiter), finder) >= 0:
            return delimiter
    return None


def _looked_at(top: str, delimiter: str) -> list[list[str]]:
    """The rows of the top, where a quote may run on. Raises UnreadableError."""
    try:
        return list(csv.reader(io.StringIO(top, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableError(f"a row cannot be read: {error}", hint="row") from error


def _top(text: str) -> str:
    """The first lines, bounded."""
    return "\n".join(text[:65_536].splitlines()[: HEADING_WITHIN * 2])


class _Lines:
    """The lines of a text with their ends, some at a time: a StringIO takes four bytes a character."""

    def __init__(self, text: str) -> None:
        self._text, self.given = text, 0

    def __iter__(self) -> Iterator[str]:
        """One after the other; ``given`` counts them."""
        start = 0
        while start < len(self._text):
            end = self._text.find("\n", start + _PIECE) + 1 or len(self._text)
            for line in io.StringIO(self._text[start:end], newline=""):
                self.given += 1
                yield line
            start = end


def _rows(text: str, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """The rows, each with the line on which it begins. Raises UnreadableError."""
    lines, begins = _Lines(text), 1
    try:
        for row in csv.reader(iter(lines), delimiter=delimiter):
            if lines.given > begins:
                _refuse_swallowed(row, lines.given - begins, begins)
            yield row, begins
            begins = lines.given + 1
    except csv.Error as error:
        raise UnreadableError(f"a row cannot be read: {error}", line=begins, hint="row") from error


def _refuse_swallowed(row: list[str], span: int, line: int) -> None:
    """Refuse a cell that holds further rows, for want of a closing quote."""
    if span > _SPAN_MAX or any(_DATED_LINE.search(cell) for cell in row):
        raise UnreadableError("a quote is never closed", line=line, hint="quote")


def _whole(text: str, delimiter: str, columns: Mapping[str, int]) -> Iterator[tuple[list[str], int]]:
    """The rows of a text that may have been cut. Raises UnreadableError where the last shows that it was."""
    before, last, line = list[str](), list[str](), 0
    for row, line in _rows(text, delimiter):
        yield row, line
        before, last = last, row
    money = {index for name, index in columns.items() if name in _MONEY}
    end = len(last) - 1
    is_like = len(before) == len(last) and end in money and last[end] and before[end]
    short = is_like and len(last[end].partition(".")[2]) < len(before[end].partition(".")[2])
    odd = text.count('"', text.rfind("\n") + 1) % 2 == 1
    if odd or short or (1 < len(last) < len(before) and len(before) > max(columns.values())):
        raise UnreadableError("the last line is cut", line=line, hint="truncated")


def text_table(text: str, finder: Finder) -> Table:
    """A CSV or TSV as a table. Raises UnreadableError."""
    delimiter = delimiter_of(text, finder)
    if delimiter is None:
        raise UnreadableError("no heading that is known", hint="heading")
    text = text.removeprefix("\ufeff")
    top = list(islice(_rows(text, delimiter), HEADING_WITHIN))
    heading = heading_of([row for row, _line in top], finder)
    columns = finder(top[heading][0]) if heading >= 0 else {}

    def below() -> Iterable[tuple[Sequence[Cell], int]]:
        is_ended = text.endswith(("\n", "\r"))
        rows = _rows(text, delimiter) if is_ended else _whole(text, delimiter, columns)
        return islice(rows, heading + 1, None)

    head = top[: heading + 1]
    return Table([row for row, _line in head], [line for _row, line in head], heading, below)
