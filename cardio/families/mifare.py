"""MIFARE Classic 1K through PC/SC part 3: sectors of four blocks, the fourth with the keys, never touched.

There are no tries to lose, and every failure is answered by 6300.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cardio.apdu import Command
from cardio.errors import AccessRefused, CardRefused, Garbled, UnknownCard
from cardio.families.answers import data_of
from cardio.families.packed import key_serial, place, size, unpacked
from cardio.families.plain import CardFiles
from cardio.keys import KeyHolder, KeyName
from cardio.link import Link
from cardio.profiles import Profile
from cardio.readers import BLOCK, dialect_of

KEY_SIZE: Final = 6
BLOCKS_IN_SECTOR: Final = 4


class MifareMedium:
    """One card of this family in an open link."""

    def __init__(self, link: Link, profile: Profile, keys: KeyHolder) -> None:
        """``identify`` comes first."""
        self._link, self._profile, self._keys = link, profile, keys
        self._dialect = dialect_of(link.reader, profile.dialect)
        memory = profile.memory
        self._blocks = [
            sector * BLOCKS_IN_SECTOR + index
            for sector in range(memory.first_sector, memory.last_sector + 1)
            for index in range(BLOCKS_IN_SECTOR - 1)
        ]
        self._open_sector: int | None = None
        self._serial = b""
        self._image = bytearray()

    def identify(self) -> bytes:
        """The number, and the first sector opened: all cards of this make answer alike to reset."""
        self._serial = self.read_serial()
        try:
            self._open(self._blocks[0])
        except AccessRefused as fault:
            raise UnknownCard(f"our key does not open it: {fault.sw:04X}") from None
        return self._serial

    def read_serial(self) -> bytes:
        """Asked of the card; one with a number of another length is not of this profile."""
        uid = data_of(self._link.send(self._dialect.read_uid()), "number")
        if len(uid) != self._profile.serial.length:
            raise UnknownCard(f"a number of {len(uid)} bytes")
        return uid

    def read_files(self) -> CardFiles:
        """Block by block; the image of the blocks is kept for writing."""
        first, last = self._span(0, size(self._profile))
        self._image = bytearray(b"".join(self._read(self._blocks[at]) for at in range(first, last + 1)))
        start = self._profile.memory.offset - first * BLOCK
        return unpacked(bytes(self._image[start : start + size(self._profile)]))

    def more_files(self) -> dict[str, bytes]:
        """Nothing besides."""
        return {}

    def authenticate(self, serial: bytes) -> None:
        """Open the first sector anew, and take the image that blocks with two files in them need."""
        if serial != self._serial:
            raise Garbled("another number")
        self._open_sector = None
        self.read_files()

    def update(self, file: str, data: bytes, sending: Callable[[], None], offset: int = 0) -> None:
        """Write every block that this touches, its neighbours' bytes as they were."""
        first_of_all, _last = self._span(0, size(self._profile))
        first, last = self._span(place(file) + offset, len(data))
        begin = self._profile.memory.offset + place(file) + offset - first_of_all * BLOCK
        self._image[begin : begin + len(data)] = data
        for at in range(first, last + 1):
            start = (at - first_of_all) * BLOCK
            self._write(self._blocks[at], bytes(self._image[start : start + BLOCK]), sending)

    def _span(self, begin: int, length: int) -> tuple[int, int]:
        """First and last place in ``_blocks`` of a part of the packed files."""
        start = self._profile.memory.offset + begin
        return start // BLOCK, (start + length - 1) // BLOCK

    def _read(self, block: int) -> bytes:
        self._open(block)
        return self._said(self._dialect.read_block(block), f"reading of block {block}", BLOCK)

    def _write(self, block: int, data: bytes, sending: Callable[[], None]) -> None:
        self._open(block)
        sending()
        self._said(self._dialect.write_block(block, data), f"writing of block {block}", 0)

    def _open(self, block: int) -> None:
        """Authenticate for the sector of a block, if another one is open."""
        sector = block // BLOCKS_IN_SECTOR
        if sector == self._open_sector:
            return
        self._open_sector = None
        known = key_serial(self._serial)
        challenge = known[:-1] + bytes((known[-1] ^ sector,))
        key = self._keys.cryptogram(KeyName.UPDATE_WALLET, known, challenge)[:KEY_SIZE]
        data_of(self._link.send(self._dialect.load_key(key)), "key into the reader", 0)
        data_of(self._link.send(self._dialect.authenticate_block(block)), f"key of sector {sector}", 0)
        self._open_sector = sector

    def _said(self, command: Command, what: str, length: int) -> bytes:
        """6300 here is no wrong key: the block could not be reached."""
        answer = self._link.send(command)
        if not answer.ok:
            raise CardRefused(what, answer.sw)
        return data_of(answer, what, length)
