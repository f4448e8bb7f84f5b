"""What happened around prepaid cards, in the past tense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter.ui.messages import Told

if TYPE_CHECKING:
    from uuid import UUID

    from counter.domain.vends import VendState
    from counter.errors import CounterError
    from counter.services.ports import PaymentTaken
    from counter.services.ports.vends import (
        CardBooks,
        CardSeen,
        CardView,
        DrawerCard,
        HomeResult,
        OpenVend,
        SellVend,
        Slot,
        VendOutcome,
    )


class SlotChanged(Told):
    """A card came or went, or the reader did."""

    slot: Slot


class CardLookedAt(Told):
    """The card of an insertion was read; ``asked`` are the books of the account on the screen, if any."""

    insertion: int
    seen: CardSeen
    asked: CardBooks | None


class CardNotLookedAt(Told):
    """It could not be read."""

    insertion: int
    error: CounterError


class BooksRead(Told):
    """What the books have of an account whose card is not in the reader."""

    books: CardBooks | None


class StepReached(Told):
    """The write of a card has come to this step."""

    step: str


class VendAnswered(Told):
    """A sale is in the ledger, and the card was written or could not be."""

    request: SellVend
    outcome: VendOutcome


class VendNotAnswered(Told):
    """A sale was refused, or nobody knows; the card was not touched."""

    request: SellVend
    error: CounterError


class VendResumed(Told):
    """A vend that was not finished was gone on with."""

    outcome: VendOutcome


class VendNotResumed(Told):
    """It could not be gone on with; it stands as it did."""

    error: CounterError


class VendUndone(Told):
    """A vend was taken off the card and its money given back."""

    request_id: UUID
    taken: PaymentTaken


class VendNotUndone(Told):
    """It was refused, or nobody knows."""

    request_id: UUID
    error: CounterError


class CardReplaced(Told):
    """A card became the one in use; this is on it."""

    card: CardView


class CardNotReplaced(Told):
    """It did not, or not for certain; the same may be asked again."""

    request_id: UUID
    error: CounterError


class CardWorkDone(Told):
    """A card was taken back, or a meter changed."""

    what: str


class CardWorkRefused(Told):
    """Neither was done, or nobody knows."""

    request_id: UUID
    function: str
    error: CounterError


class DoubtsListed(Told):
    """The vends that are not settled."""

    vends: tuple[OpenVend, ...]


class DoubtsCounted(Told):
    """So many."""

    count: int


class UnfinishedFound(Told):
    """Those that the one who signed in had begun."""

    vends: tuple[OpenVend, ...]


class VendsSigned(Told):
    """A supervisor signed for so many."""

    count: int


class VendDecided(Told):
    """A supervisor decided on a vend."""

    state: VendState


class DrawerListed(Told):
    """The cards of the demonstration."""

    cards: tuple[DrawerCard, ...]


class DrawerMoved(Told):
    """A card was put in or pulled."""


class CardCameHome(Told):
    """A card was in its meter."""

    result: HomeResult
