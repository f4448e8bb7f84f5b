"""File 81: whose card it is, for which meter, and what the meter is told. 45 bytes, framed, command 01."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cardio.contents import CardType
from cardio.errors import Garbled
from cardio.layout import bcd, frame

SIZE: Final = 45
COMMAND: Final = 0x01
UPDATE_PARAMETERS: Final = 0x80
"""Bit 7 of the update flags: the meter is to take alarms and ratios from this file."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The file. Amounts in fen; numbers without their filling zeros.

    ``user_type``: 1 single price, 2 time of use, 3 tiered, 4 both. ``tariff_switch``: YYMMDDhhmm. The two
    ``reserved`` parts are kept as they were found.
    """

    user_type: int
    update_flags: int
    alarm1_fen: int
    alarm2_fen: int
    ct_ratio: int
    pt_ratio: int
    meter_no: str
    account_no: str
    card_type: CardType
    tariff_switch: str = "0" * 10
    reserved: bytes = bytes(4)
    reserved_after_switch: bytes = bytes(1)


def decode(raw: bytes) -> Parameters:
    """The file as values; raises Garbled."""
    if len(raw) != SIZE:
        raise Garbled("parameters of another length")
    frame.unwrap(raw, COMMAND, SIZE - frame.HEAD - frame.TAIL)
    return Parameters(
        user_type=raw[4],
        update_flags=raw[5],
        reserved=raw[6:10],
        tariff_switch=bcd.decode(raw[10:15]),
        reserved_after_switch=raw[15:16],
        alarm1_fen=bcd.number(raw[16:20]),
        alarm2_fen=bcd.number(raw[20:24]),
        ct_ratio=bcd.number(raw[24:27]),
        pt_ratio=bcd.number(raw[27:30]),
        meter_no=bcd.label(raw[30:36]),
        account_no=bcd.label(raw[36:42]),
        card_type=_card_type(raw[42]),
    )


def encode(value: Parameters) -> bytes:
    """The file as it stands on the card; raises ValueError for a value that has no room."""
    data = b"".join(
        (
            bytes((value.user_type, value.update_flags)),
            value.reserved,
            bcd.encode(value.tariff_switch),
            value.reserved_after_switch,
            bcd.pack(value.alarm1_fen, 4),
            bcd.pack(value.alarm2_fen, 4),
            bcd.pack(value.ct_ratio, 3),
            bcd.pack(value.pt_ratio, 3),
            bcd.pack_label(value.meter_no),
            bcd.pack_label(value.account_no),
            bytes.fromhex(value.card_type),
        )
    )
    if len(data) != SIZE - frame.HEAD - frame.TAIL:
        raise ValueError("parameters with a part of a wrong length")
    return frame.encode(frame.Frame(COMMAND, data))


def _card_type(byte: int) -> CardType:
    """Byte 42; Garbled for a type that is not known."""
    try:
        return CardType(f"{byte:02X}")
    except ValueError:
        raise Garbled("a card type that is not known") from None
