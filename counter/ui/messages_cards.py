"""What happened on the screen that sells recharge cards, in the past tense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter.ui.messages import Told

if TYPE_CHECKING:
    from counter.errors import CounterError
    from counter.services.ports import PaymentTaken
    from counter.services.ports.cards import CardFound, SellCards


class CardsLookedAt(Told):
    """How cards stand; ``again`` when they are in the form already."""

    cards: tuple[CardFound, ...]
    again: bool


class CardsNotLookedAt(Told):
    """The server could not be asked about the cards that ``text`` names."""

    text: str
    error: CounterError


class CardsSold(Told):
    """A sale was posted."""

    request: SellCards
    taken: PaymentTaken


class CardsNotSold(Told):
    """A sale was refused, or nobody knows."""

    request: SellCards
    error: CounterError
