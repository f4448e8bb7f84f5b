"""Recharge cards are sold: numbers into the box, Enter; Enter; (cash) Enter.

What is about to be sold is in ``counter.ui.card_sale``, the flow of the money in ``card_posting``; here is
what is shown when.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from counter.domain.card_numbers import CARDS_MAX, CardNumberError, CardNumberFault, card_numbers
from counter.domain.money import format_yuan
from counter.domain.tenders import Tender
from counter.i18n import _
from counter.services.ports import PaymentPolicy
from counter.services.ports.cards import CardFound
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.card_sale import CardSaleForm
from counter.ui.messages_cards import CardsLookedAt, CardsNotLookedAt
from counter.ui.screens.card_posting import CardPostingScreen
from counter.ui.widgets.card_sale import CardBox, CardPane, CardTable
from counter.ui.widgets.change_panel import ChangePanel
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Table
from counter.ui.words import card_state

_TENDERS = ("cash", "pos", "transfer", "cheque")
"""What cards may be paid by: never by another card or a fund."""


class SellCardsScreen(CardPostingScreen):
    """Name the cards, look at them, take the money."""

    CSS_PATH = "sell_cards.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("find", "open_shift", "reload", "reprint", "tenders"),
        Binding("escape", "back", show=False),
        Binding("down", "table", show=False),
        Binding("delete", "take_out", show=False),
    ]

    def compose_body(self) -> ComposeResult:
        """The box, the cards, the payment."""
        with Horizontal(id="find"):
            yield Words(lambda: _("Cards"), id="find-label")
            yield CardBox(id="box")
        yield Words(self._heading, id="heading")
        with Vertical(id="body"):
            yield Words(_hint, id="hint")
            yield ChangePanel(id="done")
            yield CardTable()
        yield CardPane()

    def on_mount(self) -> None:
        """Begin with the box."""
        super().on_mount()
        self._show("#hint")
        self.pay.open_fields(possible=False)
        self.set_focus(self.box)
        self._say_no_shift()

    @property
    def box(self) -> CardBox:
        """Where numbers are typed, scanned or pasted."""
        return self.query_one(CardBox)

    @property
    def table(self) -> CardTable:
        """The cards of this sale."""
        return self.query_one(CardTable)

    def _show(self, part: str) -> None:
        """Show one of the middles."""
        for each in ("#hint", "#done", "#cards"):
            self.query_one(each).display = each == part
        self.refresh_bindings()

    def _heading(self) -> str:
        """How many, what they are worth, and how many cannot be sold."""
        if not self.form.cards:
            return _("Sell recharge cards")
        words = _("Sell recharge cards  {count} card(s), together {total}")
        said = words.format(count=self.form.count, total=format_yuan(self.form.total_fen))
        if self.form.wrong:
            return f"{said}  " + _("{count} cannot be sold").format(count=len(self.form.wrong))
        return said

    def _say_no_shift(self) -> None:
        """Without a shift everything can be looked at only."""
        if self.counter.shift is None:
            self.notice.say(Tone.NOTE, _("No shift is open: you can look, but not take money. ^O opens one."))

    def show_form(self) -> None:
        """The cards of now, and what they come to."""
        self.taken = None
        self.table.show_rows(self.form.cards, cursor=self.table.cursor)
        self.query_one("#heading", Words).relabel()
        self.pay.show_total(self.form.total_fen, preset=True)
        self.pay.open_fields(possible=self.may_take and bool(self.form.cards))
        self._show("#cards" if self.form.cards else "#hint")

    def show_done(self) -> None:
        """The change, and an empty box with the focus."""
        self.table.show_rows(())
        self.query_one("#heading", Words).relabel()
        self.pay.name_payer("", always=True)
        self.pay.show_total(0, preset=True)
        self.pay.open_fields(possible=False)
        self.box.value = ""
        self._show("#done")
        self.set_focus(self.box)

    @on(Field.Submitted, "#box")
    def _entered(self, event: Field.Submitted) -> None:
        """Take the numbers; an empty box goes on to the money."""
        event.stop()
        if self.busy:
            return
        if event.value.strip():
            self._take(event.value)
        elif self.ready():
            self.pay.enter()

    @on(CardBox.ListPasted)
    def _list_pasted(self, message: CardBox.ListPasted) -> None:
        """A whole list at once."""
        if not self.busy:
            self._take(message.text)

    def _take(self, text: str) -> None:
        """Look at the cards that a text names; the box is free at once, for a scanner does not wait."""
        try:
            numbers = card_numbers(text, self.form.numbers)
        except CardNumberError as error:
            self.notice.say(Tone.NOTE, _fault_words(error))
            return
        self.notice.clear()
        self.box.value = ""
        self._look(numbers, text)

    def _look(self, numbers: tuple[str, ...], text: str) -> None:
        """Ask how cards stand; ``text`` is what named them, empty for those that are in the list."""
        jobs.start(
            self,
            partial(self.session.cards.look, numbers),
            lambda cards: CardsLookedAt(cards, not text),
            partial(CardsNotLookedAt, text),
        )

    @on(CardsLookedAt)
    def _looked_at(self, message: CardsLookedAt) -> None:
        """Into the list; what cannot be sold is said at once."""
        if self.busy:
            return
        known = set(self.form.numbers)
        cards = [card for card in message.cards if not message.again or card.card_no in known]
        self.form.add(cards)
        self.show_form()
        twice = [card.card_no for card in cards if card.card_no in known and not message.again]
        if self.form.wrong:
            self.say_wrong()
        elif twice:
            self.notice.say(Tone.NOTE, _("Card {number} is in the list already.").format(number=twice[0]))

    def say_wrong(self) -> None:
        """Which card cannot be sold and why, one after the other; the cursor is on it."""
        first, others = self.form.wrong[0], len(self.form.wrong) - 1
        words = _("Nothing is sold: card {number} is not for sale ({state}). Enter on its line takes it out.")
        said = words.format(number=first.card_no, state=card_state(first.state.value))
        if others:
            said += " " + _("{count} more are not for sale.").format(count=others)
        self.notice.say(Tone.NOTE, said)
        self.table.cursor = 0
        self.set_focus(self.table)

    @on(CardsNotLookedAt)
    def _not_looked_at(self, message: CardsNotLookedAt) -> None:
        """Say why; what was typed is still there."""
        self.tell(message.error)
        if message.text and not self.box.value:
            self.box.value = message.text

    def look_again(self) -> None:
        """Another desk was first: show which cards are gone."""
        if self.form.numbers:
            self._look(self.form.numbers, "")

    @on(Table.Chosen, "#cards")
    def _chosen(self, message: Table.Chosen) -> None:
        """Enter on a card takes it out."""
        message.stop()
        self.action_take_out()

    def action_take_out(self) -> None:
        """The card under the cursor is not sold; behind the last wrong one comes the box again."""
        row = self.table.current
        if self.busy or not self.table.has_focus or not isinstance(row, CardFound):
            return
        self.form.take_out(row.card_no)
        self.notice.clear()
        self.show_form()
        if self.form.wrong:
            self.say_wrong()
        elif not self.form.cards or row.face_fen == 0:
            self.set_focus(self.box)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """What is possible now; the rest is neither shown nor listed."""
        some = bool(self.form.cards) and not self.busy
        possible = {
            "reload": some,
            "tenders": some and self.counter.shift is not None,
            "reprint": bool(self.last_receipt_no),
            "open_shift": self.counter.shift is None,
        }
        return possible.get(action, True)

    def action_find(self) -> None:
        """To the box."""
        self.set_focus(self.box)

    def action_table(self) -> None:
        """From the box down into the list."""
        if self.box.has_focus and self.form.cards:
            self.set_focus(self.table)

    def action_reload(self) -> None:
        """Look at the cards again."""
        if not self.busy:
            self.notice.clear()
            self.look_again()

    def action_reprint(self) -> None:
        """Print the last receipt again."""
        self.counter.print_receipt(self.last_receipt_no)

    def action_open_shift(self) -> None:
        """Take a till."""
        self.counter.open_shift()

    def shift_changed(self) -> None:
        """A till was taken: the cards can be sold now."""
        self.notice.clear()
        self.pay.open_fields(possible=self.may_take and bool(self.form.cards))
        self.refresh_bindings()

    def action_tenders(self) -> None:
        """Pay by POS, slip, cheque, or several together."""
        from counter.ui.dialogs.split import SplitDialog
        from counter.ui.split import Payer, Split

        shift = self.counter.shift
        if shift is not None and self.ready():
            split = Split(self.form.total_fen, Payer(PaymentPolicy(tenders=_TENDERS)))
            day = str(self.counter.status.business_date or "")
            self.app.push_screen(SplitDialog(self.session, shift.shift_id, split, day=day), self._split_given)

    def _split_given(self, tenders: tuple[Tender, ...] | None) -> None:
        """Everything is laid down: post."""
        if tenders and sum(tender.amount_fen for tender in tenders) == self.form.total_fen:
            self.post(tenders)

    def action_back(self) -> None:
        """One step back: cash to box, list to box, cards to none, none to the desk."""
        if self.busy:
            return
        if not self.box.has_focus:
            self.pay.received.value = ""
            self.set_focus(self.box)
        elif self.box.value:
            self.box.value = ""
        elif self.form.cards:
            self.form = CardSaleForm()
            self.pay.name_payer("", always=True)
            self.notice.clear()
            self.show_form()
        else:
            self.dismiss()


def _fault_words(error: CardNumberError) -> str:
    """Why a text is no list of card numbers."""
    if error.reason is CardNumberFault.TOO_MANY:
        return _("One sale takes at most {most} cards; none of these was added.").format(most=CARDS_MAX)
    if error.reason is CardNumberFault.WRONG_RANGE:
        words = _("{part} is no range: first and last number whole, the smaller one first. None was added.")
    else:
        words = _("{part} is no card number: 8 to 20 digits each. None was added.")
    return words.format(part=error.part or _("This"))


def _hint() -> str:
    """What can be typed into the box."""
    from counter.ui.cells import fit

    rows = (
        (_("A card"), "80000001", _("typed or scanned; the next one after Enter")),
        (_("A range"), "80000001-80000010", _("first and last number")),
        (_("Several"), "80000001 80000005", _("also a pasted list")),
    )
    lines = [f"{fit(word, 10)}{fit(sample, 19)}{note}" for word, sample, note in rows]
    return "\n".join([_("Type card numbers and Enter; Enter in the empty box takes the money:"), "", *lines])
