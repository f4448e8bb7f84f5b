"""What the desk may do with a card, apart from any screen: the rule table turned into one offer.

Invariant: whatever is not certain offers nothing; a vend that is open stands before everything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from counter.domain.vends import CardMeaning, VendState
from counter.services.ports.vends import CardBooks, CardView, OpenVend, VendKind


class Offer(Enum):
    """What Enter leads to."""

    BUY = auto()
    OPEN = auto()
    REPLACE = auto()
    BOOK = auto()
    RESUME = auto()
    NOTHING = auto()

    @property
    def kind(self) -> VendKind | None:
        """The kind of vend that is sold; None where nothing is."""
        return _KINDS.get(self)


_KINDS = {
    Offer.BUY: VendKind.PURCHASE,
    Offer.OPEN: VendKind.OPENING,
    Offer.BOOK: VendKind.BOOKING,
}


class Finding(Enum):
    """What a card is, in one sentence of its own each."""

    NO_CARD = auto()
    NO_CARD_OPEN_VEND = auto()
    NEW_FOR_OPENING = auto()
    NEW_FOR_REPLACING = auto()
    NEW_ALONE = auto()
    NOBODY_KNOWS = auto()
    OTHER_ACCOUNT = auto()
    OTHER_CARD = auto()
    OPEN_VEND = auto()
    OPEN_VEND_OTHER_CARD = auto()
    READY = auto()
    NOT_INSERTED = auto()
    NOT_INSERTED_SOLD_ELSEWHERE = auto()
    BOOKING_LOST = auto()
    NEVER_WRITTEN = auto()
    BEHIND = auto()
    FOREIGN = auto()


_OFFERS = {
    Finding.NEW_FOR_OPENING: Offer.OPEN,
    Finding.NEW_FOR_REPLACING: Offer.REPLACE,
    Finding.BEHIND: Offer.REPLACE,
    Finding.OPEN_VEND: Offer.RESUME,
    Finding.NEVER_WRITTEN: Offer.RESUME,
    Finding.READY: Offer.BUY,
    Finding.BOOKING_LOST: Offer.BOOK,
}
_MEANINGS = {
    CardMeaning.READY: Finding.READY,
    CardMeaning.NOT_INSERTED: Finding.NOT_INSERTED,
    CardMeaning.BOOKING_LOST: Finding.BOOKING_LOST,
    CardMeaning.NEVER_WRITTEN: Finding.NEVER_WRITTEN,
    CardMeaning.FOREIGN: Finding.FOREIGN,
}


@dataclass(frozen=True, slots=True)
class CardCase:
    """A card (or none) beside the books (or none) of the account that it is about."""

    card: CardView | None
    books: CardBooks | None

    @property
    def finding(self) -> Finding:
        """Which sentence fits."""
        card, books = self.card, self.books
        if card is None:
            waits = books is not None and books.open_vend is not None
            return Finding.NO_CARD_OPEN_VEND if waits else Finding.NO_CARD
        if books is None:
            return Finding.NOBODY_KNOWS if card.account_no else Finding.NEW_ALONE
        open_vend = books.open_vend
        if open_vend is not None and open_vend.card_serial == card.serial:
            return Finding.OPEN_VEND
        if open_vend is not None and (card.account_no or not books.card_serial):
            return Finding.OPEN_VEND_OTHER_CARD
        if not card.account_no:
            return Finding.NEW_FOR_REPLACING if books.card_serial else Finding.NEW_FOR_OPENING
        return self._used(card, books)

    def _used(self, card: CardView, books: CardBooks) -> Finding:
        """A card that was sold on before."""
        if not is_same_number(card.account_no, books.account_no):
            return Finding.OTHER_ACCOUNT
        if books.card_serial and books.card_serial != card.serial:
            return Finding.OTHER_CARD
        found = _MEANINGS[books.meaning or CardMeaning.FOREIGN]
        unknown = found is Finding.NEVER_WRITTEN and self._last_written is None
        if found is Finding.NOT_INSERTED and self._last_written is None:
            return Finding.NOT_INSERTED_SOLD_ELSEWHERE
        if (unknown or found is Finding.FOREIGN) and card.vend_count < books.vend_count and books.card_serial:
            return Finding.BEHIND
        return Finding.FOREIGN if unknown else found

    @property
    def _last_written(self) -> OpenVend | None:
        """The vend that stands last in the books as written; none when these books do not know it."""
        if self.books is None:
            return None
        count = self.books.vend_count
        written = (vend for vend in self.books.last_vends if vend.state is VendState.WRITTEN)
        return next((vend for vend in written if vend.vend_count == count), None)

    @property
    def offer(self) -> Offer:
        """What Enter leads to."""
        return _OFFERS.get(self.finding, Offer.NOTHING)

    @property
    def to_write(self) -> OpenVend | None:
        """The vend that is paid and that this card lacks: it can be written on as often as need be."""
        if self.books is None or self.offer is not Offer.RESUME:
            return None
        return self.books.open_vend or self._last_written

    @property
    def undoable(self) -> OpenVend | None:
        """The vend that can be taken back from the card in the reader, if any: no meter has taken it."""
        if self.card is None or self.books is None:
            return None
        if self.finding is Finding.OPEN_VEND:
            return self.books.open_vend
        waits = self.finding in (Finding.NOT_INSERTED, Finding.NEVER_WRITTEN)
        return self._last_written if waits else None


def is_same_number(on_card: str, in_books: str) -> bool:
    """Whether two account or meter numbers are one: a card has no room for the zeros in front."""
    return on_card.lstrip("0") == in_books.lstrip("0")
