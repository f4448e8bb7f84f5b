"""Plans of instalments: parts, dates, and how they stand on a day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.domain.instalments import (
    Instalment,
    InstalmentRules,
    equal_parts,
    even_dates,
    is_period,
    is_plan,
    least_instalments,
    places,
    regular_dates,
    settles_often,
    standing,
)

PERIODS = st.builds(lambda year, month: year * 100 + month, st.integers(2000, 2999), st.integers(1, 12))


@given(PERIODS, st.integers(1, 28), st.integers(31, 10**12))
def test_equal_parts_are_a_plan_of_the_month_and_come_to_the_total(
    period: int, count: int, total: int
) -> None:
    """The rest stands on the last, and is less than there are parts."""
    plan = equal_parts(total, even_dates(period, count))
    assert is_plan(period, plan)
    assert sum(item.amount_fen for item in plan) == total
    assert len(plan) == count
    assert 0 <= plan[-1].amount_fen - plan[0].amount_fen < count


@given(PERIODS, st.integers(1, 28))
def test_regular_dates_are_never_further_apart_than_twice_the_days(period: int, every: int) -> None:
    """They end with the month."""
    dates = regular_dates(period, every)
    assert is_plan(period, equal_parts(len(dates), dates))
    assert (dates[-1] + timedelta(1)).day == 1
    assert all(two - one <= timedelta(2 * every - 1) for one, two in pairwise(dates))


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=28),
    st.integers(-(10**6), 3 * 10**7),
    st.integers(0, 32),
)
def test_what_is_due_missed_and_to_come_follows_from_what_was_paid(
    amounts: list[int], paid: int, day: int
) -> None:
    """The earliest is paid first; a reversal can leave less than nothing paid."""
    plan = [Instalment(date(2026, 1, place), fen) for place, fen in enumerate(amounts, 1)]
    today = date(2025, 12, 31) + timedelta(day)
    stands = standing(plan, paid, today)
    until = sum(item.amount_fen for item in plan if item.due_date <= today)
    before = sum(item.amount_fen for item in plan if item.due_date < today)
    assert stands.due_fen == max(0, until - max(0, paid))
    assert stands.missed_fen == max(0, before - max(0, paid))
    assert (stands.missed_since is None) == (stands.missed_fen == 0)
    assert (stands.next is None) == (max(0, paid) >= sum(amounts) or day >= len(amounts))


def test_large_users_pay_three_times_and_the_figures_are_settings() -> None:
    """More than the limit, not the limit itself."""
    assert least_instalments(100_000, InstalmentRules()) == 1
    assert least_instalments(100_001, InstalmentRules()) == 3
    assert least_instalments(10, InstalmentRules(large_kwh=9, least=4)) == 4


def test_every_five_days_of_a_february_and_a_january() -> None:
    """The last one is the month's end."""
    assert [day.day for day in regular_dates(202602, 5)] == [5, 10, 15, 20, 28]
    assert [day.day for day in regular_dates(202601, 5)] == [5, 10, 15, 20, 25, 31]


@pytest.mark.parametrize("period", [0, 202600, 202613, 199912, 300001, -202601])
def test_what_is_no_month(period: int) -> None:
    """Also outside of these thousand years."""
    assert not is_period(period)


def test_less_than_a_fen_each_is_no_plan() -> None:
    """Refused rather than a plan with zeros."""
    with pytest.raises(ValueError, match="at least a fen"):
        equal_parts(2, even_dates(202601, 3))


@pytest.mark.parametrize(
    ("before_fen", "after_fen", "expected"),
    [
        (0, 400, (1, 1)),
        (0, 1, (1, 1)),
        (399, 401, (1, 2)),
        (400, 800, (2, 2)),
        (800, 2_000, (3, 3)),
        (1_200, 1_300, (3, 3)),
        (600, 100, (1, 2)),
    ],
)
def test_a_payment_reaches_from_one_instalment_to_another(
    before_fen: int, after_fen: int, expected: tuple[int, int]
) -> None:
    assert expected == places((400, 400, 400), before_fen, after_fen)


@given(PERIODS, st.integers(1, 28), st.integers(0, 40))
def test_the_regular_dates_are_often_enough_for_a_risk_customer(
    period: int, every: int, into_month: int
) -> None:
    """Also when the month is running already."""
    dates = regular_dates(period, every)
    today = date(period // 100, period % 100, 1) - timedelta(5) + timedelta(into_month)
    plan = equal_parts(1_000, dates)
    assert settles_often(plan, every, period, today)
    assert not settles_often(plan[:-1], every, period, date(1999, 1, 1))
