"""What stands in one cell of a bank table: a sum, a day, a text.

Invariant: a sum is exact and written without doubt, or ValueError. A formula is text and never a sum.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import cast

Cell = object
"""A text, or from a sheet also a float, an int, a date, a datetime."""

_PART = r"\.[0-9]{1,2}0{0,4}"
"""What stands behind the yuan: two decimals, for a third would be no money; zeros may follow."""
_PLAIN = re.compile(rf"-?[0-9]{{1,15}}(?:{_PART})?")
_COMMAS = re.compile(rf"-?[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,4}}(?:{_PART})?")
_GROUPED = re.compile(rf"[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,4}}(?:{_PART})?|[0-9]{{1,15}}(?:{_PART})?|{_PART}")
_SUMS = re.compile(rf"(?>(?:{_PLAIN.pattern}|{_COMMAS.pattern})?\n)*+")
_TRICKS = ("\n ", " \n", "\n\t", "\t\n", "\n=", "\n'", "\u3000", "\xa0", "\r")
"""Where one of these is in a column, its cells are looked at one by one for blanks and tricks around them."""
_CURRENCY = re.compile(r"^(?:人民币|cny|rmb|hkd|usd|[¥￥$])\s*|\s*(?:元|cny|rmb|hkd|usd)$", re.IGNORECASE)
_NOTHING = frozenset(("", "-", "--", "---", "—", "——", "/"))
_SHEET_EXACT = 10**13
"""A spreadsheet keeps 15 digits: above this its decimals are not what was written."""
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
_YMD = re.compile(
    r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2})(?:[0-9]{4}|[0-9]{6})?)"
    r"(?:[ T\-]+[0-9:.\-]*)?"
)
_DMY = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?: +[0-9:.]*)?")
_MD = re.compile(r"([0-9]{1,2})[-/月]([0-9]{1,2})日?")
_MONTHS = 12


def text_of(cell: Cell) -> str:
    """A cell as text: without blanks around it, without the tricks that keep Excel from reading it."""
    if isinstance(cell, str):
        text = cell.strip()
        if text[:1] not in "='":
            return text
        if text[:2] == '="' and text[-1:] == '"':
            return text[2:-1].strip()
        return text.strip("'") if text[:1] == "'" else text
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def money(cell: Cell) -> Decimal | None:
    """The sum in a cell; None where there is none. Raises ValueError for what is not clearly a sum."""
    if isinstance(cell, str):
        text = cell.strip()
        if not text:
            return None
        if _PLAIN.fullmatch(text):
            return Decimal(text)
        return Decimal(text.replace(",", "")) if _COMMAS.fullmatch(text) else _written(text)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise ValueError(f"{cell} is no sum")  # noqa: TRY004
    return _number(cell)


def _number(cell: float) -> Decimal:
    """The sum in a cell of numbers, with two decimals. Raises ValueError where it has more."""
    shown = f"{cell:.2f}"
    if Decimal(shown) != Decimal(repr(cell)):
        exact = f"{cell:.15g}"
        if not _PLAIN.fullmatch(exact):
            raise ValueError(f"{cell} is no sum")
        shown = f"{Decimal(exact):.2f}"
    if abs(cell) >= _SHEET_EXACT and not (cell == int(cell) and abs(cell) < _SHEET_EXACT * 100):
        raise ValueError(f"{cell} has more digits than a spreadsheet keeps")
    return Decimal(shown)


def fen(cell: Cell) -> int | None:
    """The sum in a cell in fen; None where there is none. Raises ValueError as ``money`` does."""
    amount = money(cell)
    return None if amount is None else int(amount.scaleb(2))


def sums(column: Sequence[Cell]) -> list[int | None] | None:
    """A column of plain sums at once, in fen; None where one of its cells has to be looked at by itself."""
    try:
        joined = "\n".join(cast("Sequence[str]", column)) + "\n"
    except TypeError:
        return _numbers(column)
    if joined.count("\n") != len(column) or not _SUMS.fullmatch(joined):
        return None
    cells = joined.replace(",", "").split("\n")
    cells.pop()
    return [
        (int(cell[:-3] + cell[-2:]) if cell[-3:-2] == "." else int(Decimal(cell).scaleb(2))) if cell else None
        for cell in cells
    ]


def _numbers(column: Sequence[Cell]) -> list[int | None] | None:
    """A column of numbers with two decimals and blanks, in fen; None where it has anything else."""
    found = list[int | None]()
    for cell in column:
        if cell == "":
            found.append(None)
            continue
        if type(cell) is not float or not -_SHEET_EXACT < cell < _SHEET_EXACT:
            return None
        shown, plain = f"{cell:.2f}", repr(cell)
        if shown not in (plain, f"{plain}0"):
            return None
        found.append(int(shown[:-3] + shown[-2:]))
    return found


def texts(column: Sequence[Cell]) -> list[str]:
    """A whole column as texts."""
    try:
        joined = "\n" + "\n".join(cast("Sequence[str]", column)) + "\n"
    except TypeError:
        return list(map(text_of, column))
    if joined.count("\n") > len(column) + 1 or any(trick in joined for trick in _TRICKS):
        return list(map(text_of, column))
    return list(cast("Sequence[str]", column))


def _written(text: str) -> Decimal | None:
    """A sum with thousands commas, a currency, brackets or a minus behind it."""
    bare = _CURRENCY.sub("", unicodedata.normalize("NFKC", text_of(text)).strip()).strip()
    if bare in _NOTHING:
        return None
    below = bare[:1] == "-" or bare[-1:] == "-" or (bare[:1] == "(" and bare[-1:] == ")")
    if bare[:1] in "+-":
        bare = bare[1:]
    elif bare[-1:] == "-":
        bare = bare[:-1]
    elif below:
        bare = bare[1:-1]
    bare = _CURRENCY.sub("", bare.strip())
    if not _GROUPED.fullmatch(bare):
        raise ValueError(f"{text[:40]} is no sum")
    amount = Decimal(bare.replace(",", ""))
    return -amount if below else amount


def days(cells: Iterable[Cell], hint: tuple[int, int] | None) -> Mapping[Cell, date | None]:
    """The day in each different cell; None where there is none.

    ``hint`` is the year and month of the statement, for days without a year. Whether 3/4/2026 is in April or
    in March is decided by the whole column; where nothing decides it, ValueError.
    """
    different = set(cells)
    day_first = _day_first([cell for cell in different if isinstance(cell, str)])
    return {cell: _day(cell, hint, day_first=day_first) for cell in different}


def _day_first(texts: list[str]) -> bool:
    """Whether days stand before months. Raises ValueError where the column leaves it open."""
    found = [match for match in (_DMY.fullmatch(text_of(text)) for text in texts) if match]
    firsts = any(int(match[1]) > _MONTHS for match in found)
    seconds = any(int(match[2]) > _MONTHS for match in found)
    same = all(match[1].zfill(2) == match[2].zfill(2) for match in found)
    if found and firsts == seconds and not same:
        raise ValueError("the order of day and month is open")
    return firsts or same


def _day(cell: Cell, hint: tuple[int, int] | None, *, day_first: bool) -> date | None:
    """One cell as a day, or None."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and int(cell) in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=int(cell))
    text = unicodedata.normalize("NFKC", text_of(cell))
    found = _YMD.fullmatch(text)
    if found:
        return _known(found[1], found[2] or found[4], found[3] or found[5])
    found = _DMY.fullmatch(text)
    if found:
        return _known(found[3], found[2], found[1]) if day_first else _known(found[3], found[1], found[2])
    found = _MD.fullmatch(text) if hint else None
    return _near(found[1], found[2], hint) if found and hint else None


def _known(year: str, month: str, day: str) -> date | None:
    """A day that the calendar has, or None."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _near(month: str, day: str, hint: tuple[int, int]) -> date | None:
    """A month and day of a bill of ``hint``: a month after the bill's belongs to the year before."""
    year = hint[0] - (1 if int(month) > hint[1] else 0)
    return _known(str(year), month, day)
