"""A server process is killed at each step of a till's way to the bank: each step happens once."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from counter.errors import OutcomeUnknown, ServerUnreachable
from counter.services.bootstrap import ensure_database
from counter.services.ledger import verify
from db import admin, embedded
from db.migrate import upgrade
from tests.bureau import PASSWORD, STAFF, TILLS, Bureau
from tests.services import matching_work
from tests.services import posting_work as ready
from tests.services.posting_work import Act, Work
from tests.services.tap import Tap
from tests.services.test_one_round_trip import USE_CASES
from tests.services.test_server_killed import postmaster, wait_for

STEPS = {
    "count": ("sign_count", ready.counts),
    "close": ("close_shift", ready.closes),
    "handover": ("take_over", ready.takes_over),
    "deposit": ("post_deposit", ready.deposits),
    "reversal": ("reverse_payment", ready.reversal),
    "day": ("close_day", ready.closes_day),
    "claim": ("post_payment", matching_work.claims),
}
LEFT = """
    SELECT ARRAY[(SELECT count(*) FROM counter.journal), (SELECT count(*) FROM counter.shift_count),
                 (SELECT count(*) FROM counter.shift_closing), (SELECT count(*) FROM counter.shift),
                 (SELECT count(*) FROM counter.deposit), (SELECT count(*) FROM counter.receipt),
                 (SELECT count(*) FROM counter.closed_day) + (SELECT count(*) FROM counter.day_closing)]
"""
ADDED = {
    "count": [0, 1, 0, 0, 0, 0, 0],
    "close": [1, 0, 1, 0, 0, 0, 0],
    "handover": [2, 0, 1, 1, 0, 0, 0],
    "deposit": [1, 0, 0, 0, 1, 0, 0],
    "reversal": [1, 0, 0, 0, 0, 1, 0],
    "day": [0, 0, 0, 0, 0, 0, 2],
    "claim": [1, 0, 0, 0, 0, 1, 0],
}
"""What a step leaves behind: journals, counts, closings, shifts, deposits, receipts, days."""

WAITING = """
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE %s
"""


@pytest.fixture
def work(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """A clerk behind a wire who does not wait between tries."""
    monkeypatch.setattr("counter.services.once.time.sleep", lambda _seconds: None)
    yield from at_work(bureau)


def at_work(bureau: Bureau) -> Iterator[Work]:
    """Two accounts and an open shift."""
    bureau.add_account(ready.ACCOUNT)
    bureau.add_account(ready.OTHER, name="李四")
    bureau.open_shift(float_fen=ready.FLOAT_FEN)
    work = Work(bureau, Tap(bureau.url))
    work.desk()
    yield work
    for desk in work.desks.values():
        desk.close()
    work.tap.close()


def outcome(answer: Any) -> str:
    """An answer without the mark that it was given before, and without how old it is by now."""
    return re.sub(r"\bage_s=\d+", "age_s=0", repr(answer)).replace("replayed=True", "replayed=False")


def happened_once(work: Work, name: str, before: list[int]) -> bool:
    """Whether the step left its rows behind once, and the books are right."""
    added = [now - then for now, then in zip(work.bureau.value(LEFT), before, strict=True)]
    return added == ADDED[name] and verify(work.bureau.admin).finding is None


@pytest.mark.parametrize("name", STEPS)
def test_a_server_process_that_is_killed_in_a_step_did_nothing_and_the_step_is_done_once(
    work: Work, name: str
) -> None:
    """It is killed while it waits for the till; the desk sends the same request again by itself."""
    function, prepare = STEPS[name]
    act = prepare(work)
    before = work.bureau.value(LEFT)
    answers: list[object] = []
    with work.bureau.psql() as blocker:
        blocker.execute("BEGIN")
        blocker.execute("SELECT FROM counter.till FOR UPDATE")
        clerk = threading.Thread(target=lambda: answers.append(act()))
        clerk.start()
        wait_for(lambda: work.bureau.value(WAITING, f"%{function}%"))
        killed = work.bureau.value(WAITING, f"%{function}%")
        assert work.bureau.value("SELECT pg_terminate_backend(%s)", killed)
        wait_for(lambda: work.bureau.value(WAITING, f"%{function}%") not in {None, killed})
        assert work.bureau.value(LEFT) == before
        blocker.execute("ROLLBACK")
    clerk.join(60)
    assert [outcome(answer) for answer in answers] == [outcome(act())]
    assert happened_once(work, name, before)


@pytest.mark.parametrize("name", STEPS)
def test_an_answer_that_is_lost_is_given_again(work: Work, name: str) -> None:
    """It was posted when the wire was cut: the desk hears of it at the second try."""
    function, prepare = STEPS[name]
    act = prepare(work)
    before = work.bureau.value(LEFT)
    work.tap.lose_answer_of(function)
    work.tap.statements.clear()
    first = act()
    assert sum(f"counter.{function}(" in statement for statement in work.tap.statements) == 2
    assert outcome(first) == outcome(act())
    assert happened_once(work, name, before)


@pytest.mark.parametrize("name", STEPS)
def test_while_the_server_is_away_the_outcome_is_unknown_and_the_same_request_tells_it(
    work: Work, name: str
) -> None:
    """The clerk confirms again when the server is back."""
    function, prepare = STEPS[name]
    act = prepare(work)
    before = work.bureau.value(LEFT)
    work.tap.lose_answer_of(function, stay_down=True)
    with pytest.raises(OutcomeUnknown):
        act()
    assert happened_once(work, name, before)
    work.tap.mend()
    assert outcome(act()) == outcome(act())
    assert happened_once(work, name, before)


@pytest.mark.parametrize("name", [name for name, case in USE_CASES.items() if case.function != "show_card"])
def test_every_use_case_is_told_by_the_same_request_and_leaves_nothing_twice(work: Work, name: str) -> None:
    """Posted, the answer lost, the server away: then the same again. A card that is shown moves no money."""
    case = USE_CASES[name]
    act = case.prepare(work)
    work.tap.lose_answer_of(case.function, stay_down=True)
    with pytest.raises(OutcomeUnknown):
        act()
    work.tap.mend()
    left = rows_of_all_tables(work.bureau)
    assert outcome(act()) == outcome(act())
    assert rows_of_all_tables(work.bureau) == left
    assert verify(work.bureau.admin).finding is None


def rows_of_all_tables(bureau: Bureau) -> dict[str, int]:
    """How many rows each table has."""
    with bureau.psql() as connection:
        names = "SELECT relname FROM pg_class WHERE relnamespace = 'counter'::regnamespace AND relkind = 'r'"
        tables = [row[0] for row in connection.execute(names)]
        counts = ((table, connection.execute(f"SELECT count(*) FROM counter.{table}")) for table in tables)
        return {table: found[0] for table, rows in counts if (found := rows.fetchone())}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Bureau]:
    """A durable server of this test's own."""
    server = embedded.start(tmp_path / "own-server", temporary=True)
    ensure_database(server.admin_url)
    bureau = Bureau(server.url_for("counter"), tmp_path)
    upgrade(bureau.admin)
    with bureau.admin.begin() as connection:
        admin.add_hall(connection, 1, "城关营业厅")
        admin.add_hall(connection, 2, "河西营业厅")
        for till_no, hall_no in TILLS:
            admin.add_till(connection, till_no, hall_no, f"{till_no} 号台")
        for staff_no, person, hall_no, duty in STAFF:
            admin.create_staff(
                connection, staff_no, name=person, hall_no=hall_no, duty=duty, password=PASSWORD
            )
    yield bureau
    bureau.dispose()
    server.leave()


