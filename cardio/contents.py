"""A card in plain values, whatever its family; and what a vend writes on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto


class CardType(StrEnum):
    """Byte 42 of the parameters file: what the card is for."""

    OPENING = "01"
    PURCHASE = "02"
    REPLACEMENT = "03"


@dataclass(frozen=True, slots=True)
class WriteBack:
    """What the meter wrote when it last took the card."""

    meter_no: str
    account_no: str
    remaining_fen: int
    vend_count: int
    overdraft_fen: int
    illegal_inserts: int
    written_at: str
    """YYMMDDhhmm as the meter's clock had it; ten zeros when it has none."""


@dataclass(frozen=True, slots=True)
class CardContents:
    """One card, read whole. ``writeback`` is None when the meter wrote nothing since the last vend.

    ``raw`` holds every file as it was read, by its name ("81", "82", …, or "memory"); no key is in any of
    them.
    """

    profile: str
    serial: str
    """The card's own number, upper-case hex; identifies the piece of plastic."""
    account_no: str
    meter_no: str
    card_type: CardType
    user_type: int
    wallet_fen: int
    vend_count: int
    alarm1_fen: int
    alarm2_fen: int
    ct_ratio: int
    pt_ratio: int
    writeback: WriteBack | None
    raw: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class VendOrder:
    """What is to stand on the card afterwards; ``amount_fen`` 0 clears a credit."""

    serial: str
    """The plastic it is meant for: any other is refused before the first write."""
    account_no: str
    meter_no: str
    card_type: CardType
    amount_fen: int
    vend_count: int
    user_type: int = 1
    alarm1_fen: int = 2_000
    alarm2_fen: int = 500
    ct_ratio: int = 1
    pt_ratio: int = 1


class Step(Enum):
    """Where a write is, as the screen shows it."""

    CONNECT = auto()
    AUTHENTICATE = auto()
    PARAMETERS = auto()
    WALLET = auto()
    CLEAR_WRITEBACK = auto()
    READ_BACK = auto()
    COMPARE = auto()
