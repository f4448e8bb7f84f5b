"""The frame around most files: ``68 | command | length (2) | data | checksum | 16``.

The length counts the data alone; the checksum is the sum from the command to the last byte of data, modulo
256. Big-endian.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cardio.errors import Garbled

START: Final = 0x68
END: Final = 0x16
HEAD: Final = 4
TAIL: Final = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """What is in a frame."""

    command: int
    data: bytes


def checksum(covered: bytes) -> int:
    """The sum of the bytes, modulo 256."""
    return sum(covered) & 0xFF


def decode(raw: bytes) -> Frame:
    """The frame that fills ``raw`` from end to end; raises Garbled when it is not one."""
    if len(raw) < HEAD + TAIL or raw[0] != START or raw[-1] != END:
        raise Garbled("no frame")
    if int.from_bytes(raw[2:HEAD], "big") != len(raw) - HEAD - TAIL:
        raise Garbled("a frame of another length than it says")
    if checksum(raw[1:-TAIL]) != raw[-TAIL]:
        raise Garbled("a frame with a wrong checksum")
    return Frame(raw[1], raw[HEAD:-TAIL])


def encode(value: Frame) -> bytes:
    """The frame as it stands on the card; raises ValueError for what has no room."""
    try:
        covered = bytes((value.command,)) + len(value.data).to_bytes(2, "big") + value.data
    except OverflowError:
        raise ValueError("no room in a frame") from None
    return bytes((START,)) + covered + bytes((checksum(covered), END))


def unwrap(raw: bytes, command: int, length: int) -> bytes:
    """The data of a frame of this command and with this much data; raises Garbled otherwise."""
    frame = decode(raw)
    if frame.command != command:
        raise Garbled("a frame of another kind")
    if len(frame.data) != length:
        raise Garbled("a frame of another length")
    return frame.data
