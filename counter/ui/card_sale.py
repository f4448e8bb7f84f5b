"""The form of one sale of recharge cards, apart from any screen: cards, what they are worth, the request id.

Invariant: as for a payment (``counter.ui.sent_once``), the same content is always sent under the same request
id, other content never is; and nothing is sent while one of the cards cannot be sold.
"""

from __future__ import annotations

from collections.abc import Iterable

from counter.domain.tenders import Tender
from counter.services.ports.cards import CardFound, CardState, SellCards
from counter.ui.sent_once import SentOnce


class CardSaleForm(SentOnce[SellCards]):
    """The cards that the clerk is about to hand over."""

    def __init__(self) -> None:
        """A form opens."""
        super().__init__()
        self._cards: dict[str, CardFound] = {}

    @property
    def cards(self) -> tuple[CardFound, ...]:
        """By number; those that cannot be sold come first, for somebody has to look at them."""
        return tuple(
            sorted(self._cards.values(), key=lambda card: (card.state is CardState.STOCK, card.card_no))
        )

    @property
    def numbers(self) -> tuple[str, ...]:
        """Their numbers."""
        return tuple(self._cards)

    @property
    def wrong(self) -> tuple[CardFound, ...]:
        """Those that cannot be sold."""
        return tuple(card for card in self.cards if card.state is not CardState.STOCK)

    @property
    def count(self) -> int:
        """How many can be sold."""
        return len(self._cards) - len(self.wrong)

    @property
    def total_fen(self) -> int:
        """What those are worth together."""
        return sum(card.face_fen for card in self._cards.values())

    def add(self, cards: Iterable[CardFound]) -> None:
        """More cards, or how the same ones stand now."""
        self._cards |= {card.card_no: card for card in cards}

    def take_out(self, card_no: str) -> None:
        """Leave a card out."""
        self._cards.pop(card_no, None)

    def send(self, shift_id: int, tenders: tuple[Tender, ...], payer_name: str) -> SellCards | None:
        """The request to post now, or None when one is on its way or there is nothing that can be sold."""
        if not self.may_send or self.wrong or not self._cards:
            return None
        numbers = tuple(sorted(self._cards))
        return self.going_out(SellCards(self.request_id, shift_id, numbers, tenders, payer_name))
