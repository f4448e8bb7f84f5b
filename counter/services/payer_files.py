"""The file of a payer's list as numbered rows of text: CSV in any usual encoding, XLSX or XLS.

Invariant: a file that is no list, or more than a list can be, is refused before it fills the memory.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counter.i18n import _
from counter.services.imports.encodings import inspect
from counter.services.imports.lines import DELIMITERS, batches, split_batch
from counter.services.imports.problems import FileRefused, Reason

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

SIZE_MAX_BYTES = 10_000_000
UNPACKED_MAX_BYTES = 50_000_000
ROWS_MAX, CELLS_MAX = 50_000, 1_000_000
"""More than any list of a payer has, and less than would fill the memory."""

HEADING_ROWS_MAX = 20
"""A title and a date may stand above the headings, but not a page of text."""

_SHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

Row = tuple[int, Sequence[str]]


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of the file with their numbers, from a sheet or from text."""
    try:
        size_bytes = path.stat().st_size
        if path.is_dir() or size_bytes > SIZE_MAX_BYTES:
            raise refused(
                _("This is a folder.") if path.is_dir() else _("The file is too large for a payer's list.")
            )
        with path.open("rb") as file:
            head = file.read(4)
    except (OSError, ValueError, RuntimeError) as error:
        raise _cannot_open(error) from error
    return _sheet_rows(path) if head in _SHEETS else _text_rows(path)


def _text_rows(path: Path) -> Iterator[Row]:
    """A CSV file, separated by whatever gives the headings."""
    lines: list[tuple[int, str]] = []
    for batch in batches(path, inspect(path)):
        lines += enumerate(batch.lines, batch.first_line_no)
        if len(lines) > ROWS_MAX:
            raise _too_large()
    if not lines:
        raise refused(_("The file is empty."))
    first = [line for _number, line in lines[:HEADING_ROWS_MAX]]
    delimiter = max(DELIMITERS, key=lambda each: max(map(len, _split(first, each)), default=0))
    for (number, _line), row in zip(lines, _split([line for _n, line in lines], delimiter), strict=True):
        yield number, row


def _split(lines: list[str], delimiter: str) -> list[list[str]]:
    """The cells of each line; one with a quotation mark that is not closed stands as one cell."""
    rows = split_batch(lines, delimiter)
    return [[line] if isinstance(row, Reason) else row for line, row in zip(lines, rows, strict=True)]


def _sheet_rows(path: Path) -> Iterator[Row]:
    """The first sheet of a workbook that has rows; what a formula last came to counts, not the formula."""
    from python_calamine import load_workbook

    _refuse_bomb(path)
    try:
        rows = _first_sheet(load_workbook(str(path)))
    except BaseException as error:  # a panic of the reader is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, FileRefused)):
            raise
        raise FileRefused(
            _("The spreadsheet cannot be read."),
            _("Nothing was taken over and nothing is posted."),
            _("Open it and save it as XLSX or CSV (UTF-8), without a password."),
        ) from error
    return ((number, [_cell(cell) for cell in row]) for number, row in enumerate(rows, 1))


def _first_sheet(workbook: CalamineWorkbook) -> list[list[Any]]:
    """The rows of the first sheet that has any; raises FileRefused when they are too many."""
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height > ROWS_MAX or sheet.total_height * sheet.total_width > CELLS_MAX:
            raise _too_large()
        if sheet.total_height:
            return list(sheet.to_python())
    return []


def _refuse_bomb(path: Path) -> None:
    """A small file that unpacks without end."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            if sum(item.file_size for item in packed.infolist()) > UNPACKED_MAX_BYTES:
                raise _too_large()


def _cell(cell: object) -> str:
    """A cell as text; a number with the fifteen digits that a spreadsheet shows of it."""
    return str(cell) if isinstance(cell, (str, int)) else _number(cell)


def _number(cell: object) -> str:
    """A number without the noise of its last bits; a date or time as it is."""
    try:
        return format(cell, ".15g")
    except (TypeError, ValueError):
        return str(cell)


def refused(title: str) -> FileRefused:
    """No list: nothing of it was taken."""
    return FileRefused(
        title,
        _("Nothing was taken over and nothing is posted."),
        _("A list has the headings 户号 and 金额 (account, amount), and one account on each line."),
    )


def _too_large() -> FileRefused:
    """More than a list can be."""
    return refused(_("The file is too large for a payer's list."))


def _cannot_open(error: Exception) -> FileRefused:
    """No file, or none that may be read."""
    reason = getattr(error, "strerror", None) or error
    return FileRefused(
        _("The file cannot be opened."),
        _("Nothing was taken over. The system says: {reason}").format(reason=reason),
        _("Check the name of the file and whether you may read it; Tab completes it."),
    )
