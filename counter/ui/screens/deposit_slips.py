"""The earlier deposit slips of the hall, what was deposited today, and printing one again."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.deposits import SlipSummary
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.messages import PaperMade, PaperRefused
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table


class SlipsListed(Message):
    """The slips came."""

    def __init__(self, slips: tuple[SlipSummary, ...]) -> None:
        """Keep them."""
        super().__init__()
        self.slips = slips


class DepositSlipsScreen(CounterScreen):
    """The newest first; Enter or F6 prints the one under the cursor again."""

    CSS_PATH = "deposit_slips.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("reprint", "reload"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """For the hall of this session."""
        super().__init__()
        self._session = session

    def compose_body(self) -> ComposeResult:
        """Heading, list, sum."""
        yield Words(lambda: _("Deposit slips of the hall      Enter prints      Esc back"), id="heading")
        yield Table[SlipSummary](
            (
                Column(lambda: _("Slip"), lambda row: row.slip_no, 18),
                Column(lambda: _("Time"), lambda row: f"{row.made_at:%H:%M}", 5, rank=1),
                Column(lambda: _("Carried by"), lambda row: row.carried_by, 10, grows=True),
                Column(lambda: _("Made by"), lambda row: row.made_by, 8, grows=True, rank=2),
                Column(lambda: _("Bank account"), lambda row: row.bank, 20, grows=True, rank=3),
                Column(lambda: _("Seal number"), lambda row: row.seal_no, 11, rank=4),
                Column(lambda: _("Cash"), lambda row: format_yuan(row.cash_fen), 10, right=True),
                Column(lambda: _("Cheques"), lambda row: format_yuan(row.cheques_fen), 10, right=True),
                Column(lambda: _("POS list"), lambda row: format_yuan(row.pos_fen), 10, right=True),
            ),
            id="slips",
        )
        yield Words(self._sum, id="sum")

    def on_mount(self) -> None:
        """Ask for the list."""
        super().on_mount()
        self.set_focus(self.query_one(Table))
        self.action_reload()

    def action_reload(self) -> None:
        """Ask again."""
        jobs.start(self, self._session.deposits.slips, SlipsListed)

    @on(SlipsListed)
    def _listed(self, message: SlipsListed) -> None:
        """Show them; the cursor stays where it was."""
        table = self.query_one(Table)
        table.show_rows(message.slips, cursor=table.cursor)
        self.query_one("#sum", Words).relabel()

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why there is no list."""
        message.stop()
        self.tell(message.error)

    def _sum(self) -> str:
        """What of the day went to the bank."""
        rows: tuple[SlipSummary, ...] = self.query_one(Table).rows
        if not rows:
            return _("No deposit slip was made in this hall yet.")
        today = [row for row in rows if row.business_date == self.counter.status.business_date]
        words = _("Today {count} slip(s): cash {cash}, cheques {cheques}, POS {pos}")
        return words.format(
            count=len(today),
            cash=format_yuan(sum(row.cash_fen for row in today)),
            cheques=format_yuan(sum(row.cheques_fen for row in today)),
            pos=format_yuan(sum(row.pos_fen for row in today)),
        )

    @on(Table.Chosen)
    def _chosen(self) -> None:
        """Enter prints."""
        self.action_reprint()

    def action_reprint(self) -> None:
        """Print the one under the cursor again, marked as such."""
        row = self.query_one(Table).current
        if isinstance(row, SlipSummary):
            self.notice.say(Tone.NOTE, _("Deposit slip {number}: printing").format(number=row.slip_no))
            work = partial(self._session.deposits.print_slip, row.slip_no, reprint=True)
            jobs.start(self.app, work, PaperMade, PaperRefused)

    def action_leave(self) -> None:
        """Back to what waits."""
        self.dismiss()
