"""The late fee of real cases, across years and policies, and its properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.domain.late_fee import BillState, CustomerClass, LateFeePolicy, late_fee_due_fen

RESIDENTIAL, OTHER = CustomerClass.RESIDENTIAL, CustomerClass.NON_RESIDENTIAL
POLICIES = (
    LateFeePolicy(RESIDENTIAL, date(1996, 10, 8), 1000, 1000, 100),
    LateFeePolicy(RESIDENTIAL, date(2024, 6, 1), 1000, 1000, None),
    LateFeePolicy(OTHER, date(1996, 10, 8), 2000, 3000, 100),
    LateFeePolicy(OTHER, date(2024, 6, 1), 2000, 3000, None),
)
DUE = date(2026, 3, 25)


def bill(principal_fen: int, due: date = DUE, **changes: object) -> BillState:
    """A bill that nobody has paid anything on."""
    period = due.year * 100 + due.month
    fresh = BillState("B", "0123456789", period, 0, principal_fen, 0, 0, 0, due, due)
    return replace(fresh, **changes)  # type: ignore[arg-type]


def fee(state: BillState, on: date, customer_class: str = OTHER) -> int:
    """The late fee by the usual policies."""
    return late_fee_due_fen(state, customer_class, POLICIES, on)


def by_days(state: BillState, customer_class: str, policies: tuple[LateFeePolicy, ...], on: date) -> int:
    """The same by adding up one day at a time, as the regulation reads."""
    ours = [policy for policy in policies if policy.customer_class == customer_class]
    numerator, day = 0, state.late_fee_through + timedelta(1)
    while day <= on:
        in_force = [policy for policy in ours if policy.valid_from <= day]
        if in_force:
            newest = max(in_force, key=lambda policy: policy.valid_from)
            same_year = day.year == state.due_date.year
            rate = newest.rate_same_year_ppm if same_year else newest.rate_earlier_year_ppm
            numerator += state.principal_open_fen * rate
        day += timedelta(1)
    return (2 * numerator + 1_000_000) // 2_000_000


@pytest.mark.parametrize(("days", "expected_fen"), [(1, 9184), (31, 284710), (32, 293894)])
def test_the_real_case_of_a_firm_a_month_late(days: int, expected_fen: int) -> None:
    """45,921.00 at 2 per mille is 91.84 a day and about 2,900 after 31 to 32 days."""
    assert fee(bill(4_592_100), DUE + timedelta(days)) == expected_fen


@pytest.mark.parametrize("on", [DUE - timedelta(400), DUE - timedelta(1), DUE])
def test_nothing_is_due_until_the_day_after_the_due_date(on: date) -> None:
    """Paying on the due date is in time."""
    assert fee(bill(4_592_100), on) == 0


def test_a_residential_bill_pays_one_per_mille_in_every_year() -> None:
    """180.00 for 10 days in this year and 10 in the next."""
    assert fee(bill(18_000, date(2025, 12, 21)), date(2026, 1, 10), RESIDENTIAL) == 360


def test_a_firm_pays_more_from_the_first_of_january() -> None:
    """1,000.00: 11 days at 2 per mille up to 31 December, 5 at 3 per mille after."""
    late = bill(100_000, date(2025, 12, 20))
    assert fee(late, date(2025, 12, 31)) == 11 * 200
    assert fee(late, date(2026, 1, 1)) == 11 * 200 + 300
    assert fee(late, date(2026, 1, 5)) == 11 * 200 + 5 * 300


def test_a_bill_due_on_the_last_day_of_the_year_is_an_earlier_years_at_once() -> None:
    """Every overdue day lies in a later year than the due date."""
    assert fee(bill(100_000, date(2025, 12, 31)), date(2026, 1, 1)) == 300


def test_the_leap_day_counts() -> None:
    """Late February to early March has one day more in 2028."""
    assert fee(bill(100_000, date(2028, 2, 28)), date(2028, 3, 1)) == 2 * 200
    assert fee(bill(100_000, date(2027, 2, 28)), date(2027, 3, 1)) == 200


def test_the_segments_are_rounded_once_and_half_up() -> None:
    """0.83 yuan: 0.166 fen in December and 0.249 in January are 0.415, so 0; half a fen is one."""
    assert fee(bill(83, date(2025, 12, 30)), date(2026, 1, 1)) == 0
    assert fee(bill(250), DUE + timedelta(1)) == 1
    assert fee(bill(249), DUE + timedelta(1)) == 0
    assert fee(bill(100, date(2025, 12, 30)), date(2026, 1, 1)) == 1


def test_the_minimum_applied_before_the_revision() -> None:
    """Less than 1.00 became 1.00; more stayed what it was."""
    small = bill(1_000, date(2023, 5, 10))
    assert fee(small, date(2023, 5, 11)) == 100
    assert fee(bill(100_000, date(2023, 5, 10)), date(2023, 5, 11)) == 200


def test_the_minimum_is_that_of_the_day_of_payment() -> None:
    """A small fee that was 1.00 on the last day of the old rule is itself on the first of the new."""
    small = bill(1_000, date(2024, 5, 21))
    assert fee(small, date(2024, 5, 31)) == 100
    assert fee(small, date(2024, 6, 1)) == 22


def test_the_minimum_counts_what_was_paid_before() -> None:
    """The minimum is charged once, not with every instalment, and covers the days that follow."""
    through = date(2023, 5, 11)
    paid = bill(
        1_000, date(2023, 5, 10), late_fee_accrued_fen=2, late_fee_paid_fen=100, late_fee_through=through
    )
    assert fee(paid, through) == 0
    assert fee(paid, through + timedelta(49)) == 0
    assert fee(paid, through + timedelta(60)) == 22


def test_a_fee_that_rounds_to_nothing_does_not_become_the_minimum() -> None:
    """Without a fee there is nothing to raise."""
    assert fee(bill(1, date(2023, 5, 10)), date(2023, 5, 11)) == 0


def test_a_policy_that_changes_meanwhile_splits_the_days() -> None:
    """Each day costs what the policy of that day says."""
    policies = (*POLICIES, LateFeePolicy(OTHER, DUE + timedelta(6), 500, 700, None))
    assert late_fee_due_fen(bill(100_000), OTHER, policies, DUE + timedelta(10)) == 5 * 200 + 5 * 50


def test_a_partly_paid_bill_accrues_on_the_open_principal_only() -> None:
    """What was settled through a date is not charged again."""
    through = DUE + timedelta(10)
    part = bill(
        100_000,
        principal_paid_fen=60_000,
        late_fee_accrued_fen=2_000,
        late_fee_paid_fen=2_000,
        late_fee_through=through,
    )
    assert fee(part, through) == 0
    assert fee(part, through + timedelta(5)) == 5 * 80


def test_an_unpaid_fee_stays_due() -> None:
    """A fee that was not paid with its days is owed beside the new one, even without principal."""
    through = DUE + timedelta(10)
    part = bill(100_000, late_fee_accrued_fen=2_000, late_fee_paid_fen=500, late_fee_through=through)
    assert fee(part, through + timedelta(1)) == 1_500 + 200
    settled = replace(part, principal_paid_fen=100_000)
    assert fee(settled, through + timedelta(30)) == 1_500


def test_days_before_the_first_policy_cost_nothing() -> None:
    """The regulation of 1996 does not reach back."""
    assert fee(bill(100_000, date(1996, 10, 1)), date(1996, 10, 9)) == 2 * 200


def test_a_class_without_a_policy_pays_nothing() -> None:
    """An unknown class is not charged by another's rate."""
    assert fee(bill(100_000), DUE + timedelta(100), "other") == 0


