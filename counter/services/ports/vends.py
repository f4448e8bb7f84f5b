"""Prepaid cards at the desk: read, sold, settled. Plain data and the protocol that the screens ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from counter.domain.tenders import Tender
from counter.domain.vends import CardMeaning, VendState
from counter.services.ports.payments import PaymentTaken


class VendKind(StrEnum):
    """What is done with a card; PURCHASE is the usual one."""

    OPENING = "opening"
    PURCHASE = "purchase"
    REPLACEMENT = "replacement"
    BOOKING = "booking"
    """The card had it already: only the booking is completed (补写缴费记录)."""


class SlotState(StrEnum):
    """What the status bar says of the reader."""

    NONE = "none"
    """No reader is set up at this desk; everything else works."""
    NO_SERVICE = "no_service"
    NO_READER = "no_reader"
    NO_SAM = "no_sam"
    EMPTY = "empty"
    CARD = "card"
    MUTE = "mute"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Slot:
    """The reader now. ``insertion`` is another number for every card that goes in."""

    state: SlotState
    insertion: int = 0
    wrong_slot: bool = False
    simulated: bool = False
    demonstration_keys: bool = False


@dataclass(frozen=True, slots=True)
class CardView:
    """A card in plain values; ``writeback_count`` is None when no meter wrote since the last vend."""

    serial: str
    profile: str
    account_no: str
    meter_no: str
    card_type: str
    wallet_fen: int
    vend_count: int
    remaining_fen: int | None
    writeback_count: int | None
    overdraft_fen: int
    illegal_inserts: int
    alarm1_fen: int
    alarm2_fen: int
    written_at: str
    raw: Mapping[str, bytes] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenVend:
    """A vend that is paid and not settled, as lists and the desk show it."""

    vend_id: UUID
    account_no: str
    account_name: str
    meter_no: str
    card_serial: str
    vend_count: int
    amount_fen: int
    kind: VendKind
    state: VendState
    receipt_no: str
    staff_name: str
    hall_name: str
    began_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class CardBooks:
    """What the books know of a card's account. ``meaning`` is None when no card was compared.

    ``vend_count`` is the last one booked; ``limit_fen`` is the most that may be sold now (hoard limit and
    card maximum);
    ``open_vend`` stands in the way of another.
    """

    account_no: str
    account_name: str
    meter_no: str
    version: int
    vend_count: int
    card_serial: str
    prepaid_fen: int
    arrears_fen: int
    limit_fen: int
    meaning: CardMeaning | None
    open_vend: OpenVend | None
    last_vends: tuple[OpenVend, ...] = ()


@dataclass(frozen=True, slots=True)
class CardSeen:
    """A card in the reader beside the books; ``books`` is None when nobody knows its account."""

    card: CardView
    books: CardBooks | None


@dataclass(frozen=True, slots=True)
class SellVend:
    """Request: money for ``amount_fen`` of power on this card. ``vend_count`` is the new one (n+1)."""

    request_id: UUID
    shift_id: int
    account_no: str
    version: int
    meter_no: str
    card_serial: str
    profile: str
    vend_count: int
    amount_fen: int
    kind: VendKind
    tenders: tuple[Tender, ...]
    reason: str = ""
    approval_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class VendOutcome:
    """How it stands after the card was written, or could not be. ``taken`` is the payment."""

    vend_id: UUID
    state: VendState
    taken: PaymentTaken
    problem: str = ""
    """What went wrong with the card, in words; empty when nothing did."""


class DrawerState(StrEnum):
    """Where a card of the demonstration is."""

    DRAWER = "drawer"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class DrawerCard:
    """A card of the demonstration's drawer; ``kind`` names what is special about it (new, in_use, torn, …).

    ``meter_fen`` is what its meter at home has left, ``vend_count`` what stands on the card.
    """

    card_id: str
    kind: str
    state: DrawerState
    serial: str
    account_no: str
    meter_no: str
    vend_count: int
    wallet_fen: int
    meter_count: int
    meter_fen: int


class HomeResult(StrEnum):
    """What a meter at home did with a card, or why it did nothing."""

    CREDITED = "credited"
    PARAMETERS = "parameters"
    OLD_CARD = "old_card"
    NOT_EMPTY = "not_empty"
    ABOVE_LIMIT = "above_limit"
    TOO_FAR = "too_far"
    OTHER_METER = "other_meter"
    NOT_READ = "not_read"


class CardDrawer(Protocol):
    """The demonstration's cards, in memory of this desk; nothing here touches the server."""

    def cards(self) -> tuple[DrawerCard, ...]:
        """All of them, each always in the same place."""
        ...

    def insert(self, card_id: str) -> None:
        """Put it into the reader; what was in there goes back into the drawer."""
        ...

    def pull(self) -> None:
        """Take out whatever is in the reader, also while it is written."""
        ...

    def take_home(self, card_id: str) -> HomeResult:
        """Let its meter take the card and write back; it is pulled first."""
        ...


