"""Reconnection tasks as a file for a spreadsheet or another system."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from counter.i18n import _
from counter.services.csv_file import write_csv
from db.queries.agreements import TaskRow


def write_tasks(rows: Sequence[TaskRow], path: Path) -> None:
    """Write them whole, or raise Fault and leave nothing half written."""
    write_csv(headings(), map(cells, rows), path)


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
