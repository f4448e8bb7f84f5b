"""One account of the demonstration bureau: who, where, how they pay, and what they are known for."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from counter.services.demo_data import people, words
from counter.services.demo_data.chance import evenly, weighted
from counter.services.demo_data.places import HallPlaces

HALL_COUNT = 11
_HALL_WEIGHTS = dict(zip(range(1, HALL_COUNT + 1), (18, 14, 12, 11, 10, 9, 8, 7, 5, 4, 2), strict=True))
_HALLS = weighted(_HALL_WEIGHTS, 10)
_MOBILE = evenly("130 131 133 135 136 137 138 139 150 151 152 158 159 177 180 181 186 188 189 199".split(), 6)
_FIRMS, _CLOSED, _NO_PHONE, _LANDLINE = 13, 5, 32, 16
"""How many of 256 accounts are or have this."""

_TENANTS, _HARDSHIP, _CORPORATE, _PAYS_BEFORE = 10, 4, 154, 13
_RISK_EVERY = 7
"""Of the firms, one in so many is a risk customer; by its number, so that nothing else changes."""
"""How many of 256 households, households, firms, accounts billed afterwards are or do this."""

_DISCONNECTED = 3
"""How many of 512 accounts are cut off."""

_MODES = weighted({"postpaid": 80, "prepaid": 15, "card": 5}, 7)
_METER_STEP, _METER_RANGE = 61_803_399, 10**9
"""Meter numbers are scattered: the step is prime to the range, so no number comes twice."""

LONG_NAME_SERIAL = 3
_SHOWN_ACCOUNTS = 10
_SPECIAL_NAMES = {2: "[测试]", LONG_NAME_SERIAL: words.LONG_FIRM_NAME, 4: "王小四", 5: "𬭎䶮𤋮"}
"""The first accounts are those that are shown and tested: see also bills.MANY_BILLS_SERIAL."""


@dataclass(slots=True)
class Account:
    """An account as a line of the file has it; ``prepaid_fen`` is the opening balance, 0 for most."""

    account_no: str
    hall_no: int
    name: str
    address: str
    meter_no: str
    phone: str
    residential: bool
    payment_mode: str
    tenant: bool
    hardship: bool
    disconnected: bool
    corporate_bank: bool
    active: bool
    prepaid_fen: int
    risk_customer: bool


class Accounts:
    """Makes account after account of a bureau of ``HALL_COUNT`` halls."""

    def __init__(self, chance: Random) -> None:
        """Lay out the halls' places first, so that they do not depend on the number of accounts."""
        self._chance = chance
        self._places = {hall_no: HallPlaces(chance, hall_no) for hall_no in _HALL_WEIGHTS}

    def make(self, serial: int) -> Account:
        """The account with this running number (from 0), which is part of its account number."""
        bits = self._chance.getrandbits
        hall_no = _HALLS[bits(10)]
        residential = bits(8) >= _FIRMS and serial != LONG_NAME_SERIAL
        places = self._places[hall_no]
        mode = _MODES[bits(7)]
        return Account(
            account_no=f"{hall_no:02d}{serial:08d}",
            hall_no=hall_no,
            name=_SPECIAL_NAMES.get(serial) or (people.person if residential else people.firm)(self._chance),
            address=places.home() if residential else places.premises(),
            meter_no=f"330{serial * _METER_STEP % _METER_RANGE:09d}",
            phone=_phone(self._chance),
            residential=residential,
            payment_mode=mode,
            tenant=residential and bits(8) < _TENANTS,
            hardship=residential and bits(8) < _HARDSHIP,
            disconnected=bits(9) < _DISCONNECTED,
            corporate_bank=not residential and bits(8) < _CORPORATE,
            active=bits(8) >= _CLOSED or serial < _SHOWN_ACCOUNTS,
            prepaid_fen=_opening_balance_fen(self._chance, mode),
            risk_customer=not residential and serial % _RISK_EVERY == 0,
        )


def _phone(chance: Random) -> str:
    """A mobile number for most, a landline for some, nothing for one in eight."""
    bits = chance.getrandbits
    draw = bits(8)
    if draw < _NO_PHONE:
        return ""
    if draw < _NO_PHONE + _LANDLINE:
        return f"0512-6{bits(23) % 10_000_000:07d}"
    return f"{_MOBILE[bits(6)]}{bits(26) % 100_000_000:08d}"


def _opening_balance_fen(chance: Random, mode: str) -> int:
    """Up to some 650 yuan for those who pay before, and for one in twenty of the others."""
    bits = chance.getrandbits
    return 0 if mode == "card" or (mode == "postpaid" and bits(8) >= _PAYS_BEFORE) else 1_000 + bits(16)
