"""Addresses of the demonstration bureau: estates on roads in town, houses of groups in villages.

Every hall has its own 512 estates and 128 villages, so that a road or an estate is shared by many
accounts, as it is in a real bureau, and an address is one draw and one formatting.
"""

from __future__ import annotations

from random import Random

from counter.services.demo_data import words
from counter.services.demo_data.chance import evenly

_ESTATE_BITS, _VILLAGE_BITS = 9, 7
_ROOMS = evenly([f"{floor}{door:02d}室" for floor in range(1, 25) for door in range(1, 5)], 9)


class HallPlaces:
    """The places that one hall serves."""

    def __init__(self, chance: Random, hall_no: int) -> None:
        """Lay them out by chance; the town of the villages goes by the hall."""
        self._chance = chance
        self._estates = [_estate(chance) for _ in range(1 << _ESTATE_BITS)]
        town = words.TOWNS[hall_no % len(words.TOWNS)]
        self._villages = [_village(chance, town) for _ in range(1 << _VILLAGE_BITS)]

    def home(self) -> str:
        """Where a household lives: three in four in town."""
        bits = self._chance.getrandbits
        if bits(2):
            estate, room = self._estates[bits(_ESTATE_BITS)], _ROOMS[bits(9)]
            return f"{estate}{bits(5) + 1}幢{bits(2) + 1}单元{room}"
        return f"{self._villages[bits(_VILLAGE_BITS)]}{bits(4) + 1}组{bits(8) + 1}号"

    def premises(self) -> str:
        """Where a firm is: a number on a road."""
        bits = self._chance.getrandbits
        return f"{_road(self._chance)}{bits(10) + 1}号"


def _road(chance: Random) -> str:
    """A road of the town."""
    return chance.choice(words.STREET_STEMS) + chance.choice(words.STREET_ENDINGS)


def _estate(chance: Random) -> str:
    """An estate with the address of its gate."""
    name = chance.choice(words.COMMUNITY_STEMS) + chance.choice(words.COMMUNITY_ENDINGS)
    return f"{_road(chance)}{chance.randint(1, 1999)}号{name}"


def _village(chance: Random, town: str) -> str:
    """A village of a town."""
    return f"{town}{chance.choice(words.VILLAGE_STEMS)}村"
