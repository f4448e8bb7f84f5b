"""Cards to be sold: the box that takes their numbers, the list, and the fields of the payment."""

from __future__ import annotations

from textual import events
from textual.message import Message

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports.cards import CardFound
from counter.ui.widgets.field import Field
from counter.ui.widgets.many_pane import ManyPane
from counter.ui.widgets.table import Column, Table
from counter.ui.words import card_state

_BOX_MAX = 100
_PASTED_MAX = 4_000


class CardBox(Field):
    """Numbers of cards; a list that is pasted is taken as a whole, however many lines it has."""

    class ListPasted(Message):
        """More than fits into the box."""

        def __init__(self, text: str) -> None:
            """What was pasted; only numbers of cards are read out of it."""
            super().__init__()
            self.text = text

    def on_paste(self, event: events.Paste) -> None:
        """Short text goes into the box, a list past it: nothing of it may be cut off unseen."""
        if len(event.text.splitlines()) > 1 or len(event.text) > _BOX_MAX:
            event.stop()
            event.prevent_default()
            self.post_message(self.ListPasted(event.text[:_PASTED_MAX]))
        else:
            super().on_paste(event)


class CardTable(Table[CardFound]):
    """What cannot be sold comes first, and says why in words."""

    def __init__(self) -> None:
        """Number, state, worth."""
        super().__init__(
            (
                Column(lambda: _("Card number"), lambda row: row.card_no, 20),
                Column(lambda: _("State"), lambda row: card_state(row.state.value), 20, grows=True),
                Column(lambda: _("Worth"), _worth, 12, right=True),
            ),
            id="cards",
        )


class CardPane(ManyPane):
    """The payment for cards: its amount is what they are worth and cannot be another one."""

    def open_fields(self, *, possible: bool) -> None:
        """The amount is shown only."""
        super().open_fields(possible=possible)
        self.amount.disabled = True

    def enter(self) -> None:
        """To the cash, preset to the amount."""
        total_fen = self.amount.fen
        if total_fen is not None and not self.received.disabled:
            self.count_cash(total_fen)

    def next_words(self) -> str:
        """What Enter does now."""
        return _("Enter posts  ^G tenders") if self.received.has_focus else super().next_words()


def _worth(row: CardFound) -> str:
    """What a card is sold for; nothing for one that is not."""
    return format_yuan(row.face_fen) if row.face_fen else ""
