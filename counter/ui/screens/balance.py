"""The history of a prepaid balance: what went in, what a bill drew, what was moved or paid out."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.domain.money import format_yuan
from counter.i18n import N_, _
from counter.services.ports import AccountView, DeskSession
from counter.services.ports.agreements import BalanceMove
from counter.ui import jobs
from counter.ui.agreement_messages import BalanceRead
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.table import Column, Table
from counter.ui.words import period

_KINDS = {
    "payment": N_("paid in"),
    "draw_down": N_("drawn by bill"),
    "opening_balance": N_("opening balance"),
    "reversal": N_("reversal"),
    "refund": N_("refund"),
    "balance_transfer": N_("transfer"),
    "vend": N_("paid for power"),
    "vend_credited": N_("not written on the card"),
}


class BalanceScreen(CounterScreen):
    """Newest first, with the balance after each."""

    CSS_PATH = "agreements.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, session: DeskSession, account: AccountView) -> None:
        """Of this account."""
        super().__init__()
        self._session = session
        self._account = account

    def compose_body(self) -> ComposeResult:
        """Heading, list, balance of now."""
        yield Words(self._heading, classes="heading")
        yield Table[BalanceMove](
            (
                Column(lambda: _("When"), lambda row: f"{row.moved_at:%Y-%m-%d %H:%M}", 16),
                Column(lambda: _("What"), what, 16, grows=True),
                Column(lambda: _("Receipt"), lambda row: row.receipt_no, 16),
                Column(lambda: _("Hall"), lambda row: row.hall_name, 12, rank=2),
                Column(lambda: _("By"), lambda row: row.staff_name, 8, rank=1),
                Column(lambda: _("Moved"), lambda row: signed(row.amount_fen), 11, right=True),
                Column(
                    lambda: _("Balance"),
                    lambda row: format_yuan(row.balance_fen),
                    11,
                    right=True,
                    strong=True,
                ),
            ),
            id="moves",
        )
        yield Words(self._sum, id="sum", classes="foot")

    def _heading(self) -> str:
        """Whose."""
        return _("Prepaid balance of {account} {name}").format(
            account=self._account.account_no, name=self._account.name
        )

    def _sum(self) -> str:
        """The balance of now."""
        count = len(self.query_one("#moves", Table).rows)
        words = _("{count} line(s), balance {balance}      Esc back")
        return words.format(count=count, balance=format_yuan(self._account.prepaid_fen))

    def on_mount(self) -> None:
        """Ask for it."""
        super().on_mount()
        self.set_focus(self.query_one("#moves"))
        jobs.start(
            self, partial(self._session.agreements.balance_history, self._account.account_no), BalanceRead
        )

    @on(BalanceRead)
    def _read(self, message: BalanceRead) -> None:
        """Show it."""
        self.query_one("#moves", Table).show_rows(message.moves)
        self.query_one("#sum", Words).relabel()

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why there is nothing to see."""
        message.stop()
        self.tell(message.error)

    def action_leave(self) -> None:
        """Back to the desk."""
        self.dismiss()


def what(row: BalanceMove) -> str:
    """What it was, with the months that it paid; a kind that is new is shown as the ledger has it."""
    kind = _("instalment") if row.agreement else _(_KINDS[row.kind]) if row.kind in _KINDS else row.kind
    return " ".join([kind, *map(period, row.periods)])


def signed(fen: int) -> str:
    """An amount with its sign."""
    return f"+{format_yuan(fen)}" if fen > 0 else format_yuan(fen)
