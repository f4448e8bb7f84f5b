"""Statements from tables: the CSV, XLS and XLSX exports of banks, by the aliases of their headings.

Invariant: every row with a day and a sum is an entry, and every row with a sum but no day calls itself
a total, or the file is refused with its line.
"""

from __future__ import annotations

from collections.abc import Sequence

from counter.bank import cells, sheets, workbooks
from counter.bank.cells import text_of
from counter.bank.headings import Columns
from counter.bank.manner import STATEMENT, Manner
from counter.bank.statement import Statement, StatementFile, UnreadableError
from counter.bank.table_entries import Builder
from counter.bank.table_notes import account_in, closing_in, currency_in, joined, opening_in, refuse_unit
from counter.bank.table_rows import body_of


def fits(data: bytes, text: str | None) -> bool:
    """Whether it is a workbook, or a text with a heading that is known and is not the acquirer's."""
    if workbooks.is_workbook(data):
        return True
    if text is None:
        return False
    try:
        return sheets.delimiter_of(text, STATEMENT.columns_of) is not None
    except UnreadableError:
        return False


def read(data: bytes, text: str | None, encoding: str) -> StatementFile:
    """Read every statement of the file. Raises UnreadableError with the line where one is to blame."""
    if workbooks.is_workbook(data):
        tables = [grid.table(STATEMENT.columns_of) for grid in workbooks.grids_of(data)]
        return read_tables(workbooks.workbook_kind(data), "binary", tables)
    if text is None:
        raise UnreadableError("neither a text nor a workbook", hint="binary")
    return read_tables("csv", encoding, [sheets.text_table(text, STATEMENT.columns_of)])


def read_tables(
    kind: str, encoding: str, tables: Sequence[sheets.Table], manner: Manner = STATEMENT
) -> StatementFile:
    """The statements of all tables of a file. Raises UnreadableError."""
    found = [statement for table in tables for statement in _statements(table, manner)]
    if not found:
        raise UnreadableError("no heading that is known", hint="heading")
    return StatementFile(kind, encoding, tuple(found))


def _statements(table: sheets.Table, manner: Manner) -> list[Statement]:
    """The statements of one table: one for each account and currency in it."""
    if table.heading < 0:
        _refuse_headless(table)
        return []
    columns = dict(manner.columns_of(table.top[table.heading]))
    _refuse_foreign(columns, table.lines[table.heading])
    above = joined(table.top[: table.heading])
    refuse_unit(above, table.lines[table.heading])
    headings = "|".join(text_of(cell) for cell in table.top[table.heading])
    body = body_of(table, columns, above, manner)
    notes = above + "\n" + body.notes
    if not body.lines:
        return [_empty(notes, manner)]
    return Builder(columns, body, notes, headings, manner).statements()


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
    for row, line in zip(table.top, table.lines, strict=False):
        known = cells.days([cell for cell in row if cell not in ("", None)], None)
        if any(known.values()) and any(isinstance(cell, float) for cell in row):
            raise UnreadableError("no heading that is known", line=line, hint="heading")


def _empty(notes: str, manner: Manner) -> Statement:
    """A table without movements."""
    account = manner.account or account_in(notes, manner.account_pattern)
    currency = manner.currency or currency_in(notes)
    return Statement(account, currency, opening_in(notes), closing_in(notes), None, None, ())
