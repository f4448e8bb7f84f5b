"""The void list: what was reversed in the hall today, by which receipt, by whom and why."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.corrections import Cause, VoidReceipt
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.cells import plain
from counter.ui.correction_messages import VoidsListed
from counter.ui.dialogs.reversal import CAUSES
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.table import Column, Table
from counter.ui.words import clock


class VoidTable(Table[VoidReceipt]):
    """Newest first."""

    def __init__(self) -> None:
        """When, which, by which, whose, how much, by whom."""
        super().__init__(
            (
                Column(lambda: _("Time"), lambda row: clock(row.reversed_at), 5),
                Column(lambda: _("Void"), lambda row: row.receipt_no, 16),
                Column(lambda: _("Reversed by"), lambda row: row.reversed_by, 16),
                Column(lambda: _("Name"), lambda row: row.account_name, 8, grows=True, rank=1),
                Column(lambda: _("Clerk"), lambda row: row.staff_name, 8, rank=2),
                Column(lambda: _("Amount"), lambda row: format_yuan(row.total_fen), 10, right=True),
            ),
            id="voids",
        )


class VoidsScreen(CounterScreen):
    """F6 or Enter prints the reversal under the cursor again."""

    CSS_PATH = "voids.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("reprint", "reload"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """List with this session."""
        super().__init__()
        self._session = session

    def compose_body(self) -> ComposeResult:
        """Heading, list, why."""
        yield Words(lambda: _("Reversed today in this hall"), id="heading")
        yield VoidTable()
        yield Words(self._why, id="why")

    def on_mount(self) -> None:
        """Ask for the list."""
        super().on_mount()
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
        jobs.start(self, partial(_voids_today, self._session), VoidsListed)

    @on(VoidsListed)
    def _listed(self, message: VoidsListed) -> None:
        """Show them; the cursor stays where it was."""
        table = self.query_one(VoidTable)
        table.show_rows(message.voids, cursor=table.cursor)
        self.watch(table, "cursor", self._moved)

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


def _voids_today(session: DeskSession) -> tuple[VoidReceipt, ...]:
    """The list of the business date."""
    return session.corrections.voids(session.business_date())
