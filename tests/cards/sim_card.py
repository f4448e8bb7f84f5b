"""What simulated cards have in common: power, one answer for one command, memory that can be disturbed.

Invariants: content survives the loss of power, a session does not; every try of a key or code is noted
with its outcome, and every wallet that was written whole. What stores goes through ``_store``, so that a
fault can decide what of it arrives.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from tests.cards.des import card_key

Stored = Callable[[bytes, bytes], bytes]
"""From what stood there and what should, what stands there afterwards."""

DEMO_MASTERS: Final[Mapping[str, bytes]] = MappingProxyType(
    {
        "external": b"COUNTER-DEMO-EXT",
        "internal": b"COUNTER-DEMO-INT",
        "81": b"COUNTER-DEMO-U81",
        "82": b"COUNTER-DEMO-U82",
        "85": b"COUNTER-DEMO-U85",
    }
)

SIZES: Final[Mapping[str, int]] = MappingProxyType({"81": 45, "82": 8, "85": 49})


class Torn(Exception):
    """The card left the slot: there is no answer to this command."""


class Silent(Exception):
    """The card keeps its power and never answers."""


def sw(status: int, data: bytes = b"") -> bytes:
    """An answer: data and the two bytes of the status word."""
    return data + status.to_bytes(2)


def keys_of(serial: bytes, masters: Mapping[str, bytes] = DEMO_MASTERS) -> dict[str, bytes]:
    """The keys of the card with this serial number, by what they are for."""
    return {name: card_key(master, serial) for name, master in masters.items()}


class SimulatedCard(ABC):
    """One piece of plastic."""

    def __init__(self, atr: bytes) -> None:
        """New and without power."""
        self.atr = atr
        self.powered = False
        self.disturb_next_store: Stored | None = None
        self.tries: list[tuple[str, bool]] = []
        self.wallets: list[bytes] = []
        self.stores = 0
        self._stored_whole = False

    def power_on(self) -> bytes:
        """The answer to reset; empty for a card that is mute."""
        self.power_off()
        self.powered = True
        return self.atr

    def power_off(self) -> None:
        """Everything that a session had is forgotten."""
        self.powered = False
        self._forget()

    def answer(self, apdu: bytes) -> bytes:
        """What comes back: at least a status word. Raises Torn or Silent for no answer at all."""
        assert self.powered, "a command to a card without power"
        self._stored_whole = False
        before = self.content("82")
        reply = self._answer(apdu)
        wallet = self.content("82")
        if self._stored_whole and before != wallet:
            self.wallets.append(wallet)
        return reply

    def tried_again_after_refusal(self) -> bool:
        """Whether a key or code was tried again after the card had refused it."""
        refused: set[str] = set()
        for name, accepted in self.tries:
            if name in refused:
                return True
            if not accepted:
                refused.add(name)
        return False

    def credit_came_back(self) -> bool:
        """Whether a credit was written after one with a higher count had stood on the card."""
        highest = 0
        for wallet in self.wallets:
            amount_fen, count = int.from_bytes(wallet[:4]), int.from_bytes(wallet[4:])
            if amount_fen and count < highest:
                return True
            highest = max(highest, count)
        return False

    @abstractmethod
    def content(self, name: str) -> bytes:
        """A file of the card as it stands in its memory, by name: 81, 82 or 85 (a meter reads so)."""

    @abstractmethod
    def put(self, name: str, data: bytes) -> None:
        """Set a file without any condition (a meter and the factory write so)."""

    @abstractmethod
    def _answer(self, apdu: bytes) -> bytes: ...

    @abstractmethod
    def _forget(self) -> None: ...

    def _store(self, memory: bytearray, offset: int, data: bytes) -> None:
        """Write, as far as a fault lets it."""
        self.stores += 1
        disturb, self.disturb_next_store = self.disturb_next_store, None
        self._stored_whole = disturb is None
        end = offset + len(data)
        memory[offset:end] = disturb(bytes(memory[offset:end]), data) if disturb else data

    def _tried(self, name: str, *, accepted: bool) -> bool:
        """Note the try of a key or code."""
        self.tries.append((name, accepted))
        return accepted
