"""Closing a day: what stops it, what it keeps, and that nothing is posted into it afterwards."""

from __future__ import annotations

import json
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
    """The step that stops today's closing, and how many are wrong in it."""
    error = refused(bureau, closing(bureau, **changes))
    facts = json.loads(error.diag.message_detail)
    assert facts["business_date"] in translate(error).title
    return f"{facts['step']} {facts['count']}"


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
    assert stopped_by(hall) == "shifts 1"
    close_shift(hall, shift)
    assert stopped_by(hall) == "deposits 1"
    hall.call(CASHIER, "post_deposit", slip(hall, 900, (shift, "cash")))
    assert stopped_by(hall, checklist={}) == "statements 1"
    hall.call(CASHIER, "close_day", closing(hall))
    assert "赵静" in translate(refused(hall, closing(hall))).title


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
    assert stopped_by(hall, checklist=notes) == "deposits 1"
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


def tamper(bureau: Bureau, table: str, statement: str) -> None:
    """Change what nobody can change."""
    with bureau.psql() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(f"ALTER TABLE counter.{table} DISABLE TRIGGER USER")
        connection.execute(statement)


@pytest.mark.parametrize(
    ("table", "statement", "check"),
    [
        (
            "day_closing",
            "UPDATE counter.day_closing SET totals = jsonb_set(totals, '{prepaid,closing_fen}', '-1')",
            "day totals",
        ),
        (
            "day_closing",
            "UPDATE counter.day_closing SET totals = totals - 'cash_in_transit'",
            "day totals",
        ),
        (
            "day_closing",
            "UPDATE counter.day_closing SET heads = jsonb_set(heads, '{101,hash}', to_jsonb(repeat('ab', 32)))",
            "day heads",
        ),
        ("day_closing", "UPDATE counter.day_closing SET journals = journals + 1", "day entries"),
    ],
)
def test_the_proof_of_the_books_finds_a_closing_that_was_changed(
    hall: Bureau, table: str, statement: str, check: str
) -> None:
    banked(hall)
    hall.call(CASHIER, "close_day", closing(hall))
    tamper(hall, table, statement)
    assert check in [found.check for found in proven(hall)]


def test_a_changed_journal_stops_the_closing(hall: Bureau) -> None:
    shift = banked(hall)
    tamper(hall, "journal", f"UPDATE counter.journal SET recorded_at = now() WHERE journal_id = {shift}")
    assert next(step["step"] for step in checklist(hall)["steps"] if step["state"] == "mend") == "ledger"
    assert stopped_by(hall) == "ledger 1"


def test_a_till_whose_cash_is_not_its_postings_stops_the_closing(hall: Bureau) -> None:
    banked(hall)
    tamper(hall, "till", "UPDATE counter.till SET cash_fen = 1 WHERE till_no = 102")
    assert stopped_by(hall) == "ledger 1"


def test_a_gap_in_the_receipts_stops_the_closing(hall: Bureau) -> None:
    banked(hall)
    tamper(
        hall,
        "journal",
        "UPDATE counter.journal SET receipt_serial = 9 WHERE till_no = 101 AND receipt_serial = 2",
    )
    assert stopped_by(hall) == "receipts 6"
