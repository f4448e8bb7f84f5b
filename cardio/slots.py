"""One reader as the PC/SC service has it: its flags in words, without the service's library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cardio.reader import ReaderState

GONE: Final = 0x0004 | 0x0008
"""The reader is not there (any more)."""

_PRESENT: Final = 0x0020
_HELD: Final = 0x0080 | 0x0100
_MUTE: Final = 0x0200
_COUNTER: Final = 16
_FIRST_BYTES: Final = (b"", b"\x3b", b"\x3f")
"""Of an answer to reset (ISO 7816-3); none yet is no fault."""


@dataclass(frozen=True, slots=True)
class SlotState:
    """Flags as in winscard.h, the service's count of insertions and removals, the answer to reset."""

    reader: str
    flags: int
    count: int
    atr: bytes

    @classmethod
    def told(cls, reader: str, event_state: int, atr: list[int]) -> SlotState:
        """From what SCardGetStatusChange says of it."""
        octets = bytes([number & 0xFF for number in atr])
        return cls(reader, event_state & 0xFFFF, event_state >> _COUNTER & 0xFFFF, octets)

    @property
    def is_gone(self) -> bool:
        """Whether the reader is not there."""
        return bool(self.flags & GONE)

    @property
    def has_card(self) -> bool:
        """Whether something is in it, mute or not."""
        return bool(self.flags & _PRESENT)

    @property
    def is_mute(self) -> bool:
        """Whether what is in it says nothing, or nothing that a card would say first."""
        return bool(self.flags & _MUTE) or self.atr[:1] not in _FIRST_BYTES

    @property
    def is_held(self) -> bool:
        """Whether a program has a connection to the card."""
        return bool(self.flags & _HELD)

    @property
    def state(self) -> ReaderState:
        """In one word; SAM or not does not matter here."""
        if self.is_gone:
            return ReaderState.NO_READER
        if not self.has_card:
            return ReaderState.EMPTY
        if self.is_mute:
            return ReaderState.MUTE
        return ReaderState.BUSY if self.is_held else ReaderState.CARD
