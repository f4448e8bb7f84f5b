"""Lists as files for a spreadsheet or another system.

CSV in UTF-8 with a BOM, because spreadsheets take a file without one for the system's own encoding. A text
that a spreadsheet would obey as a formula is marked as text.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from counter.errors import Fault
from counter.i18n import _

_OBEYED = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]], path: Path) -> None:
    """Write them whole, or raise Fault and leave nothing half written."""
    beside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings)
            writer.writerows([harmless(cell) for cell in row] for row in rows)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise Fault(
            _("The file cannot be written."),
            _("{path}: {why}. What it lists is as it was.").format(path=path, why=error.strerror or error),
            _("Free space or choose another folder, then export again."),
        ) from error


def harmless(cell: str) -> str:
    """``cell`` as no spreadsheet obeys it, on one line and without NUL; a negative number is one."""
    if _NUMBER.fullmatch(cell):
        return cell
    line = " ".join(cell.replace("\0", " ").split())
    return f"'{line}" if cell.startswith(_OBEYED) or line.startswith(_OBEYED) else line
