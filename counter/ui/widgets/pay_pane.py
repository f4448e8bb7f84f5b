"""The payment: what is due, what is taken, what was laid on the counter, what goes back.

The pane knows fields and figures only; the form (``counter.ui.payment``) knows the rules.
"""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.ui.payment import PaymentForm
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.field import AmountField, pasted_rubbish
from counter.ui.widgets.label import Words

CHANGE_FEN_MAX = 1_000_000
"""Nobody gets back more than 10,000.00 in cash: an account number got into the wrong field."""


class PayPane(Vertical):
    """Amount, Enter, cash received, Enter."""

    class AmountChanged(Message):
        """The amount is another one, or none (0) while the text is not one."""

        def __init__(self, fen: int) -> None:
            """Tell what it is now."""
            super().__init__()
            self.fen = fen

    class Complained(Message):
        """Something typed is wrong; an empty text takes the last complaint back."""

        def __init__(self, text: str) -> None:
            """The sentence to show."""
            super().__init__()
            self.text = text

    class Confirmed(Message):
        """The last Enter: post this."""

        def __init__(self, total_fen: int, received_fen: int) -> None:
            """``received_fen`` is never less than ``total_fen``."""
            super().__init__()
            self.total_fen = total_fen
            self.received_fen = received_fen

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

    @property
    def amount(self) -> AmountField:
        """What is taken."""
        return self.query_one("#amount", AmountField)

    @property
    def received(self) -> AmountField:
        """The cash on the counter."""
        return self.query_one("#received", AmountField)

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
        self._say_next()

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

    @on(AmountField.Changed)
    def _changed(self, event: AmountField.Changed) -> None:
        """Recount with every key."""
        event.stop()
        field = event.input
        assert isinstance(field, AmountField)
        self.post_message(self.Complained(field.early_complaint if field.has_focus else ""))
        if field is self.amount:
            self.post_message(self.AmountChanged(field.fen or 0))
        self._show_change()

    @on(AmountField.Rejected)
    def _rejected(self, event: AmountField.Rejected) -> None:
        """Say why nothing appeared."""
        event.stop()
        self.post_message(self.Complained(pasted_rubbish()))

    @on(AmountField.Submitted, "#amount")
    def _amount_entered(self, event: AmountField.Submitted) -> None:
        """On to the cash, preset to the amount."""
        event.stop()
        amount_fen = self.amount.fen
        if amount_fen is None:
            self.post_message(self.Complained(self.amount.complaint))
            return
        self.amount.value = format_yuan(amount_fen)
        self.received.show_fen(amount_fen)
        self.screen.set_focus(self.received)

    @on(AmountField.Submitted, "#received")
    def _received_entered(self, event: AmountField.Submitted) -> None:
        """Post, when the cash is enough."""
        event.stop()
        amount_fen, received_fen = self.amount.fen, self.received.fen
        if amount_fen is None:
            self.post_message(self.Complained(self.amount.complaint))
            self.screen.set_focus(self.amount)
        elif received_fen is None:
            self.post_message(self.Complained(self.received.complaint))
        elif received_fen < amount_fen:
            short = _("{missing} is missing: the cash received is less than the amount.")
            self.post_message(self.Complained(short.format(missing=format_yuan(amount_fen - received_fen))))
        elif received_fen - amount_fen > CHANGE_FEN_MAX:
            absurd = _("The change would be {change}: look at what was typed as cash received.")
            change = format_yuan(received_fen - amount_fen)
            self.post_message(self.Complained(absurd.format(change=change)))
        else:
            self.post_message(self.Confirmed(amount_fen, received_fen))

    def on_descendant_focus(self) -> None:
        """Another field: another hint."""
        self._say_next()

    def _show_change(self) -> None:
        """What would go back now."""
        amount_fen, received_fen = self.amount.fen, self.received.fen
        enough = amount_fen is not None and received_fen is not None and received_fen >= amount_fen
        change = format_yuan((received_fen or 0) - (amount_fen or 0)) if enough else ""
        self.query_one("#change", BigNumber).value = change

    def _say_next(self) -> None:
        """What Enter does now."""
        self.query_one("#next", Words).say(self._next)

    def _next(self) -> str:
        """The hint for the field that has the focus."""
        if self.received.has_focus:
            return _("Enter posts")
        return _("Enter: count the cash") if self.amount.has_focus else ""
