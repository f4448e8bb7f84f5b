"""The money of a vend: what goes onto the card, what was laid on the counter, what goes back."""

from __future__ import annotations

from typing import Protocol

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.field import AmountField
from counter.ui.widgets.label import Words
from counter.ui.widgets.money_pane import MoneyPane


class Sellable(Protocol):
    """What a form of a vend says of its amount."""

    @property
    def fixed_fen(self) -> int:
        """The amount that cannot be changed; 0 when it is free."""
        ...

    @property
    def limit_fen(self) -> int:
        """The most that may be sold."""
        ...


class VendPane(MoneyPane):
    """Amount, Enter, cash received, Enter; never more than the limit."""

    def __init__(self) -> None:
        """No form is open."""
        super().__init__(id="pay")
        self.limit_fen = 0
        self._fixed = False

    def compose(self) -> ComposeResult:
        """What goes onto the card, entry, change."""
        with Vertical(id="due-part"):
            yield Words(self.onto_words, classes="caption")
            yield BigNumber(id="due", pixel_max=1)
        with Vertical(id="entry-part"):
            with Horizontal():
                yield Words(lambda: _("Amount"), classes="caption")
                yield AmountField(id="amount")
            with Horizontal():
                yield Words(lambda: _("Received"), classes="caption")
                yield AmountField(id="received")
            yield Words(self._limit, id="split")
            yield Words(lambda: "", id="next", classes="caption")
        with Vertical(id="change-part"):
            yield Words(lambda: _("Change"), classes="caption")
            yield BigNumber(id="change", pixel_max=1)

    def begin_sale(self, form: Sellable | None, *, possible: bool) -> None:
        """A form opens, or there is none; a booking has its amount already."""
        self.limit_fen = form.limit_fen if form else 0
        self._fixed = bool(form and form.fixed_fen)
        self.amount.show_fen(form.fixed_fen if form else 0)
        self.received.show_fen(form.fixed_fen if form else 0)
        self.set_onto(form.fixed_fen if form else 0)
        self.query_one("#split", Words).relabel()
        self.open_fields(possible=possible and form is not None)
        for words in self.query(Words):
            words.relabel()

    def open_fields(self, *, possible: bool) -> None:
        """Let the fields be typed in, or not while something is on its way; a fixed amount stays as it is."""
        self.received.disabled = not possible
        self.amount.disabled = not possible or self._fixed
        self.say_next()

    @property
    def touched(self) -> bool:
        """Whether something was typed that must not get lost."""
        return bool(self.amount.value or self.received.value) and not self._fixed

    def enter(self) -> None:
        """To the first field that is open."""
        field = self.received if self._fixed else self.amount
        if not field.disabled:
            self.screen.set_focus(field)

    def set_onto(self, amount_fen: int) -> None:
        """Show what goes onto the card in large figures."""
        self.query_one("#due", BigNumber).value = format_yuan(amount_fen) if amount_fen else ""

    def refusal(self, amount_fen: int) -> str:
        """Too much for the meter or the card."""
        if amount_fen <= self.limit_fen:
            return ""
        words = _("At most {limit} may be sold now: the meter or the card takes no more. Nothing was sold.")
        return words.format(limit=format_yuan(self.limit_fen))

    def amount_typed(self, fen: int) -> None:
        """Large figures follow the typing."""
        self.set_onto(fen)

    def amount_entered(self, fen: int) -> None:
        """On to the cash, unless it is too much."""
        if self.refusal(fen):
            self.post_message(self.Complained(self.refusal(fen)))
        else:
            self.count_cash(fen)

    def onto_words(self) -> str:
        """What the figure at the left is."""
        return _("On the card already") if self._fixed else _("Onto the card")

    def _limit(self) -> str:
        """How much it may be."""
        return _("at most {amount}").format(amount=format_yuan(self.limit_fen)) if self.limit_fen else ""

    def next_words(self) -> str:
        """The hint for the field that has the focus."""
        if self.received.has_focus:
            return _("Enter books it  ^G tenders") if self._fixed else _("Enter sells  ^G tenders")
        return _("Enter: cash   ^G tenders") if self.amount.has_focus else ""
