"""Reconnection tasks as a file for a spreadsheet or another system.

CSV in UTF-8 with a BOM, because spreadsheets take a file without one for the system's own encoding. A text
that a spreadsheet would obey as a formula is marked as text.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from counter.errors import Fault
from counter.i18n import _
from db.queries.agreements import TaskRow

_OBEYED = ("=", "+", "-", "@", "\t", "\r")


def write_tasks(rows: Sequence[TaskRow], path: Path) -> None:
    """Write them whole, or raise Fault and leave nothing half written."""
    beside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings())
            writer.writerows([harmless(cell) for cell in cells(row)] for row in rows)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise Fault(
            _("The file cannot be written."),
            _("{path}: {why}. The tasks are as they were.").format(path=path, why=error.strerror or error),
            _("Free space or choose another folder, then export again."),
        ) from error


def headings() -> tuple[str, ...]:
    """The first line."""
    return (
        _("Deadline"),
        _("Overdue"),
        _("Account"),
        _("Name"),
        _("Address"),
        _("Phone"),
        _("Meter"),
        _("Raised"),
        _("Hall"),
        _("Journal"),
    )


def cells(row: TaskRow) -> tuple[str, ...]:
    """One task."""
    return (
        f"{row.due_at:%Y-%m-%d %H:%M}",
        _("overdue") if row.overdue else "",
        row.account_no,
        row.account_name,
        row.address,
        row.phone,
        row.meter_no,
        f"{row.raised_at:%Y-%m-%d %H:%M}",
        str(row.hall_no),
        str(row.journal_id),
    )


def harmless(cell: str) -> str:
    """``cell`` as no spreadsheet obeys it, on one line and without NUL."""
    line = " ".join(cell.replace("\0", " ").split())
    return f"'{line}" if cell.startswith(_OBEYED) or line.startswith(_OBEYED) else line
