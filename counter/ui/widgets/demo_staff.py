"""The demonstration's sign-ins; imported when there are any, after the first paint."""

from __future__ import annotations

from counter.i18n import _
from counter.services.ports import DemoStaff
from counter.ui.widgets.table import Column, Table
from counter.ui.words import duty


class DemoTable(Table[DemoStaff]):
    """Numbers, passwords and who they are."""

    def __init__(self) -> None:
        """The columns."""
        super().__init__(
            (
                Column(lambda: _("Staff no"), lambda row: row.staff_no, 8),
                Column(lambda: _("Password"), lambda row: row.password, 14),
                Column(lambda: _("Staff name"), lambda row: row.name, 8, grows=True),
                Column(lambda: _("Duty"), lambda row: duty(row.duty), 13),
                Column(lambda: _("Hall"), lambda row: row.hall_name, 10, grows=True),
            ),
            id="demo",
        )
