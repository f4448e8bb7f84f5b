"""Reads an XLS in a process of its own, which may fail in any way without harm (``python -m``).

The old format is a file system with lengths and places everywhere, and a damaged one has made the library ask
for gigabytes and end the process. So that process is another one, with little memory and little time.
Standard input has the file; standard output gets its visible sheets, pickled.
"""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
from typing import Any, Final, cast

from counter.bank.cells import Cell
from counter.bank.statement import UnreadableError

MEMORY_MAX: Final = 1_500_000_000
PROCESSOR_S_MAX: Final = 30
WAIT_S: Final = 120
"""By the clock, on a busy machine."""
BROKEN: Final = "the workbook cannot be read"
LOCKED: Final = "The workbook is protected by a password."
_LOCKED_CODE: Final = 3
AREA_MAX: Final = 12_000_000
"""Cells of a sheet, blank ones too."""
SMALLEST, ORDER_AT, ORDER = 1_536, 28, b"\xfe\xff"
"""No compound file is shorter, and all say so in which order their bytes are."""

Rows = list[list[Cell]]


def sheets_of(data: bytes) -> list[Rows]:
    """The rows of every visible sheet, read elsewhere. Raises UnreadableError."""
    if len(data) < SMALLEST or data[ORDER_AT : ORDER_AT + 2] != ORDER:
        raise UnreadableError(BROKEN, hint="workbook")
    command = [sys.executable, "-P", "-m", "counter.bank.xls_process"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=WAIT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(BROKEN, hint="workbook") from error
    if done.returncode == _LOCKED_CODE:
        raise UnreadableError(LOCKED, hint="password")
    if done.returncode != 0:
        raise UnreadableError(BROKEN, hint="workbook")
    return cast("list[Rows]", _Plain(io.BytesIO(done.stdout)).load())


def rows_of(data: bytes) -> list[Rows]:
    """The rows of every visible sheet of a workbook, read in this process; raises what the library raises."""
    from python_calamine import SheetVisibleEnum, load_workbook

    book = load_workbook(io.BytesIO(data))
    names = [sheet.name for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]
    found = list[Rows]()
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > AREA_MAX:
            raise ValueError("a sheet spans too much")
        found.append(cast("Rows", sheet.to_python(skip_empty_area=False)))
    return found


class _Plain(pickle.Unpickler):
    """Takes values and times, and no other class."""

    def find_class(self, module: str, name: str) -> Any:
        """Raises UnpicklingError for what is no time."""
        if module != "datetime":
            raise pickle.UnpicklingError(name)
        return super().find_class(module, name)


def _limit() -> None:
    """Little memory and little time, where the system can say so."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S_MAX, PROCESSOR_S_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Read standard input, write standard output; 0 when it went well."""
    _limit()
    from python_calamine import PasswordError

    try:
        found = rows_of(sys.stdin.buffer.read())
    except PasswordError:
        return _LOCKED_CODE
    sys.stdout.buffer.write(pickle.dumps(found, pickle.HIGHEST_PROTOCOL))
    return 0


if __name__ == "__main__":
    sys.exit(main())
