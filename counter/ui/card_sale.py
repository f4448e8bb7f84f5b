"""The form of one sale of recharge cards, apart from any screen: cards, what they are worth, the request id.

Invariant: as for a payment (``counter.ui.payment``), the same content is always sent under the same request
id, other content never is; and nothing is sent while one of the cards cannot be sold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from counter.domain.tenders import Tender
from counter.services.ports.cards import CardFound, CardState, SellCards
from counter.ui.payment import Stage
from counter.ui.request_id import new_request_id


class CardSaleForm:
    """The cards that the clerk is about to hand over."""

    def __init__(self) -> None:
        """A form opens: its request id is made now."""
        self.stage = Stage.EDITING
        self._cards: dict[str, CardFound] = {}
        self._request_id: UUID = new_request_id()
        self._sent: SellCards | None = None

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

    @property
    def sent(self) -> SellCards | None:
        """The last request of this form."""
        return self._sent

    def add(self, cards: Iterable[CardFound]) -> None:
        """More cards, or how the same ones stand now."""
        self._cards |= {card.card_no: card for card in cards}

    def take_out(self, card_no: str) -> None:
        """Leave a card out."""
        self._cards.pop(card_no, None)

    def send(self, shift_id: int, tenders: tuple[Tender, ...], payer_name: str) -> SellCards | None:
        """The request to post now, or None when one is on its way or there is nothing that can be sold."""
        if self.stage is not Stage.EDITING or self.wrong or not self._cards:
            return None
        self.stage = Stage.POSTING
        numbers = tuple(sorted(self._cards))
        request = SellCards(self._request_id, shift_id, numbers, tenders, payer_name)
        if self._sent is not None and self._sent != request:
            self._request_id = new_request_id()
            request = replace(request, request_id=self._request_id)
        self._sent = request
        return request

    def outcome_unknown(self) -> None:
        """No answer came: hold everything until it is known."""
        self.stage = Stage.UNKNOWN

    def not_posted(self) -> None:
        """It is certain that nothing was saved: the form can be sent again."""
        self.stage = Stage.EDITING

    def given_up(self) -> None:
        """The server gave the id up for good: nothing was saved, and another try needs a new one."""
        self._request_id = new_request_id()
        self._sent = None
        self.stage = Stage.EDITING
