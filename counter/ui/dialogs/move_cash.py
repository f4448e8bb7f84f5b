"""Cash into the drawer or out of it without a customer: why, and how much."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from counter.domain.money import AmountError, parse_yuan
from counter.i18n import _
from counter.services.ports.drawer import CashReason, MoveCash
from counter.ui.request_id import new_request_id
from counter.ui.widgets.choice import Choice
from counter.ui.widgets.field import AmountField, Field, pasted_rubbish
from counter.ui.widgets.label import Words
from counter.ui.words import amount_fault, cash_reason


class MoveCashDialog(ModalScreen[MoveCash | None]):
    """Answers the request, made when the form opened, or None when it was left."""

    CSS_PATH = "move_cash.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, shift_id: int, reasons: tuple[CashReason, ...]) -> None:
        """For the drawer of this shift."""
        super().__init__()
        self._shift_id = shift_id
        self._reasons = reasons
        self._request_id = new_request_id()

    def compose(self) -> ComposeResult:
        """Reason, amount, note, one beneath the other."""
        with Vertical(classes="dialog"):
            yield Words(lambda: _("Cash in, cash out"), classes="title")
            for label, widget in (
                (lambda: _("Reason"), Choice(id="reason")),
                (lambda: _("Amount"), AmountField(id="moved")),
                (lambda: _("Remark"), Field(id="note")),
            ):
                with Horizontal():
                    yield Words(label)
                    yield widget
            yield Words(lambda: "", id="complaint")
            yield Words(
                lambda: _("Left, right  choose      Enter  next, at last book      Esc  leave"),
                classes="keys",
            )

    def on_mount(self) -> None:
        """The first reason is chosen."""
        options = [(row.reason, cash_reason(row.reason, into=row.into)) for row in self._reasons]
        self.query_one(Choice).show_options(options)
        self.query_one(Choice).focus()

    @on(Choice.Chosen)
    def _reason_chosen(self) -> None:
        """On to the amount."""
        self.query_one("#moved").focus()

    @on(AmountField.Rejected)
    def _rejected(self, event: AmountField.Rejected) -> None:
        """Say why nothing appeared."""
        event.stop()
        self._complain(pasted_rubbish())

    @on(Field.Submitted, "#moved")
    def _amount_entered(self, event: Field.Submitted) -> None:
        """On to the note, when it is an amount."""
        event.stop()
        if self._amount_fen() is not None:
            self._complain("")
            self.query_one("#note").focus()

    @on(Field.Submitted, "#note")
    def _note_entered(self, event: Field.Submitted) -> None:
        """Answer."""
        event.stop()
        amount_fen = self._amount_fen()
        if amount_fen is None:
            self.query_one("#moved").focus()
            return
        reason = self.query_one(Choice).value
        self.dismiss(MoveCash(self._request_id, self._shift_id, reason, amount_fen, event.value.strip()))

    def _amount_fen(self) -> int | None:
        """The amount, or None after a complaint."""
        try:
            return parse_yuan(self.query_one("#moved", AmountField).value)
        except AmountError as error:
            self._complain(amount_fault(error.reason))
            return None

    def _complain(self, text: str) -> None:
        """Say what is wrong."""
        self.query_one("#complaint", Words).say(lambda: text)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