class Vends(Protocol):
    """Selling power onto cards. Every method blocks; see ``counter.services.ports``."""

    @property
    def drawer(self) -> CardDrawer | None:
        """The cards of the demonstration; None with a real reader."""
        ...

    def slot(self) -> Slot:
        """The reader now; never blocks."""
        ...

    def watch(self, heard: Callable[[Slot], None]) -> Callable[[], None]:
        """Hear of the reader from now on, the present state at once, on any thread; the answer ends it."""
        ...

    def look(self) -> CardSeen:
        """Read the card in the reader and what the books have; raises CardFault (a Refusal) in words."""
        ...

    def books(self, account_no: str) -> CardBooks | None:
        """The books of an account without a card (for opening and replacing one)."""
        ...

    def sell(self, request: SellVend, on_step: Callable[[str], None]) -> VendOutcome:
        """Post the money, write the card, settle; ``on_step`` hears the name of each ``cardio`` step.

        Raises Refusal, ServerUnreachable or OutcomeUnknown only while nothing was written on the card;
        afterwards
        every fault is a VendOutcome.
        """
        ...

    def resume(self, vend_id: UUID, on_step: Callable[[str], None]) -> VendOutcome:
        """Read the card; settle the vend as written, or write it on; another card is refused."""
        ...

    def undo(
        self, vend_id: UUID, request_id: UUID, shift_id: int, reason: str, approval_id: UUID | None = None
    ) -> PaymentTaken:
        """Clear a vend that no meter took from the card, read back, and reverse its payment.

        Raises NeedsApproval when the payment is of another day or clerk; ask with ``undo_subject``.
        """
        ...

    def decide(
        self, vend_id: UUID, request_id: UUID, *, written: bool, reason: str, approval_id: UUID
    ) -> VendState:
        """A supervisor's decision on a vend whose card will not come back."""
        ...

    def replace_card(
        self, account_no: str, request_id: UUID, reason: str, on_step: Callable[[str], None]
    ) -> CardView:
        """Make the card in the reader the one in use: it gets the last count and what was sold with it.

        For a lost or broken card; nothing is sold, and an open vend of the account is settled by it. After a
        fault the same may be asked again.
        """
        ...

    def sign(self, request_id: UUID, business_date: date, note: str) -> int:
        """A supervisor signs for all that is not settled in the hall, so that this day can be closed over it.

        How many that were. Raises Refusal for anybody else.
        """
        ...

    def return_card(self, card_serial: str, request_id: UUID, reason: str) -> None:
        """Clear what is on the card in the reader and end its use; its account can get another one."""
        ...

    def change_meter(
        self, account_no: str, request_id: UUID, meter_no: str, vend_count: int, reason: str
    ) -> None:
        """Another meter hangs at the account; ``vend_count`` is where its count begins."""
        ...

    def subject_of(self, request: SellVend) -> tuple[str, dict[str, Any]]:
        """Action and subject of the question to a supervisor about a sale; the asker adds the reason."""
        ...

    def undo_subject(self, vend_id: UUID, reason: str) -> tuple[str, dict[str, Any]]:
        """The same for undoing a vend."""
        ...

    def decision_subject(self, vend_id: UUID, *, written: bool, reason: str) -> tuple[str, dict[str, Any]]:
        """The same for a decision."""
        ...

    def in_doubt(self) -> tuple[OpenVend, ...]:
        """The hall's vends that are not settled, the oldest first."""
        ...

    def unfinished(self) -> tuple[OpenVend, ...]:
        """Those of them that the caller began, for the offer at sign-in."""
        ...
