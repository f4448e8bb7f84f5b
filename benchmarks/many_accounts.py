"""One payment for many accounts, as the desk makes it: read them all, spread the money, post it once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from uuid import uuid4

from benchmarks import payers
from benchmarks.measure import Measure, rounded, say, spread
from benchmarks.stage import Stage
from counter.domain import spreading
from counter.domain.tenders import cash
from counter.services.once import post_once
from counter.services.payers import Payers
from counter.services.payments import as_request
from counter.services.ports import AccountPayment, TakePayment
from db.engine import as_login, make_engine

ROUNDS = 3
SIZES = ((200, 1_000.0), (2_000, 6_000.0))
"""Accounts in one payment, and the milliseconds that it may take. Each owes three overdue bills."""

FIRST = 330_100_000_001
DATABASE = "many_accounts"


def payments(stage: Stage) -> Iterator[Measure]:
    """Three rounds a size, each with accounts of its own."""
    accounts = (ROUNDS + 1) * sum(size for size, _limit in SIZES)
    stage.ask("postgres", f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    stage.filled(DATABASE, lambda engine: payers.fill(engine, accounts)).dispose()
    client = payers.CLIENTS - 1
    engine = make_engine(as_login(stage.server.url_for(DATABASE), payers.login(client), payers.PASSWORD))
    shift_id = int(
        str(stage.ask(DATABASE, f"SELECT shift_id FROM counter.shift WHERE till_no = {101 + client}"))
    )
    desk = Payers(engine)
    done = 0
    for size, limit_ms in SIZES:
        whole, parts = [], []
        for round_no in range(ROUNDS + 1):
            numbers = [str(FIRST + done + place) for place in range(size)]
            done += size
            times = pay(desk, shift_id, numbers)
            say(f"{size} accounts, round {round_no}: {', '.join(f'{each:.0f}' for each in times)} ms")
            if round_no:
                whole.append(sum(times))
                parts.append(times)
        names = ("read", "spread", "post")
        details = spread(whole) | {
            f"{name}_ms": rounded(max(each[place] for each in parts)) for place, name in enumerate(names)
        }
        against = "stated limit; read, spread and post, the worst round, three overdue bills an account"
        yield Measure(f"many_accounts_{size}_ms", max(whole), "ms", limit_ms, against, details=details)
    engine.dispose()


def pay(desk: Payers, shift_id: int, numbers: list[str]) -> list[float]:
    """Everything that they owe, in cash; milliseconds of each step."""
    clock = [time.perf_counter()]
    reading = desk.read(numbers)
    clock.append(time.perf_counter())
    owing = [account.owing for account in reading.accounts]
    versions = {account.account_no: account.version for account in reading.accounts}
    total_fen = sum(account.owed_fen for account in owing)
    amounts = spreading.oldest_first(owing, total_fen, numbers[0])
    parts = tuple(
        AccountPayment(share.account_no, versions[share.account_no], share.lines, share.prepaid_fen)
        for share in spreading.shares(owing, amounts)
    )
    request = TakePayment(uuid4(), shift_id, (cash(total_fen, total_fen),), parts, "某某公司")
    clock.append(time.perf_counter())
    post_once(desk.engine, "post_payment", as_request(request))
    clock.append(time.perf_counter())
    return [1e3 * (after - before) for before, after in pairwise(clock)]
