"""The next person signs for the till: password, and the float to begin with."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from counter.domain.money import AmountError, format_yuan, parse_yuan
from counter.i18n import _
from counter.ui.widgets.field import AmountField, Field
from counter.ui.widgets.label import Words
from counter.ui.words import amount_fault


class TakeOverDialog(ModalScreen[tuple[str, int] | None]):
    """Answers password and float of the next person, or None. The password lives in the field only."""

    CSS_PATH = "move_cash.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, staff_no: str, counted_fen: int, complaint: str = "") -> None:
        """Who takes over what; ``complaint`` says why the last try was refused."""
        super().__init__()
        self._staff_no = staff_no
        self._counted_fen = counted_fen
        self._complaint = complaint

    def compose(self) -> ComposeResult:
        """What was counted, then the two fields."""
        with Vertical(classes="dialog"):
            yield Words(
                lambda: _("{number} takes over the till").format(number=self._staff_no), classes="title"
            )
            yield Words(
                lambda: _(
                    "Counted {amount}. Your float stays in the drawer, the rest goes to the safe."
                ).format(amount=format_yuan(self._counted_fen))
            )
            with Horizontal():
                yield Words(lambda: _("Float"))
                yield AmountField(id="float")
            with Horizontal():
                yield Words(lambda: _("Your password"))
                yield Field(id="password", password=True)
            yield Words(lambda: self._complaint, id="complaint")
            yield Words(lambda: _("Enter  next, at last sign      Esc  leave"), classes="keys")

    @on(Field.Submitted, "#float")
    def _float_entered(self, event: Field.Submitted) -> None:
        """On to the password."""
        event.stop()
        if self._float_fen() is not None:
            self.query_one("#password").focus()

    @on(Field.Submitted, "#password")
    def _password_entered(self, event: Field.Submitted) -> None:
        """Answer."""
        event.stop()
        float_fen = self._float_fen()
        if float_fen is None:
            self.query_one("#float").focus()
        elif event.value:
            self.dismiss((event.value, float_fen))

    def _float_fen(self) -> int | None:
        """The float, or None after a complaint."""
        try:
            return parse_yuan(self.query_one("#float", AmountField).value, allow_zero=True)
        except AmountError as error:
            said = amount_fault(error.reason)
            self.query_one("#complaint", Words).say(lambda: said)
            return None

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
