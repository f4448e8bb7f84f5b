"""Prepaid cards at the desk: a card that comes in opens its account, when nobody is busy.

Invariant: nothing moves while a form is open or something stands in the box; the status line says it then.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on

from counter.i18n import _
from counter.services.ports.vends import SlotState
from counter.ui import jobs
from counter.ui.messages_vends import CardLookedAt, CardNotLookedAt
from counter.ui.screens.posting import PostingScreen
from counter.ui.vend_offer import CardCase, Finding
from counter.ui.vend_words import finding_words, remaining_words
from counter.ui.widgets.field import Field
from counter.ui.widgets.notice import Tone

if TYPE_CHECKING:
    from counter.services.ports.vends import CardSeen, Slot
    from counter.ui.screens.card import CardScreen


class CardingScreen(PostingScreen):
    """The part of the desk that knows of cards."""

    _card_notice = ""
    """What was said of the card in the reader: it is taken back when the card goes."""
    _card_account = ""
    """The account that the card in the reader opens."""
    _insertion = 0
    """The last insertion that was dealt with: each opens its account once."""

    @property
    def free_for_card(self) -> bool:
        """Whether a card may open its account: the desk is in front, no form is open, nothing is typed."""
        from counter.ui.dialogs.drawer import DrawerDialog

        front = next(
            screen for screen in reversed(self.app.screen_stack) if not isinstance(screen, DrawerDialog)
        )
        typed = self.query_one("#box", Field).value.strip()
        return front is self and self.form is None and not self.busy and not typed

    def card_changed(self, slot: Slot) -> None:
        """A card came in: look at it, in a job."""
        if not self.free_for_card:
            return
        if slot.state is SlotState.CARD and slot.insertion != self._insertion:
            self._insertion = slot.insertion
            jobs.start(
                self,
                self.session.vends.look,
                lambda seen: CardLookedAt(slot.insertion, seen, seen.books),
                partial(CardNotLookedAt, slot.insertion),
            )
        elif slot.state is SlotState.MUTE:
            self._say(Tone.FAULT, _("This card does not answer. Turn it over, or clean it."))
        elif self._card_notice and self.notice.text == self._card_notice:
            self.notice.clear()

    def look_at_card(self) -> None:
        """The desk is in front again: a card that came meanwhile opens its account now."""
        slot = self.counter.status.slot
        if slot is not None and slot.state is SlotState.CARD:
            self.card_changed(slot)

    def _still(self, insertion: int) -> bool:
        """Whether that card is still in, and the desk still free."""
        slot = self.counter.status.slot
        return slot is not None and slot.insertion == insertion and self.free_for_card

    @on(CardLookedAt)
    def _card_seen(self, message: CardLookedAt) -> None:
        """Open its account; or say what card it is."""
        if not self._still(message.insertion):
            return
        if message.asked is not None:
            self._card_notice, self._card_account = self._sentence(message.seen), message.asked.account_no
            self.read_account(message.asked.account_no, again=False)
        else:
            self._say(Tone.NOTE, self._sentence(message.seen))

    @on(CardNotLookedAt)
    def _card_not_seen(self, message: CardNotLookedAt) -> None:
        """Say why."""
        if self._still(message.insertion):
            self.tell(message.error)
            self._card_notice = self.notice.text

    def _sentence(self, seen: CardSeen) -> str:
        """What the card means, and the key that goes on."""
        case = CardCase(seen.card, seen.books)
        what, may = finding_words(case.finding)
        if case.finding is Finding.READY:
            words = _("{what} On the meter then: {remaining}. F12 sells power.")
            return words.format(what=what, remaining=remaining_words(seen.card))
        if case.finding is Finding.NEW_ALONE:
            return f"{what} {may}"
        return _("{what} F12 shows what may be done.").format(what=what)

    def _say(self, tone: Tone, text: str) -> None:
        """Say something of the card."""
        self.notice.say(tone, text)
        self._card_notice = self.notice.text

    def say_card(self, account_no: str) -> None:
        """An account is open: when a card opened it, what its card means."""
        if account_no == self._card_account:
            self.notice.say(Tone.NOTE, self._card_notice)
        self._card_account = ""

    def action_card(self) -> None:
        """The card beside the books, for the open account if there is one."""
        from counter.ui.screens.card import CardScreen

        if self.busy:
            return
        if self.counter.status.slot is not None:
            self._insertion = self.counter.status.slot.insertion
        account_no = self.form.account.account_no if self.form is not None else ""
        screen = CardScreen(self.session, account_no)
        self.app.push_screen(screen, lambda _none: self._card_done(screen))

    def _card_done(self, screen: CardScreen | None = None) -> None:
        """After a sale comes the next customer; else balances may be others now."""
        if self.counter.status.slot is not None:
            self._insertion = self.counter.status.slot.insertion
        if self.form is None or self.busy or self.pay.touched:
            return
        if screen is not None and screen.outcome is not None and screen.outcome.state.settled:
            self.leave_form()
        else:
            self.read_account(self.form.account.account_no, again=False)
