"""What was typed to find a receipt of the bank by the customer's slip: amounts, days and words, in any order.

A word can be several things (``20260131`` is a day and may be part of a serial number), so each is tried as
everything that it can be. Invariant: nothing that can be typed or pasted raises an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from counter.domain.money import AmountError, parse_yuan
from counter.domain.text import BLANKS, DASHES, HALF_WIDTH

WORDS_MAX: Final = 8
"""More words than a slip has facts were pasted by mistake; the rest is left out."""

_PLAIN: Final = {**HALF_WIDTH, **dict.fromkeys(BLANKS, " "), **dict.fromkeys(DASHES, "-")}
_WHOLE_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", re.ASCII)
_DAY_OF_YEAR = re.compile(r"(\d{1,2})[-/月](\d{1,2})日?", re.ASCII)


@dataclass(frozen=True, slots=True)
class SlipWord:
    """One word in lower case, and what else it can be: an amount of fen, a day."""

    text: str
    amount_fen: int | None = None
    day: date | None = None


def slip_words(typed: str, today: date) -> tuple[SlipWord, ...]:
    """The words of ``typed``; a day without a year is the last such day up to ``today``."""
    words = typed[:400].translate(_PLAIN).lower().split()[:WORDS_MAX]
    return tuple(SlipWord(word, _amount_fen(word), _day(word, today)) for word in words)


def _amount_fen(word: str) -> int | None:
    try:
        return parse_yuan(word)
    except AmountError:
        return None


def _day(word: str, today: date) -> date | None:
    whole, short = _WHOLE_DAY.fullmatch(word), _DAY_OF_YEAR.fullmatch(word)
    if whole:
        return _made(*map(int, whole.groups()))
    if short is None:
        return None
    month, day = map(int, short.groups())
    this_year = _made(today.year, month, day)
    if this_year is not None and this_year <= today:
        return this_year
    return _made(today.year - 1, month, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
