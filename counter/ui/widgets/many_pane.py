"""The payment for many accounts: who pays, what in all, what was laid on the counter, what goes back."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.field import AmountField, Field, pasted_rubbish
from counter.ui.widgets.label import Words
from counter.ui.widgets.pay_pane import CHANGE_FEN_MAX, PayPane


class ManyPane(Vertical):
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
            yield Words(self._next, id="next")
        with Vertical(id="change-part"):
            yield Words(lambda: _("Change"), classes="caption")
            yield BigNumber(id="change", pixel_max=1)

    @property
    def amount(self) -> AmountField:
        """What is taken in all."""
        return self.query_one("#amount", AmountField)

    @property
    def received(self) -> AmountField:
        """The cash on the counter."""
        return self.query_one("#received", AmountField)

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
        self.query_one("#next", Words).relabel()

    def enter(self) -> None:
        """To the amount."""
        if not self.amount.disabled:
            self.screen.set_focus(self.amount)

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
            self.post_message(PayPane.Complained(field.early_complaint if field.has_focus else ""))
            total_fen, received_fen = self.amount.fen, self.received.fen
            enough = total_fen is not None and received_fen is not None and received_fen >= total_fen
            change = format_yuan((received_fen or 0) - (total_fen or 0)) if enough else ""
            self.query_one("#change", BigNumber).value = change

    @on(AmountField.Rejected)
    def _rejected(self, event: AmountField.Rejected) -> None:
        """Say why nothing appeared."""
        event.stop()
        self.post_message(PayPane.Complained(pasted_rubbish()))

    @on(Field.Submitted, "#payer")
    def _payer_entered(self, event: Field.Submitted) -> None:
        """On to the amount."""
        event.stop()
        self.enter()

    @on(AmountField.Submitted, "#amount")
    def _amount_entered(self, event: AmountField.Submitted) -> None:
        """Tell the total, when it is one."""
        event.stop()
        total_fen = self.amount.fen
        if total_fen is None:
            self.post_message(PayPane.Complained(self.amount.complaint))
        else:
            self.post_message(self.TotalEntered(total_fen))

    @on(AmountField.Submitted, "#received")
    def _received_entered(self, event: AmountField.Submitted) -> None:
        """Post, when the cash is enough."""
        event.stop()
        total_fen, received_fen = self.amount.fen, self.received.fen
        if total_fen is None:
            self.post_message(PayPane.Complained(self.amount.complaint))
            self.enter()
        elif received_fen is None:
            self.post_message(PayPane.Complained(self.received.complaint))
        elif received_fen < total_fen:
            short = _("{missing} is missing: the cash received is less than the amount.")
            self.post_message(PayPane.Complained(short.format(missing=format_yuan(total_fen - received_fen))))
        elif received_fen - total_fen > CHANGE_FEN_MAX:
            absurd = _("The change would be {change}: look at what was typed as cash received.")
            change = format_yuan(received_fen - total_fen)
            self.post_message(PayPane.Complained(absurd.format(change=change)))
        else:
            self.post_message(PayPane.Confirmed(total_fen, received_fen))

    def on_descendant_focus(self) -> None:
        """Another field: another hint."""
        self.query_one("#next", Words).relabel()

    def _next(self) -> str:
        """What Enter does now."""
        if self.received.has_focus:
            return _("Enter posts")
        return _("Enter: cash    ^G: other tenders") if self.amount.has_focus else ""
