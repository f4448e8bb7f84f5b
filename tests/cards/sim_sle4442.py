"""An SLE4442 memory card as an ACS reader shows it: 256 bytes, a code of three bytes, three tries, then dead.

The reader answers 9000 to a write whether or not the card took it: the card does not tell. Presenting the
code answers 90 and the error counter: 9007 right, 9000 locked for good, anything else wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests.cards.des import encrypt_two_keys
from tests.cards.sim_card import DEMO_MASTERS, SIZES, SimulatedCard, keys_of, sw
from tests.cards.sim_cpu import Received, received

ATR: Final = bytes.fromhex("3B04A2131091")
HEADER: Final = bytes.fromhex("A2131091")
PROTECTED: Final = 32
MAP_FROM: Final = 32
ACS_WRITE, OMNIKEY_WRITE = 0xD0, 0xD6
_COUNTERS: Final = (0x00, 0x01, 0x03, 0x07)
_TYPE: Final = b"\x06"


def places(first: int) -> dict[str, slice]:
    """Where the files lie, one behind the other."""
    found, start = {}, first
    for name, size in SIZES.items():
        found[name] = slice(start, start + size)
        start += size
    return found


class MemoryCard(SimulatedCard):
    """One card with its reader. ``write_with`` is the reader's instruction: ACS_WRITE or OMNIKEY_WRITE."""

    def __init__(
        self,
        number: bytes,
        *,
        masters: Mapping[str, bytes] = DEMO_MASTERS,
        write_with: int = ACS_WRITE,
        atr: bytes = ATR,
    ) -> None:
        """``number`` has 4 bytes: behind the header they make the serial number of 8."""
        super().__init__(atr)
        assert len(number) == 4
        self.serial = HEADER + number
        self.code = encrypt_two_keys(keys_of(self.serial, masters)["82"], self.serial)[:3]
        self.tries_left = 3
        self.write_with = write_with
        self._memory = bytearray(self.serial + bytes(248))
        self._protected = set(range(8))
        self._places = places(MAP_FROM)
        self._forget()

    def content(self, name: str) -> bytes:
        """A file by name."""
        return bytes(self._memory[self._places[name]])

    def put(self, name: str, data: bytes) -> None:
        """Set a whole file."""
        assert len(data) == SIZES[name]
        self._memory[self._places[name]] = data

    def _forget(self) -> None:
        self._selected = False
        self._verified = False

    def _answer(self, apdu: bytes) -> bytes:
        command = received(apdu)
        if command is None:
            return sw(0x6700)
        if command.cla != 0xFF:
            return sw(0x6E00)
        if command.ins == 0xA4:
            self._selected = command.data == _TYPE
            return sw(0x9000 if self._selected else 0x6A81)
        handlers: dict[int, Callable[[Received], bytes]] = {
            0xB0: self._read,
            0xB1: lambda _command: sw(0x9000, bytes((_COUNTERS[self.tries_left], 0, 0, 0))),
            0x20: self._present,
            self.write_with: self._write,
        }
        handler = handlers.get(command.ins)
        if handler is None:
            return sw(0x6D00)
        return handler(command) if self._selected else sw(0x6985)

    def _read(self, command: Received) -> bytes:
        """Free to everybody; not beyond the end."""
        wanted = command.expected or 256
        if command.p2 + wanted > len(self._memory):
            return sw(0x6B00)
        return sw(0x9000, bytes(self._memory[command.p2 : command.p2 + wanted]))

    def _present(self, command: Received) -> bytes:
        """The error counter falls first; a dead card says so to the right code, too."""
        if len(command.data) != len(self.code):
            return sw(0x6700)
        if self.tries_left:
            right = self._tried("code", accepted=command.data == self.code)
            self.tries_left = 3 if right else self.tries_left - 1
            self._verified = right
        else:
            self._tried("code", accepted=False)
        return sw(0x9000 | _COUNTERS[self.tries_left])

    def _write(self, command: Received) -> bytes:
        """Nothing without the code, nothing on protected bytes, and 9000 all the same."""
        end = command.p2 + len(command.data)
        if not command.data or end > len(self._memory):
            return sw(0x6B00)
        if self._verified and self.tries_left:
            kept = {place: self._memory[place] for place in self._protected}
            self._store(self._memory, command.p2, command.data)
            for place, byte in kept.items():
                self._memory[place] = byte
        return sw(0x9000)
