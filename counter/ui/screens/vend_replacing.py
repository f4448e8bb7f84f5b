"""Replacing a lost or broken card: the new one gets the last count and what was sold with it.

Invariant: the same replacement goes under the same request id, however often it is asked again after a fault.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from textual import on

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.vends import CardBooks, CardView
from counter.ui import jobs
from counter.ui.messages_vends import CardNotReplaced, CardReplaced
from counter.ui.request_id import new_request_id
from counter.ui.screens.vend_undoing import VendUndoingScreen
from counter.ui.vend_offer import Offer
from counter.ui.widgets.notice import Tone


class VendReplacingScreen(VendUndoingScreen):
    """The part of the card screen that makes a card the one in use."""

    def __init__(self, session: DeskSession) -> None:
        """Nothing is replaced."""
        super().__init__(session)
        self._wanted: tuple[str, str, str] | None = None
        self._replace_id: UUID = new_request_id()

    def replace_card(self) -> None:
        """The card in the reader takes the place of the other one, for a reason."""
        from counter.ui.dialogs.reason import ReasonDialog

        card, books = self.case.card, self.case.books
        if self.busy or card is None or books is None or self.case.offer is not Offer.REPLACE:
            return
        words = _("The card in use is {serial}; it is worth nothing afterwards.")
        said = words.format(serial=books.card_serial)
        if books.card_serial == card.serial:
            said = _("Count {count} is written on it again.").format(count=books.vend_count)
        dialog = ReasonDialog(_("Why is the card replaced?"), said)
        self.app.push_screen(dialog, partial(self._replace, card, books))

    def _replace(self, card: CardView, books: CardBooks, reason: str | None) -> None:
        """Book it and write the card, in one job."""
        if not reason or self.busy:
            return
        if not self.card_is_there():
            self.notice.say(Tone.NOTE, _("The card is not in the reader any more. Nothing was replaced."))
            return
        wanted = (books.account_no, card.serial, reason)
        if self._wanted != wanted:
            self._wanted, self._replace_id = wanted, new_request_id()
        self.begin_writing(0, with_money=False)
        vends = self.session.vends
        work = partial(vends.replace_card, books.account_no, self._replace_id, reason, self.on_step)
        jobs.start(self, work, CardReplaced, partial(CardNotReplaced, self._replace_id))

    @on(CardReplaced)
    def _replaced(self, message: CardReplaced) -> None:
        """It is the card in use now; say what is on it."""
        self.writing, self.keep_notice = False, True
        self.counter.count_doubts()
        self.show_case()
        self.look()
        words = _("Replaced: count {count}, {amount} on the card. The customer inserts it at home first.")
        card = message.card
        self.notice.say(Tone.GOOD, words.format(count=card.vend_count, amount=format_yuan(card.wallet_fen)))

    @on(CardNotReplaced)
    def _not_replaced(self, message: CardNotReplaced) -> None:
        """Say why; the same may be asked again."""
        self.writing, self.keep_notice = False, True
        self.show_case()
        self.look()
        self.tell_unless_unknown(message.error, message.request_id, "replace_card")
