"""Closing a day: what stops it, what it keeps, and that nothing is posted into it afterwards."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from db.errors import translate
from db.queries import ledger_checks
from tests.bureau import Bureau
from tests.ledger.closed import add_bank_account, cash, cheque, close_shift, closed_shift, pos, slip

ACCOUNT = "330100000001"
CASHIER, CLERK, SUPERVISOR = "t20001", "t10001", "t30001"
ALL_NOTES = {"statements": "银行系统升级，对账单明日到"}


@pytest.fixture
def hall(bureau: Bureau) -> Bureau:
    """An account, a bank account."""
    bureau.add_account(ACCOUNT)
    add_bank_account(bureau)
    return bureau


def today(bureau: Bureau, days: int = 0) -> str:
    """The hall's date, or one some days off."""
    return str(bureau.value("SELECT counter.business_date() + %s", days))


def closing(bureau: Bureau, days: int = 0, **changes: Any) -> dict[str, Any]:
    """A request for today's closing."""
    body = {
        "request_id": str(uuid4()),
        "business_date": today(bureau, days),
        "checklist": dict(ALL_NOTES),
    }
    return body | changes


def checklist(bureau: Bureau, staff_no: str = CASHIER, hall_no: int = 1, day: str | None = None) -> Any:
    """The checklist as this login sees it."""
    with bureau.psql(staff_no) as connection:
        row = connection.execute("SELECT counter.day_checklist(%s::smallint, %s)", [hall_no, day]).fetchone()
    assert row is not None
    return row[0]


def states(seen: Any) -> dict[str, str]:
    """How each step stands."""
    return {step["step"]: step["state"] for step in seen["steps"]}


def refused(
    bureau: Bureau, request: dict[str, Any], staff_no: str = CASHIER, function: str = "close_day"
) -> Any:
    """The refusal of a closing."""
    with pytest.raises(psycopg.Error) as error:
        bureau.call(staff_no, function, request)
    return error.value


def stopped_by(bureau: Bureau, **changes: Any) -> str:
    """The step that stops today's closing, as it is told."""
    return str(translate(refused(bureau, closing(bureau, **changes))).title)


def proven(bureau: Bureau) -> list[ledger_checks.Finding]:
    """What the proof of the books finds wrong."""
    with bureau.admin.begin() as connection:
        return [found for _name, found in ledger_checks.run(connection) if found is not None]


def banked(bureau: Bureau) -> int:
    """A closed shift whose takings are on a slip; its id."""
    shift = closed_shift(bureau, ACCOUNT, cash(70_000), cheque(500_000), pos(30_050))
    bureau.call(
        CASHIER, "post_deposit", slip(bureau, 600_050, (shift, "cash"), (shift, "cheque"), (shift, "pos"))
    )
    return shift


def test_a_day_is_closed_once_its_steps_are_done(hall: Bureau) -> None:
    banked(hall)
    seen = checklist(hall)
    assert {k: v for k, v in states(seen).items() if v not in ("done", "waiting")} == {"statements": "note"}
    request = closing(hall, journals=seen["journals"])
    closed = hall.call(CASHIER, "close_day", request)
    assert (today(hall), seen["journals"], False) == (
        closed["business_date"],
        closed["journals"],
        closed["replayed"],
    )
    assert closed | {"replayed": True} == hall.call(CASHIER, "close_day", request)
    after = checklist(hall, day=today(hall))
    assert after["closed"]
    assert states(after)["statements"] == "explained"
    assert (
        hall.value(
            "SELECT sum((t.value->>'closing_fen')::bigint) FROM counter.day_closing, jsonb_each(totals) t"
        )
        == 0
    )
    assert proven(hall) == []


