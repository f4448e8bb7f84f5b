"""Lists as files for a spreadsheet or another system.

CSV in UTF-8 with a BOM, because spreadsheets take a file without one for the system's own encoding. A text
that a spreadsheet would obey as a formula is marked as text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from counter.services.whole_file import written_whole

_OBEYED = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]], path: Path) -> None:
    """Write them whole, or raise Fault and leave nothing half written."""
    with written_whole(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([harmless(cell) for cell in row] for row in rows)


def harmless(cell: str) -> str:
    """``cell`` as no spreadsheet obeys it, on one line and without NUL; a negative number is one."""
    if _NUMBER.fullmatch(cell):
        return cell
    line = " ".join(cell.replace("\0", " ").split())
    return f"'{line}" if cell.startswith(_OBEYED) or line.startswith(_OBEYED) else line
