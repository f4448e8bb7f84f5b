"""Posting a payment beside pgbench's own transaction on the same server, in turns: A B A B."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median

from sqlalchemy import Engine

from benchmarks import payers
from benchmarks.measure import Measure, rounded, say
from benchmarks.stage import Stage
from db.embedded import find_binaries
from db.engine import as_login

ROUNDS = 5
ALONE, TOGETHER = 1_000, 500
"""Transactions of a client in one round, when it is alone and when there are eight."""

ACCOUNTS = payers.CLIENTS * (ROUNDS + 1) * ALONE
DATABASE = "payments"
SCALE = 10
RATIO_MIN, SPLIT_RATIO_MIN = 0.70, 0.50
SCRIPT = """\\set n :n + 1
SELECT counter.post_payment((SELECT request FROM public.waiting WHERE client = :c AND n = :n));
"""


def throughput(stage: Stage) -> Iterator[Measure]:
    """Every payment settles three overdue bills with late fee; each client has its login, till and shift."""
    yield from beside_tpcb(stage, "payment", RATIO_MIN, lambda engine: payers.fill(engine, ACCOUNTS))


def split_throughput(stage: Stage) -> Iterator[Measure]:
    """Every payment settles five overdue bills with late fee, by POS, transfer slip and cash."""
    split = partial(payers.fill, accounts=ACCOUNTS, bills=5, tenders=payers.SPLIT)
    yield from beside_tpcb(stage, "split_payment", SPLIT_RATIO_MIN, split)


def beside_tpcb(stage: Stage, name: str, limit: float, fill: Callable[[Engine], None]) -> Iterator[Measure]:
    """One client, then eight at once, on a bureau that ``fill`` has filled."""
    stage.ask("postgres", f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    stage.filled(DATABASE, fill).dispose()
    prepare_tpcb(stage)
    yield ratio(stage, f"{name}_throughput_1", [payers.CLIENTS - 1], ALONE, limit)
    yield ratio(stage, f"{name}_throughput_8", list(range(payers.CLIENTS - 1)), TOGETHER, limit)


def ratio(stage: Stage, name: str, clients: list[int], count: int, limit: float) -> Measure:
    """Medians of the rounds after a first one that warms up."""
    script = stage.folder / "payment.sql"
    script.write_text(SCRIPT, encoding="utf-8")
    ours, theirs = [], []
    for round_no in range(ROUNDS + 1):
        done = round_no * count
        paid = [
            [*account_of(stage, client), "-D", f"c={client}", "-D", f"n={done}", "-f", str(script)]
            for client in clients
        ]
        plain = [account_of(stage, client, "tpcb") for client in clients]
        pair = together(paid, count), together(plain, count)
        say(f"{name} round {round_no}: payments {pair[0]:.0f}/s, TPC-B {pair[1]:.0f}/s")
        if round_no:
            ours.append(pair[0])
            theirs.append(pair[1])
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    details = {
        "payments_per_s": rounded(median(ours)),
        "tpcb_per_s": rounded(median(theirs)),
        "ratios": [rounded(each) for each in ratios],
        "scale": SCALE,
        "connection": "unix socket",
    }
    against = "pgbench TPC-B-like, prepared, same server, interleaved, median of the rounds"
    return Measure(name, median(ratios), "ratio", limit, against, at_least=True, details=details)


def prepare_tpcb(stage: Stage) -> None:
    """Make pgbench's own tables, open to the same ordinary logins that post the payments."""
    stage.ask("postgres", 'DROP DATABASE IF EXISTS "tpcb" WITH (FORCE)')
    stage.ask("postgres", 'CREATE DATABASE "tpcb"')
    together([["-i", "-q", "-s", str(SCALE), stage.server.url_for("tpcb")]], 0)
    stage.ask("tpcb", "GRANT ALL ON ALL TABLES IN SCHEMA public TO counter_clerk")
    stage.ask("postgres", "CHECKPOINT")


def together(runs: list[list[str]], count: int) -> float:
    """Start a pgbench for each client; what they did a second, all together."""
    pgbench = str(find_binaries().folder / "pgbench")
    common = ["-n", "-M", "prepared", "-c", "1", "-t", str(count)] if count else []
    running = [
        subprocess.Popen(
            [pgbench, *common, *run],
            env=os.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for run in runs
    ]
    said = [process.communicate()[0] for process in running]
    for process, words in zip(running, said, strict=True):
        assert process.returncode == 0, words
    return sum(float(found) for words in said for found in re.findall(r"tps = ([0-9.]+)", words))


def account_of(stage: Stage, client: int, database: str = DATABASE) -> list[str]:
    """A database, signed in to as the client."""
    url = as_login(stage.server.url_for(database), payers.login(client), payers.PASSWORD)
    return [url.set(drivername="postgresql").render_as_string(hide_password=False)]
