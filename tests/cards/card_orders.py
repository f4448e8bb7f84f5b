"""What the tests of card families have in common: an order, a link into a simulated card, faults in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cardio.contents import CardType, VendOrder
from cardio.errors import CardLost
from cardio.families import Card, open_card
from cardio.keys import KeyHolder
from cardio.keys.demonstration import DemonstrationKeys
from cardio.link.fake import FakeLink
from cardio.profiles.loading import load_profiles
from tests.cards.sim_card import SimulatedCard

PROFILES = load_profiles()
ORDER = VendOrder(
    serial="1122334455667788",
    account_no="2010078288",
    meter_no="250366809",
    card_type=CardType.PURCHASE,
    amount_fen=10_000,
    vend_count=9,
)

Change = Callable[[bytes, bytes], bytes]
"""From a command and the card's answer, the answer that arrives."""


@dataclass
class Wire:
    """A card in a reader, every command counted; ``changes`` disturbs the answer to a command by its number.

    Commands are counted from 1, over all links of this wire.
    """

    card: SimulatedCard
    changes: dict[int, Change] = field(default_factory=dict)
    before: dict[int, Callable[[], None]] = field(default_factory=dict)
    sent: list[bytes] = field(default_factory=list)
    reader: str = "ACS ACR38U"

    def link(self) -> FakeLink:
        """A new connection: the card is reset."""
        return FakeLink(self.answer, atr=self.card.power_on(), reader=self.reader)

    def answer(self, command: bytes) -> bytes:
        """One command, disturbed where it is asked for."""
        self.sent.append(command)
        number = len(self.sent)
        if number in self.before:
            self.before[number]()
        reply = self.card.answer(command)
        change = self.changes.get(number)
        return change(command, reply) if change else reply

    def open(self, keys: KeyHolder | None = None) -> Card:
        """The card as the program opens it."""
        return open_card(self.link(), PROFILES, keys or DemonstrationKeys())

    def write(self, order: VendOrder = ORDER, keys: KeyHolder | None = None) -> Card:
        """Open and write."""
        card = self.open(keys)
        card.write(order, lambda _step: None)
        return card


def says(sw: int) -> Change:
    """The card did it, and this status word arrives."""
    return lambda _command, _reply: sw.to_bytes(2, "big")


def torn(_command: bytes, _reply: bytes) -> bytes:
    """The card did it, and nothing arrives."""
    raise CardLost("torn")


def order(**changes: object) -> VendOrder:
    """The usual order with something else in it."""
    return replace(ORDER, **changes)  # type: ignore[arg-type]
