"""Settlement files of acquirers: CSV and Excel by the aliases of their headings.

Invariant: every line with a sum counts and every total agrees, or the file is refused with its line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from counter.bank import pos_cells, sheets
from counter.bank.card_numbers import without_cards
from counter.bank.cells import Cell, text_of
from counter.bank.headings import DONE, Columns, plain
from counter.bank.manner import SETTLEMENT, Manner
from counter.bank.pos_headings import KINDS
from counter.bank.pos_sums import Running, Sums, count_in, signed
from counter.bank.settlement import SaleKind, SettlementFile, SettlementLine
from counter.bank.statement import UnreadableError
from counter.bank.table_notes import refuse_unit

LENGTHS: Final = {"merchant": 15, "terminal": 8, "batch": 6, "trace": 6, "reference": 12}
"""What a number is filled up to with zeros in front."""
YUAN: Final = frozenset("cny rmb 156 人民币 人民币元 元".split())

_TOTAL = re.compile(
    r"合\s*计|小\s*计|总\s*计|总\s*额|总\s*笔\s*数|总金额|total|^\s*[0-9]+\s*笔", re.IGNORECASE
)
_SETTLED = re.compile(
    r"(?:清算|结算|settle(?:ment)?)\s*(?:日期|日|date)[^0-9]{0,4}(20[0-9]{2})[-/.年]?([01]?[0-9])[-/.月]?([0-3]?[0-9])(?![0-9])",
    re.IGNORECASE,
)
_ACQUIRER = re.compile(
    r"(?:收单机构|收单行|收单方|acquirer)(?:名称)?\s*[:]?\s*([^\s,;:]{2,40})", re.IGNORECASE
)
_NOTED = {
    "amount": re.compile(r"(?:交易)?总(?:金额|额)[^0-9\-]{0,6}(-?[0-9][0-9,]*\.[0-9]{2})(?![0-9])"),
    "fee": re.compile(r"(?:总手续费|手续费(?:总额|合计))[^0-9\-]{0,6}(-?[0-9][0-9,]*\.[0-9]{2})(?![0-9])"),
    "net": re.compile(
        r"(?:结算总(?:金额|额)|(?:结算|清算)金额合计|净额合计)[^0-9\-]{0,6}(-?[0-9][0-9,]*\.[0-9]{2})(?![0-9])"
    ),
}


def read_settlement(data: bytes) -> SettlementFile:
    """Read a whole file of an acquirer. Raises UnreadableError, and nothing else."""
    from counter.bank.reading import read_any

    found = read_any(data)
    if not isinstance(found, SettlementFile):
        raise UnreadableError("The file is a statement, no settlement file.", 0, "settlement")
    return found


def fits(text: str) -> bool:
    """Whether it is a table with the headings of a settlement file."""
    try:
        return sheets.delimiter_of(text, SETTLEMENT.columns_of) is not None
    except UnreadableError:
        return False


def read(text: str, encoding: str) -> SettlementFile:
    """Read every line of the file. Raises UnreadableError with the line where one is to blame."""
    return read_tables("csv", encoding, [sheets.text_table(text, SETTLEMENT.columns_of)])


def read_tables(
    kind: str, encoding: str, tables: Sequence[sheets.Table], manner: Manner = SETTLEMENT
) -> SettlementFile:
    """All tables of a file that have headings. Raises UnreadableError."""
    found = [_Reader(table, manner) for table in tables if table.heading >= 0]
    if not found:
        raise UnreadableError("no heading that is known", hint="heading")
    lines = tuple([line for reader in found for line in reader.lines()])
    settled = {reader.settled for reader in found} - {None}
    if len(settled) > 1:
        raise UnreadableError("several settlement days in one file", hint="settled")
    acquirer = next((reader.acquirer for reader in found if reader.acquirer), "")
    return SettlementFile(kind, encoding, acquirer, next(iter(settled), None), lines)


class _Reader:
    """Reads one table."""

    def __init__(self, table: sheets.Table, manner: Manner) -> None:
        self._table, self._manner = table, manner
        self._columns: Columns = dict(manner.columns_of(table.top[table.heading]))
        self._running = Running()
        above = (" ".join(filter(None, map(text_of, row))) for row in table.top[: table.heading])
        self._above = unicodedata.normalize("NFKC", "\n".join(above))
        refuse_unit(self._above, table.lines[table.heading])
        self.settled = noted_day(self._above)
        found = _ACQUIRER.search(self._above)
        self.acquirer = manner.acquirer or (found[1] if found else "")

    def lines(self) -> list[SettlementLine]:
        """Every line. Raises UnreadableError."""
        table, found = self._table, list[SettlementLine]()
        if "fee" not in self._columns and "net" not in self._columns:
            line = table.lines[table.heading]
            raise UnreadableError("neither fee nor net has a column", line=line, hint="heading")
        heading = list(table.top[table.heading])
        for row, line in table.below():
            if any(cell not in ("", None) for cell in row) and list(row) != heading:
                self._row(row, line, found)
        self._check_above()
        return found

    def _row(self, row: Sequence[Cell], line: int, found: list[SettlementLine]) -> None:
        """One row: a line, a total, or words below the table."""
        at = self._moment(row)
        if at is None or self._is_total(row):
            self._beside(row, line)
            return
        if len(row) <= max(self._columns.values()):
            raise UnreadableError("the row has not the columns of the heading", line=line, hint="row")
        self._refuse_what_is_not_settled(row, line)
        kind = self._kind(row, line)
        sums = self._sums(row, kind, line)
        self._running.add(sums)
        numbers = {name: pos_cells.number(self._cell(row, name), size) for name, size in LENGTHS.items()}
        found.append(
            SettlementLine(
                **numbers,
                at=at,
                kind=kind,
                card=pos_cells.card(self._cell(row, "card")),
                card_class=self._manner.word(self._cell(row, "card_class")),
                amount_fen=sums[0],
                fee_fen=sums[1],
                net_fen=sums[2],
                line=line,
            )
        )

    def _moment(self, row: Sequence[Cell]) -> datetime | None:
        """When it was at the terminal; None where the row does not say."""
        day, clock = self._cell(row, "day"), self._cell(row, "at")
        if self._manner.date_format:
            return self._manner.moment(" ".join(filter(None, map(text_of, (day, clock)))))
        return pos_cells.moment(day, clock)

    def _cell(self, row: Sequence[Cell], name: str) -> Cell:
        """The cell of a column, blank where there is none."""
        index = self._columns.get(name, -1)
        return row[index] if 0 <= index < len(row) else ""

    def _fen(self, row: Sequence[Cell], name: str, line: int) -> int | None:
        """The sum of a column. Raises UnreadableError."""
        try:
            return pos_cells.fen(self._cell(row, name))
        except ValueError as error:
            raise UnreadableError(without_cards(str(error)), line=line, hint="amount") from error

    def _kind(self, row: Sequence[Cell], line: int) -> SaleKind:
        """What the line is: by its word, or by the minus where the file has no such column."""
        if "kind" not in self._columns:
            return "refund" if (self._fen(row, "amount", line) or 0) < 0 else "sale"
        word = plain(self._manner.word(self._cell(row, "kind")))
        if word not in KINDS:
            raise UnreadableError("a kind of transaction that is not known", line=line, hint="kind")
        return KINDS[word]

    def _sums(self, row: Sequence[Cell], kind: SaleKind, line: int) -> Sums:
        """Amount, fee and net of a line. Raises UnreadableError."""
        amount = self._fen(row, "amount", line)
        if amount is None:
            raise UnreadableError("a row without a sum", line=line, hint="amount")
        return signed(kind, amount, self._fen(row, "fee", line), self._fen(row, "net", line), line)

    def _refuse_what_is_not_settled(self, row: Sequence[Cell], line: int) -> None:
        """Refuse a failed line, another currency, and a second settlement day; note day and acquirer."""
        if "state" in self._columns and self._manner.word(self._cell(row, "state")).lower() not in DONE:
            raise UnreadableError("a line that was not settled", line=line, hint="state")
        currency = self._manner.word(self._cell(row, "currency")).lower()
        if currency and currency not in YUAN:
            raise UnreadableError("a line in another currency", line=line, hint="currency")
        self.acquirer = self.acquirer or text_of(self._cell(row, "acquirer"))
        cell = self._cell(row, "settled")
        if text_of(cell):
            self._settle_on(pos_cells.moment(cell, ""), line)

    def _settle_on(self, moment: date | None, line: int) -> None:
        """Note the settlement day of a line."""
        if moment is None:
            raise UnreadableError("a settlement day that cannot be read", line=line, hint="date")
        day = date(moment.year, moment.month, moment.day)
        if self.settled not in {None, day}:
            raise UnreadableError("several settlement days in one file", line=line, hint="settled")
        self.settled = day

    def _is_total(self, row: Sequence[Cell]) -> bool:
        """Whether a row calls itself a total."""
        return any(isinstance(cell, str) and len(cell) < 40 and _TOTAL.search(cell) for cell in row)  # noqa: PLR2004

    def _beside(self, row: Sequence[Cell], line: int) -> None:
        """A row without a time: a total that must agree, or words. Raises UnreadableError."""
        if self._is_total(row):
            said = {name: self._fen(row, name, line) for name in ("amount", "fee", "net")}
            sums = {name: value for name, value in said.items() if value is not None}
            texts = [text for cell in row if (text := text_of(cell))]
            if sums or count_in(texts) is not None:
                self._running.check(sums, texts, line)
            return
        if len(row) > max(self._columns["amount"], 2) and text_of(self._cell(row, "amount")):
            raise UnreadableError("a row with a sum has no time that can be read", line=line, hint="date")

    def _check_above(self) -> None:
        """The totals that stand above the table. Raises UnreadableError."""
        said = dict[str, int]()
        for name, pattern in _NOTED.items():
            found = pattern.search(self._above)
            if found:
                said[name] = pos_cells.fen(found[1]) or 0
        count = count_in([self._above])
        if said or count is not None:
            self._running.part = list(self._running.all)
            self._running.check(said, [self._above], 1)


def noted_day(notes: str) -> date | None:
    """The settlement day that stands beside the lines; None without one."""
    found = _SETTLED.search(notes)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
