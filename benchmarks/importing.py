"""The import of a whole bureau beside a bare COPY of the rows that come of it, in a database of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg

from benchmarks.measure import Measure, rounded, say
from benchmarks.stage import Stage
from counter.services import demo
from counter.services.demo_data import ACCOUNTS_FILE, BILLS_FILE, write_demo_data
from db.engine import address

ROUNDS = 2
RATIO_MAX, PEAK_MB_MAX = 4.0, 300.0
TABLES = (
    "place",
    "account",
    "account_balance",
    "account_address",
    "account_name_part",
    "bill",
    "journal",
    "posting",
)
"""What an import writes, in an order that suits the foreign keys."""


def imports(stage: Stage) -> Iterator[Measure]:
    """Accounts and bills by the commands, then the same rows by COPY: A B A B."""
    folder = stage.folder / "import"
    written = write_demo_data(stage.accounts, demo.DEMO_SEED, folder)
    imported, copied, peaks = [], [], []
    for _round in range(ROUNDS):
        stage.fresh("import_a").dispose()
        seconds, peak_mb = import_files(stage, folder)
        imported.append(seconds)
        peaks.append(peak_mb)
        dump(stage, folder)
        stage.fresh("import_b").dispose()
        copied.append(copy_rows(stage, folder))
        say(f"import {seconds:.1f} s, COPY {copied[-1]:.1f} s, peak {peak_mb:.0f} MB")
    details = {
        "accounts": written.accounts,
        "bills": written.bills,
        "import_s": [rounded(each) for each in imported],
        "copy_s": [rounded(each) for each in copied],
    }
    ratio = median(a / b for a, b in zip(imported, copied, strict=True))
    against = "bare COPY of the resulting rows with indexes and constraints, interleaved, median"
    yield Measure("import_ratio", ratio, "ratio", RATIO_MAX, against, details=details)
    peak_details = {"files_mb": rounded(sum(each.stat().st_size for each in folder.glob("*.csv")) / 1e6)}
    yield Measure(
        "import_peak_mb", max(peaks), "MB", PEAK_MB_MAX, "stated limit, whole process", details=peak_details
    )


def import_files(stage: Stage, folder: Path) -> tuple[float, float]:
    """Seconds for both commands, and the most memory (MB) that either process had."""
    seconds, peak_mb = 0.0, 0.0
    for kind, name in (("accounts", ACCOUNTS_FILE), ("bills", BILLS_FILE)):
        command = [sys.executable, "-m", "counter", "import", kind, str(folder / name)]
        environment = os.environ | {"COUNTER_DATABASE_URL": stage.server.url_for("import_a")}
        started = perf_counter()
        child = os.posix_spawn(
            sys.executable, command, environment, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)]
        )
        _pid, status, usage = os.wait4(child, 0)
        seconds += perf_counter() - started
        assert os.waitstatus_to_exitcode(status) == 0, f"the import of {kind} failed"
        peak_mb = max(peak_mb, usage.ru_maxrss * 1024 / 1e6)
    return seconds, peak_mb


def dump(stage: Stage, folder: Path) -> None:
    """Keep the rows that the import made, in the order in which they lie."""
    with psycopg_connection(stage, "import_a") as connection, connection.cursor() as cursor:
        for table in TABLES:
            out = cursor.copy(f"COPY counter.{table} TO STDOUT")
            with (folder / f"{table}.copy").open("wb") as file, out as copy:
                file.writelines(copy)


def copy_rows(stage: Stage, folder: Path) -> float:
    """Seconds to COPY those rows into the same tables; our own triggers rest, foreign keys do not."""
    with psycopg_connection(stage, "import_b") as connection, connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE counter.{table} DISABLE TRIGGER USER")
        connection.commit()
        started = perf_counter()
        for table in TABLES:
            into = cursor.copy(f"COPY counter.{table} FROM STDIN")
            with (folder / f"{table}.copy").open("rb") as file, into as copy:
                while block := file.read(1 << 18):
                    copy.write(block)
        connection.commit()
        return perf_counter() - started


def psycopg_connection(stage: Stage, database: str) -> psycopg.Connection[tuple[object, ...]]:
    """A bare connection as superuser."""
    url = address(stage.server.url_for(database)).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False))
