"""What stands beside a bank table: the account, the currency, balances, the month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from counter.bank import cells
from counter.bank.cells import Cell, text_of
from counter.bank.statement import UnreadableError

CURRENCIES = {
    "人民币": "CNY", "人民币元": "CNY", "RMB": "CNY", "156": "CNY", "美元": "USD", "港币": "HKD",
    "港元": "HKD", "欧元": "EUR", "日元": "JPY", "英镑": "GBP",
}  # fmt: skip
_ACCOUNT = re.compile(
    r"(?:账\s*号|帐\s*号|账\s*户|卡\s*号|account(?: no\.?| number)?)[^0-9A-Za-z*]{0,12}"
    r"([0-9A-Z*][0-9A-Z* \-]{3,38}[0-9A-Z])"
)
_OPENING = re.compile(r"(?:期初余额|上期余额|承前余额|起始余额)[^0-9\-]{0,12}(-?[0-9,]+\.[0-9]{2})(?![0-9])")
_CLOSING = re.compile(r"(?:期末余额|本期余额|终止余额|结束余额)[^0-9\-]{0,12}(-?[0-9,]+\.[0-9]{2})(?![0-9])")
_CURRENCY = re.compile(r"(?:币种|币别|货币)[^\u4e00-\u9fffA-Z]{0,8}([\u4e00-\u9fff]{2,3}|[A-Z]{3})")
_MONTH = re.compile(r"(20[0-9]{2})[年\-/](0?[1-9]|1[0-2])(?![0-9])")
_LABELLED = re.compile(
    r"(?<!对方)(?:[账帐]\s*号|卡\s*号|account (?:no\.?|number))\s*[:\uff1a]?\s*([0-9*][0-9* \-]{6,38}[0-9])",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[ \-]+")
_UNIT = re.compile(r"单\s*位[^\u4e00-\u9fff]{0,6}((?:十|百|千|万|亿)+)\s*元")


def refuse_unit(notes: str, line: int) -> None:
    """Refuse a table whose sums are not in yuan. Raises UnreadableError."""
    found = _UNIT.search(notes)
    if found:
        raise UnreadableError(f"the sums are in {found[1]}元", line=line, hint="amount")


def refuse_another_account(above: str, row: Sequence[Cell], line: int) -> None:
    """Refuse a second account below the headings of the first: its rows would be taken for the first's."""
    first, second = _LABELLED.search(above), _LABELLED.search(" ".join(filter(None, map(text_of, row))))
    if first and second and _BLANKS.sub("", first[1]) != _BLANKS.sub("", second[1]):
        raise UnreadableError("a second account in the same table", line=line, hint="accounts")


def joined(rows: Sequence[Sequence[Cell]]) -> str:
    """Rows that are no entries, as text."""
    return "\n".join(" ".join(filter(None, map(text_of, row))) for row in rows)


def opening_in(notes: str) -> Decimal | None:
    """The balance before the first movement, where the notes have it."""
    return _noted(_OPENING, notes)


def closing_in(notes: str) -> Decimal | None:
    """The balance behind the last movement, where the notes have it."""
    return _noted(_CLOSING, notes)


def _noted(pattern: re.Pattern[str], notes: str) -> Decimal | None:
    """A balance that stands beside the table."""
    found = pattern.search(notes)
    return cells.money(found[1]) if found else None


def account_in(notes: str, pattern: re.Pattern[str] | None = None) -> str:
    """The account that stands beside the table; empty where none does."""
    found = (pattern or _ACCOUNT).search(notes)
    return (found[1] or "").strip() if found else ""


def currency_in(notes: str) -> str:
    """The currency that stands beside the table; a Chinese table that names none is in yuan."""
    found = _CURRENCY.search(notes)
    if found:
        return currency(found[1])
    return "CNY" if re.search("[\u4e00-\u9fff]", notes) else ""


def currency(word: str) -> str:
    """The three letters of a currency's name; the name itself where it is not known."""
    plain = word.strip().upper()
    return CURRENCIES.get(plain, plain)


def month_in(notes: str) -> tuple[int, int] | None:
    """Year and month of the statement, from what stands above the table."""
    found = _MONTH.search(notes)
    return (int(found[1]), int(found[2])) if found else None
