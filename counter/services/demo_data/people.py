"""Names of people and firms for the demonstration bureau."""

from __future__ import annotations

from random import Random

from counter.services.demo_data import words
from counter.services.demo_data.chance import evenly, weighted

_SURNAMES = weighted(words.SURNAMES, 12)
_GIVEN = evenly(words.GIVEN_CHARACTERS, 9)
_RARE = evenly(words.RARE_CHARACTERS, 4)
_MINORITY = evenly(words.MINORITY_NAMES, 3)
_FIRM_TOWNS = evenly(words.FIRM_TOWNS, 3)
_FIRM_STEMS = evenly(words.FIRM_STEMS, 7)
_FIRM_TRADES = evenly(words.FIRM_TRADES, 6)
_FIRM_ENDINGS = evenly(words.FIRM_ENDINGS, 4)
_RARE_NAMES, _MINORITY_NAMES, _SHORT_NAMES = 3, 1, 300
"""How many of 2,048 people have such a name; short ones have two characters."""

_SHOPS = 85
"""How many of 256 firms are shops."""

_SHOP_TRADES = evenly(words.SHOP_TRADES, 4)


def person(chance: Random) -> str:
    """A name of two or three characters mostly; one in a thousand has a rare one, as in real files."""
    bits = chance.getrandbits
    kind = bits(11)
    surname = _SURNAMES[bits(12)]
    if kind < _RARE_NAMES:
        return surname + _RARE[bits(4)]
    if kind < _RARE_NAMES + _MINORITY_NAMES:
        return _MINORITY[bits(3)]
    given = _GIVEN[bits(9)]
    return surname + given if kind < _SHORT_NAMES else surname + given + _GIVEN[bits(9)]


def firm(chance: Random) -> str:
    """A company or, one time in three, a shop named after its owner."""
    bits = chance.getrandbits
    if bits(8) < _SHOPS:
        return f"{_FIRM_STEMS[bits(7)]}{_GIVEN[bits(9)]}{_SHOP_TRADES[bits(4)]}"
    town, stem = _FIRM_TOWNS[bits(3)], _FIRM_STEMS[bits(7)]
    return f"{town}{stem}{_GIVEN[bits(9)]}{_FIRM_TRADES[bits(6)]}{_FIRM_ENDINGS[bits(4)]}"
