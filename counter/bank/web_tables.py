"""Tables in HTML, or in the XML of Excel 2003, which many a bank's site saves under the name of an XLS.

Invariant: each character is looked at once, whatever the file is, and what was cut is refused. The reader of
the standard library takes quadratic time for comments that never end; this one knows tables alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, InvalidOperation
from html import unescape
from typing import Final

from counter.bank.cells import Cell
from counter.bank.sheets import Grid
from counter.bank.statement import UnreadableError

EXCEL_2003: Final = "urn:schemas-microsoft-com:office:spreadsheet"
WIDTH_MAX: Final = 500
AREA_MAX: Final = 8_000_000
HEAD: Final = 4_000

_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)([^<>]*)>|<!--|<[!?][^>]*>")
_SPAN = re.compile(
    r"""\b(colspan|rowspan|ss:index|ss:mergeacross)\s*=\s*["']?\s*([0-9]{1,6})""", re.IGNORECASE
)
_NUMBER = re.compile(r"""type\s*=\s*["']number["']""", re.IGNORECASE)
_SHEET_DIGITS = Context(prec=15)
"""What a spreadsheet keeps of a number."""
_HIDDEN = ("script", "style")
_CELLS = ("td", "th", "cell")


@dataclass(slots=True)
class _Open:
    """A table that has not ended."""

    rows: list[list[Cell]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    below: dict[int, int] = field(default_factory=dict)
    """Columns that a cell above still covers, and for how many rows."""
    in_cell: bool = False
    text: list[str] = field(default_factory=list)
    number: bool = False
    after: int = 0
    """So many blank cells follow the one that is open."""


def kind_of(text: str) -> str:
    """``html``, ``excel2003``, or empty for a text that is neither."""
    top = text[:HEAD].lstrip("\ufeff \t\r\n").lower()
    if not top.startswith("<"):
        return ""
    if EXCEL_2003 in top:
        return "excel2003"
    return "html" if "<html" in top or "<table" in top else ""


def grids_of(text: str) -> list[Grid]:
    """The sheets of Excel 2003, or all tables of a page as one, for pages part what belongs together.

    Raises UnreadableError.
    """
    reader = _Reader()
    position, end = 0, len(text)
    while position < end:
        found = _TAG.search(text, position)
        reader.data(text[position : found.start()] if found else text[position:])
        if not found:
            break
        position = found.end()
        if found[0] == "<!--":
            position = _behind(text, "-->", position, reader.line)
        reader.line += text.count("\n", found.start(), position)
        if not found[2]:
            continue
        name = found[2].lower().rpartition(":")[2]
        if name in _HIDDEN and not found[1]:
            start, position = position, _behind(text, f"</{name}", position, reader.line)
            reader.line += text.count("\n", start, position)
        elif found[1]:
            reader.closed(name)
        else:
            reader.opened(name, found[3])
            if found[3].endswith("/") and name in _CELLS:
                reader.closed(name)
    if reader.open:
        raise UnreadableError("the table is cut", line=reader.line, hint="truncated")
    grids = [Grid(grid.rows, grid.lines) for grid in reader.done if grid.rows]
    if kind_of(text) == "excel2003" or not grids:
        return [Grid(_even(grid.rows), grid.lines) for grid in grids]
    rows = sorted(
        ((line, row) for grid in grids for line, row in zip(grid.lines, grid.rows, strict=True)),
        key=lambda pair: pair[0],
    )
    return [Grid([row for _line, row in rows], [line for line, _row in rows])]


def _even(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Rows of one width: Excel leaves out the blank cells at the end. Raises UnreadableError."""
    width = max(map(len, rows))
    if width * len(rows) > AREA_MAX:
        raise UnreadableError("the table is too wide", hint="bomb")
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _behind(text: str, mark: str, position: int, line: int) -> int:
    """Where a mark ends. Raises UnreadableError where it never comes."""
    found = text.find(mark, position)
    if found < 0:
        raise UnreadableError(f"{mark} is missing", line=line, hint="truncated")
    return found + len(mark)


class _Reader:
    """Takes tags and texts, gives grids."""

    def __init__(self) -> None:
        self.open, self.done, self.line, self._area = list[_Open](), list[_Open](), 1, 0

    def data(self, text: str) -> None:
        """Text between tags."""
        if self.open and self.open[-1].in_cell:
            self.open[-1].text.append(text)
        self.line += text.count("\n")

    def opened(self, name: str, attributes: str) -> None:
        """A tag that begins."""
        if name == "table":
            self.open.append(_Open())
        elif self.open and name in {"tr", "row"}:
            self._end_cell()
            self.open[-1].rows.append([])
            self.open[-1].lines.append(self.line)
        elif self.open and name in _CELLS:
            self._end_cell()
            self._begin_cell({key.lower(): int(value) for key, value in _SPAN.findall(attributes)})
        elif self.open and name == "br":
            self.data(" ")
        elif self.open and name == "data":
            self.open[-1].number = _NUMBER.search(attributes) is not None

    def closed(self, name: str) -> None:
        """A tag that ends."""
        if not self.open:
            return
        if name in _CELLS or name in {"tr", "row", "table"}:
            self._end_cell()
        if name == "table":
            self.done.append(self.open.pop())

    def _begin_cell(self, spans: dict[str, int]) -> None:
        """A cell; what a cell above covers, or an index leaves out, is blank."""
        grid = self.open[-1]
        if not grid.rows:
            grid.rows.append([])
            grid.lines.append(self.line)
        row = grid.rows[-1]
        while grid.below.get(len(row), 0) > 0:
            grid.below[len(row)] -= 1
            self._blank(row, 1)
        self._blank(row, max(spans.get("ss:index", 0) - 1 - len(row), 0))
        wide = max(spans.get("colspan", 1), spans.get("ss:mergeacross", 0) + 1, 1)
        if spans.get("rowspan", 1) > 1:
            grid.below.update(
                dict.fromkeys(range(len(row), min(len(row) + wide, WIDTH_MAX)), spans["rowspan"] - 1)
            )
        grid.in_cell, grid.number, grid.text, grid.after = True, False, [], wide - 1

    def _blank(self, row: list[Cell], count: int) -> None:
        """Blank cells. Raises UnreadableError where a table grows beyond what one can be."""
        self._area += count
        if len(row) + count > WIDTH_MAX or self._area > AREA_MAX:
            raise UnreadableError("the table is too wide", line=self.line, hint="bomb")
        row.extend([""] * count)

    def _end_cell(self) -> None:
        """The cell that is open, if one is."""
        grid = self.open[-1]
        if not grid.in_cell:
            return
        text = " ".join(unescape("".join(grid.text)).split())
        self._blank(grid.rows[-1], grid.after + 1)
        grid.rows[-1][-1 - grid.after] = _number(text) if grid.number else text
        grid.in_cell = False


def _number(text: str) -> Cell:
    """A cell of numbers as such; a text where it is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    return int(number) if number == int(number) else f"{number.normalize(_SHEET_DIGITS):f}"
