"""Closing a day of 3,000 payments: the checklist with the books proven, and the closing itself."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from uuid import uuid4

from benchmarks.day import DATABASE, LARGEST_NOTE_FEN, PAYMENTS, fill
from benchmarks.desk import CLERK, session_of
from benchmarks.measure import Measure, percentile, say, spread
from benchmarks.stage import Stage
from counter.services import demo
from counter.services.desk import Desk
from counter.services.ports import Duty
from counter.services.ports.day_close import CloseDay, StepState
from counter.services.ports.deposits import MakeDeposit
from counter.services.ports.drawer import CloseShift, SignCount

CLOSE_MS_MAX = 3_000.0
CLOSINGS, LOOKS = 9, 9
CASHIER = next(person for person in demo.DEMO_STAFF if person.duty is Duty.CASHIER)


def closing(stage: Stage) -> Iterator[Measure]:
    """All takings banked, then closed: several times and taken back, at last once and for good."""
    shift_id = fill(stage)
    clerk = session_of(stage, DATABASE, stage.folder / "closing-clerk").sign_in(
        CLERK.staff_no, CLERK.password
    )
    close_shift(stage, clerk, shift_id)
    clerk.close()
    folder = stage.folder / "closing-cashier"
    cashier = session_of(stage, DATABASE, folder).sign_in(CASHIER.staff_no, CASHIER.password)
    bring_to_bank(cashier)
    looks, seen = [], cashier.day_close.checklist()
    for _round in range(LOOKS):
        started = time.perf_counter()
        seen = cashier.day_close.checklist()
        looks.append(1e3 * (time.perf_counter() - started))
    notes = tuple((step.name.value, "bench") for step in seen.steps if step.state is StepState.NOTE)
    request = CloseDay(uuid4(), seen.business_date, seen.journals, notes)
    times = list(taken_back(cashier, request))
    started = time.perf_counter()
    closed = cashier.day_close.close_day(request)
    times.append(1e3 * (time.perf_counter() - started))
    say(f"closed {closed.business_date} with {closed.journals} entries")
    assert closed.journals > PAYMENTS
    cashier.close()
    against = f"stated limit; {PAYMENTS} payments and the bills of {DATABASE}, nothing closed before, p95"
    details = spread(times) | {"looked_at": spread(looks), "entries": closed.journals}
    yield Measure("day_close_ms", percentile(times, 95), "ms", CLOSE_MS_MAX, against, details=details)


def close_shift(stage: Stage, clerk: Desk, shift_id: int) -> None:
    """Count what the books say."""
    held = int(str(stage.ask(DATABASE, f"SELECT cash_fen FROM counter.till WHERE shift_id = {shift_id}")))
    pieces = ((LARGEST_NOTE_FEN, held // LARGEST_NOTE_FEN), (1, held % LARGEST_NOTE_FEN))
    signed = clerk.drawer.sign_count(SignCount(uuid4(), shift_id, pieces))
    clerk.drawer.close_shift(CloseShift(uuid4(), shift_id, signed.count_id))


def bring_to_bank(cashier: Desk) -> None:
    """Everything that waits, on one slip."""
    safe = cashier.deposits.safe()
    total_fen = sum(item.amount_fen for item in safe.items)
    items = tuple(item.key for item in safe.items)
    number = safe.bank_accounts[0].bank_account_no
    cashier.deposits.make_deposit(MakeDeposit(uuid4(), number, items, total_fen, "bench"))


def taken_back(cashier: Desk, request: CloseDay) -> Iterator[float]:
    """Milliseconds of closings that are rolled back, each under an id of its own."""
    for _round in range(CLOSINGS):
        body = {
            "request_id": str(uuid4()),
            "business_date": request.business_date.isoformat(),
            "checklist": dict(request.notes),
            "journals": request.journals,
        }
        with cashier.day_close.engine.connect() as connection:
            started = time.perf_counter()
            connection.exec_driver_sql("SELECT counter.close_day(%s)", (json.dumps(body),)).one()
            connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
            yield 1e3 * (time.perf_counter() - started)
            connection.rollback()
