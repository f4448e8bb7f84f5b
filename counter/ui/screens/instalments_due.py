"""What instalments are due today or were missed in this hall; Enter opens the account."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.agreements import Agreement
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.agreement_messages import AgreementsListed
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.table import Column, Table
from counter.ui.words import period


class InstalmentsDueScreen(CounterScreen):
    """The longest missed first."""

    CSS_PATH = "agreements.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("reload"), Binding("escape", "leave", show=False)]

    def __init__(self, session: DeskSession, opens: Callable[[str], None]) -> None:
        """List with this session; ``opens`` shows an account at the desk."""
        super().__init__()
        self._session = session
        self._opens = opens

    def compose_body(self) -> ComposeResult:
        """Heading, list, sums."""
        yield Words(lambda: _("Instalments due today or missed"), classes="heading")
        yield Table[Agreement](
            (
                Column(lambda: _("Account"), lambda row: row.account_no, 12),
                Column(lambda: _("Name"), lambda row: row.account_name, 12, grows=True),
                Column(lambda: _("Period"), lambda row: period(row.period), 7, rank=1),
                Column(lambda: _("Missed since"), _since, 12),
                Column(lambda: _("Missed"), lambda row: format_yuan(row.standing.missed_fen), 11, right=True),
                Column(
                    lambda: _("Due now"),
                    lambda row: format_yuan(row.standing.due_fen),
                    11,
                    right=True,
                    strong=True,
                ),
                Column(
                    lambda: _("Paid so far"), lambda row: format_yuan(row.paid_fen), 11, right=True, rank=2
                ),
            ),
            id="due-list",
        )
        yield Words(self._sum, id="sum", classes="foot")

    def _sum(self) -> str:
        """How many and how much."""
        rows = self.query_one("#due-list", Table).rows
        words = _("{count} agreement(s), missed {missed}, due {due}      Enter opens      Esc back")
        return words.format(
            count=len(rows),
            missed=format_yuan(sum(row.standing.missed_fen for row in rows)),
            due=format_yuan(sum(row.standing.due_fen for row in rows)),
        )

    def on_mount(self) -> None:
        """Ask for the list."""
        super().on_mount()
        self.set_focus(self.query_one("#due-list"))
        self.action_reload()

    def action_reload(self) -> None:
        """Ask again."""
        jobs.start(self, self._session.agreements.due, AgreementsListed)

    @on(AgreementsListed)
    def _listed(self, message: AgreementsListed) -> None:
        """Show them."""
        self.query_one("#due-list", Table).show_rows(message.agreements)
        self.query_one("#sum", Words).relabel()

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen) -> None:
        """Open the account at the desk."""
        self.dismiss()
        self._opens(event.row.account_no)

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why there is no list."""
        message.stop()
        self.tell(message.error)

    def action_leave(self) -> None:
        """Back to the desk."""
        self.dismiss()


def _since(row: Agreement) -> str:
    """The day of the first one missed; a dash when none was."""
    return str(row.standing.missed_since) if row.standing.missed_since else "-"
