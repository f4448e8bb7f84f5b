"""Statements from tables: the CSV, XLS and XLSX exports of banks, by the aliases of their headings.

Invariant: every row with a day and a sum is an entry, and every row with a sum but no day calls itself
a total, or the file is refused with its line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from counter.bank import cells, sheets, signs
from counter.bank.cells import Cell, text_of
from counter.bank.headings import Columns, columns_of
from counter.bank.statement import Entry, Statement, StatementFile, UnreadableError

CURRENCIES = {
    "人民币": "CNY", "人民币元": "CNY", "RMB": "CNY", "156": "CNY", "美元": "USD", "港币": "HKD",
    "港元": "HKD", "欧元": "EUR", "日元": "JPY", "英镑": "GBP",
}  # fmt: skip
_TOTAL = re.compile(
    r"合\s*计|小\s*计|总\s*计|累\s*计|总\s*额|总收入|总支出|total|笔数|承前页|过次页"
    r"|期初|期末|上期|余额|发生额"
)
_TOTAL_CELL = re.compile(
    r"\s*(?:.{0,6}合\s*计|.{0,4}小\s*计|总\s*计|本页合计|累\s*计|total|承前页|过次页|期初余额|期末余额|上期余额)\s*[::]?\s*"
)
_TOTAL_HINT = re.compile("[计额页]|tal", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"(?:账\s*号|帐\s*号|账\s*户|卡\s*号|account(?: no\.?| number)?)[^0-9A-Za-z*]{0,12}"
    r"([0-9A-Z*][0-9A-Z* \-]{3,38}[0-9A-Z])"
)
_OPENING = re.compile(r"(?:期初余额|上期余额|承前余额|起始余额)[^0-9\-]{0,12}(-?[0-9,]+\.[0-9]{2})(?![0-9])")
_CLOSING = re.compile(r"(?:期末余额|本期余额|终止余额|结束余额)[^0-9\-]{0,12}(-?[0-9,]+\.[0-9]{2})(?![0-9])")
_CURRENCY = re.compile(r"(?:币种|币别|货币)[^\u4e00-\u9fffA-Z]{0,8}([\u4e00-\u9fff]{2,3}|[A-Z]{3})")
_MONTH = re.compile(r"(20[0-9]{2})[年\-/](0?[1-9]|1[0-2])(?![0-9])")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with a day, in its parts."""

    cells: Sequence[Cell]
    line: int
    day: date


def fits(data: bytes, text: str | None) -> bool:
    """Whether it is a workbook, or a text with a heading that is known and is not the acquirer's."""
    if sheets.is_workbook(data):
        return True
    if text is None:
        return False
    try:
        return sheets.delimiter_of(text) is not None
    except UnreadableError:
        return False


def read(data: bytes, text: str | None, encoding: str) -> StatementFile:
    """Read every statement of the file. Raises UnreadableError with the line where one is to blame."""
    if sheets.is_workbook(data):
        kind, encoding = sheets.workbook_kind(data), "binary"
        tables = sheets.workbook_tables(data)
    elif text is None:
        raise UnreadableError("neither a text nor a workbook", hint="binary")
    else:
        kind, tables = "csv", [sheets.text_table(text)]
    found = [statement for table in tables for statement in _statements(table)]
    if not found:
        raise UnreadableError("no heading that is known", hint="heading")
    return StatementFile(kind, encoding, tuple(found))


def _statements(table: sheets.Table) -> list[Statement]:
    """The statements of one table: one for each account and currency in it."""
    if table.heading < 0:
        _refuse_headless(table)
        return []
    columns = columns_of(table.rows[table.heading])
    _refuse_foreign(columns, table.lines[table.heading])
    above = _joined(table.rows[: table.heading])
    rows, notes = _body(table, columns, above)
    notes = above + "\n" + notes
    if not rows:
        return [_empty(notes)]
    return _Builder(columns, rows, notes, _heading_text(table)).statements()


def _heading_text(table: sheets.Table) -> str:
    """The headings as one text."""
    return "|".join(text_of(cell) for cell in table.rows[table.heading])