def test_days_overdue_count_from_the_due_date() -> None:
    """Zero until then, never negative."""
    late = bill(1)
    assert [late.days_overdue(DUE + timedelta(days)) for days in (-3, 0, 1, 366)] == [0, 0, 1, 366]


classes = st.sampled_from([RESIDENTIAL, OTHER])
due_dates = st.dates(date(2021, 1, 1), date(2029, 12, 31))
spans = st.integers(min_value=0, max_value=1_500)
principals = st.integers(min_value=0, max_value=10**10)
extra_policies = st.lists(
    st.builds(
        LateFeePolicy,
        classes,
        st.dates(date(2020, 1, 1), date(2031, 1, 1)),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
        st.none(),
    ),
    max_size=4,
    unique_by=lambda policy: (policy.customer_class, policy.valid_from),
)


@given(principals, due_dates, spans, classes, extra_policies)
def test_segments_give_the_same_as_day_by_day(
    principal_fen: int, due: date, span: int, customer_class: str, policies: list[LateFeePolicy]
) -> None:
    """The fast sum and the regulation's own wording agree to the fen."""
    state, on = bill(principal_fen, due), due + timedelta(span)
    expected = by_days(state, customer_class, tuple(policies), on)
    assert late_fee_due_fen(state, customer_class, policies, on) == expected


@given(principals, due_dates, spans, spans, classes)
def test_the_fee_never_falls_with_time_under_one_policy(
    principal_fen: int, due: date, first: int, second: int, customer_class: str
) -> None:
    """Waiting is never cheaper (a policy that drops its minimum may make it so, hence one policy)."""
    policies = [policy for policy in POLICIES if policy.valid_from.year == 1996]
    early, late = sorted((due + timedelta(first), due + timedelta(second)))
    fees = [late_fee_due_fen(bill(principal_fen, due), customer_class, policies, on) for on in (early, late)]
    assert fees == sorted(fees)


@given(principals, principals, due_dates, spans, classes)
def test_the_fee_never_falls_with_the_principal(
    one_fen: int, other_fen: int, due: date, span: int, customer_class: str
) -> None:
    """Owing more costs no less."""
    fees = [
        fee(bill(amount, due), due + timedelta(span), customer_class)
        for amount in sorted((one_fen, other_fen))
    ]
    assert fees == sorted(fees)