def test_the_first_step_that_is_not_done_stops_the_closing(hall: Bureau) -> None:
    shift = hall.open_shift()
    hall.call(CLERK, "post_payment", hall.payment(shift, ACCOUNT, total_fen=900, prepaid_fen=900))
    assert "shifts of the hall are still open (1)" in stopped_by(hall)
    close_shift(hall, shift)
    assert "no deposit slip (1)" in stopped_by(hall)
    hall.call(CASHIER, "post_deposit", slip(hall, 900, (shift, "cash")))
    assert "bank statements are not in (1)" in stopped_by(hall, checklist={})
    hall.call(CASHIER, "close_day", closing(hall))
    assert "closed already, by 赵静" in stopped_by(hall)


def test_nobody_closes_by_hand_what_the_function_refuses(hall: Bureau) -> None:
    banked(hall)
    for staff_no in (CLERK, CASHIER, SUPERVISOR, "t40001", "t50001", "t60001"):
        for statement in (
            "INSERT INTO counter.closed_day (hall_no, business_date) VALUES (1, counter.business_date())",
            "INSERT INTO counter.day_closing SELECT * FROM counter.day_closing",
            "INSERT INTO counter.month_closing SELECT * FROM counter.month_closing",
            "DELETE FROM counter.closed_day",
        ):
            with hall.psql(staff_no) as connection, pytest.raises(psycopg.Error) as error:
                connection.execute(statement)
            assert error.value.sqlstate == "42501"
    for staff_no in (CLERK, "t40001", "t50001"):
        assert refused(hall, closing(hall), staff_no).sqlstate == "42501"
    assert refused(hall, closing(hall, checklist={})).sqlstate == "CN155"


def test_a_closed_day_is_not_opened_again_by_anybody(hall: Bureau) -> None:
    banked(hall)
    hall.call(CASHIER, "close_day", closing(hall))
    for statement in (
        "DELETE FROM counter.closed_day",
        "UPDATE counter.day_closing SET journals = 0",
        "TRUNCATE counter.month_closing",
        "UPDATE counter.closed_day SET business_date = business_date - 1",
    ):
        with hall.psql() as connection, pytest.raises(psycopg.Error) as error:
            connection.execute(statement)
        assert error.value.sqlstate == "CN011"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"business_date": "2999-01-01"}, "CN157"),
        ({"business_date": None}, "CN160"),
        ({"business_date": "'; DROP TABLE counter.till; --"}, "CN160"),
        ({"business_date": "infinity"}, "CN160"),
        ({"checklist": {"nothing": "x"}}, "CN160"),
        ({"checklist": {"statements": ""}}, "CN160"),
        ({"checklist": {"statements": "x" * 201}}, "CN160"),
        ({"checklist": {"statements": "two\nlines"}}, "CN160"),
        ({"checklist": {"statements": 7}}, "CN160"),
        ({"checklist": ["statements"]}, "CN160"),
        ({"journals": 1}, "CN161"),
    ],
)
def test_what_makes_no_sense_closes_nothing(hall: Bureau, changes: dict[str, Any], state: str) -> None:
    banked(hall)
    assert state == refused(hall, closing(hall, **changes)).sqlstate
    assert hall.value("SELECT count(*) FROM counter.closed_day") == 0


def test_a_note_does_not_close_over_what_has_to_be_mended(hall: Bureau) -> None:
    closed_shift(hall, ACCOUNT, cash(70_000))
    notes = ALL_NOTES | {"deposits": "tomorrow"}
    assert "no deposit slip" in stopped_by(hall, checklist=notes)
    with hall.psql() as connection:
        connection.execute("""UPDATE counter.bank_policy SET checklist = '{"deposits": "note"}'""")
    hall.call(CASHIER, "close_day", closing(hall, checklist=notes))
    signed = hall.value("SELECT checklist->1 FROM counter.day_closing")
    assert (
        signed["step"],
        signed["state"],
        signed["note"],
        signed["amount_fen"],
    ) == ("deposits", "explained", "tomorrow", 70_000)


def test_a_request_id_is_good_for_one_closing(hall: Bureau) -> None:
    banked(hall)
    request = closing(hall)
    hall.call(CASHIER, "close_day", request)
    assert refused(hall, request | {"checklist": {"statements": "other"}}).sqlstate == "CN002"
    assert refused(hall, request, SUPERVISOR).sqlstate == "CN002"