def _refuse_foreign(columns: Columns, line: int) -> None:
    """Refuse what is no statement: an acquirer's file, or a table with one side of the money only."""
    if "terminal" in columns:
        raise UnreadableError(
            "a settlement file of card terminals, no statement", line=line, hint="settlement"
        )
    if "amount" not in columns and ("credit" in columns) != ("debit" in columns):
        raise UnreadableError("only one side of the money has a column", line=line, hint="heading")


def _refuse_headless(table: sheets.Table) -> None:
    """Refuse a sheet without headings that yet has days and sums in it."""
    for row, line in zip(table.rows, table.lines, strict=False):
        known = cells.days([cell for cell in row if cell not in ("", None)], None)
        if any(known.values()) and any(isinstance(cell, float) for cell in row):
            raise UnreadableError("no heading that is known", line=line, hint="heading")


def _joined(rows: Sequence[Sequence[Cell]]) -> str:
    """Rows that are no entries, as text."""
    return "\n".join(" ".join(filter(None, map(text_of, row))) for row in rows)


def _empty(notes: str) -> Statement:
    """A table without movements."""
    opening, closing = _noted(_OPENING, notes), _noted(_CLOSING, notes)
    return Statement(_account(notes), _currency_noted(notes), opening, closing, None, None, ())


def _body(table: sheets.Table, columns: Columns, above: str) -> tuple[list[_Row], str]:
    """The rows with a day, and the text of the others. Raises UnreadableError."""
    heading = list(table.rows[table.heading])
    rows, lines = table.rows[table.heading + 1 :], table.lines[table.heading + 1 :]
    names = [name for name in ("posted", "traded") if name in columns]
    known = _days(rows, [columns[name] for name in names], _month(above))
    found, others, width = list[_Row](), list[Sequence[Cell]](), len(heading)
    at_text = {index for name, index in columns.items() if name.startswith("text")} | {0, columns[names[0]]}
    text_at = [index for index in at_text if _may_hold_total(rows, index)]
    needed = 1 + max(columns[name] for name in ("credit", "debit", "amount", "balance") if name in columns)
    for row, line, day in zip(rows, lines, known, strict=True):
        if day is None or (text_at and any(_is_total(row[index]) for index in text_at if index < len(row))):
            _refuse_undated(row, columns, heading, line)
            others.append(row)
            continue
        if len(row) < needed or (len(row) > width and any(text_of(cell) for cell in row[width:])):
            raise UnreadableError("the row has not the columns of the heading", line=line, hint="row")
        found.append(_Row(row, line, day))
    return found, _joined(others)


def _days(
    rows: Sequence[Sequence[Cell]], indexes: list[int], hint: tuple[int, int] | None
) -> list[date | None]:
    """The day of each row: of the first of its date columns that has one. Raises UnreadableError."""
    days: list[date | None] = [None] * len(rows)
    for index in reversed(indexes):
        column = [row[index] if index < len(row) else "" for row in rows]
        try:
            known = cells.days(column, hint)
        except ValueError as error:
            raise UnreadableError(str(error), hint="date") from error
        days = [known[cell] or day for cell, day in zip(column, days, strict=True)]
    return days


def _may_hold_total(rows: Sequence[Sequence[Cell]], index: int) -> bool:
    """Whether a column has a word of totals anywhere: one look over all of it, for most have none."""
    column = "\n".join([cell for row in rows if index < len(row) and isinstance(cell := row[index], str)])
    return _TOTAL_HINT.search(column) is not None


def _is_total(cell: Cell) -> bool:
    """Whether a cell says that its row is a total and no movement."""
    if not isinstance(cell, str) or not (
        "计" in cell or "额" in cell or "页" in cell or "tal" in cell.lower()
    ):
        return False
    return len(cell) < 40 and _TOTAL_CELL.fullmatch(cell) is not None  # noqa: PLR2004


def _refuse_undated(row: Sequence[Cell], columns: Columns, heading: list[Cell], line: int) -> None:
    """Refuse a row that has a sum but no day and does not call itself a total."""
    if list(row) == heading or len(row) <= 2 or any(_says_total(cell) for cell in row):  # noqa: PLR2004
        return
    for name in ("credit", "debit", "amount"):
        cell = row[columns[name]] if name in columns and columns[name] < len(row) else ""
        if _is_some(cell):
            raise UnreadableError("a row with a sum has no day that can be read", line=line, hint="date")


