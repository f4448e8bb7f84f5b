"""F12: the card beside the books, what that means, and what can be done about it.

The flow of money and card is in ``vend_posting``, taking back in ``vend_undoing``; here is what is shown.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget

from counter.domain.vends import VendState
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.vends import CardBooks, CardSeen, Slot, SlotState
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.cells import plain
from counter.ui.messages_vends import BooksRead, CardLookedAt, CardNotLookedAt
from counter.ui.screens.vend_replacing import VendReplacingScreen
from counter.ui.vend_form import VendForm
from counter.ui.vend_offer import CardCase, Finding, Offer, is_same_number
from counter.ui.widgets.card_facts import CardFacts
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.vend_pane import VendPane
from counter.ui.widgets.vend_result import VendResult
from counter.ui.widgets.writing import WritingPanel

if TYPE_CHECKING:
    from counter.services.ports.vends import Vends


class CardScreen(VendReplacingScreen):
    """Look, sell, write, take back."""

    CSS_PATH = "card.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("tenders", "open_shift", "reprint", "reload", "reverse", "raw_card", "card_work"),
        Binding("enter", "go_on", show=False),
        Binding("escape", "back", show=False),
    ]

    def __init__(self, session: DeskSession, account_no: str = "") -> None:
        """``account_no`` is the account that was open; empty when the card alone says whose it is."""
        super().__init__(session)
        self.account_no = account_no
        self._insertion = 0
        self._typed_in: Widget | None = None

    def compose_body(self) -> ComposeResult:
        """The facts, or the writing, or the result; the money beneath."""
        yield Words(self._heading, id="heading")
        with Vertical(id="body"):
            yield CardFacts()
            yield WritingPanel()
            yield VendResult()
        yield VendPane()

    def on_mount(self) -> None:
        """Read at once."""
        super().on_mount()
        self.show_case()
        self.look()

    def _heading(self) -> str:
        """Whose."""
        books = self.case.books
        name = f"  {books.account_no}  {books.account_name}" if books else ""
        return plain(_("Prepaid card") + name)

    def _show(self, part: str, *, money: bool = False) -> None:
        """Show one of the middles, with the fields of the money or without."""
        for each in ("#card-facts", "#writing", "#result"):
            self.query_one(each).display = each == part
        self.query_one("#pay").display = money
        self.refresh_bindings()

    def show_case(self) -> None:
        """The card beside the books."""
        self.query_one("#heading", Words).relabel()
        self.query_one(CardFacts).show(self.case)
        self._show("#card-facts", money=self.form is not None)

    def show_writing(self) -> None:
        """Nothing else on the screen."""
        self.set_focus(None)
        self._show("#writing")

    def show_result(self) -> None:
        """How it stands."""
        self.set_focus(None)
        self._show("#result")

    def look(self) -> None:
        """Read the card, when there is one, and the books."""
        slot = self.counter.status.slot
        if slot is not None and slot.state is SlotState.CARD:
            self._insertion = slot.insertion
            jobs.start(
                self,
                partial(look_at, self.session.vends, self.account_no),
                lambda found: CardLookedAt(slot.insertion, *found),
                partial(CardNotLookedAt, slot.insertion),
            )
        elif self.account_no:
            jobs.start(self, partial(self.session.vends.books, self.account_no), BooksRead)

    @on(CardLookedAt)
    def _looked_at(self, message: CardLookedAt) -> None:
        """Show it; what was typed stays when the same card came back."""
        if self.busy or self.outcome is not None or message.insertion != self._insertion:
            return
        case, before = CardCase(message.seen.card, message.asked), self.case
        self.case = case
        self._clear_notice()
        if self.form is not None and before == case:
            return
        kind = case.offer.kind
        self.form = VendForm(kind, message.seen.card, case.books) if kind is not None and case.books else None
        self.show_case()
        possible = self.form is not None and self.counter.shift is not None
        self.pay.begin_sale(self.form, possible=possible)
        if self.form is not None and self.counter.shift is None:
            self.notice.say(Tone.NOTE, _("No shift is open: you can look, but not take money. ^O opens one."))
        self.pay.enter()

    def _clear_notice(self) -> None:
        """Say nothing any more, unless it was said just before the card was read again."""
        if not self.keep_notice:
            self.notice.clear()
        self.keep_notice = False

    @on(BooksRead)
    def _books_read(self, message: BooksRead) -> None:
        """There is no card: the books alone."""
        if not self.busy and self.outcome is None and self.case.card is None:
            self.case = CardCase(None, message.books)
            self.show_case()

    @on(CardNotLookedAt)
    def _not_looked_at(self, message: CardNotLookedAt) -> None:
        """Say why; the books can be shown all the same."""
        if message.insertion == self._insertion:
            self._forget()
            self.tell(message.error)

    def _forget(self) -> None:
        """No card is known any more."""
        self.form = None
        self.case = CardCase(None, self.case.books)
        self.show_case()

    def card_changed(self, slot: Slot) -> None:
        """A card came: read it. It went: say it; what was typed stays for a while."""
        if self.busy or self.outcome is not None:
            return
        if slot.state is SlotState.CARD:
            self.look()
        elif self.form is not None and self.pay.touched:
            self.notice.say(Tone.NOTE, _("The card was taken out. Put it in again to go on."))
        else:
            self.notice.clear()
            self._forget()
            if slot.state is SlotState.MUTE:
                self.notice.say(Tone.FAULT, _("This card does not answer. Turn it over, or clean it."))
            self.look()

    def card_is_there(self) -> bool:
        """Whether the card that was read is still in the reader."""
        slot = self.counter.status.slot
        return slot is not None and slot.state is SlotState.CARD and slot.insertion == self._insertion

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """What is possible now; the rest is neither shown nor listed."""
        still = not self.busy and self.outcome is None
        shift = self.counter.shift is not None
        possible = {
            "tenders": still and shift and self.form is not None,
            "open_shift": not shift and not self.busy,
            "reprint": bool(self.last_receipt_no) and not self.busy,
            "reload": still,
            "reverse": still and shift and self.case.undoable is not None,
            "raw_card": still and self.case.card is not None,
            "card_work": still and self.case.books is not None,
        }
        return possible.get(action, True)

    def action_go_on(self) -> None:
        """Enter where no field has the focus: go on with a vend, or with the next customer."""
        if self.busy:
            return
        if self.outcome is not None and self.outcome.state.settled:
            self.dismiss()
        elif self.outcome is not None:
            self.resume(self.outcome.vend_id, self.outcome.taken.total_fen, self._vend_count)
        elif self.case.to_write is not None:
            vend = self.case.to_write
            self.resume(vend.vend_id, vend.amount_fen, vend.vend_count)
        elif self.case.offer is Offer.REPLACE:
            self.replace_card()
        elif self.case.finding is Finding.NO_CARD_OPEN_VEND:
            self.notice.say(Tone.NOTE, _("There is no card in the reader. Put its card in first."))
        else:
            self.pay.enter()

    def action_back(self) -> None:
        """One step back: bytes, cash, then the desk; while a card is written there is no way back."""
        facts = self.query_one(CardFacts)
        if self.busy:
            return
        if facts.bytes_shown:
            self.action_raw_card()
        elif self.form is not None and self.pay.received.has_focus and not self.pay.amount.disabled:
            self.pay.received.value = ""
            self.set_focus(self.pay.amount)
        else:
            self.dismiss()

    def action_reload(self) -> None:
        """Read it again."""
        self.notice.clear()
        self.form = None
        self.case = CardCase(None, self.case.books)
        self.look()

    def shift_changed(self) -> None:
        """A till was taken: power can be sold now."""
        if not self.busy and self.outcome is None:
            self.action_reload()

    def action_raw_card(self) -> None:
        """Show the bytes, or hide them."""
        facts = self.query_one(CardFacts)
        if not facts.bytes_shown:
            self._typed_in = self.focused
        facts.show_bytes(not facts.bytes_shown)
        self.set_focus(self.query_one("#bytes", VerticalScroll) if facts.bytes_shown else self._typed_in)

    @property
    def is_written(self) -> bool:
        """Whether the vend of this screen is on its card."""
        return self.outcome is not None and self.outcome.state is VendState.WRITTEN


def look_at(vends: Vends, account_no: str) -> tuple[CardSeen, CardBooks | None]:
    """The card in the reader, and the books of the account that was open, or else of the card's own."""
    seen = vends.look()
    if account_no and not is_same_number(seen.card.account_no, account_no):
        return seen, vends.books(account_no)
    return seen, seen.books
