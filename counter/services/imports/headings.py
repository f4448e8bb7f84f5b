"""The line of headings: where it is, what separates its fields, and which columns it names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from counter.i18n import _
from counter.services.imports.columns import Column, Matched, match_headings
from counter.services.imports.encodings import Inspected
from counter.services.imports.lines import DELIMITERS, batches, split_headings
from counter.services.imports.problems import FileRefused


@dataclass(frozen=True, slots=True)
class Headings:
    """How the lines after ``line_no`` are to be read."""

    line_no: int
    delimiter: str
    field_count: int
    matched: Matched


def read_headings(path: Path, inspected: Inspected, columns: tuple[Column, ...]) -> Headings:
    """The headings of a file: its first line that is not blank. Raises FileRefused when they do not fit."""
    for batch in batches(path, inspected):
        for offset, line in enumerate(batch.lines):
            if line.strip():
                return _best_reading(line, batch.first_line_no + offset, columns)
    raise FileRefused(_("The file is empty."), _("Nothing was imported."), _("Export it again."))


def _best_reading(line: str, line_no: int, columns: tuple[Column, ...]) -> Headings:
    """The line split at the delimiter that gives the most known headings."""
    readings = []
    for delimiter in DELIMITERS:
        names = split_headings(line, delimiter)
        readings.append(Headings(line_no, delimiter, len(names), match_headings(names, columns)))
    best = max(readings, key=lambda reading: len(reading.matched.positions))
    if not best.matched.complete:
        raise _refused(best.matched)
    return best


def _refused(matched: Matched) -> FileRefused:
    """What does not fit, by the headings as they stand in the file."""
    faults = (
        (_("missing: {headings}"), matched.missing),
        (_("not known: {headings}"), matched.unknown),
        (_("there twice: {headings}"), matched.twice),
    )
    found = [sentence.format(headings=", ".join(names)) for sentence, names in faults if names]
    return FileRefused(
        _("The headings of the file do not fit: {faults}.").format(faults="; ".join(found)),
        _("Nothing was imported."),
        _("Check that this is the right file, and correct its first line."),
    )