def _says_total(cell: Cell) -> bool:
    """Whether a cell has a word of totals in it."""
    return isinstance(cell, str) and len(cell) < 60 and _TOTAL.search(cell.lower()) is not None  # noqa: PLR2004


def _is_some(cell: Cell) -> bool:
    """Whether a cell holds a sum or something else that is not nothing."""
    try:
        return cells.money(cell) is not None
    except ValueError:
        return bool(text_of(cell))


def _noted(pattern: re.Pattern[str], notes: str) -> Decimal | None:
    """A balance that stands beside the table."""
    found = pattern.search(notes)
    return cells.money(found[1]) if found else None


def _account(notes: str) -> str:
    """The account that stands beside the table."""
    found = _ACCOUNT.search(notes)
    return found[1].strip() if found else ""


def _currency_noted(notes: str) -> str:
    """The currency that stands beside the table; a Chinese table that names none is in yuan."""
    found = _CURRENCY.search(notes)
    if found:
        return currency(found[1])
    return "CNY" if re.search("[\u4e00-\u9fff]", notes) else ""


def currency(word: str) -> str:
    """The three letters of a currency's name; the name itself where it is not known."""
    plain = word.strip().upper()
    return CURRENCIES.get(plain, plain)


def _month(notes: str) -> tuple[int, int] | None:
    """Year and month of the statement, from what stands above the table."""
    found = _MONTH.search(notes)
    return (int(found[1]), int(found[2])) if found else None


