"""One payment, as the database referees it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.bureau import Bureau

ACCOUNT = "330100000001"
PERIOD = 202501
NOT_DUE = date(2999, 1, 1)
UNIQUE = "23505"


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """An account that owes one bill of 100.00 which is not due yet."""
    bureau.add_account(ACCOUNT)
    bureau.add_bills(ACCOUNT, (PERIOD, 10_000, NOT_DUE))
    return bureau


def line(principal_fen: int, late_fee_fen: int = 0, period: int = PERIOD) -> dict[str, int]:
    """One allocation line of a request."""
    return {"period": period, "part": 1, "late_fee_fen": late_fee_fen, "principal_fen": principal_fen}


def refusal(bureau: Bureau, request: dict[str, Any], staff_no: str = "t10001") -> str:
    """The state with which a payment is refused; fails when it is posted."""
    with pytest.raises(psycopg.Error) as refused:
        bureau.call(staff_no, "post_payment", request)
    return refused.value.sqlstate or ""


def postings(bureau: Bureau, journal_id: int) -> list[tuple[Any, ...]]:
    """The lines of a journal."""
    with bureau.psql() as connection:
        return connection.execute(
            "SELECT ledger_account, account_no, period, amount_fen FROM counter.posting"
            " WHERE journal_id = %s ORDER BY line",
            [journal_id],
        ).fetchall()


def test_a_payment_settles_the_bill_and_keeps_the_rest_as_prepaid(desk: Bureau) -> None:
    """Cash is debited once; receivable and prepaid are credited."""
    shift = desk.open_shift()
    request = desk.payment(
        shift, ACCOUNT, total_fen=12_000, prepaid_fen=2_000, lines=[line(10_000)], received_fen=15_000
    )
    answer = desk.call("t10001", "post_payment", request)
    assert postings(desk, answer["journal_id"]) == [
        ("cash_in_till", None, None, 12_000),
        ("receivable", ACCOUNT, PERIOD, -10_000),
        ("prepaid", ACCOUNT, None, -2_000),
    ]
    assert (answer["change_fen"], answer["prepaid_after_fen"], answer["arrears_after_fen"]) == (
        3_000,
        2_000,
        0,
    )
    today = desk.value("SELECT counter.business_date()")
    assert answer["receipt_no"] == f"0101-{today:%y%m%d}-0001"


def test_the_same_request_gives_the_first_answer_again(desk: Bureau) -> None:
    """Same id, same content: one journal, one receipt number."""
    shift = desk.open_shift()
    request = desk.payment(shift, ACCOUNT, total_fen=10_000, lines=[line(10_000)])
    first = desk.call("t10001", "post_payment", request)
    again = desk.call("t10001", "post_payment", request)
    assert again == {**first, "replayed": True}
    assert desk.value("SELECT count(*) FROM counter.receipt") == 1


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"total_fen": 9_999, "lines": [line(10_000)]}, "CN007"),
        ({"total_fen": 10_000, "lines": [line(10_000)], "received_fen": 9_999}, "CN007"),
        ({"total_fen": 10_001, "lines": [line(10_001)]}, "23514"),
        ({"total_fen": 10_000, "lines": [line(10_000, period=202502)]}, "CN006"),
        ({"total_fen": 10_000, "lines": [line(5_000), line(5_000)]}, "CN006"),
        ({"total_fen": 9_900, "prepaid_fen": -100, "lines": [line(10_000)]}, "CN007"),
        ({"total_fen": 10_100, "lines": [line(10_000, 100)]}, "CN005"),
        ({"total_fen": 0, "lines": []}, "CN007"),
        ({"total_fen": 10**12 + 1, "prepaid_fen": 10**12 + 1}, "CN007"),
        ({"total_fen": 10_000, "lines": [line(10_000)], "version": 99}, "CN001"),
        (
            {"total_fen": 10_000, "prepaid_fen": 10_000, "account_no": "999999999999", "version": 0},
            "CN001",
        ),
        ({"total_fen": 10_000, "lines": [line(10_000)], "shift_id": 1}, "CN003"),
    ],
)
def test_what_must_never_be_true_is_refused(desk: Bureau, changes: dict[str, Any], state: str) -> None:
    """Whatever the program sends, the database refuses, and nothing is posted."""
    shift = desk.open_shift()
    request = desk.payment(**{"shift_id": shift, "account_no": ACCOUNT, **changes})
    assert refusal(desk, request) == state
    assert desk.value("SELECT count(*) FROM counter.journal WHERE kind = 'payment'") == 0
    assert desk.value("SELECT chain_seq FROM counter.till WHERE till_no = 101") == 1


def test_another_s_shift_takes_nothing(desk: Bureau) -> None:
    """A shift belongs to the login that opened it."""
    shift = desk.open_shift()
    request = desk.payment(shift, ACCOUNT, total_fen=10_000, lines=[line(10_000)])
    assert refusal(desk, request, "t10002") == "CN003"


def test_a_closed_account_takes_its_arrears_and_no_prepayment(desk: Bureau) -> None:
    """Closed meanwhile: what is owed can still be paid."""
    shift = desk.open_shift()
    with desk.psql() as connection:
        connection.execute("UPDATE counter.account SET status = 'closed' WHERE account_no = %s", [ACCOUNT])
    too_much = desk.payment(shift, ACCOUNT, total_fen=10_100, prepaid_fen=100, lines=[line(10_000)])
    assert refusal(desk, too_much) == "CN008"
    exact = desk.payment(shift, ACCOUNT, total_fen=10_000, lines=[line(10_000)])
    assert desk.call("t10001", "post_payment", exact)["arrears_after_fen"] == 0


def test_nothing_is_posted_on_a_closed_day(desk: Bureau) -> None:
    """The day close is final."""
    shift = desk.open_shift()
    with desk.psql() as connection:
        connection.execute(
            "INSERT INTO counter.closed_day (hall_no, business_date) SELECT 1, counter.business_date()"
        )
    assert refusal(desk, desk.payment(shift, ACCOUNT, total_fen=100, prepaid_fen=100)) == "CN004"


def overdue(bureau: Bureau, days: int, principal_fen: int = 100_000) -> int:
    """A second bill that fell due ``days`` ago; its period."""
    today = bureau.value("SELECT counter.business_date()")
    bureau.add_bills(ACCOUNT, (202412, principal_fen, today - timedelta(days=days)))
    return 202412


def test_the_late_fee_comes_before_the_principal(desk: Bureau) -> None:
    """Principal is refused while a part of the fee is open; the fee alone may be paid in parts."""
    shift = desk.open_shift()
    period = overdue(desk, 10)
    skipped = desk.payment(shift, ACCOUNT, total_fen=1_000, lines=[line(100, 900, period)])
    assert refusal(desk, skipped) == "CN005"
    part = desk.payment(shift, ACCOUNT, total_fen=400, lines=[line(0, 400, period)])
    desk.call("t10001", "post_payment", part)
    rest = desk.payment(shift, ACCOUNT, total_fen=100_600, lines=[line(100_000, 600, period)])
    answer = desk.call("t10001", "post_payment", rest)
    assert [row[0] for row in postings(desk, answer["journal_id"])] == [
        "cash_in_till",
        "receivable",
        "late_fee_income",
    ]
    assert desk.value("SELECT late_fee_paid_fen FROM counter.bill WHERE period = %s", period) == 1_000


def test_an_abandoned_request_can_never_be_posted_later(desk: Bureau) -> None:
    """Settling burns the id, so that a delayed copy of the request is refused."""
    shift = desk.open_shift()
    request = desk.payment(shift, ACCOUNT, total_fen=100, prepaid_fen=100)
    with desk.psql("t10001") as connection:
        settled = connection.execute(
            "SELECT counter.settle_payment(%s, %s)", [request["request_id"], shift]
        ).fetchone()
    assert settled == (None,)
    assert refusal(desk, request) == "CN002"


def test_a_request_id_of_an_open_shift_is_no_payment_s(desk: Bureau) -> None:
    """An id belongs to one request of one kind."""
    request = str(uuid4())
    shift = desk.call("t10001", "open_shift", {"request_id": request, "till_no": 101, "float_fen": 0})[
        "shift_id"
    ]
    stolen = desk.payment(shift, ACCOUNT, request_id=request, total_fen=100, prepaid_fen=100)
    assert refusal(desk, stolen) == UNIQUE
