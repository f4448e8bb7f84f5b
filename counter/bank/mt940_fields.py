"""The fields of MT940 and MT942 that carry dates and money.

Invariant: an amount is exact and unambiguous, or it is refused. Dates have two-digit years; a 30 February, as
banks with a month of thirty days write it, is the last day of that February.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from counter.bank.statement import UnreadableError

CENTURY_FROM = 70
"""Two-digit years from here on are of the last century."""

_LINE = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4})?\s?(?P<mark>R[CD]|E[CD]|[CD])(?P<funds>[A-Z])?"
    r"(?P<amount>[0-9][0-9.,']*)(?P<kind>[A-Z][A-Za-z0-9 ]{3})?(?P<rest>.*)"
)
_BALANCE = re.compile(
    r"\s*(?P<mark>[CD]|RC|RD)?(?P<day>[0-9]{6})(?P<currency>[A-Z]{3})?\s*(?P<minus>-)?(?P<amount>[0-9][0-9.,']*)\s*$"
)
_PLAIN = re.compile(r"[0-9]+[,.]?[0-9]*")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,'])[0-9]{3})(?:\1[0-9]{3})*([.,][0-9]*)")
_PAGE = re.compile(r"\s*([0-9]+)(?:/([0-9]+))?")
_FLOOR = re.compile(r"[A-Z]{3}")
_THREE_PLACES = re.compile(r"[0-9]{1,3}\.[0-9]{3}")
_DIGITS_MAX = 24


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance line. ``intermediate`` marks one that another page goes on from (60M, 62M)."""

    day: date
    currency: str
    amount: Decimal
    intermediate: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A :61: line. ``amount`` is signed; ``expected`` marks EC and ED, which are not booked."""

    booked: date
    value_date: date
    amount: Decimal
    reversal: bool
    expected: bool
    bank_reference: str
    at: int


def read_account(text: str) -> str:
    """The account as the bank writes it, without the blanks around it."""
    return text.strip()


def read_page(text: str) -> tuple[str, int]:
    """Statement number and page of :28C:."""
    found = _PAGE.match(text)
    return (found[1], int((found[2] or "0")[:9])) if found else ("", 0)


def read_floor(text: str) -> str:
    """The currency of :34F:, which an MT942 states nowhere else."""
    found = _FLOOR.match(text)
    return found[0] if found else ""


def read_balance(text: str, tag: str, at: int, *, whole: bool) -> Balance:
    """A :60: or :62: line; money below zero has D. Raises UnreadableError."""
    found = _BALANCE.match(text)
    if found is None:
        raise UnreadableError(f"The balance in :{tag}: cannot be read.", at, "balance")
    amount = read_amount(found["amount"], at, whole=whole)
    owed = found["mark"] in {"D", "RC"}
    if found["minus"] and owed and amount:
        raise UnreadableError("The balance has a minus and is marked as a debit too.", at, "balance")
    day = _day(found["day"], at)
    below = owed or bool(found["minus"])
    return Balance(day, found["currency"] or "", -amount if below else amount, tag.endswith("M"))


def read_line(text: str, at: int, *, whole: bool) -> Line:
    """A :61: line. Raises UnreadableError."""
    found = _LINE.match(text)
    if found is not None and not (found["kind"] or whole):
        raise UnreadableError("The file ends within an entry.", at, "truncated")
    if found is None:
        raise UnreadableError("The entry in :61: cannot be read.", at, "entry")
    mark = found["mark"]
    amount = read_amount(found["amount"], at, whole=whole or found["kind"] is not None)
    value_date = _day(found["value"], at)
    return Line(
        booked=_booked(found["entry"], value_date, at),
        value_date=value_date,
        amount=amount if mark in {"C", "RD", "EC"} else -amount,
        reversal=mark[0] == "R",
        expected=mark[0] == "E",
        bank_reference=_bank_reference(found["rest"]),
        at=at,
    )


def _bank_reference(rest: str) -> str:
    """What stands behind the two strokes: the bank's own reference."""
    _, _, bank = rest.partition("//")
    return bank.strip()


def read_amount(text: str, at: int, *, whole: bool = True) -> Decimal:
    """Decimal comma, as SWIFT has it, or point; thousands marks only where they cannot be mistaken.

    ``whole`` is False for the last field of a file without a line end: a sum without its comma was cut there.
    """
    if len(text) > _DIGITS_MAX or not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        raise UnreadableError(f"The amount {text[:_DIGITS_MAX]} cannot be read.", at, "amount")
    if _THREE_PLACES.fullmatch(text):
        raise UnreadableError(f"The amount {text} can be read in two ways.", at, "ambiguous")
    if not (whole or re.search(r"[,.]", text)):
        raise UnreadableError(f"The file ends within the amount {text}.", at, "truncated")
    mark = max(text.rfind(","), text.rfind("."))
    if mark < 0:
        return Decimal(text)
    return Decimal(re.sub(r"[.,']", "", text[:mark]) + "." + (text[mark + 1 :] or "0"))


def _booked(entry: str | None, value_date: date, at: int) -> date:
    """The booking day MMDD in the year that brings it nearest to the value date."""
    if entry is None:
        return value_date
    days = [_calendar_day(year, entry) for year in range(value_date.year - 1, value_date.year + 2)]
    known = [day for day in days if day is not None]
    if not known:
        raise UnreadableError(f"There is no day {entry}.", at, "date")
    return min(known, key=lambda day: abs((day - value_date).days))


def _day(text: str, at: int) -> date:
    """YYMMDD. Raises UnreadableError for a day that no calendar has, save the bank's 30 February."""
    year = int(text[:2])
    day = _calendar_day(year + (1900 if year >= CENTURY_FROM else 2000), text[2:])
    if day is None:
        raise UnreadableError(f"There is no day {text}.", at, "date")
    return day


@lru_cache(maxsize=4096)
def _calendar_day(year: int, month_day: str) -> date | None:
    """MMDD of a year; a day 29 to 31 that the month has not is its last."""
    month, day = int(month_day[:2]), int(month_day[2:])
    if not (1 <= month <= 12 and 1 <= day <= 31):  # noqa: PLR2004
        return None
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
