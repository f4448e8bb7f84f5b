"""A desk without a database: the smallest honest books around the real card library and the real tables.

It books first, writes then, and settles what is in doubt by reading the card. ``money_is_whole`` is the one
question that every test asks at every instant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from cardio.contents import CardContents, CardType, Step, VendOrder
from cardio.errors import CardError, CardLost, Damaged, ReaderStuck
from cardio.families import Card, open_card
from cardio.keys import KeyHolder
from cardio.keys.demonstration import DemonstrationKeys
from cardio.link.fake import FakeLink
from cardio.link.pcsc import PcscLink
from cardio.profiles.loading import load_profiles
from counter.domain.vends import BookFacts, CardFacts, CardMeaning, VendEvent, VendState, after, meaning
from tests.cards.sim_card import Silent, SimulatedCard, Torn
from tests.cards.sim_files import amount_and_count, is_empty
from tests.cards.sim_meter import Meter
from tests.cards.vpcd import Pluggable

OnStep = Callable[[Step], None]
PROFILES = load_profiles()


def quietly(_step: Step) -> None:
    """Nobody watches the steps."""


class Reader(Protocol):
    """What of ``cardio.reader.Reader`` a desk needs to sell."""

    def read(self) -> CardContents:
        """The card that is in."""
        ...

    def write(self, order: VendOrder, on_step: OnStep) -> CardContents:
        """On the card that is in."""
        ...


class DirectReader:
    """The library on a simulated card without a reader between; a new connection for each operation."""

    def __init__(self, card: Pluggable, keys: KeyHolder | None = None) -> None:
        """``card`` may be changed: that is another card put in."""
        self.card = card
        self._keys = keys or DemonstrationKeys()

    def read(self) -> CardContents:
        """See Reader."""
        return self._open().read()

    def write(self, order: VendOrder, on_step: OnStep) -> CardContents:
        """See Reader."""
        return self._open().write(order, on_step)

    def _open(self) -> Card:
        link = FakeLink(self._answer, atr=self.card.power_on(), reader="ACS ACR38U")
        return open_card(link, PROFILES, self._keys)

    def _answer(self, apdu: bytes) -> bytes:
        try:
            return self.card.answer(apdu)
        except Torn as fault:
            raise CardLost("torn") from fault
        except Silent as fault:
            raise ReaderStuck("no answer") from fault


class PcscReader:
    """The library on the real PC/SC service; a new connection for each operation."""

    def __init__(self, name: str, keys: KeyHolder | None = None) -> None:
        """``name`` as the service has it."""
        self._name = name
        self._keys = keys or DemonstrationKeys()

    def read(self) -> CardContents:
        """See Reader."""
        with PcscLink(self._name) as link:
            return open_card(link, PROFILES, self._keys).read()

    def write(self, order: VendOrder, on_step: OnStep) -> CardContents:
        """See Reader."""
        with PcscLink(self._name) as link:
            return open_card(link, PROFILES, self._keys).write(order, on_step)


@dataclass(slots=True)
class Booked:
    """One vend in the books."""

    order: VendOrder
    state: VendState = VendState.PENDING


class Refused(Exception):
    """The desk does not do it, and nothing was written; says why."""


@dataclass(slots=True)
class Desk:
    """The books of one account; ``vend_count`` is the last count that was booked."""

    account_no: str
    meter_no: str
    vend_count: int
    vends: list[Booked] = field(default_factory=list)
    on_booked: Callable[[], None] = lambda: None
    last_fault: CardError | None = None

    @property
    def booked_fen(self) -> int:
        """All money that was taken for vends here."""
        return sum(vend.order.amount_fen for vend in self.vends)

    @property
    def unsettled(self) -> Booked | None:
        """The vend that stands in the way of another."""
        return next((vend for vend in self.vends if not vend.state.settled), None)

    def sell(self, reader: Reader, amount_fen: int, on_step: OnStep = quietly) -> Booked:
        """Read, compare, book, write. A fault leaves the vend pending or in doubt; it is not raised."""
        if self.unsettled is not None:
            raise Refused("another vend is open")
        card = reader.read()
        if (found := self._meaning(card)) is not CardMeaning.READY:
            raise Refused(found)
        self.vend_count += 1
        vend = Booked(
            VendOrder(
                serial=card.serial,
                account_no=self.account_no,
                meter_no=self.meter_no,
                card_type=CardType.PURCHASE,
                amount_fen=amount_fen,
                vend_count=self.vend_count,
            )
        )
        self.vends.append(vend)
        self.on_booked()
        self._write(vend, reader, on_step)
        return vend

    def resume(self, reader: Reader, on_step: OnStep = quietly) -> VendState:
        """What a desk does with a vend that is not settled, as soon as a card is in."""
        vend = self.unsettled
        assert vend is not None
        try:
            card = reader.read()
        except Damaged as fault:
            if fault.serial != vend.order.serial:
                raise Refused("another card") from fault
        else:
            if card.serial != vend.order.serial:
                raise Refused("another card")
            if _holds(card, vend.order):
                vend.state = after(vend.state, VendEvent.READ_BACK_AGREES)
                return vend.state
        self._write(vend, reader, on_step)
        return vend.state

    def _meaning(self, card: CardContents) -> CardMeaning:
        back = card.writeback
        facts = CardFacts(
            account_no=card.account_no,
            meter_no=card.meter_no,
            vend_count=card.vend_count,
            wallet_fen=card.wallet_fen,
            writeback_count=None if back is None else back.vend_count,
        )
        return meaning(facts, BookFacts(self.account_no, self.meter_no, self.vend_count))

    def _write(self, vend: Booked, reader: Reader, on_step: OnStep) -> None:
        """Intent first, then the card; whether a fault leaves a doubt is what the fault says."""
        try:
            card = reader.write(vend.order, on_step)
        except CardError as fault:
            self.last_fault = fault
            if fault.maybe_written:
                vend.state = after(_writing(vend), VendEvent.FAULT_AFTER_WRITE)
        else:
            assert _holds(card, vend.order)
            vend.state = after(_writing(vend), VendEvent.READ_BACK_AGREES)


def _writing(vend: Booked) -> VendState:
    """The state from the first write on."""
    return after(vend.state, VendEvent.WRITE_BEGAN)


def _holds(card: CardContents, order: VendOrder) -> bool:
    """Whether the credit stands on the card ready for the meter, or went through it already."""
    credit = (card.wallet_fen, card.vend_count) == (order.amount_fen, order.vend_count)
    owner = (card.account_no, card.meter_no) == (order.account_no, order.meter_no)
    return credit and owner and (card.writeback is None or card.writeback.vend_count == order.vend_count)


def money_is_whole(desk: Desk, card: SimulatedCard, meter: Meter, loaded_before_fen: int) -> None:
    """Booked = loaded by the meter + ready on the card + open in the books; nothing twice."""
    loaded = {credit.vend_count: credit.amount_fen for credit in meter.loaded}
    amount_fen, count = amount_and_count(card.content("82"))
    ready = {count: amount_fen} if is_empty(card.content("85")) and count not in loaded else {}
    opened = 0
    for vend in desk.vends:
        order = vend.order
        where = loaded.get(order.vend_count, ready.get(order.vend_count))
        if vend.state is VendState.WRITTEN:
            assert where == order.amount_fen, f"count {order.vend_count} is written and nowhere"
        opened += order.amount_fen if order.vend_count not in loaded and not vend.state.settled else 0
    written = sum(
        vend.order.amount_fen
        for vend in desk.vends
        if vend.state.settled and vend.order.vend_count not in loaded
    )
    assert desk.booked_fen == meter.loaded_fen - loaded_before_fen + written + opened
    assert not card.credit_came_back()
    pending = len(desk.vends) == 1 and desk.vends[0].state is VendState.PENDING
    assert not (pending and card.stores), "pending says that nothing was written"
