"""The part of one account in a payment for many, by hand."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from counter.domain.money import AmountError, format_yuan, parse_yuan
from counter.i18n import _
from counter.ui.many import ManyRow
from counter.ui.widgets.field import AmountField, pasted_rubbish
from counter.ui.widgets.label import Words
from counter.ui.words import amount_fault


class ShareDialog(ModalScreen[int]):
    """Answers the fen for this account, 0 for nothing, and -1 when it was left."""

    CSS_PATH = "payers.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, row: ManyRow) -> None:
        """The account and what it gets so far."""
        super().__init__()
        self._row = row

    def compose(self) -> ComposeResult:
        """One amount and its complaint."""
        account = self._row.account
        with Vertical(classes="dialog"):
            yield Words(lambda: f"{account.account_no}  {account.name}", classes="title")
            yield Words(lambda: _("Owed {amount}").format(amount=format_yuan(account.due_fen)))
            yield AmountField(format_yuan(self._row.amount_fen), id="share")
            yield Words(lambda: "", id="complaint")
            yield Words(lambda: _("Enter  keep      Esc  leave"), classes="keys")

    @on(AmountField.Submitted)
    def _entered(self, event: AmountField.Submitted) -> None:
        """Answer an amount, complain about anything else."""
        event.stop()
        try:
            self.dismiss(parse_yuan(event.value, allow_zero=True))
        except AmountError as error:
            said = amount_fault(error.reason)
            self.query_one("#complaint", Words).say(lambda: said)

    @on(AmountField.Rejected)
    def _rejected(self, event: AmountField.Rejected) -> None:
        """Say why nothing appeared."""
        event.stop()
        self.query_one("#complaint", Words).say(pasted_rubbish)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(-1)
