"""The payment at the desk: what is due, what is taken, what was laid on the counter, what goes back."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.ui.payment import PaymentForm
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.field import AmountField
from counter.ui.widgets.label import Words
from counter.ui.widgets.money_pane import MoneyPane


class PayPane(MoneyPane):
    """Amount, Enter, cash received, Enter."""

    class AmountChanged(Message):
        """The amount is another one, or none (0) while the text is not one."""

        def __init__(self, fen: int) -> None:
            """Tell what it is now."""
            super().__init__()
            self.fen = fen

    def compose(self) -> ComposeResult:
        """Due, entry, change: side by side or one above the other, as the screen is wide."""
        with Vertical(id="due-part"):
            yield Words(lambda: _("Due now"), classes="caption")
            yield BigNumber(id="due", pixel_max=1)
        with Vertical(id="entry-part"):
            with Horizontal():
                yield Words(lambda: _("Amount"), classes="caption")
                yield AmountField(id="amount")
            with Horizontal():
                yield Words(lambda: _("Received"), classes="caption")
                yield AmountField(id="received")
            yield Words(lambda: "", id="split")
            yield Words(lambda: "", id="next", classes="caption")
        with Vertical(id="change-part"):
            yield Words(lambda: _("Change"), classes="caption")
            yield BigNumber(id="change", pixel_max=1)

    def begin(self, form: PaymentForm, *, possible: bool) -> None:
        """A form opens: preset the amount; ``possible`` says whether this desk may take money."""
        self.set_due(form.due_fen)
        self.amount.show_fen(form.due_fen)
        self.received.value = ""
        self.open_fields(possible=possible)

    def set_due(self, due_fen: int) -> None:
        """Show what is owed in large figures."""
        self.query_one("#due", BigNumber).value = format_yuan(due_fen)

    def open_fields(self, *, possible: bool) -> None:
        """Let the fields be typed in, or not while something is on its way."""
        self.amount.disabled = self.received.disabled = not possible
        self.say_next()

    def show_split(self, prepaid_fen: int) -> None:
        """Show how much becomes prepaid balance."""
        said = _("To prepaid {amount}")
        self.query_one("#split", Words).say(
            lambda: said.format(amount=format_yuan(prepaid_fen)) if prepaid_fen else ""
        )

    @property
    def touched(self) -> bool:
        """Whether the cash was already being counted."""
        return bool(self.received.value)

    def amount_typed(self, fen: int) -> None:
        """The bills follow each key."""
        self.post_message(self.AmountChanged(fen))

    def amount_entered(self, fen: int) -> None:
        """On to the cash."""
        self.count_cash(fen)

    def next_words(self) -> str:
        """The hint for the field that has the focus."""
        return _("Enter: count the cash") if self.amount.has_focus else super().next_words()
