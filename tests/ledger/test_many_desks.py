"""Several desks at once, on one account and on many, with real connections in real threads."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter.services.ledger import verify
from db import admin
from tests.bureau import PASSWORD, Bureau

ACCOUNTS = ("330100000001", "330100000002")
CLERKS = (("t10001", 101), ("t10002", 102), ("t20001", 103))


def test_eight_threads_with_one_request_get_one_payment(bureau: Bureau) -> None:
    """However often Enter is pressed, and wherever it arrives."""
    bureau.add_account(ACCOUNTS[0])
    shift = bureau.open_shift()
    for _ in range(5):
        request = bureau.payment(shift, ACCOUNTS[0], total_fen=100, prepaid_fen=100)
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _n: bureau.call("t10001", "post_payment", request), range(8)))  # noqa: B023
        assert len({answer["receipt_no"] for answer in answers}) == 1
        assert Counter(answer["replayed"] for answer in answers) == {True: 7, False: 1}
    assert bureau.value("SELECT count(*) FROM counter.receipt") == 5


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    plans=st.lists(
        st.lists(st.tuples(st.integers(0, 1), st.integers(1, 60_000)), max_size=8), min_size=3, max_size=3
    )
)
def test_any_mix_of_payments_leaves_the_ledger_right(
    bureau: Bureau, plans: list[list[tuple[int, int]]]
) -> None:
    """Three desks take any amounts on the same two accounts; each tries again when the balance changed."""
    if not bureau.value("SELECT count(*) FROM counter.account"):
        today = bureau.value("SELECT counter.business_date()")
        for account_no in ACCOUNTS:
            bureau.add_account(account_no)
            bureau.add_bills(
                account_no,
                (202401, 30_000, today - timedelta(days=40)),
                (202402, 20_000, today + timedelta(days=9)),
            )
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda work: run_desk(bureau, *work), zip(CLERKS, plans, strict=True)))
    assert verify(bureau.admin).finding is None


def run_desk(bureau: Bureau, clerk: tuple[str, int], plan: list[tuple[int, int]]) -> None:
    """One clerk's payments, each in a connection of its own."""
    staff_no, till_no = clerk
    held = bureau.value("SELECT shift_id FROM counter.till WHERE till_no = %s", till_no)
    shift = held or bureau.open_shift(staff_no, till_no)
    for which, total_fen in plan:
        while True:
            request = planned(bureau, shift, ACCOUNTS[which], total_fen)
            try:
                bureau.call(staff_no, "post_payment", request)
            except psycopg.Error as refused:
                assert refused.sqlstate in {"CN001", "CN005", "CN006", "23514"}, refused  # noqa: PT017
                continue
            break


def planned(bureau: Bureau, shift: int, account_no: str, total_fen: int) -> dict[str, Any]:
    """An allocation oldest first, as the desk makes it from what it reads now."""
    query = (
        "SELECT b.period, b.principal_fen - b.principal_paid_fen, counter.late_fee_due(b.late_fee_accrued_fen +"
        " counter.late_fee_accrual(counter.late_fee_policies('residential'), b.due_date, b.late_fee_through,"
        " b.principal_fen - b.principal_paid_fen, counter.business_date()), b.late_fee_paid_fen, NULL)"
        " FROM counter.bill b WHERE b.account_no = %s AND b.principal_paid_fen < b.principal_fen ORDER BY b.due_date"
    )
    request = bureau.payment(shift, account_no, total_fen=total_fen)
    with bureau.psql() as connection:
        bills = connection.execute(query, [account_no]).fetchall()
    left = total_fen
    for period, open_fen, fee_due in bills:
        fee = min(left, fee_due)
        principal = min(left - fee, open_fen)
        left -= fee + principal
        if fee or principal:
            request["accounts"][0]["lines"].append(
                {"period": period, "part": 1, "late_fee_fen": fee, "principal_fen": principal}
            )
    request["accounts"][0]["prepaid_fen"] = left
    return json.loads(json.dumps(request))  # type: ignore[no-any-return]


def test_staff_numbers_are_ordinary_logins(bureau: Bureau) -> None:
    """A password is kept as a SCRAM verifier; the clear text reaches no catalogue."""
    with bureau.admin.begin() as connection:
        admin.create_staff(connection, "t10002", name="李强", hall_no=1, duty="clerk", password=PASSWORD)
    kept = bureau.value("SELECT rolpassword FROM pg_authid WHERE rolname = 't10002'")
    assert kept.startswith("SCRAM-SHA-256$")
    assert PASSWORD not in kept
