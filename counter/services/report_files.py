"""A report as a file: a workbook for a spreadsheet, or CSV for another system.

In a workbook amounts are numbers in yuan with two places, days are days, and every text is a text, whatever
it begins with. XlsxWriter writes each row as it comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from counter.domain.tabular import Cell, Column, Kind, Report, Table, shown
from counter.services.csv_file import write_csv
from counter.services.whole_file import written_whole

_FORMATS: Final = {
    Kind.FEN: "#,##0.00",
    Kind.COUNT: "#,##0",
    Kind.DAY: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
}
_SHEET_NAME_MAX: Final = 31
_NOT_IN_SHEET_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def write_report_csv(report: Report, path: Path) -> None:
    """Every table, one below the other when there are several; raises Fault when it cannot be written."""
    first = report.tables[0]
    write_csv([column.title for column in first.columns], _lines(report), path)


def _lines(report: Report) -> Iterator[list[str]]:
    for number, table in enumerate(report.tables):
        if number:
            yield []
            yield [table.title]
            yield [column.title for column in table.columns]
        for row in (*table.rows, *filter(None, (table.totals,))):
            yield [_plain(cell, column) for cell, column in zip(row, table.columns, strict=True)]


def _plain(cell: Cell, column: Column) -> str:
    """As another program reads it: no thousands commas."""
    return shown(cell, column.kind).replace(",", "") if isinstance(cell, int) else shown(cell, column.kind)


def write_report_xlsx(report: Report, path: Path) -> None:
    """A sheet for each table; raises Fault when it cannot be written, and leaves nothing half written."""
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxFileError

    with written_whole(path) as beside:
        book = xlsxwriter.Workbook(
            str(beside),
            {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        for number, table in enumerate(report.tables, 1):
            _sheet(book, table, number)
        try:
            book.close()
        except XlsxFileError as error:
            raise OSError(str(error)) from error


def write_report_pdf(content: bytes, path: Path) -> None:
    """Keep what was drawn; raises Fault when it cannot be written."""
    with written_whole(path) as beside:
        beside.write_bytes(content)


def _sheet(book: Any, table: Table, number: int) -> None:
    """One table, its head frozen, with a filter."""
    name = f"{number} {table.title}".translate(_NOT_IN_SHEET_NAMES)[:_SHEET_NAME_MAX].strip()
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    formats = [book.add_format({"num_format": _FORMATS.get(column.kind, "@")}) for column in table.columns]
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width + 2)
        sheet.write_string(0, place, column.title, head)
    for line, row in enumerate((*table.rows, *filter(None, (table.totals,))), 1):
        for place, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            _write(sheet, line, place, cell, column, formats[place])
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _write(sheet: Any, line: int, place: int, cell: Cell, column: Column, look: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(line, place, cell.replace(tzinfo=None), look)
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, cell, look)
    elif isinstance(cell, int):
        sheet.write_number(line, place, Decimal(cell).scaleb(-2) if column.kind is Kind.FEN else cell, look)
    else:
        sheet.write_string(line, place, cell.replace("\0", " "), look)
