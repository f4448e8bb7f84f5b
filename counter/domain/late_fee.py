"""The late fee (违约金) of an overdue bill, by policies with effective dates.

Source: 供电营业规则 (1996) §98: a penalty for each day after the due date up to the day paid; residential
1 ‰ a day; others 2 ‰ on this year's arrears and 3 ‰ on those of earlier years; at least 1.00 yuan, a
minimum that the revision of 2024 is believed to have dropped, which is why it belongs to the policy.

Invariant: the database computes the same fen. Rates are parts per million a day, so everything is
whole numbers, and a sum over segments is rounded once, half up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

PPM = 1_000_000
_ONE_DAY = timedelta(days=1)


class CustomerClass(StrEnum):
    """What the customer is, as far as the late fee asks."""

    RESIDENTIAL = "residential"
    NON_RESIDENTIAL = "non_residential"


@dataclass(frozen=True, slots=True)
class LateFeePolicy:
    """The rates a class of customers pays from ``valid_from`` until a later policy of the same class.

    Rates are parts per million of the open principal for each day: ``rate_same_year_ppm`` on days in
    the year the bill fell due, ``rate_earlier_year_ppm`` on days of later years, when the bill has
    become an arrear of an earlier year. ``minimum_fen`` is the least fee of a bill that has one at all.
    """

    customer_class: str
    valid_from: date
    rate_same_year_ppm: int
    rate_earlier_year_ppm: int
    minimum_fen: int | None = None


@dataclass(frozen=True, slots=True)
class BillState:
    """What has been billed, paid and settled on one bill so far; amounts are fen, 0 or more.

    ``late_fee_accrued_fen`` is the fee of all days up to ``late_fee_through``, paid or not and before any
    minimum; a new bill starts with its due date and nothing accrued. ``late_fee_waived_fen`` of it need not
    be paid; until ``late_fee_deferred_until`` the principal may be paid before the fee.
    """

    bill_no: str
    account_no: str
    period: int
    kwh: int
    principal_fen: int
    principal_paid_fen: int
    late_fee_paid_fen: int
    late_fee_accrued_fen: int
    late_fee_through: date
    due_date: date
    late_fee_waived_fen: int = 0
    late_fee_deferred_until: date | None = None

    @property
    def principal_open_fen(self) -> int:
        """The principal that is still owed."""
        return self.principal_fen - self.principal_paid_fen

    def days_overdue(self, on: date) -> int:
        """Whole days after the due date on the date ``on``; 0 until then."""
        return max(0, (on - self.due_date).days)


def late_fee_due_fen(
    bill: BillState, customer_class: str, policies: Iterable[LateFeePolicy], on_date: date
) -> int:
    """The late fee in fen, 0 or more, that settles ``bill`` when it is paid on ``on_date``.

    A day without a policy of the customer's class costs nothing. The minimum is that of the policy
    in force on ``on_date`` and counts what was paid before.
    """
    ours = _of_class(customer_class, policies)
    accrued_fen = bill.late_fee_accrued_fen + _accrued_fen(bill, ours, on_date)
    if accrued_fen == 0:
        return 0
    return max(
        max(accrued_fen, _minimum_fen(ours, on_date)) - bill.late_fee_paid_fen - bill.late_fee_waived_fen, 0
    )


def _of_class(customer_class: str, policies: Iterable[LateFeePolicy]) -> list[LateFeePolicy]:
    """The policies of one class, oldest first."""
    ours = (policy for policy in policies if policy.customer_class == customer_class)
    return sorted(ours, key=lambda policy: policy.valid_from)


def _accrued_fen(bill: BillState, policies: list[LateFeePolicy], on_date: date) -> int:
    """The fee of the days after ``late_fee_through`` up to ``on_date``, rounded once, half up."""
    day_rates_ppm = sum(days * rate_ppm for days, rate_ppm in _segments(bill, policies, on_date))
    return (bill.principal_open_fen * day_rates_ppm + PPM // 2) // PPM


def _segments(bill: BillState, policies: list[LateFeePolicy], on_date: date) -> Iterator[tuple[int, int]]:
    """(days, ppm a day) of each policy on either side of the end of the year the bill fell due."""
    first = bill.late_fee_through + _ONE_DAY
    year_end = date(bill.due_date.year, 12, 31)
    for policy, last_in_force in zip(policies, _last_days(policies, on_date), strict=True):
        start, end = max(first, policy.valid_from), min(on_date, last_in_force)
        yield _days(start, min(end, year_end)), policy.rate_same_year_ppm
        yield _days(max(start, year_end + _ONE_DAY), end), policy.rate_earlier_year_ppm


def _last_days(policies: list[LateFeePolicy], on_date: date) -> list[date]:
    """The last day each policy is in force; ``on_date`` for the newest, which has no end."""
    return [policy.valid_from - _ONE_DAY for policy in policies[1:]] + [on_date][: len(policies)]


def _days(start: date, end: date) -> int:
    """The number of days from ``start`` to ``end``, both counted; 0 when they are the wrong way round."""
    return max(0, (end - start).days + 1)


def _minimum_fen(policies: list[LateFeePolicy], on_date: date) -> int:
    """The least fee by the policy in force on ``on_date``; 0 when there is none."""
    in_force = [policy for policy in policies if policy.valid_from <= on_date]
    return (in_force[-1].minimum_fen or 0) if in_force else 0
