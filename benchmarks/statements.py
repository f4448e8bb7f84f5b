"""Reading statement files: seconds for many entries, and how much memory a file takes, however large."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from benchmarks.measure import Measure, rounded, say
from benchmarks.stage import Stage
from benchmarks.statement_files import FORMATS, table_rows, write, write_workbook
from counter.bank.reading import read_file

ROUNDS = 3
ENTRIES, ROWS = 10_000, 50_000
LIMITS = {
    "camt": 0.6,
    "camt_full": 0.6,
    "camt_batches": 0.6,
    "mt940": 0.6,
    "ofx1": 0.6,
    "ofx2": 0.6,
    "csv": 0.5,
}
BATCHES = {"camt_batches": 8}
"""Of these as many entries fewer, so that the transactions are as many."""
TIMES_MAX = 10.0
LARGE_BYTES, LARGE_MB_MAX = 175_000_000, 500.0
"""A file near the largest that is read, and what ten times the largest loaded as a whole would take."""
LARGE = ("camt", "mt940", "ofx1")
CHILD = """
import resource, sys
from pathlib import Path
from counter.bank import camt, ofx
from counter.bank.reading import read, read_file

read(b":20:A\\r\\n:25:1\\r\\n:60F:C260301CNY1,00\\r\\n")
for name in sys.argv[1:]:
    read_file(Path(name))
status = Path("/proc/self/status")
if status.exists():
    print(next(int(line.split()[1]) for line in status.open() if line.startswith("VmHWM")))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
"""Reads a file and says how many kB it had at most; getrusage would count what the parent had before."""


def reading(stage: Stage) -> Iterator[Measure]:
    """Each format in seconds and in times its own size, then the large files in MB."""
    empty = peak_mb(None)
    for name in (*FORMATS, "xlsx"):
        path, count = small(stage.folder, name)
        taken = [seconds_of(path) for _round in range(ROUNDS)]
        details = {
            "entries": count,
            "file_mb": rounded(path.stat().st_size / 1e6),
            "by_the_clock_s": [rounded(clock) for _, clock in taken],
        }
        seconds = median(processor for processor, _ in taken)
        against = "processor time, for others share the machine; median"
        yield Measure(f"read_{name}_s", seconds, "s", LIMITS.get(name, 1.0), against, details=details)
        grown = peak_mb(path) - empty
        times = grown * 1e6 / max(path.stat().st_size, 1)
        against = "peak of a process that reads it over one that reads none, in sizes of the file"
        yield Measure(
            f"read_{name}_memory",
            times,
            "times",
            TIMES_MAX,
            against,
            details={**details, "mb": rounded(grown)},
        )
    yield from large_files(stage.folder, empty)


def large_files(folder: Path, empty: float) -> Iterator[Measure]:
    """Files near the largest, which are read in pieces."""
    for name in LARGE:
        make, encoding = FORMATS[name]
        path = folder / f"large_{name}"
        write(path, make(1_000), encoding)
        count = LARGE_BYTES * 1_000 // path.stat().st_size
        write(path, make(count), encoding)
        started = perf_counter()
        grown = peak_mb(path) - empty
        details = {
            "entries": count,
            "file_mb": rounded(path.stat().st_size / 1e6),
            "s": rounded(perf_counter() - started),
        }
        path.unlink()
        yield Measure(
            f"read_large_{name}_mb",
            grown,
            "MB",
            LARGE_MB_MAX,
            "ten times 50 MB, whatever the size",
            details=details,
        )


def small(folder: Path, name: str) -> tuple[Path, int]:
    """A file of ten or fifty thousand rows."""
    path = folder / f"statement_{name}"
    if name == "xlsx":
        write_workbook(path, table_rows(ROWS))
        return path, ROWS
    make, encoding = FORMATS[name]
    count = ROWS if name == "csv" else ENTRIES // BATCHES.get(name, 1)
    write(path, make(count), encoding)
    return path, count


def seconds_of(path: Path) -> tuple[float, float]:
    """How long one reading takes the processor, and how long it takes by the clock."""
    processor, clock = process_time(), perf_counter()
    found = read_file(path)
    taken = process_time() - processor, perf_counter() - clock
    assert found.statements[0].balanced is not False
    return taken


def peak_mb(path: Path | None) -> float:
    """The most memory of a process that reads the file; of one that reads none without."""
    command = [sys.executable, "-c", CHILD, *([str(path)] if path else [])]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # our own words
    say(f"{path.name if path else 'nothing'}: {int(said) * 1024 / 1e6:.0f} MB")
    return int(said) * 1024 / 1e6
