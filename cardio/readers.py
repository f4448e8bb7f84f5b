"""What readers want to hear about cards that have no commands of their own: one dialect for each maker.

Memory cards (SLE4442, MIFARE Classic) are addressed through the reader, by pseudo-commands of class FF. Most
are those of PC/SC part 3; where makers differ, it stands in this table. Sources: ACS ACR38/ACR39 and ACR122
reference manuals, HID OMNIKEY developer guides, PC/SC part 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cardio.apdu import Command

READER: Final = 0xFF
_KEY_A: Final = 0x60
_SLE4442: Final = 0x06
BLOCK: Final = 16


@dataclass(frozen=True, slots=True)
class Dialect:
    """One maker's way. ``marks`` are parts of the names of its readers, in lower case."""

    name: str
    marks: tuple[str, ...]
    write_memory: int
    """Instruction that writes the memory of an SLE4442."""
    key_place: int
    """P1 of LOAD KEYS: 00 for this session, 20 for a reader that keeps keys of its own."""

    # --- SLE4442 ------------------------------------------------------------------------------------

    def select_sle4442(self) -> Command:
        """Say which card it is: without it the reader takes no other command for it."""
        return Command(READER, 0xA4, 0x00, 0x00, bytes((_SLE4442,)))

    def read_memory(self, address: int, length: int) -> Command:
        """``length`` bytes of the main memory."""
        return Command(READER, 0xB0, 0x00, address, le=length)

    def read_error_counter(self) -> Command:
        """The first byte of the answer has a bit for each try that is left."""
        return Command(READER, 0xB1, 0x00, 0x00, le=256)

    def present_code(self, code: bytes) -> Command:
        """The three bytes that open the memory for writing."""
        return Command(READER, 0x20, 0x00, 0x00, code, secret=True)

    def write_memory_at(self, address: int, data: bytes) -> Command:
        """Write from ``address`` on; the reader takes 2.5 ms a byte or more."""
        return Command(READER, self.write_memory, 0x00, address, data)

    # --- MIFARE Classic -----------------------------------------------------------------------------

    def read_uid(self) -> Command:
        """The card's own number."""
        return Command(READER, 0xCA, 0x00, 0x00, le=256)

    def load_key(self, key: bytes) -> Command:
        """Into the reader's place 0."""
        return Command(READER, 0x82, self.key_place, 0x00, key, secret=True)

    def authenticate_block(self, block: int) -> Command:
        """Open the sector of ``block`` with the key in place 0 as its key A."""
        return Command(READER, 0x86, 0x00, 0x00, bytes((0x01, 0x00, block, _KEY_A, 0x00)))

    def read_block(self, block: int) -> Command:
        """16 bytes."""
        return Command(READER, 0xB0, 0x00, block, le=BLOCK)

    def write_block(self, block: int, data: bytes) -> Command:
        """16 bytes."""
        return Command(READER, 0xD6, 0x00, block, data)


ACS: Final = Dialect("acs", marks=("acs", "acr"), write_memory=0xD0, key_place=0x00)
OMNIKEY: Final = Dialect("omnikey", marks=("omnikey", "hid global"), write_memory=0xD6, key_place=0x20)
GENERIC: Final = Dialect("generic", marks=(), write_memory=0xD6, key_place=0x00)
"""PC/SC part 3 to the letter; a profile names it for a reader of no known maker."""
DIALECTS: Final = (ACS, OMNIKEY, GENERIC)


def dialect_of(reader: str, wanted: str = "auto") -> Dialect:
    """By its name, or by the reader's, which is ACS where it tells nothing; raises ValueError."""
    if wanted != "auto":
        named = next((dialect for dialect in DIALECTS if dialect.name == wanted), None)
        if named is None:
            raise ValueError(f"no dialect {wanted}")
        return named
    lower = reader.lower()
    return next((dialect for dialect in DIALECTS if any(mark in lower for mark in dialect.marks)), ACS)
