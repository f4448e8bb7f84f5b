"""File 85: what the meter writes when it takes the card. 49 bytes or more, framed, command 11.

The desk clears it with every vend; that it is filled again is the proof that a meter loaded the vend. Some
grids use another file and a longer one: what stands behind the known part is kept as ``rest``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cardio.errors import Garbled
from cardio.layout import bcd, frame

SIZE: Final = 49
COMMAND: Final = 0x11


@dataclass(frozen=True, slots=True)
class MeterReport:
    """The file. Amounts in fen; numbers without their filling zeros; ``written_at`` YYMMDDhhmm."""

    user_type: int
    ct_ratio: int
    pt_ratio: int
    meter_no: str
    account_no: str
    remaining_fen: int
    vend_count: int
    overdraft_fen: int
    key_info: bytes
    illegal_inserts: int
    written_at: str
    rest: bytes = b""


def is_empty(raw: bytes) -> bool:
    """Whether no meter wrote since it was cleared: no frame begins here, and bytes 5 to 7 are zero."""
    return len(raw) >= SIZE and raw[0] != frame.START and not any(raw[5:8])


def decode(raw: bytes) -> MeterReport:
    """The file as values; raises Garbled, for an empty one too (ask ``is_empty`` first)."""
    if len(raw) < SIZE:
        raise Garbled("a write-back of another length")
    frame.unwrap(raw, COMMAND, len(raw) - frame.HEAD - frame.TAIL)
    return MeterReport(
        user_type=raw[4],
        ct_ratio=bcd.number(raw[5:8]),
        pt_ratio=bcd.number(raw[8:11]),
        meter_no=bcd.label(raw[11:17]),
        account_no=bcd.label(raw[17:23]),
        remaining_fen=int.from_bytes(raw[23:27], "big"),
        vend_count=int.from_bytes(raw[27:31], "big"),
        overdraft_fen=bcd.number(raw[31:35]),
        key_info=raw[35:39],
        illegal_inserts=bcd.number(raw[39:42]),
        written_at=bcd.decode(raw[42:47]),
        rest=raw[47 : -frame.TAIL],
    )


def encode(value: MeterReport) -> bytes:
    """The file as a meter writes it; raises ValueError for a value that has no room."""
    known = b"".join(
        (
            bytes((value.user_type,)),
            bcd.pack(value.ct_ratio, 3),
            bcd.pack(value.pt_ratio, 3),
            bcd.pack_label(value.meter_no),
            bcd.pack_label(value.account_no),
            _binary(value.remaining_fen),
            _binary(value.vend_count),
            bcd.pack(value.overdraft_fen, 4),
            value.key_info,
            bcd.pack(value.illegal_inserts, 3),
            bcd.encode(value.written_at),
        )
    )
    if len(known) != SIZE - frame.HEAD - frame.TAIL:
        raise ValueError("a write-back with a part of a wrong length")
    return frame.encode(frame.Frame(COMMAND, known + value.rest))


def _binary(value: int) -> bytes:
    """Four bytes; ValueError when it has no room."""
    try:
        return value.to_bytes(4, "big")
    except OverflowError:
        raise ValueError("no room in the write-back") from None
