"""Which report of which days: a list to choose from, and the two days."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from counter.i18n import N_, _
from counter.services.ports import DeskSession
from counter.services.ports.reports import AskReport, ReportKind
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.days import read_day
from counter.ui.messages_reports import ReportComputed
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table

_KINDS = {
    ReportKind.RECONCILIATION: (
        N_("Bank reconciliation statement"),
        N_("Statements against the books in the evening of the last day, each item with its age"),
    ),
    ReportKind.TAKINGS: (N_("Takings"), N_("By tender, business, clerk and hour")),
    ReportKind.DEPOSITS: (
        N_("Deposits and money in transit"),
        N_("Slips, and what the bank has not shown, by age"),
    ),
    ReportKind.POS: (N_("POS on three levels"), N_("Slip and line, net and credit, fee and contract")),
    ReportKind.UNIDENTIFIED: (N_("Unidentified receipts"), N_("What came in and nobody has claimed, by age")),
    ReportKind.BREAKS: (N_("Breaks"), N_("Everything that has no counterpart, with remarks")),
    ReportKind.DAY: (N_("Day summary"), N_("Takings, ledger accounts, heads of the chains")),
    ReportKind.VOUCHERS: (N_("Vouchers for the finance system"), N_("Debits and credits by ledger account")),
}


class KindTable(Table[ReportKind]):
    """One line for each report."""

    def __init__(self) -> None:
        """Its name, and what is in it."""
        super().__init__(
            (
                Column(lambda: _("Report"), lambda kind: _(_KINDS[kind][0]), 32),
                Column(lambda: _("Contents"), lambda kind: _(_KINDS[kind][1]), 30, grows=True),
            ),
            id="kinds",
        )


class ReportsScreen(CounterScreen):
    """Enter makes the report under the cursor; F2 goes to the days."""

    CSS_PATH = "reports.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("find"), Binding("escape", "leave", show=False)]

    def __init__(self, session: DeskSession) -> None:
        """With this session."""
        super().__init__()
        self._session = session
        self._busy = False

    def compose_body(self) -> ComposeResult:
        """Heading, days, list."""
        yield Words(lambda: _("Reports"), id="heading")
        with Horizontal(id="days"):
            yield Words(lambda: _("From"))
            yield Field(id="first")
            yield Words(lambda: _("to"))
            yield Field(id="last")
            yield Words(lambda: _("F2 other days, Enter makes the report"), classes="hint")
        yield KindTable()

    def on_mount(self) -> None:
        """Today is what is mostly asked for."""
        super().on_mount()
        table = self.query_one(KindTable)
        table.show_rows(tuple(ReportKind))
        self.set_focus(table)
        today = self.counter.status.business_date
        for name in ("#first", "#last"):
            self.query_one(name, Field).value = today.isoformat() if today else ""

    def action_find(self) -> None:
        """Type other days."""
        self.set_focus(self.query_one("#first"))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """From the first day to the last, then to the list."""
        event.stop()
        if event.input.id == "first":
            self.set_focus(self.query_one("#last"))
        else:
            self.set_focus(self.query_one(KindTable))

    def _days(self) -> tuple[date, date] | None:
        """What was typed; None when it is no day."""
        first, last = (read_day(self.query_one(name, Field).value) for name in ("#first", "#last"))
        return (first, last) if first and last else None

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen) -> None:
        """Make it; once at a time."""
        days = self._days()
        if days is None:
            self.notice.say(Tone.NOTE, _("Enter a day such as {sample}.").format(sample="2026-01-31"))
        elif not self._busy:
            self._busy = True
            self.notice.say(Tone.NOTE, _("The report is being made."))
            ask = AskReport(event.row, *days)
            jobs.start(self, partial(self._session.reports.make, ask), ReportComputed)

    @on(ReportComputed)
    def _computed(self, message: ReportComputed) -> None:
        """Show it."""
        from counter.ui.screens.report import ReportScreen

        self._busy = False
        self.notice.clear()
        self.app.push_screen(ReportScreen(self._session, message.report))

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why there is none."""
        message.stop()
        self._busy = False
        self.tell(message.error)

    def action_leave(self) -> None:
        """Back to the desk."""
        self.dismiss()
