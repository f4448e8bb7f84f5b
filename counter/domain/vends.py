"""A vend's life, and what a card says against the books: tables, pure.

Source: what a State Grid user card and its meter do with each other (docs/card-profiles.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class VendState(StrEnum):
    """PENDING: paid, nothing written for certain. WRITING: the first write was sent. IN_DOUBT: not known."""

    PENDING = "pending"
    WRITING = "writing"
    IN_DOUBT = "in_doubt"
    WRITTEN = "written"
    UNDONE = "undone"

    @property
    def settled(self) -> bool:
        """Whether nothing more happens to it."""
        return self in (VendState.WRITTEN, VendState.UNDONE)


class VendEvent(StrEnum):
    """What happens to a vend."""

    WRITE_BEGAN = "write_began"
    READ_BACK_AGREES = "read_back_agrees"
    READ_BACK_OLD = "read_back_old"
    """The card was read and holds the state before the write."""
    FAULT_BEFORE_WRITE = "fault_before_write"
    FAULT_AFTER_WRITE = "fault_after_write"
    CARD_TAKEN_BACK = "card_taken_back"
    """The credit was cleared from the card and read back, or a supervisor says it was never written."""
    SUPERVISOR_SAYS_WRITTEN = "supervisor_says_written"


TRANSITIONS: Final = MappingProxyType(
    {
        (VendState.PENDING, VendEvent.WRITE_BEGAN): VendState.WRITING,
        (VendState.PENDING, VendEvent.FAULT_BEFORE_WRITE): VendState.PENDING,
        (VendState.PENDING, VendEvent.READ_BACK_AGREES): VendState.WRITTEN,
        (VendState.PENDING, VendEvent.READ_BACK_OLD): VendState.PENDING,
        (VendState.PENDING, VendEvent.CARD_TAKEN_BACK): VendState.UNDONE,
        (VendState.WRITING, VendEvent.READ_BACK_AGREES): VendState.WRITTEN,
        (VendState.WRITING, VendEvent.READ_BACK_OLD): VendState.PENDING,
        (VendState.WRITING, VendEvent.FAULT_AFTER_WRITE): VendState.IN_DOUBT,
        (VendState.IN_DOUBT, VendEvent.WRITE_BEGAN): VendState.WRITING,
        (VendState.IN_DOUBT, VendEvent.READ_BACK_AGREES): VendState.WRITTEN,
        (VendState.IN_DOUBT, VendEvent.READ_BACK_OLD): VendState.PENDING,
        (VendState.IN_DOUBT, VendEvent.FAULT_AFTER_WRITE): VendState.IN_DOUBT,
        (VendState.IN_DOUBT, VendEvent.CARD_TAKEN_BACK): VendState.UNDONE,
        (VendState.IN_DOUBT, VendEvent.SUPERVISOR_SAYS_WRITTEN): VendState.WRITTEN,
    }
)


class ForbiddenEvent(ValueError):
    """An event that cannot happen in a state: a bug, or a message that came too late."""


def after(state: VendState, event: VendEvent) -> VendState:
    """The next state; raises ForbiddenEvent for what the table does not have."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise ForbiddenEvent(f"{event} in {state}") from None


class CardMeaning(StrEnum):
    """What a card says against the books (the desk's rule table)."""

    READY = "ready"
    """Equal counts, and nothing waits on the card: the meter wrote back, or the credit was cleared."""
    NOT_INSERTED = "not_inserted"
    """Equal counts, no write-back: the meter has not taken the last vend; it can be undone."""
    BOOKING_LOST = "booking_lost"
    """One more on the card than in the books: complete the booking (补写缴费记录)."""
    NEVER_WRITTEN = "never_written"
    """One more in the books than on the card: write the card (补写卡)."""
    FOREIGN = "foreign"
    """Another account or meter, or counts further apart: refuse, or replace (补卡)."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What of a card decides; ``writeback_count`` is None when the meter wrote nothing back."""

    account_no: str
    meter_no: str
    vend_count: int
    wallet_fen: int
    writeback_count: int | None


@dataclass(frozen=True, slots=True)
class BookFacts:
    """What of the books decides: ``vend_count`` is the last one booked, written or not."""

    account_no: str
    meter_no: str
    vend_count: int


def meaning(card: CardFacts, books: BookFacts) -> CardMeaning:
    """The row of the rule table that fits."""
    if (card.account_no, card.meter_no) != (books.account_no, books.meter_no):
        return CardMeaning.FOREIGN
    ahead = card.vend_count - books.vend_count
    if ahead == 0:
        if card.writeback_count is None:
            return CardMeaning.NOT_INSERTED if card.wallet_fen else CardMeaning.READY
        return CardMeaning.READY if card.writeback_count == books.vend_count else CardMeaning.FOREIGN
    if ahead == 1 and card.writeback_count is None:
        return CardMeaning.BOOKING_LOST
    return CardMeaning.NEVER_WRITTEN if ahead == -1 else CardMeaning.FOREIGN
