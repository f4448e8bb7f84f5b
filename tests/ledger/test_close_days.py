"""Closing day after day and a month: the order, what is carried, what waits too long, and halls apart."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from db.queries import ledger_checks
from tests.bureau import Bureau
from tests.ledger.closed import add_bank_account, cash, closed_shift, pos, slip
from tests.ledger.statements import bring, statement
from tests.ledger.turned_clock import take_clock, turn_to

ACCOUNT = "330100000001"
CASHIER, CLERK, SUPERVISOR = "t20001", "t10001", "t30001"
NOTES = {"statements": "late", "settlement": "late"}


@pytest.fixture
def hall(bureau: Bureau) -> Bureau:
    """It is the 28th of September; an account, a bank account."""
    take_clock(bureau, "2026-09-28")
    bureau.add_account(ACCOUNT)
    add_bank_account(bureau)
    return bureau


def work(bureau: Bureau, day: str, *tenders: dict[str, Any]) -> None:
    """A day with a shift whose takings are banked."""
    turn_to(bureau, day)
    shift = closed_shift(bureau, ACCOUNT, *tenders)
    kinds = {tender["kind"]: tender["amount_fen"] for tender in tenders}
    bureau.call(
        CASHIER, "post_deposit", slip(bureau, sum(kinds.values()), *((shift, kind) for kind in kinds))
    )


def close(bureau: Bureau, day: str, staff_no: str = CASHIER, **notes: str) -> Any:
    """Close a day."""
    body = {"request_id": str(uuid4()), "business_date": day, "checklist": NOTES | notes}
    return bureau.call(staff_no, "close_day", body)


def explain(bureau: Bureau) -> None:
    """Say of every open item why it is not at the bank."""
    bureau.value("SELECT counter.collect_items()")
    for item in bureau.value("SELECT array_agg(item_id) FROM counter.book_item WHERE open_fen <> 0"):
        body = {"request_id": str(uuid4()), "item_id": item, "state": "explained", "note": "银行已受理"}
        bureau.call(CASHIER, "note_break", body)


def close_month(bureau: Bureau, month: str, staff_no: str = CASHIER) -> Any:
    """Close a month."""
    return bureau.call(staff_no, "close_month", {"request_id": str(uuid4()), "month": f"{month}-01"})


def refusal(work: Any, *values: Any) -> str:
    """The state of the refusal, and the step where one stops it."""
    with pytest.raises(psycopg.Error) as error:
        work(*values)
    facts = json.loads(error.value.diag.message_detail or "{}")
    return " ".join(filter(None, [error.value.sqlstate, facts.get("step")]))


def proven(bureau: Bureau) -> list[ledger_checks.Finding]:
    """What the proof of the books finds wrong."""
    with bureau.admin.begin() as connection:
        return [found for _name, found in ledger_checks.run(connection) if found is not None]


def closed_days(bureau: Bureau) -> list[str]:
    """The closed days of the first hall."""
    found = bureau.value(
        "SELECT array_agg(business_date::text ORDER BY business_date) FROM counter.closed_day WHERE hall_no = 1"
    )
    return found or []


def test_days_close_in_their_order_and_empty_ones_with_the_next(hall: Bureau) -> None:
    work(hall, "2026-09-28", cash(100))
    work(hall, "2026-09-29", cash(200))
    assert refusal(close, hall, "2026-09-29") == "CN156"
    close(hall, "2026-09-28")
    close(hall, "2026-09-29")
    work(hall, "2026-10-02", cash(300))
    assert refusal(close, hall, "2026-09-30", CLERK) == "42501"
    explain(hall)
    close(hall, "2026-10-02")
    assert refusal(close, hall, "2026-10-01") == "CN158"
    assert refusal(close, hall, "2026-10-03") == "CN157"
    assert [f"2026-{day}" for day in ("09-28", "09-29", "09-30", "10-01", "10-02")] == closed_days(hall)
    assert proven(hall) == []


def test_the_totals_are_carried_from_day_to_day_and_month_to_month(hall: Bureau) -> None:
    work(hall, "2026-09-28", cash(100))
    close(hall, "2026-09-28")
    work(hall, "2026-09-30", cash(200))
    assert refusal(close_month, hall, "2026-09") == "CN162"
    explain(hall)
    close(hall, "2026-09-30")
    assert refusal(close_month, hall, "2026-10") == "CN162"
    assert refusal(close_month, hall, "2026-08") == "CN163"
    request = {"request_id": str(uuid4()), "month": "2026-09-01"}
    first, again = (hall.call(CASHIER, "close_month", request) for _ in range(2))
    assert {**first, "replayed": True} == again
    assert refusal(hall.call, SUPERVISOR, "close_month", request) == "CN002"
    assert refusal(close_month, hall, "2026-09") == "CN164"
    work(hall, "2026-10-31", cash(400))
    explain(hall)
    close(hall, "2026-10-31")
    close_month(hall, "2026-10")
    moved = hall.value(
        "SELECT array_agg(ARRAY[totals->'prepaid'->>'opening_fen', totals->'prepaid'->>'credits_fen',"
        " totals->'prepaid'->>'closing_fen'] ORDER BY month) FROM counter.month_closing"
    )
    assert moved == [["0", "300", "-300"], ["-300", "400", "-700"]]
    assert proven(hall) == []


@pytest.mark.parametrize("month", [None, "2026-09", "2026-09-02", "infinity", "'; --"])
def test_what_is_no_month_is_refused(hall: Bureau, month: str | None) -> None:
    request = {"request_id": str(uuid4()), "month": month}
    assert refusal(hall.call, CASHIER, "close_month", request) == "CN160"


def test_the_books_before_the_first_closing_are_carried_into_it(hall: Bureau) -> None:
    turn_to(hall, "2026-10-05")
    hall.add_bills(ACCOUNT, (202609, 10_000, hall.value("SELECT counter.business_date()")))
    work(hall, "2026-10-06", cash(100))
    close(hall, "2026-10-06")
    totals = hall.value("SELECT totals->'receivable' FROM counter.day_closing")
    assert totals == {"opening_fen": 10_000, "debits_fen": 0, "credits_fen": 0, "closing_fen": 10_000}
    assert proven(hall) == []


def test_halls_are_closed_apart(hall: Bureau) -> None:
    work(hall, "2026-09-28", cash(100))
    hall.open_shift("t10003", 201)
    close(hall, "2026-09-28")
    assert refusal(close, hall, "2026-09-28", "t30002") == "CN155 shifts"
    assert hall.value("SELECT min(closed_through)::text FROM counter.till WHERE hall_no = 1") == "2026-09-28"
    assert hall.value("SELECT max(closed_through)::text FROM counter.till WHERE hall_no = 2") == "2000-01-01"
    with hall.psql("t30002") as connection:
        assert connection.execute("SELECT count(*) FROM counter.day_closing").fetchone() == (0,)
        with pytest.raises(psycopg.Error) as error:
            connection.execute("SELECT counter.day_checklist(1::smallint, NULL)")
    assert error.value.sqlstate == "CN159"


def test_a_slip_that_is_not_settled_in_time_needs_a_word_and_an_item_that_does_not_arrive_a_note(
    hall: Bureau,
) -> None:
    work(hall, "2026-09-28", cash(500), pos(700))
    close(hall, "2026-09-28")
    work(hall, "2026-10-01", cash(100))
    bare = {"request_id": str(uuid4()), "business_date": "2026-10-01", "checklist": {"statements": "late"}}
    assert refusal(hall.call, CASHIER, "close_day", bare) == "CN155 settlement"
    assert refusal(close, hall, "2026-10-01") == "CN155 breaks"
    item = hall.value(
        "SELECT item_id FROM counter.book_item WHERE kind = 'cash_deposit' ORDER BY item_id LIMIT 1"
    )
    note = {"request_id": str(uuid4()), "item_id": item, "state": "waiting", "note": "银行已受理"}
    hall.call(CASHIER, "note_break", note)
    close(hall, "2026-10-01")
    step = hall.value(
        "SELECT s FROM counter.day_closing, jsonb_array_elements(checklist) s"
        " WHERE business_date = '2026-10-01' AND s->>'step' = 'settlement'"
    )
    assert (step["state"], step["count"], step["amount_fen"], step["age_days"]) == ("explained", 1, 700, 3)


def test_an_undecided_suggestion_stops_the_closing(hall: Bureau) -> None:
    work(hall, "2026-09-28", cash(500))
    with hall.psql() as connection:
        connection.execute("SELECT counter.collect_items()")
        connection.execute(
            "INSERT INTO counter.suggestion (key, rule, score, line_ids, item_ids)"
            " SELECT sha256('x'), 'amount_date', 50, '{}', array_agg(item_id) FROM counter.book_item"
        )
    assert refusal(close, hall, "2026-09-28") == "CN155 matches"
    hall.call(
        CASHIER,
        "reject_suggestion",
        {
            "request_id": str(uuid4()),
            "suggestion_id": hall.value("SELECT suggestion_id FROM counter.suggestion"),
        },
    )
    close(hall, "2026-09-28")


@pytest.mark.parametrize("turn", range(3))
def test_two_cashiers_at_once_close_a_day_once(hall: Bureau, turn: int) -> None:
    work(hall, "2026-09-28", cash(500))
    people = (CASHIER, SUPERVISOR)[:: 1 if turn % 2 else -1]
    start = threading.Barrier(2)

    def attempt(staff_no: str) -> str:
        """One of them."""
        start.wait()
        try:
            close(hall, "2026-09-28", staff_no)
        except psycopg.Error as error:
            return error.sqlstate or "?"
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, people)) == ["", "CN158"]
    assert hall.value("SELECT count(*) FROM counter.day_closing") == 1


def test_a_payment_under_way_is_in_the_day_or_refused(hall: Bureau) -> None:
    """A shift that opens while the day is closed waits for the closing, and then there is no such day."""
    work(hall, "2026-09-28", cash(500))
    with hall.psql(CASHIER) as closing:
        closing.autocommit = False
        body = {"request_id": str(uuid4()), "business_date": "2026-09-28", "checklist": NOTES}
        closing.execute("SELECT counter.close_day(%s)", [json.dumps(body)])
        with ThreadPoolExecutor(1) as pool:
            opening = pool.submit(hall.open_shift)
            while not hall.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                assert not opening.done()
            closing.commit()
            with pytest.raises(psycopg.Error) as error:
                opening.result()
    assert error.value.sqlstate == "CN004"


def test_a_till_that_is_put_up_while_a_day_is_closed_is_closed_as_well(hall: Bureau) -> None:
    work(hall, "2026-09-28", cash(500))
    with hall.psql(CASHIER) as closing:
        closing.autocommit = False
        body = {"request_id": str(uuid4()), "business_date": "2026-09-28", "checklist": NOTES}
        closing.execute("SELECT counter.close_day(%s)", [json.dumps(body)])
        new_till = "INSERT INTO counter.till (till_no, hall_no, name) VALUES (109, 1, '9') RETURNING closed_through::text"
        with ThreadPoolExecutor(1) as pool, hall.psql() as admin:
            adding = pool.submit(lambda: admin.execute(new_till).fetchone())
            while not hall.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                assert not adding.done()
            closing.commit()
            assert adding.result() == ("2026-09-28",)


def test_the_reconciliation_that_is_signed_agrees_on_both_sides(hall: Bureau) -> None:
    """A deposit that is on its way, one that arrived, a transfer of nobody, a fee; of two halls."""
    work(hall, "2026-09-28", cash(500), pos(700))
    work(hall, "2026-09-29", cash(900))
    slips = hall.value(
        "SELECT array_agg(counter.receipt_no(till_no, business_date, receipt_serial) ORDER BY journal_id)"
        " FROM counter.journal WHERE kind = 'deposit'"
    )
    lines = [
        ("2026-09-28", 500, slips[0], "现金存入"),
        ("2026-09-29", 12_345, "R2", "货款"),
        ("2026-09-29", -30, "R3", "手续费"),
    ]
    bring(hall, statement(lines, 100_000))
    hall.call(CASHIER, "match_lines", {"request_id": str(uuid4())})
    for suggestion in hall.value(
        "SELECT coalesce(array_agg(suggestion_id), '{}') FROM counter.suggestion WHERE rejected_at IS NULL"
    ):
        body = {"request_id": str(uuid4()), "suggestion_id": suggestion}
        hall.call(CASHIER, "reject_suggestion", body)
    close(hall, "2026-09-28")
    close(hall, "2026-09-29")
    bank = hall.value("SELECT bank FROM counter.day_closing WHERE business_date = '2026-09-29'")
    assert bank["statement_fen"] == 112_815
    assert (bank["not_at_bank"]["amount_fen"], bank["not_at_bank"]["count"]) == (1_600, 2)
    assert bank["not_in_books"]["amount_fen"] == 12_315
    assert bank["books_fen"] == 112_815 + 1_600 - 12_315
    assert proven(hall) == []
