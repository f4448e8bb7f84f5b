"""The SAM in the second slot: holds the master keys, gives cryptograms and MACs under a card's own key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.cards.des import card_key, encrypt_two_keys, retail_mac
from tests.cards.sim_card import DEMO_MASTERS, SimulatedCard, sw
from tests.cards.sim_cpu import Received, received

ATR: Final = bytes.fromhex("3B680000") + b"SAM-DMO1"
_CRYPTOGRAM, _MAC = 0x10, 0x12
_KEY_IDS: Final = {0x01: "external", 0x02: "internal", 0x81: "81", 0x82: "82", 0x85: "85"}


class Sam(SimulatedCard):
    """One SAM. ``locked`` names keys that it refuses; ``wrong_mac`` makes it lie."""

    def __init__(self, masters: Mapping[str, bytes] = DEMO_MASTERS, *, atr: bytes = ATR) -> None:
        """Masters that are left out of ``masters`` are unknown to it."""
        super().__init__(atr)
        self.locked: set[str] = set()
        self.wrong_mac = False
        self._masters = dict(masters)

    def content(self, name: str) -> bytes:  # noqa: ARG002
        """A SAM has no file that anybody may read."""
        return b""

    def put(self, name: str, data: bytes) -> None:  # noqa: ARG002
        """Nor one that anybody may write."""
        raise AssertionError(name)

    def _forget(self) -> None:
        """It keeps no session."""

    def _answer(self, apdu: bytes) -> bytes:
        command = received(apdu)
        if command is None:
            return sw(0x6700)
        if command.cla != 0x80:
            return sw(0x6E00)
        if command.ins not in {_CRYPTOGRAM, _MAC}:
            return sw(0x6D00)
        name = _KEY_IDS.get(command.p1)
        if name is None or name not in self._masters:
            return sw(0x6A88)
        if name in self.locked:
            return sw(0x6983)
        return self._compute(name, command)

    def _compute(self, name: str, command: Received) -> bytes:
        """Under the key of the card whose serial number leads the data."""
        serial, rest = command.data[:8], command.data[8:]
        key = card_key(self._masters[name], serial) if len(serial) == 8 else b""
        if command.ins == _CRYPTOGRAM:
            return sw(0x9000, encrypt_two_keys(key, rest)) if len(rest) == 8 else sw(0x6700)
        if len(rest) <= 8:
            return sw(0x6700)
        mac = retail_mac(key, rest[:8], rest[8:])[:4]
        return sw(0x9000, bytes(byte ^ 0xFF for byte in mac) if self.wrong_mac else mac)
