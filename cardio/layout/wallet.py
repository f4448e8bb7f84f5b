"""File 82: the credit for the meter and the count of vends. 8 bytes, binary, no frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cardio.errors import Garbled

SIZE: Final = 8


@dataclass(frozen=True, slots=True)
class Wallet:
    """The credit in fen, and which vend it is: the meter loads the count that follows its own, once."""

    amount_fen: int
    vend_count: int


def decode(raw: bytes) -> Wallet:
    """The file as values; raises Garbled for another length: the wallet has no checksum."""
    if len(raw) != SIZE:
        raise Garbled("a wallet of another length")
    return Wallet(int.from_bytes(raw[:4], "big"), int.from_bytes(raw[4:], "big"))


def encode(value: Wallet) -> bytes:
    """The file as it stands on the card; raises ValueError for a value that has no room."""
    try:
        return value.amount_fen.to_bytes(4, "big") + value.vend_count.to_bytes(4, "big")
    except OverflowError:
        raise ValueError("no room in the wallet") from None
