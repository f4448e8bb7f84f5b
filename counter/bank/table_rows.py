"""Which rows of a bank table are movements, which are totals, and which are words.

Invariant: a row with a day is a movement or calls itself a total; a row with a sum and no day calls itself a
total; any other refuses the file with its line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from counter.bank import cells, sheets
from counter.bank.card_numbers import without_cards
from counter.bank.cells import Cell, text_of
from counter.bank.headings import Columns
from counter.bank.manner import Manner
from counter.bank.statement import UnreadableError
from counter.bank.table_notes import joined, month_in

_TOTAL = re.compile(
    r"合\s*计|小\s*计|总\s*计|累\s*计|总\s*额|总收入|总支出|total|笔数|承前页|过次页"
    r"|期初|期末|上期|余额|发生额"
)
_TOTAL_CELL = re.compile(
    r"\s*(?:.{0,6}合\s*计|.{0,4}小\s*计|总\s*计|本页合计|累\s*计|total|承前页|过次页|期初余额|期末余额|上期余额)\s*[::]?\s*"
)
_TOTAL_HINTS = ("计", "额", "页")


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

    columns: list[Sequence[Cell]]
    """As many as the heading has, each with a cell for each movement."""
    lines: list[int]
    days: list[date]
    totals: list[TotalRow]
    notes: str
    """What the other rows say."""


def body_of(table: sheets.Table, columns: Columns, above: str, manner: Manner) -> Body:
    """Part the rows, which leave the table. Raises UnreadableError with the line of one that is none."""
    heading = list(table.rows[table.heading])
    rows, lines = table.rows[table.heading + 1 :], table.lines[table.heading + 1 :]
    names = [name for name in ("posted", "traded") if name in columns]
    known = days_of(rows, [columns[name] for name in names], month_in(above), manner)
    at_text = {index for name, index in columns.items() if name.startswith("text")} | {0, columns[names[0]]}
    text_at = [index for index in at_text if _may_hold_total(rows, index)]
    width = len(heading)
    needed = 1 + max(columns[name] for name in ("credit", "debit", "amount", "balance") if name in columns)
    kept, found, others = list[Sequence[Cell]](), Body([], [], [], [], ""), list[Sequence[Cell]]()
    for row, line, day in zip(rows, lines, known, strict=True):
        if day is None or (text_at and any(_is_total(row[index]) for index in text_at if index < len(row))):
            if not _is_words(row, columns, heading, line):
                found.totals.append(TotalRow(row, line, len(kept)))
            others.append(row)
            continue
        kept.append(row if len(row) == width else _filled(row, needed, width, line))
        found.lines.append(line)
        found.days.append(day)
    table.rows.clear()
    found.columns, found.notes = list(zip(*kept, strict=True)), joined(others)
    return found


def _filled(row: Sequence[Cell], needed: int, width: int, line: int) -> Sequence[Cell]:
    """A row as wide as the heading. Raises UnreadableError where what is missing or over is not blank."""
    if len(row) < needed or any(text_of(cell) for cell in row[width:]):
        raise UnreadableError("the row has not the columns of the heading", line=line, hint="row")
    return [*row[:width], *[""] * (width - len(row))]


def days_of(
    rows: Sequence[Sequence[Cell]], indexes: list[int], hint: tuple[int, int] | None, manner: Manner
) -> list[date | None]:
    """The day of each row: of the first of its date columns that has one. Raises UnreadableError."""
    days: list[date | None] = [None] * len(rows)
    for index in reversed(indexes):
        column = [row[index] if index < len(row) else "" for row in rows]
        try:
            known = days_in(column, hint, manner)
        except ValueError as error:
            raise UnreadableError(without_cards(str(error)), hint="date") from error
        days = [known[cell] or day for cell, day in zip(column, days, strict=True)]
    return days


def days_in(column: Sequence[Cell], hint: tuple[int, int] | None, manner: Manner) -> dict[Cell, date | None]:
    """The day in each different cell of a column, in the profile's format where it has one."""
    if not manner.date_format:
        return dict(cells.days(column, hint))
    moments = {cell: manner.moment(cell) for cell in set(column)}
    return {cell: moment.date() if moment else None for cell, moment in moments.items()}


def _may_hold_total(rows: Sequence[Sequence[Cell]], index: int) -> bool:
    """Whether a column has a word of totals anywhere: one look over all of it, for most have none."""
    column = "\n".join([cell for row in rows if index < len(row) and isinstance(cell := row[index], str)])
    return any(word in column for word in _TOTAL_HINTS) or "tal" in column.lower()


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
