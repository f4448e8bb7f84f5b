"""Open bills of the demonstration bureau: mostly of the last months, with a tail of three years.

One account (``MANY_BILLS_SERIAL``) owes 240 bills, the longest list that a screen must cope with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from counter.services.demo_data.accounts import Account
from counter.services.demo_data.chance import weighted

MANY_BILLS_SERIAL, MANY_BILLS = 1, 240
USUAL_BILLS_PER_ACCOUNT = 3
_COUNT_WEIGHTS = {0: 80, 1: 180, 2: 360, 3: 200, 4: 85, 5: 30, 6: 18, 9: 12, 12: 10, 18: 7, 24: 6, 36: 12}
"""How many of 1,000 accounts have how many open bills; the mean is 3."""

_DUE_DAY = 25
_HOME_PRICE, _FIRM_PRICE = 5_283, 8_311
"""Hundredths of a fen for a kWh."""

_LARGE_KWH, _LARGE_FIRM_PARTS = 50_000, 3
"""A large firm settles three times a month; the rule says from 100,000 kWh, which too few would reach."""


@dataclass(frozen=True, slots=True)
class Period:
    """A billing month and the texts that it has in the file."""

    text: str
    due: str


class Bills:
    """Makes the bills of account after account."""

    def __init__(self, chance: Random, as_of: date, bills_per_account: int) -> None:
        """``as_of`` is the day on which the newest bill is about to fall due or just has."""
        self._chance = chance
        self._periods = _periods(as_of)
        self._many = MANY_BILLS if bills_per_account else 0
        usual = USUAL_BILLS_PER_ACCOUNT
        self._counts = [
            min(MANY_BILLS, (count * bills_per_account + usual - 1) // usual)
            for count in weighted(_COUNT_WEIGHTS, 10)
        ]

    def make(self, serial: int, account: Account) -> Iterator[tuple[Period, int, int, int]]:
        """(period, part, kWh, fen) of each bill, the newest first; a closed account keeps old ones only."""
        bits = self._chance.getrandbits
        count = self._many if serial == MANY_BILLS_SERIAL else self._counts[bits(10)]
        if not count:
            return
        home = account.residential
        usual_kwh = 40 + bits(8) + bits(7) if home else 200 + bits(12) * (1 + bits(4))
        price = _HOME_PRICE if home else _FIRM_PRICE
        parts = _LARGE_FIRM_PARTS if not home and usual_kwh > _LARGE_KWH else 1
        start = 0 if account.active else 6
        for period in self._periods[start : start + count]:
            for part in range(1, parts + 1):
                kwh = usual_kwh + bits(6)
                yield period, part, kwh, kwh * price // 100


def _periods(as_of: date) -> list[Period]:
    """The billing months before ``as_of``, newest first; each falls due in the month after it."""
    months = as_of.year * 12 + as_of.month - 1
    return [
        Period(_month_text(month - 1), f"{_month_text(month)}-{_DUE_DAY:02d}")
        for month in range(months, months - MANY_BILLS - 6, -1)
    ]


def _month_text(months: int) -> str:
    """``2026-10`` for a number of months since the year 0."""
    year, month = divmod(months, 12)
    return f"{year:04d}-{month + 1:02d}"
