"""The days of the hall that are closed, and their summaries on paper again."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.day_close import ClosedDay
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.messages import PaperMade, PaperRefused
from counter.ui.messages_day import ClosedDaysListed
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table


class ClosedDaysScreen(CounterScreen):
    """The newest first; F6 or Enter prints the summary of the one under the cursor."""

    CSS_PATH = "day_close.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("reprint", "reload"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """Of the hall of this session."""
        super().__init__()
        self._session = session

    def compose_body(self) -> ComposeResult:
        """Heading, list, keys."""
        yield Words(lambda: _("Closed days of the hall"), id="heading")
        yield Table[ClosedDay](
            (
                Column(lambda: _("Day"), lambda row: f"{row.business_date}", 11, strong=True),
                Column(lambda: _("Closed at"), lambda row: f"{row.closed_at:%Y-%m-%d %H:%M}", 17),
                Column(lambda: _("Day closed by"), lambda row: row.staff_name, 12, grows=True),
                Column(lambda: _("Entries"), lambda row: str(row.journals), 8, right=True),
                Column(lambda: _("Month"), lambda row: _("closed") if row.month_closed else _("open"), 8),
            ),
            id="days",
        )
        yield Words(lambda: _("Enter  print the summary      Esc  back"), id="keys")

    def on_mount(self) -> None:
        """List them."""
        super().on_mount()
        self.set_focus(self.query_one("#days"))
        self.action_reload()

    def action_reload(self) -> None:
        """Ask again."""
        jobs.start(self, self._session.day_close.closed_days, ClosedDaysListed)

    @on(ClosedDaysListed)
    def _listed(self, message: ClosedDaysListed) -> None:
        """Show them; the cursor stays where it was."""
        table = self.query_one("#days", Table)
        table.show_rows(message.days, cursor=table.cursor)
        self.refresh_bindings()

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why there is no list."""
        message.stop()
        self.tell(message.error)

    @on(Table.Chosen, "#days")
    def _chosen(self, message: Table.Chosen) -> None:
        """Enter prints."""
        message.stop()
        self.action_reprint()

    def action_reprint(self) -> None:
        """The summary once more, marked as printed again."""
        row = self.query_one("#days", Table).current
        if row is not None:
            self.notice.say(Tone.NOTE, _("The report is being printed."))
            work = partial(self._session.day_close.print_summary, row.business_date, reprint=True)
            jobs.start(self.app, work, PaperMade, PaperRefused)

    def action_leave(self) -> None:
        """Back to the checklist."""
        self.dismiss()
