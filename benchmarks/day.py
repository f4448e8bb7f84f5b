"""A shift of 3,000 payments: its Z report on paper, and the clerk's own list of them on the screen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, text

from benchmarks.desk import CLERK, Desk, open_shift, session_of
from benchmarks.measure import Measure, percentile, rounded, say, spread
from benchmarks.stage import Stage
from counter.services.once import post_once
from counter.services.ports.drawer import CloseShift, SignCount
from db.engine import as_login, make_engine

PAYMENTS, ACCOUNTS = 3_000, 4_000
DATABASE = "day"
REPORT_MS_MAX, PAINT_MS_MAX = 1_000.0, 33.0
REPORTS, LISTS, KEYS = 15, 15, 150
UP, DOWN, PAGE_UP, PAGE_DOWN, HOME, END = "\x1b[A", "\x1b[B", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F"
SCREENFUL = 29
"""How far a page goes in a list on a terminal of 36 lines."""

AMOUNT_FEN, LARGEST_NOTE_FEN = 1_234, 10_000
TO_PAY = """
    SELECT account_no, version FROM counter.account_balance JOIN counter.account USING (account_no)
     WHERE status = 'active' AND NOT corporate_bank ORDER BY account_no LIMIT :most
"""


def fill(stage: Stage) -> int:
    """A fresh bureau whose clerk has taken 3,000 payments today by four tenders; the id of the open shift."""
    stage.ask("postgres", f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    stage.filled(DATABASE, stage.demonstration(ACCOUNTS, bills_per_account=1)).dispose()
    shift_id = open_shift(stage, DATABASE)
    with stage.engine(DATABASE).connect() as connection:
        rows = list(connection.execute(text(TO_PAY), {"most": PAYMENTS}))
    assert len(rows) == PAYMENTS
    engine = clerk_engine(stage)
    say(f"posting {PAYMENTS} payments")
    for number, (account_no, version) in enumerate(rows):
        share = {"account_no": account_no, "version": version, "prepaid_fen": AMOUNT_FEN, "lines": []}
        request = {"request_id": str(uuid4()), "shift_id": shift_id, "tenders": [tender(number)]}
        post_once(engine, "post_payment", request | {"accounts": [share]})
    engine.dispose()
    stage.ask(DATABASE, "VACUUM ANALYZE")
    return shift_id


def clerk_engine(stage: Stage) -> Engine:
    """Signed in as the clerk."""
    return make_engine(as_login(stage.server.url_for(DATABASE), CLERK.staff_no, CLERK.password))


def tender(number: int) -> dict[str, Any]:
    """Mostly cash, and papers in between."""
    given: dict[str, Any] = {"amount_fen": AMOUNT_FEN}
    if number % 4:
        return given | {"kind": "cash", "received_fen": 1_300}
    if number % 8:
        return given | {"kind": "pos", "details": {"reference": f"12345678-000001-{number:06d}"}}
    reference = {"reference": f"建设银行/{number:08d}", "payer": f"62220202{number:08d}"}
    return given | {"kind": "cheque" if number % 16 else "transfer", "details": reference}


def z_report(stage: Stage) -> Iterator[Measure]:
    """From the question to the file on the disk: the ledger is read, the paper drawn, saved and synced."""
    shift_id = fill(stage)
    session = session_of(stage, DATABASE, stage.folder / "reporting").sign_in(CLERK.staff_no, CLERK.password)
    held = int(str(stage.ask(DATABASE, f"SELECT cash_fen FROM counter.till WHERE shift_id = {shift_id}")))
    pieces = ((LARGEST_NOTE_FEN, held // LARGEST_NOTE_FEN), (1, held % LARGEST_NOTE_FEN))
    signed = session.drawer.sign_count(SignCount(uuid4(), shift_id, pieces))
    session.drawer.close_shift(CloseShift(uuid4(), shift_id, signed.count_id))
    read, printed = [], []
    for _round in range(REPORTS + 1):
        started = time.perf_counter()
        report = session.drawer.report(shift_id)
        read.append(1e3 * (time.perf_counter() - started))
        assert report is not None
        assert sum(row.count for row in report.takings) == PAYMENTS
        started = time.perf_counter()
        outcome = session.drawer.print_report(shift_id, reprint=False)
        printed.append(1e3 * (time.perf_counter() - started))
        assert outcome.pdf_path is not None, outcome.error
    session.close()
    details = spread(printed[1:]) | {"first_ms": rounded(printed[0]), "read_only": spread(read[1:])}
    against = f"stated limit; {PAYMENTS} payments, read, drawn, saved and synced, p95"
    yield Measure("z_report_ms", percentile(printed[1:], 95), "ms", REPORT_MS_MAX, against, details=details)


def day_list(stage: Stage) -> Iterator[Measure]:
    """The list of today: from F3 to the painted rows, then row by row and screenful by screenful."""
    fill(stage)
    with Desk(stage, DATABASE) as desk:
        opened = [open_ms(desk) for _round in range(LISTS)]
        desk.terminal.write("\x1bOR")
        desk.terminal.wait(f"{PAYMENTS} payment")
        desk.terminal.settle(0.3)
        moved = list(travel(desk))
    details = spread(opened[1:])
    against = f"a second; {PAYMENTS} payments, from F3 to the painted rows"
    yield Measure("day_list_open_ms", details["p95"], "ms", REPORT_MS_MAX, against, details=details)
    times = spread([each for _key, each in moved])
    kinds = {
        kind: spread([each for key, each in moved if key == kind]) for kind in ("row", "screenful", "end")
    }
    against = "stated limit of key to paint; rows, screenfuls and both ends"
    yield Measure("day_list_key_ms", times["p95"], "ms", PAINT_MS_MAX, against, details=times | kinds)


def open_ms(desk: Desk) -> float:
    """Milliseconds from F3 to the sum under the painted rows; then back to the desk."""
    pressed = desk.terminal.write("\x1bOR")
    painted = desk.terminal.wait(f"{PAYMENTS} payment")
    desk.terminal.settle(0.3)
    desk.terminal.write("\x1b")
    desk.terminal.settle(0.5)
    return 1e3 * (painted - pressed)


def travel(desk: Desk) -> Iterator[tuple[str, float]]:
    """Down row by row and by screenfuls, to the ends, and up again; what was pressed, and milliseconds."""
    serial = PAYMENTS
    for key, kind, step, times in (
        (DOWN, "row", -1, KEYS),
        (PAGE_DOWN, "screenful", -SCREENFUL, KEYS // 2),
        (UP, "row", 1, KEYS),
        (PAGE_UP, "screenful", SCREENFUL, KEYS // 2),
        (END, "end", -PAYMENTS, 1),
        (HOME, "end", PAYMENTS, 1),
    ):
        for _turn in range(times):
            serial = max(1, min(PAYMENTS, serial + step))
            pressed = desk.terminal.write(key)
            painted = desk.terminal.wait(f"-{serial:04d}[^0-9]")
            desk.terminal.settle()
            yield kind, 1e3 * (painted - pressed)
