"""A report as plain data: tables with typed columns, perhaps a chart; nothing about how it looks.

The screen, the paper, the workbook and the text file all show this one thing, so that they cannot differ.
Money is whole fen and days are dates until the very last moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from counter.domain.money import format_yuan

Cell: TypeAlias = str | int | date | datetime | None
"""What stands in a field; None stays empty."""


class Kind(StrEnum):
    """What a column holds: it decides the side of the cell, the sum and the type in a workbook."""

    TEXT = "text"
    FEN = "fen"
    COUNT = "count"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``width`` is a wish in half-width characters."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 12


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a report. ``totals`` is the last row, in the columns of the others.

    Raises ValueError for a row that has not the length of the head.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        """A row too short would put an amount under another head."""
        for row in (*self.rows, *filter(None, (self.totals,))):
            if len(row) != len(self.columns):
                raise ValueError(f"{self.title}: {len(row)} cells under {len(self.columns)} heads")


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one measure over labels, where people would rather look than read; ``values`` in ``kind``."""

    title: str
    labels: tuple[str, ...]
    values: tuple[int, ...]
    kind: Kind = Kind.FEN


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report: of which hall and days, who made it and when, and what is in it."""

    name: str
    """What its file is called, without an ending: letters, digits and hyphens."""
    title: str
    place: str
    since: date
    until: date
    made_by: str
    made_at: datetime
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...] = ()
    signatures: tuple[str, ...] = ()
    """Who signs at the foot of the paper: captions such as "Cashier"."""

    @property
    def empty(self) -> bool:
        """Whether there is no row at all."""
        return not any(table.rows for table in self.tables)


def shown(cell: Cell, kind: Kind) -> str:
    """A cell as people read it."""
    if cell is None:
        return ""
    if kind is Kind.FEN and isinstance(cell, int):
        return format_yuan(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:,}" if isinstance(cell, int) else cell