class _Builder:
    """Makes the statements of one table out of its rows."""

    def __init__(self, columns: Columns, rows: list[_Row], notes: str, headings: str) -> None:
        self._columns, self._rows, self._notes, self._headings = columns, rows, notes, headings

    def statements(self) -> list[Statement]:
        """One statement for each account and currency, entries in the order of time."""
        balances = self._balances()
        amounts = signs.signed(self._moves(), has_balance=balances is not None, card=self._is_card())
        groups = dict[tuple[str, str], list[int]]()
        for index, key in enumerate(self._keys()):
            groups.setdefault(key, []).append(index)
        lists = list(groups.values())
        known = balances or [None] * len(amounts)
        factor, orders = signs.settle(
            [[(self._rows[i].day, amounts[i], known[i]) for i in group] for group in lists]
        )
        if factor < 0:
            amounts = [-amount for amount in amounts]
        return [
            self._statement(key, [group[i] for i in order], amounts, known, alone=len(lists) == 1)
            for (key, group), order in zip(groups.items(), orders, strict=True)
        ]

    def _column(self, name: str) -> list[Cell]:
        """The cells of a column, blank where there is none or the row is short."""
        index = self._columns.get(name, -1)
        if index < 0:
            return [""] * len(self._rows)
        return [row.cells[index] if index < len(row.cells) else "" for row in self._rows]

    def _sums(self, name: str) -> list[Decimal | None]:
        """The sums of a column. Raises UnreadableError with the line of a cell that is none."""
        sums = list[Decimal | None]()
        for cell, row in zip(self._column(name), self._rows, strict=True):
            try:
                sums.append(cells.money(cell))
            except ValueError as error:
                raise UnreadableError(str(error), line=row.line, hint="amount") from error
        return sums

    def _balances(self) -> list[Decimal | None] | None:
        """The running balances; None without the column or where any is blank or masked."""
        try:
            found = [cells.money(cell) for cell in self._column("balance")]
        except ValueError:
            return None
        return None if any(balance is None for balance in found) else found

    def _moves(self) -> list[signs.Move]:
        """The sums with what the columns say of their side."""
        if "credit" in self._columns and "debit" in self._columns:
            return self._two_sided()
        sums, sides = self._sums("amount"), self._sides()
        moves = list[signs.Move]()
        for amount, side, row in zip(sums, sides, self._rows, strict=True):
            if amount is None:
                raise UnreadableError("a row without a sum", line=row.line, hint="amount")
            moves.append(signs.Move(side, amount, row.line))
        return moves

    def _two_sided(self) -> list[signs.Move]:
        """Rows with a column for money in and one for money out; one of them holds the sum."""
        moves = list[signs.Move]()
        for into, out, row in zip(self._sums("credit"), self._sums("debit"), self._rows, strict=True):
            if into is None and out is None:
                raise UnreadableError("a row without a sum", line=row.line, hint="amount")
            if into and out:
                raise UnreadableError("a row with money in and out", line=row.line, hint="amount")
            moves.append(
                signs.Move(-1, out, row.line) if out else signs.Move(1, into or Decimal(0), row.line)
            )
        return moves

    def _sides(self) -> list[int]:
        """What the column of 借/贷 says; a column of kinds counts where all its words say a side."""
        name = "direction" if "direction" in self._columns else "kind"
        words = self._column(name)
        known = signs.CREDITS | signs.DEBITS
        if name == "kind" and not {text_of(word).lower() for word in set(words)} <= known:
            return [0] * len(words)
        return [signs.side_of(text_of(word), row.line) for word, row in zip(words, self._rows, strict=True)]

    def _is_card(self) -> bool:
        """Whether it is the bill of a credit card."""
        return "信用卡" in self._notes or "card_tail" in self._columns

    def _keys(self) -> list[tuple[str, str]]:
        """Account and currency of each row."""
        noted = _currency_noted(
            self._headings if "人民币" in self._headings else self._notes + self._headings
        )
        account = _account(self._notes)
        pairs = zip(self._column("account"), self._column("currency"), strict=True)
        return [(text_of(own) or account, currency(text_of(word)) or noted) for own, word in pairs]

    def _statement(
        self,
        key: tuple[str, str],
        order: list[int],
        amounts: list[Decimal],
        balances: Sequence[Decimal | None],
        *,
        alone: bool,
    ) -> Statement:
        """One statement; balances from the running ones, else from beside the table."""
        first, last = balances[order[0]], balances[order[-1]]
        opening = first - amounts[order[0]] if first is not None else None
        if alone:
            noted = _noted(_OPENING, self._notes), _noted(_CLOSING, self._notes)
            opening, last = (
                (opening if noted[0] is None else noted[0]),
                (last if noted[1] is None else noted[1]),
            )
        entries = self._entries(order, amounts, balances)
        days = entries[0].booked, entries[-1].booked
        return Statement(key[0], key[1], opening, last, *days, entries)

    def _told(self, name: str, instead: str = "") -> list[str]:
        """The texts of a column, or of the one that stands in for it."""
        name = name if name in self._columns else instead
        if name not in self._columns:
            return [""] * len(self._rows)
        return list(map(text_of, self._column(name)))

    def _texts_of(self) -> list[str]:
        """What all the columns with texts say, row by row."""
        columns = [self._told(name) for name in self._columns if name.startswith("text")]
        if len(columns) == 1:
            return columns[0]
        return [" ".join(filter(None, words)) for words in zip(*columns, strict=True)] or self._told("")

    @cached_property
    def _words(self) -> tuple[list[str], ...]:
        """The texts of the whole table, once for all its accounts."""
        return (
            self._texts_of(),
            self._told("reference"),
            self._told("party", "payer"),
            self._told("party", "payee"),
            self._told("party_account", "payer_account"),
            self._told("party_account", "payee_account"),
        )

    def _entries(
        self, order: list[int], amounts: list[Decimal], balances: Sequence[Decimal | None]
    ) -> tuple[Entry, ...]:
        """The movements in order."""
        texts, references, payers, payees, from_accounts, to_accounts = self._words
        return tuple(
            [
                Entry(
                    booked=self._rows[at].day,
                    amount=amounts[at],
                    text=texts[at],
                    reference=references[at],
                    party=(payers if amounts[at] > 0 else payees)[at],
                    party_account=(from_accounts if amounts[at] > 0 else to_accounts)[at],
                    balance=balances[at],
                    line=self._rows[at].line,
                )
                for at in order
            ]
        )