@pytest.fixture
def durable(own: Bureau) -> Iterator[Work]:
    """A clerk on that server, behind a wire."""
    yield from at_work(own)


@pytest.mark.parametrize("name", STEPS)
def test_the_whole_server_goes_down_before_a_step_and_in_it(durable: Work, name: str) -> None:
    """For the close and the handover that is after the count was signed: the count still stands.

    Before: the server itself is killed. In it: its process for this desk, which takes all others down.
    """
    function, prepare = STEPS[name]
    act = prepare(durable)
    before = durable.bureau.value(LEFT)
    kill_server(durable.bureau)
    answers: list[object] = []
    blocker = durable.bureau.psql()
    blocker.execute("BEGIN")
    blocker.execute("SELECT FROM counter.till FOR UPDATE")
    clerk = threading.Thread(target=lambda: answers.append(insist(act)))
    clerk.start()
    wait_for(lambda: durable.bureau.value(WAITING, f"%{function}%"))
    os.kill(durable.bureau.value(WAITING, f"%{function}%"), signal.SIGKILL)
    clerk.join(60)
    blocker.close()
    assert [outcome(answer) for answer in answers] == [outcome(insist(act))]
    durable.bureau.dispose()
    assert happened_once(durable, name, before)


def insist(act: Act) -> object:
    """As a clerk: what is not known, or was not sent, is confirmed again."""
    for _try in range(100):
        try:
            return act()
        except (OutcomeUnknown, ServerUnreachable):
            time.sleep(0.1)
    raise AssertionError("the server did not come back")


def kill_server(bureau: Bureau) -> None:
    """Kill the server (-9) and wait until it is there again."""
    first = postmaster(bureau)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: reached(lambda: postmaster(bureau)) not in {None, first})
    bureau.dispose()


def reached(ask: Callable[[], int]) -> int | None:
    """What the server answers; None while it does not."""
    try:
        return ask()
    except psycopg.Error:
        return None
