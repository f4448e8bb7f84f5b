"""Recharge cards and the care fund: sold, shown, redeemed.

Plain data and the protocol that the screens ask; see ``counter.services.ports``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from counter.domain.tenders import Tender
from counter.services.ports import PaymentTaken


class CardState(StrEnum):
    """What came of showing a card, or how it stands."""

    SHOWN = "shown"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    STOCK = "stock"
    SOLD = "sold"
    REDEEMED = "redeemed"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class CardShown:
    """The answer; ``face_fen`` is 0 unless it was shown, ``tries_left`` counts down to the lock."""

    state: CardState
    face_fen: int
    tries_left: int


@dataclass(frozen=True, slots=True)
class CardFound:
    """How a card stands before it is sold; ``face_fen`` is 0 unless it is in stock."""

    card_no: str
    state: CardState
    face_fen: int


@dataclass(frozen=True, slots=True)
class SellCards:
    """Request: sell these cards out of the stock for what they are worth."""

    request_id: UUID
    shift_id: int
    cards: tuple[str, ...]
    tenders: tuple[Tender, ...]
    payer_name: str = ""


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Request: prove a card's secret to the server; the secret itself stays on this desk."""

    shift_id: int
    card_no: str
    secret: str = field(repr=False)


class Cards(Protocol):
    """Cards and the fund. Every method blocks; raises Refusal or Fault."""

    def show(self, request: ShowCard) -> CardShown:
        """Show a card, so that it can be redeemed in this shift within a quarter of an hour."""
        ...

    def look(self, numbers: Sequence[str]) -> tuple[CardFound, ...]:
        """How each of these cards stands, in this order."""
        ...

    def sell(self, request: SellCards) -> PaymentTaken:
        """Sell once, however often it is called with the same request."""
        ...

    def fund_fen(self) -> int:
        """What the care fund still has to give."""
        ...
