"""Which rows of a bank table are movements, which are totals, and which are words.

Invariant: a row with a day is a movement or calls itself a total; a row with a sum and no day calls itself a
total; any other refuses the file with its line.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from counter.bank import cells, sheets
from counter.bank.card_numbers import without_cards
from counter.bank.cells import Cell, text_of
from counter.bank.headings import DONE, Columns
from counter.bank.manner import Manner
from counter.bank.packed import BLOCK, Packed
from counter.bank.statement import UnreadableError
from counter.bank.table_notes import joined, month_in, refuse_another_account

_TOTAL = re.compile(
    r"合\s*计|小\s*计|总\s*计|累\s*计|总\s*额|总收入|总支出|total|笔数|承前页|过次页"
    r"|期初|期末|上期|余额|发生额"
)
_TOTAL_CELL = re.compile(
    r"\s*(?:.{0,6}合\s*计|.{0,4}小\s*计|总\s*计|本页合计|累\s*计|total|承前页|过次页|期初余额|期末余额|上期余额)\s*[:\uff1a]?\s*"
)


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A row that calls itself a total."""

    cells: Sequence[Cell]
    line: int
    above: int
    """How many movements stand above it."""


@dataclass(slots=True)
class Body:
    """All of a table below its headings; the movements column by column."""

    columns: dict[str, Packed] = field(default_factory=dict)
    """What the headings name, each with a cell for each movement."""
    lines: array[int] = field(default_factory=lambda: array("L"))
    days: list[date] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    notes: str = ""
    """What the other rows say."""

    def pack(self, rows: list[Sequence[Cell]], columns: Columns) -> None:
        """Put rows away column by column."""
        if rows:
            cells = list(zip(*rows, strict=True))
            for name, index in columns.items():
                self.columns.setdefault(name, Packed()).add(cells[index])
            rows.clear()


def body_of(table: sheets.Table, columns: Columns, above: str, manner: Manner) -> Body:
    """Part the rows. Raises UnreadableError with the line of one that is no movement, total or words."""
    heading = list(table.top[table.heading])
    names = [name for name in ("posted", "traded") if name in columns]
    known = days_of(table, [columns[name] for name in names], month_in(above), manner)
    texts = {index for name, index in columns.items() if name.startswith("text")} | {0, columns[names[0]]}
    width = len(heading)
    needed = 1 + max(columns[name] for name in ("credit", "debit", "amount", "balance") if name in columns)
    state = columns.get("state", -1)
    kept, found, others = list[Sequence[Cell]](), Body(), list[Sequence[Cell]]()
    for (row, line), day in zip(table.below(), known, strict=True):
        if day is None or any(_is_total(row[index]) for index in texts if index < len(row)):
            if not _is_words(row, columns, heading, line):
                found.totals.append(TotalRow(row, line, len(found.days)))
            refuse_another_account(above, row, line)
            others.append(row)
            continue
        if state >= 0 and text_of(row[state] if state < len(row) else "").lower() not in DONE:
            raise UnreadableError("a row that moved no money", line=line, hint="state")
        kept.append(row if len(row) == width else _filled(row, needed, width, line))
        found.lines.append(line)
        found.days.append(day)
        if len(kept) == BLOCK:
            found.pack(kept, columns)
    found.pack(kept, columns)
    found.notes = joined(others)
    return found


def _filled(row: Sequence[Cell], needed: int, width: int, line: int) -> Sequence[Cell]:
    """A row as wide as the heading. Raises UnreadableError where what is missing or over is not blank."""
    if len(row) < needed or any(text_of(cell) for cell in row[width:]):
        raise UnreadableError("the row has not the columns of the heading", line=line, hint="row")
    return [*row[:width], *[""] * (width - len(row))]


def days_of(
    table: sheets.Table, indexes: list[int], hint: tuple[int, int] | None, manner: Manner
) -> list[date | None]:
    """The day of each row: of the first of its date columns that has one. Raises UnreadableError."""
    different: list[dict[Cell, int]] = [{} for _index in indexes]
    places = [array("L") for _index in indexes]
    for row, _line in table.below():
        for index, cells_there, place in zip(indexes, different, places, strict=True):
            cell = row[index] if index < len(row) else ""
            place.append(cells_there.setdefault(cell, len(cells_there)))
    days: list[date | None] = [None] * len(places[0])
    for cells_there, place in zip(reversed(different), reversed(places), strict=True):
        try:
            known = list(days_in(list(cells_there), hint, manner).values())
        except ValueError as error:
            raise UnreadableError(without_cards(str(error)), hint="date") from error
        days = [known[at] or day for at, day in zip(place, days, strict=True)]
    return days


def days_in(column: Sequence[Cell], hint: tuple[int, int] | None, manner: Manner) -> dict[Cell, date | None]:
    """The day in each different cell of a column, in the order in which they first come."""
    if not manner.date_format:
        known = cells.days(column, hint)
        return {cell: known[cell] for cell in column}
    moments = {cell: manner.moment(cell) for cell in column}
    return {cell: moment.date() if moment else None for cell, moment in moments.items()}


def _is_total(cell: Cell) -> bool:
    """Whether a cell says that its row is a total and no movement."""
    if not isinstance(cell, str) or not (
        "计" in cell or "额" in cell or "页" in cell or "tal" in cell.lower()
    ):
        return False
    return len(cell) < 40 and _TOTAL_CELL.fullmatch(cell) is not None  # noqa: PLR2004


def _is_words(row: Sequence[Cell], columns: Columns, heading: list[Cell], line: int) -> bool:
    """Whether a row is words alone and not a total. Raises UnreadableError for a sum without a day."""
    if list(row) == heading or len(row) <= 2:  # noqa: PLR2004
        return True
    if any(_says_total(cell) for cell in row):
        return False
    for name in ("credit", "debit", "amount"):
        cell = row[columns[name]] if name in columns and columns[name] < len(row) else ""
        if _is_some(cell):
            raise UnreadableError("a row with a sum has no day that can be read", line=line, hint="date")
    return True


def _says_total(cell: Cell) -> bool:
    """Whether a cell has a word of totals in it."""
    return isinstance(cell, str) and len(cell) < 60 and _TOTAL.search(cell.lower()) is not None  # noqa: PLR2004


def _is_some(cell: Cell) -> bool:
    """Whether a cell holds a sum or something else that is not nothing."""
    try:
        return cells.money(cell) is not None
    except ValueError:
        return bool(text_of(cell))
