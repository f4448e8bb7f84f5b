"""A MIFARE Classic 1K card as a PC/SC part 3 reader shows it: 16 sectors of 4 blocks, a key for each sector.

The last block of a sector holds its keys. 6300 is the answer to every failure, and the card then has to be
authenticated again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests.cards.des import encrypt_two_keys
from tests.cards.sim_card import DEMO_MASTERS, SIZES, SimulatedCard, keys_of, sw
from tests.cards.sim_cpu import Received, received
from tests.cards.sim_sle4442 import places

ATR: Final = bytes.fromhex("3B8F8001804F0CA000000306030001000000006A")
BLOCK: Final = 16
FAILED: Final = 0x6300
_MAP_SECTORS: Final = range(1, 9)
_MAP_BLOCKS: Final = tuple(sector * 4 + block for sector in _MAP_SECTORS for block in range(3))
_ACCESS: Final = bytes.fromhex("FF078069")
_KEY_A: Final = 0x60
_KEY_SLOTS: Final = 2


def sector_key(uid: bytes, sector: int, masters: Mapping[str, bytes] = DEMO_MASTERS) -> bytes:
    """Key A of a sector of the demonstration: from the number, filled up with zeros on the left."""
    serial = uid.rjust(8, b"\x00")
    mixed = serial[:-1] + bytes((serial[-1] ^ sector,))
    return encrypt_two_keys(keys_of(serial, masters)["82"], mixed)[:6]


class MifareCard(SimulatedCard):
    """One card on its reader; ``uid`` has 4 bytes."""

    def __init__(self, uid: bytes, *, masters: Mapping[str, bytes] = DEMO_MASTERS, atr: bytes = ATR) -> None:
        """Keys A of the mapped sectors are the demonstration's, all others those of the factory."""
        super().__init__(atr)
        assert len(uid) == 4
        self.serial = uid
        self.keys = [b"\xff" * 6] * 16
        for sector in _MAP_SECTORS:
            self.keys[sector] = sector_key(uid, sector, masters)
        self._blocks = [bytearray(BLOCK) for _ in range(64)]
        self._blocks[0][:] = uid + bytes((uid[0] ^ uid[1] ^ uid[2] ^ uid[3],)) + bytes(11)
        self._places = places(0)
        self._forget()

    def content(self, name: str) -> bytes:
        """A file by name, gathered from its blocks."""
        place = self._places[name]
        first = place.start // BLOCK
        blocks = _MAP_BLOCKS[first : -(-place.stop // BLOCK)]
        skipped = first * BLOCK
        return b"".join([self._blocks[block] for block in blocks])[
            place.start - skipped : place.stop - skipped
        ]

    def put(self, name: str, data: bytes) -> None:
        """Set a whole file."""
        assert len(data) == SIZES[name]
        whole = bytearray(b"".join(bytes(self._blocks[block]) for block in _MAP_BLOCKS))
        whole[self._places[name]] = data
        for number, block in enumerate(_MAP_BLOCKS):
            self._blocks[block][:] = whole[number * BLOCK : (number + 1) * BLOCK]

    def _forget(self) -> None:
        self._open_sector: int | None = None
        self._loaded: dict[int, bytes] = {}

    def _answer(self, apdu: bytes) -> bytes:
        command = received(apdu)
        if command is None:
            return sw(0x6700)
        if command.cla != 0xFF:
            return sw(0x6E00)
        handlers: dict[int, Callable[[Received], bytes]] = {
            0xCA: lambda _command: sw(0x9000, self.serial),
            0x82: self._load_key,
            0x86: self._authenticate,
            0xB0: self._read,
            0xD6: self._write,
        }
        handler = handlers.get(command.ins)
        return sw(0x6D00) if handler is None else handler(command)

    def _failed(self) -> bytes:
        """The card has fallen back to where it was before any key."""
        self._open_sector = None
        return sw(FAILED)

    def _load_key(self, command: Received) -> bytes:
        """Into one of the reader's places for keys."""
        if len(command.data) != 6 or command.p2 >= _KEY_SLOTS:
            return sw(FAILED)
        self._loaded[command.p2] = command.data
        return sw(0x9000)

    def _authenticate(self, command: Received) -> bytes:
        """One sector at a time, with its key A."""
        if len(command.data) != 5 or command.data[:2] != b"\x01\x00" or command.data[2] >= len(self._blocks):
            return self._failed()
        sector, kind, place = command.data[2] // 4, command.data[3], command.data[4]
        right = kind == _KEY_A and self._loaded.get(place) == self.keys[sector]
        if not self._tried(f"sector {sector}", accepted=right):
            return self._failed()
        self._open_sector = sector
        return sw(0x9000)

    def _read(self, command: Received) -> bytes:
        """A whole block; keys are never shown."""
        if not self._is_open(command.p2) or command.expected != BLOCK:
            return self._failed()
        if command.p2 % 4 == 3:
            return sw(0x9000, bytes(6) + _ACCESS + bytes(6))
        return sw(0x9000, bytes(self._blocks[command.p2]))

    def _write(self, command: Received) -> bytes:
        """A whole block; neither the maker's nor, on an issued card, one that holds keys."""
        writable = command.p2 != 0 and command.p2 % 4 != 3
        if not (self._is_open(command.p2) and writable and len(command.data) == BLOCK):
            return self._failed()
        self._store(self._blocks[command.p2], 0, command.data)
        return sw(0x9000)

    def _is_open(self, block: int) -> bool:
        """Whether the block lies in the sector whose key was right."""
        return block < len(self._blocks) and self._open_sector == block // 4
