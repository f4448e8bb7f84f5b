"""The desk in a terminal: from the Enter that posts to "Posted", from a key to its paint, and memory."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import linear_regression, median

from sqlalchemy import text

from benchmarks.desk import Desk
from benchmarks.measure import Measure, percentile, rounded, say, spread
from benchmarks.stage import Stage

ACCOUNTS = 6_000
DATABASE = "desk"
POSTINGS, LONG_RUN = 200, 2_000
WARM = 400
"""Payments after which everything has been loaded and each cache is full; growth counts from here."""

KEY_ROUNDS = 100
POSTED_MS_MAX, PAINT_MS_MAX, RESIDENT_MB_MAX, GROWTH_PER_CENT_MAX = 50.0, 33.0, 160.0, 5.0
OWING = """
    SELECT account_no FROM counter.account JOIN counter.account_balance USING (account_no)
     WHERE arrears_fen > 0 AND status = 'active'
       AND (SELECT count(*) FROM counter.bill b WHERE b.account_no = account.account_no) < 4
     ORDER BY account_no LIMIT :most
"""
MANY_BILLS = """
    SELECT account_no FROM counter.bill WHERE principal_paid_fen < principal_fen
     GROUP BY account_no ORDER BY count(*) DESC LIMIT 1
"""


def postings(stage: Stage) -> Iterator[Measure]:
    """A real program on a real database, each payment for another account."""
    accounts = owing(stage, POSTINGS + 10)
    with Desk(stage, DATABASE) as desk:
        times = [pay(desk, account_no) for account_no in accounts][10:]
    against = "stated limit; from the key written to the terminal to the last byte of the frame"
    yield Measure(
        "key_to_posted_ms", percentile(times, 95), "ms", POSTED_MS_MAX, against, details=spread(times)
    )


def keys(stage: Stage) -> Iterator[Measure]:
    """Digits of an amount on an account with 240 bills: every key recounts and repaints the allocation."""
    owing(stage, 1)
    with stage.engine(DATABASE).connect() as connection:
        account_no = str(connection.execute(text(MANY_BILLS)).scalar_one())
    times = []
    with Desk(stage, DATABASE) as desk:
        desk.open_account(account_no)
        for turn in range(KEY_ROUNDS):
            typed = ""
            for digit in str(1_234 + turn):
                typed += digit
                times.append(desk.key_ms(digit, typed))
            desk.clear_amount()
    details = spread(times[20:])
    yield Measure("key_to_paint_ms", details["p95"], "ms", PAINT_MS_MAX, "stated limit", details=details)


def memory(stage: Stage) -> Iterator[Measure]:
    """Resident memory over 2,000 payments, each with its receipt."""
    accounts = owing(stage, LONG_RUN)
    sizes: list[tuple[int, float]] = []
    with Desk(stage, DATABASE) as desk:
        for number, account_no in enumerate(accounts, 1):
            pay(desk, account_no)
            if number % 50 == 0:
                sizes.append((number, desk.terminal.resident_mb()))
                say(f"{number} payments, {sizes[-1][1]:.1f} MB")
    warm = [(number, size) for number, size in sizes if number >= WARM]
    slope = linear_regression(*zip(*warm, strict=True)).slope
    tenth = max(1, len(warm) // 10)
    first, last = (median(size for _number, size in part) for part in (warm[:tenth], warm[-tenth:]))
    details = {
        "payments": len(accounts),
        "mb_after": {number: rounded(size) for number, size in sizes[:: max(1, len(sizes) // 8)]},
        "kb_per_payment": rounded(1e3 * slope),
    }
    peak = max(size for _number, size in sizes)
    yield Measure("resident_mb", peak, "MB", RESIDENT_MB_MAX, "stated limit", details=details)
    growth = 100 * (last - first) / first
    against = f"resident memory after {WARM} payments"
    yield Measure("resident_growth_percent", growth, "%", GROWTH_PER_CENT_MAX, against)


def owing(stage: Stage, most: int) -> list[str]:
    """Accounts that owe between one bill and three; a kept bureau that has paid too much is built anew."""
    for _try in range(2):
        engine = stage.filled(DATABASE, stage.demonstration(ACCOUNTS))
        with engine.connect() as connection:
            found = [str(number) for number in connection.execute(text(OWING), {"most": most}).scalars()]
        engine.dispose()
        if len(found) == most:
            return found
        stage.ask("postgres", f'DROP DATABASE "{DATABASE}" WITH (FORCE)')
    raise AssertionError("too few accounts owe anything")


def pay(desk: Desk, account_no: str) -> float:
    """Pay everything that an account owes; milliseconds from the last Enter to "Posted"."""
    desk.open_account(account_no)
    return desk.post_ms()
