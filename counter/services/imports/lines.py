"""The lines of a file as fields, in batches, whatever the file's size.

Invariant: a record is one line. A quotation mark that is not closed on its line is a problem of that
line and cannot swallow the rest of the file; a line of more than ``LINE_LENGTH_MAX`` is refused.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from counter.i18n import _
from counter.services.imports.encodings import BLOCK_BYTES, Inspected
from counter.services.imports.problems import FileRefused, Reason

LINE_LENGTH_MAX = 65_536
DELIMITERS = (",", "\t", ";", "，", "|")
"""What may stand between two fields, the usual one first."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some lines, the first of them numbered ``first_line_no``; ``bytes_done`` of the file were read."""

    first_line_no: int
    lines: list[str]
    bytes_done: int


def batches(path: Path, inspected: Inspected) -> Iterator[Batch]:
    """The file's lines without their ends; raises FileRefused for an endless line."""
    decode = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(inspected.encoding)(), translate=True
    ).decode
    rest, line_no, bytes_done = "", 1, 0
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            bytes_done += len(block)
            *lines, rest = (rest + str(decode(block))).split("\n")
            _refuse_endless(rest, line_no + len(lines))
            yield Batch(line_no, lines, bytes_done)
            line_no += len(lines)
    last = rest + str(decode(b"", final=True))
    if last:
        yield Batch(line_no, last.split("\n"), bytes_done)


def _refuse_endless(rest: str, line_no: int) -> None:
    """A line that does not end would have to be held in memory whole."""
    if len(rest) > LINE_LENGTH_MAX:
        raise FileRefused(
            _("Line {line} is too long.").format(line=line_no),
            _("Nothing was imported."),
            _("Check that the file is the CSV file that was exported."),
        )


def split_batch(lines: list[str], delimiter: str) -> list[list[str] | Reason]:
    """The fields of each line; a line that is no record gives the reason instead."""
    try:
        rows: list[list[str] | Reason] = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        rows = []
    if len(rows) == len(lines):
        return rows
    return [_split_line(line, delimiter) for line in lines]


def _split_line(line: str, delimiter: str) -> list[str] | Reason:
    """One line by itself, so that a bad one does not spoil its neighbours."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return Reason.OPEN_QUOTE


def split_headings(line: str, delimiter: str) -> list[str]:
    """The headings of a line without the empty ones that a spreadsheet leaves at its end."""
    fields = _split_line(line, delimiter)
    headings = [] if isinstance(fields, Reason) else fields
    while headings and not headings[-1].strip():
        headings.pop()
    return headings
