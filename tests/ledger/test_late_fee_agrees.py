"""The desk and the database compute the same late fee, to the fen, for any bill and any policies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter.domain.late_fee import BillState, LateFeePolicy, late_fee_due_fen
from tests.bureau import Bureau

CLASS = "non_residential"
DAYS = st.dates(date(1995, 1, 1), date(2035, 12, 31))


@pytest.fixture
def connection(bureau: Bureau) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection without the seeded policies."""
    with bureau.psql() as found:
        found.execute("DELETE FROM counter.late_fee_policy")
        yield found


@st.composite
def policies(draw: st.DrawFn) -> tuple[LateFeePolicy, ...]:
    """None to four policies of one class, each in force from its own day."""
    starts = draw(st.lists(DAYS, max_size=4, unique=True))
    rates = st.integers(0, 5_000)
    return tuple(
        LateFeePolicy(CLASS, start, draw(rates), draw(rates), draw(st.none() | st.integers(1, 10_000)))
        for start in starts
    )


@st.composite
def bills(draw: st.DrawFn) -> BillState:
    """A bill in any state in which a payment can leave it."""
    due = draw(DAYS)
    principal = draw(st.integers(1, 10**12))
    return BillState(
        bill_no="b",
        account_no="a",
        period=200001,
        kwh=1,
        principal_fen=principal,
        principal_paid_fen=draw(st.integers(0, principal)),
        late_fee_paid_fen=draw(st.integers(0, 10**6)),
        late_fee_accrued_fen=draw(st.integers(0, 10**6)),
        late_fee_through=due + timedelta(days=draw(st.integers(0, 800))),
        due_date=due,
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bill=bills(), in_force=policies(), on_date=DAYS)
def test_the_database_computes_the_same_fee(
    connection: psycopg.Connection[Any], bill: BillState, in_force: tuple[LateFeePolicy, ...], on_date: date
) -> None:
    """Segments across 31 December, policies that change meanwhile, minimum, rounding."""
    connection.execute("DELETE FROM counter.late_fee_policy")
    for policy in in_force:
        connection.execute(
            "INSERT INTO counter.late_fee_policy VALUES (%s, %s, %s, %s, %s)",
            [
                policy.customer_class,
                policy.valid_from,
                policy.rate_same_year_ppm,
                policy.rate_earlier_year_ppm,
                policy.minimum_fen,
            ],
        )
    row = connection.execute(
        "SELECT counter.late_fee_due(%(accrued)s + counter.late_fee_accrual(counter.late_fee_policies(%(class)s),"
        " %(due)s, %(through)s, %(open)s, %(on)s), %(paid)s,"
        " counter.late_fee_minimum(counter.late_fee_policies(%(class)s), %(on)s))",
        {
            "accrued": bill.late_fee_accrued_fen,
            "paid": bill.late_fee_paid_fen,
            "class": CLASS,
            "due": bill.due_date,
            "through": bill.late_fee_through,
            "open": bill.principal_open_fen,
            "on": on_date,
        },
    ).fetchone()
    assert row == (late_fee_due_fen(bill, CLASS, in_force, on_date),)
