"""The numbers of recharge cards as a clerk types, scans or pastes them: one by one, or a range.

Invariant: what comes out are whole card numbers, each once, in the order in which they were named, and never
more than a sale takes; anything else is a fault that tells the part of the text that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum, auto
from typing import Final

from counter.domain.tender_papers import tidy

CARDS_MAX: Final = 100
"""How many cards one sale takes."""

_RANGE_SIGN = re.compile(r"\s*(?:-+|~|至|到)\s*")
_BETWEEN = re.compile(r"[\s,;、]+")
_ONE_OR_RANGE = re.compile(r"(?P<first>[0-9]{8,20})(?:-(?P<last>[0-9]{8,20}))?")
_SHOWN_MAX = 45


class CardNumberFault(Enum):
    """Why a text is no list of card numbers."""

    EMPTY = auto()
    NO_NUMBER = auto()
    WRONG_RANGE = auto()
    TOO_MANY = auto()


class CardNumberError(ValueError):
    """A part of the text is no card number, or it names too many."""

    def __init__(self, reason: CardNumberFault, part: str = "") -> None:
        """``part`` is what is wrong, cut short."""
        super().__init__(reason.name)
        self.reason = reason
        self.part = part[:_SHOWN_MAX]


def card_numbers(typed: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """The numbers in a text such as ``80000001, 80000005-80000009``; raises CardNumberError.

    ``known`` are in the sale already and count for how many it takes.
    """
    parts = [part for part in _BETWEEN.split(_RANGE_SIGN.sub("-", tidy(typed))) if part]
    if not parts:
        raise CardNumberError(CardNumberFault.EMPTY)
    found: dict[str, None] = {}
    for part in parts:
        found |= dict.fromkeys(_numbers(part))
        if len({*known, *found}) > CARDS_MAX:
            raise CardNumberError(CardNumberFault.TOO_MANY)
    return tuple(found)


def _numbers(part: str) -> tuple[str, ...]:
    """One number, or all of a range, whose ends are both written whole."""
    match = _ONE_OR_RANGE.fullmatch(part)
    if match is None:
        raise CardNumberError(CardNumberFault.NO_NUMBER, part)
    first, last = match["first"], match["last"] or match["first"]
    count = int(last) - int(first) + 1
    if len(first) != len(last) or count < 1:
        raise CardNumberError(CardNumberFault.WRONG_RANGE, part)
    if count > CARDS_MAX:
        raise CardNumberError(CardNumberFault.TOO_MANY)
    return tuple(str(int(first) + place).zfill(len(first)) for place in range(count))
