"""Closings of shifts in sequences, at once and by force: the proof of the books holds after each."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from db.errors import translate
from db.queries import ledger_checks
from tests.bureau import Bureau

ACCOUNT = "330100000001"
CLERK, OTHER, SUPERVISOR = "t10001", "t10002", "t30001"


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """One account that owes nothing."""
    bureau.add_account(ACCOUNT)
    return bureau


def move(desk: Bureau, shift: int, reason: str, amount_fen: int, **changes: Any) -> Any:
    """Cash in or out."""
    request = {
        "request_id": str(uuid4()),
        "shift_id": shift,
        "reason": reason,
        "amount_fen": amount_fen,
        **changes,
    }
    return desk.call(CLERK, "move_cash", request)


def count(desk: Bureau, shift: int, by: str = CLERK, *, heir: str = "", **pieces: int) -> Any:
    """A signed count; ``f10000=3`` are three notes of a hundred."""
    request: dict[str, Any] = {
        "request_id": str(uuid4()),
        "shift_id": shift,
        "denominations": {face[1:]: number for face, number in pieces.items()},
    }
    return desk.call(by, "sign_count", request | ({"handover_to": heir} if heir else {}))


def closing(shift: int, signed: Any) -> dict[str, Any]:
    """The request that closes a shift by a count."""
    return {"request_id": str(uuid4()), "shift_id": shift, "count_id": signed["count_id"]}


def pay(desk: Bureau, shift: int, total_fen: int, staff_no: str = CLERK) -> None:
    """An advance in cash."""
    desk.call(
        staff_no, "post_payment", desk.payment(shift, ACCOUNT, total_fen=total_fen, prepaid_fen=total_fen)
    )


def state_of(desk: Bureau, staff_no: str, function: str, request: dict[str, Any]) -> str | None:
    """The state of the refusal."""
    with pytest.raises(psycopg.Error) as error:
        desk.call(staff_no, function, request)
    return error.value.sqlstate


def proven(desk: Bureau) -> list[ledger_checks.Finding]:
    """What the proof of the books finds wrong."""
    with desk.admin.begin() as connection:
        return [found for _name, found in ledger_checks.run(connection) if found is not None]


def test_an_empty_drawer_closes_and_the_till_counts_its_closings(desk: Bureau) -> None:
    for number in (1, 2):
        shift = desk.open_shift(float_fen=0)
        assert number == desk.call(CLERK, "close_shift", closing(shift, count(desk, shift)))["z_no"]
    assert proven(desk) == []


def test_counts_are_not_changed_and_a_closed_shift_stays_closed(desk: Bureau) -> None:
    shift = desk.open_shift()
    desk.call(CLERK, "close_shift", closing(shift, count(desk, shift, f10000=5)))
    for statement in (
        "UPDATE counter.shift_count SET counted_fen = 0",
        "DELETE FROM counter.shift_count",
        "UPDATE counter.shift SET closed_at = NULL",
        "UPDATE counter.shift_closing SET counted_fen = 0",
    ):
        for staff_no, wanted in (("", "CN011"), (CLERK, "42501"), (SUPERVISOR, "42501")):
            with desk.psql(staff_no) as connection, pytest.raises(psycopg.Error) as error:
                connection.execute(statement)
            assert wanted == error.value.sqlstate


def at_once(desk: Bureau, calls: list[tuple[str, str, dict[str, Any]]]) -> list[str]:
    """What came of calls by different people at the same moment: a state of refusal, or nothing."""
    start = threading.Barrier(len(calls))

    def attempt(call: tuple[str, str, dict[str, Any]]) -> str:
        """One of them."""
        start.wait()
        try:
            desk.call(*call)
        except psycopg.Error as error:
            return error.sqlstate or "?"
        return ""

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(attempt, calls))


def second_supervisor(desk: Bureau) -> str:
    """The cashier becomes one as well; their number."""
    with desk.psql() as connection:
        connection.execute("UPDATE counter.staff SET duty = 'supervisor' WHERE staff_no = 't20001'")
    return "t20001"


@pytest.mark.parametrize("turn", range(4))
def test_two_supervisors_who_counted_close_a_foreign_shift_once(desk: Bureau, turn: int) -> None:
    """By the last count, whoever signed it; the other one is told that it is closed, and by whom."""
    shift, other = desk.open_shift(), second_supervisor(desk)
    people = (SUPERVISOR, other)[:: 1 if turn % 2 else -1]
    counts = [(who, count(desk, shift, who, f10000=5)) for who in people]
    last = counts[-1][1]
    closes = [(who, "close_shift", closing(shift, signed)) for who, signed in counts]
    both = at_once(desk, closes)
    assert both[1] == ""
    assert both[0] in {"CN048", "CN051"}
    late = closes[0][2] | {"request_id": str(uuid4()), "count_id": last["count_id"]}
    with pytest.raises(psycopg.Error) as error:
        desk.call(people[0], "close_shift", late)
    assert error.value.sqlstate == "CN051"
    who = desk.value("SELECT name FROM counter.staff WHERE staff_no = %s", people[1])
    assert who in translate(error.value).title
    assert desk.value("SELECT closed_by FROM counter.shift_closing") == people[1]
    assert proven(desk) == []


@pytest.mark.parametrize("turn", range(4))
def test_two_supervisors_with_one_count_close_a_shift_once(desk: Bureau, turn: int) -> None:
    """Each under an id of their own; the clerk may sell nothing in it any more."""
    shift, other = desk.open_shift(), second_supervisor(desk)
    signed = count(desk, shift, SUPERVISOR, f10000=5)
    closes = [(who, "close_shift", closing(shift, signed)) for who in (SUPERVISOR, other)]
    assert sorted(at_once(desk, closes[:: 1 if turn % 2 else -1])) == ["", "CN051"]
    assert desk.value("SELECT count(*) FROM counter.shift_closing") == 1
    moved = {"request_id": str(uuid4()), "shift_id": shift, "reason": "change_in", "amount_fen": 1}
    assert state_of(desk, CLERK, "move_cash", moved) == "CN051"
    assert state_of(desk, "t10003", "move_cash", moved) == "CN003"
    assert proven(desk) == []


def test_change_that_came_in_goes_back_with_the_float(desk: Bureau) -> None:
    shift = desk.open_shift(float_fen=50_000)
    move(desk, shift, "change_in", 10_000)
    move(desk, shift, "change_out", 2_000)
    closed = desk.call(CLERK, "close_shift", closing(shift, count(desk, shift, f10000=5, f1000=8)))
    assert (closed["float_fen"], closed["to_bank_fen"]) == (58_000, 0)
    assert desk.value("SELECT sum(amount_fen) FROM counter.posting WHERE ledger_account = 'float_fund'") == 0


def test_a_handover_keeps_the_books_and_empties_the_drawer_in_between(desk: Bureau) -> None:
    shift = desk.open_shift(float_fen=50_000)
    pay(desk, shift, 700)
    signed = count(desk, shift, heir=OTHER, f10000=5, f500=1, f200=1)
    assert state_of(desk, SUPERVISOR, "take_over", {**closing(shift, signed), "float_fen": 1}) == "CN049"
    request = {**closing(shift, signed), "float_fen": 30_000}
    taken, again = (desk.call(OTHER, "take_over", request) for _ in range(2))
    assert {**taken, "replayed": True} == again
    assert desk.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 30_000
    assert proven(desk) == []


@pytest.mark.parametrize("heir", [CLERK, "t10003", "t40001", "'; --", "[/]", "王"])
def test_a_count_names_nobody_who_cannot_take_the_till_over(desk: Bureau, heir: str) -> None:
    request = {
        "request_id": str(uuid4()),
        "shift_id": desk.open_shift(),
        "denominations": {},
        "handover_to": heir,
    }
    assert state_of(desk, CLERK, "sign_count", request) == "CN050"


def test_the_proof_finds_a_closing_that_is_not_what_was_counted(desk: Bureau) -> None:
    shift = desk.open_shift()
    desk.call(CLERK, "close_shift", closing(shift, count(desk, shift, f10000=5)))
    with desk.psql() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("ALTER TABLE counter.shift_closing DISABLE TRIGGER refuse_row_change")
        connection.execute("UPDATE counter.shift_closing SET counted_fen = counted_fen + 1")
    assert [found.check for found in proven(desk)] == ["closings"]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_in_a_shift_the_books_are_right(desk: Bureau, seed: int) -> None:
    chance = random.Random(seed)
    for _turn in range(3):
        shift = desk.open_shift(float_fen=chance.choice((0, 50_000)))
        for _step in range(chance.randrange(8)):
            what = chance.choice(("pay", "change_in", "change_out", "to_safe", "count"))
            try:
                if what == "pay":
                    pay(desk, shift, chance.randint(1, 90_000))
                elif what == "count":
                    count(desk, shift, f10000=chance.randrange(9))
                else:
                    move(desk, shift, what, chance.randint(1, 60_000))
            except psycopg.errors.CheckViolation:
                assert what in {"change_out", "to_safe"}
        desk.call(CLERK, "close_shift", closing(shift, count(desk, shift, f10000=chance.randrange(9), f1=7)))
    assert proven(desk) == []
