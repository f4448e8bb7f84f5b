"""What every payment's pane does: an amount, Enter, the cash on the counter, what goes back, Enter.

The panes know fields and figures only; the forms know the rules.
"""

from __future__ import annotations

from textual import on
from textual.containers import Vertical
from textual.message import Message

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.field import AmountField, pasted_rubbish
from counter.ui.widgets.label import Words

CHANGE_FEN_MAX = 1_000_000
"""Nobody gets back more than 10,000.00 in cash: an account number got into the wrong field."""


class MoneyPane(Vertical):
    """A pane with the fields ``#amount`` and ``#received``, the figure ``#change`` and the hint ``#next``."""

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

    def amount_typed(self, fen: int) -> None:
        """The amount is another one, or none (0) while the text is not one; for subclasses."""

    def amount_entered(self, fen: int) -> None:
        """Enter in the amount, which is 1 or more; for subclasses."""

    def next_words(self) -> str:
        """What Enter does now; for subclasses."""
        return _("Enter posts") if self.received.has_focus else ""

    @property
    def amount(self) -> AmountField:
        """What is taken."""
        return self.query_one("#amount", AmountField)

    @property
    def received(self) -> AmountField:
        """The cash on the counter."""
        return self.query_one("#received", AmountField)

    def count_cash(self, total_fen: int) -> None:
        """On to the cash, preset to the amount."""
        self.amount.value = format_yuan(total_fen)
        self.received.show_fen(total_fen)
        self.screen.set_focus(self.received)

    @on(AmountField.Changed)
    def _changed(self, event: AmountField.Changed) -> None:
        """Recount with every key."""
        event.stop()
        field = event.input
        if isinstance(field, AmountField):
            self.post_message(self.Complained(field.early_complaint if field.has_focus else ""))
            if field is self.amount:
                self.amount_typed(field.fen or 0)
            self._show_change()

    @on(AmountField.Rejected)
    def _rejected(self, event: AmountField.Rejected) -> None:
        """Say why nothing appeared."""
        event.stop()
        self.post_message(self.Complained(pasted_rubbish()))

    @on(AmountField.Submitted, "#amount")
    def _amount_entered(self, event: AmountField.Submitted) -> None:
        """On, when it is one."""
        event.stop()
        amount_fen = self.amount.fen
        if amount_fen is None:
            self.post_message(self.Complained(self.amount.complaint))
        else:
            self.amount_entered(amount_fen)

    @on(AmountField.Submitted, "#received")
    def _received_entered(self, event: AmountField.Submitted) -> None:
        """Post, when the cash is enough."""
        event.stop()
        amount_fen, received_fen = self.amount.fen, self.received.fen
        if amount_fen is None:
            self.post_message(self.Complained(self.amount.complaint))
            if not self.amount.disabled:
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
        self.say_next()

    def say_next(self) -> None:
        """Show the hint for the field that has the focus."""
        self.query_one("#next", Words).say(self.next_words)

    def _show_change(self) -> None:
        """What would go back now."""
        amount_fen, received_fen = self.amount.fen, self.received.fen
        enough = amount_fen is not None and received_fen is not None and received_fen >= amount_fen
        change = format_yuan((received_fen or 0) - (amount_fen or 0)) if enough else ""
        self.query_one("#change", BigNumber).value = change
