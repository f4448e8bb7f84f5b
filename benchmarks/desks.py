"""Sixteen desks that post at once: how long a payment takes, and that no deadlock reaches a clerk."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import Random
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from benchmarks import payers
from benchmarks.measure import Measure, percentile, spread
from benchmarks.stage import Stage
from counter.errors import BalanceChanged
from counter.services.once import post_once
from db import admin
from db.engine import as_login, make_engine

DESKS, PAYMENTS, ACCOUNTS = 16, 150, 400
PAUSE_S = 0.05
"""Between two payments of a desk: still a hundred times as busy as a clerk."""

P99_MS_MAX = 100.0
DATABASE = "desks"
FIRST_TILL = 1501


def sixteen(stage: Stage) -> Iterator[Measure]:
    """Payments for one account or three, all desks on the same few hundred accounts, one process a desk."""
    stage.ask("postgres", f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    engine = stage.filled(DATABASE, lambda engine: payers.fill(engine, ACCOUNTS))
    url = payers.url_of(engine)
    with engine.begin() as connection:
        for desk in range(DESKS):
            admin.add_till(connection, FIRST_TILL + desk, 1, f"desk {desk}")
            admin.create_staff(
                connection,
                f"desk{desk}",
                name=f"desk {desk}",
                hall_no=1,
                duty="clerk",
                password=payers.PASSWORD,
            )
    engine.dispose()
    with ProcessPoolExecutor(DESKS, mp_context=get_context("spawn")) as pool:
        took = [each for some in pool.map(work, [url] * DESKS, range(DESKS)) for each in some]
    p99 = percentile(took, 99)
    details = {**spread(took), "desks": DESKS, "payments": len(took)}
    yield Measure(
        "desks_16_p99_ms", p99, "ms", P99_MS_MAX, "stated limit; request to answer", details=details
    )


def work(url: str, desk: int) -> list[float]:
    """One desk's payments in milliseconds each; raises what would reach a clerk."""
    chance = Random(desk)
    engine = make_engine(as_login(url, f"desk{desk}", payers.PASSWORD))
    opened = {"request_id": str(uuid4()), "till_no": FIRST_TILL + desk, "float_fen": 10_000}
    shift = post_once(engine, "open_shift", opened)["shift_id"]
    took = []
    for _payment in range(PAYMENTS):
        accounts = sorted(
            f"33010000{number:04d}" for number in chance.sample(range(1, ACCOUNTS + 1), chance.choice((1, 3)))
        )
        took.append(pay(engine, shift, accounts))
        time.sleep(PAUSE_S * chance.random())
    engine.dispose()
    return took


def pay(engine: Any, shift: int, accounts: list[str]) -> float:
    """One payment in advance; when another desk was quicker it is confirmed again, as the clerk does."""
    query = text(
        "SELECT account_no, version FROM counter.account_balance WHERE account_no = ANY(:numbers) ORDER BY 1"
    )
    while True:
        with engine.connect() as connection:
            versions = connection.execute(query, {"numbers": accounts}).all()
        total = 100 * len(versions)
        request = {
            "request_id": str(uuid4()),
            "shift_id": shift,
            "tenders": [{"kind": "cash", "amount_fen": total, "received_fen": total}],
            "accounts": [
                {"account_no": number, "version": version, "prepaid_fen": 100, "lines": []}
                for number, version in versions
            ],
        }
        started = time.perf_counter()
        try:
            post_once(engine, "post_payment", request)
        except BalanceChanged:
            continue
        return 1e3 * (time.perf_counter() - started)
