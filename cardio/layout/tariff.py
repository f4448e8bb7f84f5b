"""Files 83 and 84: the tariff in force and the one that follows. 258 bytes, framed, command 01."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cardio.errors import Garbled
from cardio.layout import bcd, frame

SIZE: Final = 258
COMMAND: Final = 0x01
PRICES: Final = 32
TIER_LIMITS: Final = 6
TIER_PRICES: Final = 7
SETTLEMENT_DAYS: Final = 4


@dataclass(frozen=True, slots=True)
class Tariff:
    """The file. Prices in 0.0001 yuan a kWh, limits in 0.01 kWh, days MMDDhh, ``switch_time`` YYMMDDhhmm.

    ``switch_time`` means something in file 84 only; ``rest`` is unused and kept as it was found.
    """

    prices: tuple[int, ...]
    tier_limits: tuple[int, ...]
    tier_prices: tuple[int, ...]
    settlement_days: tuple[str, ...]
    switch_time: str = "0" * 10
    rest: bytes = bytes(55)


def decode(raw: bytes) -> Tariff:
    """The file as values; raises Garbled."""
    if len(raw) != SIZE:
        raise Garbled("a tariff of another length")
    frame.unwrap(raw, COMMAND, SIZE - frame.HEAD - frame.TAIL)
    return Tariff(
        prices=_numbers(raw[4:132]),
        tier_limits=_numbers(raw[132:156]),
        tier_prices=_numbers(raw[156:184]),
        settlement_days=tuple(bcd.decode(raw[at : at + 3]) for at in range(184, 196, 3)),
        switch_time=bcd.decode(raw[196:201]),
        rest=raw[201:256],
    )


def encode(value: Tariff) -> bytes:
    """The file as it stands on the card; raises ValueError for a value that has no room."""
    counts = tuple(map(len, (value.prices, value.tier_limits, value.tier_prices, value.settlement_days)))
    if counts != (PRICES, TIER_LIMITS, TIER_PRICES, SETTLEMENT_DAYS):
        raise ValueError("a tariff with too few or too many parts")
    numbers = (*value.prices, *value.tier_limits, *value.tier_prices)
    data = b"".join(
        (
            *(bcd.pack(number, 4) for number in numbers),
            *(bcd.encode(day) for day in value.settlement_days),
            bcd.encode(value.switch_time),
            value.rest,
        )
    )
    if len(data) != SIZE - frame.HEAD - frame.TAIL:
        raise ValueError("a tariff with a part of a wrong length")
    return frame.encode(frame.Frame(COMMAND, data))


def _numbers(raw: bytes) -> tuple[int, ...]:
    """Numbers of four bytes each."""
    return tuple(bcd.number(raw[at : at + 4]) for at in range(0, len(raw), 4))
