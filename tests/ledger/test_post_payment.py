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
    request = desk.payment(shift, ACCOUNT, total_fen=12_000, prepaid_fen=2_000, lines=[line(10_000)], received_fen=15_000)
    answer = desk.call("t10001", "post_payment", request)
    assert postings(desk, answer["journal_id"]) == [
        ("cash_in_till", None, None, 12_000),
        ("receivable", ACCOUNT, PERIOD, -10_000),
        ("prepaid", ACCOUNT, None, -2_000),
    ]
    assert (answer["change_fen"], answer["prepaid_after_fen"], answer["arrears_after_fen"]) == (3_000, 2_000, 0)
    today = desk.value("SELECT counter.business_date()")
    assert answer["receipt_no"] == f"0101-{today:%y%m%d}-0001"
