"""What stands in one cell of a settlement file: a sum in fen, a moment, a number of fixed length.

Invariant: a sum is exact in fen or refused; a moment is a real one or None.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from counter.bank import cells
from counter.bank.card_numbers import masked
from counter.bank.cells import Cell, text_of

_EXACT_DIGITS = 15
"""Excel keeps so many digits of a number; the end of a longer one is not what was written."""
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a file's times have no zone
_SERIALS = range(20_000, 80_000)
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?|([0-9]{2})([0-9]{2})([0-9]{2})")
_MOMENT = re.compile(
    r"([0-9]{4})([-/.年]?)([0-9]{1,2})[-/.月]?([0-9]{1,2})日?"
    r"(?:[ T]*((?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)|[0-9]{6}|[0-9]{4}))?"
)


def fen(cell: Cell) -> int | None:
    """The sum in a cell in fen; None where there is none. Raises ValueError for what is no such sum."""
    amount = cells.money(cell)
    return None if amount is None else exact_fen(amount)


def exact_fen(amount: Decimal) -> int:
    """Yuan in fen. Raises ValueError where that is no whole number."""
    found = amount.scaleb(2)
    if found != found.to_integral_value():
        raise ValueError(f"{amount} has parts of a fen")
    return int(found)


def number(cell: Cell, length: int) -> str:
    """A number with the zeros in front that a spreadsheet takes away; capitals."""
    text = text_of(cell).upper()
    return text.zfill(length) if text.isascii() and text.isdigit() else text


def card(cell: Cell) -> str:
    """The masked card; the end of a number that a spreadsheet has rounded is not shown."""
    if isinstance(cell, float):
        whole = text_of(cell)
        exact = len(whole) <= _EXACT_DIGITS
        return masked(whole) if exact else whole[:6] + "*" * (len(whole) - 6)
    return masked(text_of(cell))


def moment(day: Cell, clock: Cell) -> datetime | None:
    """A moment from one cell that has both, or from a day and a time of day; None where it is none."""
    both = _moment(clock)
    if both is not None:
        return both
    start = _moment(day)
    if start is None:
        return None
    at = _clock(clock)
    if at is None:
        return start if text_of(clock) == "" else None
    return datetime.combine(start.date(), at)


def _moment(cell: Cell) -> datetime | None:
    """A cell that has a day and perhaps a time."""
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, float) and int(cell) in _SERIALS:
        return _EPOCH + timedelta(seconds=round(cell * 86_400))
    text = text_of(cell)
    found = _MOMENT.fullmatch(text)
    if not found or (not found[2] and not re.match(r"[0-9]{8}", text)):
        return None
    at = _clock(found[5]) if found[5] else time()
    try:
        day = date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None
    return None if at is None else datetime.combine(day, at)


def _clock(cell: Cell) -> time | None:
    """A time of day, such as 12:34:56 or 123456; None where it is none."""
    if isinstance(cell, time):
        return cell
    if isinstance(cell, timedelta):
        return (_EPOCH + cell).time() if timedelta() <= cell < timedelta(days=1) else None
    if isinstance(cell, float) and 0 <= cell < 1:
        return (_EPOCH + timedelta(seconds=round(cell * 86_400))).time()
    text = number(cell, 6) if isinstance(cell, float | int) else text_of(cell)
    if len(text) == 4 and text.isdigit():  # noqa: PLR2004
        text += "00"
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    try:
        return time(int(found[1] or found[4]), int(found[2] or found[5]), int(found[3] or found[6] or 0))
    except ValueError:
        return None
