"""The void list: what was reversed in the hall, today or on other days, by which receipt, by whom and why."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.corrections import CAUSES, Cause, VoidReceipt
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.cells import plain
from counter.ui.correction_messages import VoidsExported, VoidsListed
from counter.ui.days import read_day
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table
from counter.ui.words import whose

_DAYS_MAX = 365


class VoidTable(Table[VoidReceipt]):
    """Newest first."""

    def __init__(self) -> None:
        """When, which, by which, whose, how much, by whom."""
        super().__init__(
            (
                Column(lambda: _("Time"), lambda row: f"{row.reversed_at:%m-%d %H:%M}", 11),
                Column(lambda: _("Void"), lambda row: row.receipt_no, 16),
                Column(lambda: _("Reversed by"), lambda row: row.reversed_by, 16),
                Column(
                    lambda: _("Name"),
                    lambda row: whose(row.account_no, row.account_name),
                    8,
                    grows=True,
                    rank=1,
                ),
                Column(lambda: _("Clerk"), lambda row: row.staff_name, 8, rank=2),
                Column(lambda: _("Amount"), lambda row: format_yuan(row.total_fen), 10, right=True),
            ),
            id="voids",
        )


class VoidsScreen(CounterScreen):
    """F2 goes to the days; F6 or Enter prints the reversal under the cursor again, shift+F6 writes a file."""

    CSS_PATH = "voids.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("find", "reprint", "reload", "export"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """List with this session."""
        super().__init__()
        self._session = session
        self._days: tuple[date, date] | None = None

    def compose_body(self) -> ComposeResult:
        """Heading, from when to when, list, why."""
        yield Words(lambda: _("Reversed in this hall"), id="heading")
        with Horizontal(id="days"):
            yield Words(lambda: _("From"))
            yield Field(id="first")
            yield Words(lambda: _("to"))
            yield Field(id="last")
            yield Words(lambda: _("F2 other days, Enter lists"), classes="hint")
        yield VoidTable()
        yield Words(self._why, id="why")

    def on_mount(self) -> None:
        """Today is what is mostly asked for."""
        super().on_mount()
        table = self.query_one(VoidTable)
        self.set_focus(table)
        self.watch(table, "cursor", self._moved, init=False)
        today = self.counter.status.business_date
        if today is not None:
            self._show_days(today, today)
        self.action_reload()

    def _show_days(self, first: date, last: date) -> None:
        """List these days from now on."""
        self._days = first, last
        self.query_one("#first", Field).value = first.isoformat()
        self.query_one("#last", Field).value = last.isoformat()

    def action_find(self) -> None:
        """Type other days."""
        self.set_focus(self.query_one("#first"))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """From the first day to the last, then list them."""
        event.stop()
        if event.input.id == "first" and read_day(event.value) is not None:
            self.set_focus(self.query_one("#last"))
            return
        days = [read_day(self.query_one(name, Field).value) for name in ("#first", "#last")]
        first, last = days
        if first is None or last is None:
            self.notice.say(Tone.NOTE, _("Enter a day such as {sample}.").format(sample="2026-01-31"))
        elif not 0 <= (last - first).days <= _DAYS_MAX:
            words = _("Enter the earlier day first, and at most {days} days.")
            self.notice.say(Tone.NOTE, words.format(days=_DAYS_MAX + 1))
        else:
            self.notice.clear()
            self._show_days(first, last)
            self.set_focus(self.query_one(VoidTable))
            self.action_reload()

    def _why(self) -> str:
        """Cause, reason and approval of the one under the cursor."""
        table = self.query_one(VoidTable)
        row = table.current
        if row is None:
            return _("Nothing was reversed.") if not table.rows else ""
        cause = _(CAUSES[Cause(row.cause)]) if row.cause else ""
        words = _("Why: {cause}, {reason}")
        said = words.format(cause=cause, reason=row.reason)
        allowed = _("approved by {name}").format(name=row.approved_by) if row.approved_by else ""
        return plain("   ".join(filter(None, [said, allowed])))

    def action_reload(self) -> None:
        """Ask again."""
        jobs.start(self, partial(_voids, self._session, self._days), VoidsListed)

    def action_export(self) -> None:
        """Write the list of these days into a file."""
        if self._days is not None:
            jobs.start(self, partial(self._session.corrections.export_voids, *self._days), VoidsExported)

    @on(VoidsExported)
    def _exported(self, message: VoidsExported) -> None:
        """Say where it is."""
        self.notice.say(Tone.GOOD, _("Exported to {path}").format(path=message.path))

    @on(VoidsListed)
    def _listed(self, message: VoidsListed) -> None:
        """Show them; the cursor stays where it was."""
        table = self.query_one(VoidTable)
        table.show_rows(message.voids, cursor=table.cursor)
        self._moved()

    def _moved(self) -> None:
        """Another row, another reason."""
        self.query_one("#why", Words).relabel()

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why there is no list."""
        message.stop()
        self.tell(message.error)

    @on(Table.Chosen)
    def _chosen(self) -> None:
        """Enter prints."""
        self.action_reprint()

    def action_reprint(self) -> None:
        """Print the reversal again."""
        row = self.query_one(VoidTable).current
        if row is not None:
            self.counter.print_receipt(row.reversed_by)

    def action_leave(self) -> None:
        """Back to the desk."""
        self.dismiss()


def _voids(session: DeskSession, days: tuple[date, date] | None) -> tuple[VoidReceipt, ...]:
    """The list of these days, or of the business date."""
    first, last = days or (session.business_date(),) * 2
    return session.corrections.voids(first, last)
