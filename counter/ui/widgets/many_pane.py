"""The payment for many accounts: who pays, what in all, what was laid on the counter, what goes back."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.field import AmountField, Field
from counter.ui.widgets.label import Words
from counter.ui.widgets.money_pane import MoneyPane


class ManyPane(MoneyPane):
    """Payer, amount, Enter, cash received, Enter."""

    class TotalEntered(Message):
        """The amount in all was entered."""

        def __init__(self, fen: int) -> None:
            """1 or more."""
            super().__init__()
            self.fen = fen

    def __init__(self) -> None:
        """Empty at first."""
        super().__init__(id="pay")

    def compose(self) -> ComposeResult:
        """Total, entry, change."""
        with Vertical(id="due-part"):
            yield Words(lambda: _("This payment"), classes="caption")
            yield BigNumber(id="total", pixel_max=1)
        with Vertical(id="entry-part"):
            with Horizontal():
                yield Words(lambda: _("Payer"), classes="caption")
                yield Field(id="payer")
            with Horizontal():
                yield Words(lambda: _("Amount"), classes="caption")
                yield AmountField(id="amount")
            with Horizontal():
                yield Words(lambda: _("Received"), classes="caption")
                yield AmountField(id="received")
            yield Words(self.next_words, id="next")
        with Vertical(id="change-part"):
            yield Words(lambda: _("Change"), classes="caption")
            yield BigNumber(id="change", pixel_max=1)

    @property
    def payer_name(self) -> str:
        """Who pays, as it is printed."""
        return " ".join(self.query_one("#payer", Field).value.split())

    def name_payer(self, name: str, *, always: bool = False) -> None:
        """Preset the payer; what was typed stays."""
        field = self.query_one("#payer", Field)
        if always or not field.value:
            field.value = name

    def show_total(self, total_fen: int, *, preset: bool) -> None:
        """Show what the amounts make; ``preset`` puts it into the field and forgets the cash."""
        self.query_one("#total", BigNumber).value = format_yuan(total_fen) if total_fen else ""
        if preset:
            self.amount.show_fen(total_fen)
            self.received.value = ""

    def open_fields(self, *, possible: bool) -> None:
        """Let the fields be typed in, or not while something is on its way."""
        for field in self.query(Field):
            field.disabled = not possible
        self.say_next()

    def enter(self) -> None:
        """To the amount."""
        if not self.amount.disabled:
            self.screen.set_focus(self.amount)

    @on(Field.Submitted, "#payer")
    def _payer_entered(self, event: Field.Submitted) -> None:
        """On to the amount."""
        event.stop()
        self.enter()

    def amount_entered(self, fen: int) -> None:
        """Tell the total."""
        self.post_message(self.TotalEntered(fen))

    def next_words(self) -> str:
        """What Enter does now."""
        return _("Enter: cash    ^G: other tenders") if self.amount.has_focus else super().next_words()
