"""Which payment a debit of the bank returns (退票): the likeliest first, Enter opens its reversal."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from counter.i18n import _
from counter.services.ports.breaks import BreakView, ReturnedPayment
from counter.services.ports.matching import LineView
from counter.ui.cells import plain
from counter.ui.reconcile_words import signed
from counter.ui.widgets.label import Words
from counter.ui.widgets.table import Column, Table
from counter.ui.words import tender


class ReturnedDialog(ModalScreen[ReturnedPayment | None]):
    """Answers the payment, or None when it was left."""

    CSS_PATH = "returned.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, row: BreakView, payments: tuple[ReturnedPayment, ...]) -> None:
        """The debit, and what it may have taken back."""
        super().__init__()
        self._row = row
        self._payments = payments

    def compose(self) -> ComposeResult:
        """The debit, the payments, what Enter does."""
        with Vertical(classes="dialog"):
            yield Words(self._title, classes="title")
            yield Table[ReturnedPayment](
                (
                    Column(lambda: _("Receipt"), lambda row: row.receipt_no, 17),
                    Column(lambda: _("Likely"), lambda row: str(row.score), 6, right=True),
                    Column(lambda: _("Tender"), lambda row: tender(row.tender), 8),
                    Column(lambda: _("Reference"), lambda row: plain(row.reference), 12, rank=1),
                    Column(lambda: _("Payer"), lambda row: plain(row.payer), 10, grows=True),
                    Column(lambda: _("Account"), lambda row: row.account_no, 12),
                    Column(lambda: _("Hall"), lambda row: plain(row.hall_name), 10, rank=2),
                ),
                id="payments",
            )
            yield Words(lambda: _("Enter  reverse it      Esc  leave"), classes="keys")

    def on_mount(self) -> None:
        """Begin with the likeliest."""
        table = self.query_one(Table)
        table.show_rows(self._payments)
        self.set_focus(table)

    def _title(self) -> str:
        """Which debit."""
        view = self._row.view
        text = view.text if isinstance(view, LineView) else ""
        words = _("Which payment does the bank return? {day}  {amount}  {text}")
        return words.format(day=self._row.day, amount=signed(view.open_fen), text=plain(text))

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen) -> None:
        """Answer it."""
        event.stop()
        self.dismiss(event.row)

    def action_leave(self) -> None:
        """Answer nothing."""
        self.dismiss(None)
