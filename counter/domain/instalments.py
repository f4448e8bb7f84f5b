"""Instalments before the final bill of a month: plans, and how one stands on a day.

Invariant: the parts of a plan come to its total to the fen, and its dates rise within the month. Who pays how
often (a large user at least three times a month, a risk customer every five days) are settings of the bureau.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from uuid import UUID

_MONTHS = 12
_YEARS = range(2000, 3000)


@dataclass(frozen=True, slots=True)
class InstalmentRules:
    """Above ``large_kwh`` at least ``least`` times a month; risk customers every ``every_days``."""

    large_kwh: int = 100_000
    least: int = 3
    every_days: int = 5


@dataclass(frozen=True, slots=True)
class Instalment:
    """So much until that day; ``amount_fen`` is above 0."""

    due_date: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a plan stands: due until today and not paid, of it missed before today, and what comes next."""

    due_fen: int
    missed_fen: int
    missed_since: date | None
    next: Instalment | None


def is_period(period: int) -> bool:
    """Whether this is a month, as YYYYMM."""
    return period // 100 in _YEARS and 1 <= period % 100 <= _MONTHS


def least_instalments(kwh: int, rules: InstalmentRules) -> int:
    """How many instalments a month of ``kwh`` has at least."""
    return rules.least if kwh > rules.large_kwh else 1


def regular_dates(period: int, every_days: int) -> tuple[date, ...]:
    """Every so many days of the month, and its last day."""
    last = calendar.monthrange(period // 100, period % 100)[1]
    days = [*range(every_days, last - every_days + 1, every_days), last]
    return tuple(date(period // 100, period % 100, day) for day in days)


def even_dates(period: int, count: int) -> tuple[date, ...]:
    """``count`` (1 to 28) days spread over the month, the last one its end."""
    last = calendar.monthrange(period // 100, period % 100)[1]
    return tuple(date(period // 100, period % 100, last * place // count) for place in range(1, count + 1))


def equal_parts(total_fen: int, dates: Sequence[date]) -> tuple[Instalment, ...]:
    """``total_fen`` in equal parts, the rest on the last. Raises ValueError for less than a fen each."""
    part = total_fen // len(dates)
    if part < 1:
        raise ValueError("each instalment is at least a fen")
    amounts = [part] * (len(dates) - 1)
    return tuple(map(Instalment, dates, [*amounts, total_fen - sum(amounts)]))


def is_plan(period: int, plan: Sequence[Instalment]) -> bool:
    """Whether dates and amounts make a plan of this month, as the database asks it too."""
    in_month = all(item.due_date.year * 100 + item.due_date.month == period for item in plan)
    rising = all(one.due_date < two.due_date for one, two in pairwise(plan))
    return bool(plan) and in_month and rising and all(item.amount_fen > 0 for item in plan)


def settles_often(plan: Sequence[Instalment], every_days: int, period: int, today: date) -> bool:
    """Whether a risk customer's plan goes to the end of the month without a longer pause.

    Counted from the start of the month, or from ``today`` in the running one; the last instalment takes the
    odd days of the month. The database asks the same (``counter.check_risk_plan``).
    """
    last = calendar.monthrange(period // 100, period % 100)[1]
    first, end = (date(period // 100, period % 100, day) for day in (1, last))
    before = today if first <= today <= end else first - timedelta(1)
    for due in sorted(item.due_date for item in plan):
        pause = (due - before).days
        if pause > every_days and (due < end or pause >= 2 * every_days):
            return False
        before = max(before, due)
    return before >= end


def agreement_number(period: int, agreement_id: UUID) -> str:
    """What a customer calls an agreement by: its month and the end of its id."""
    return f"{period}-{agreement_id.hex[-8:].upper()}"


def places(plan_fen: Sequence[int], before_fen: int, after_fen: int) -> tuple[int, int]:
    """From which instalment to which (from 1) a payment reached that brought ``before_fen`` to ``after_fen``.

    A payment beyond the plan belongs to its last one; a reversal names those that it opens again.
    """
    low, high = sorted((before_fen, after_fen))
    ends = list(accumulate(plan_fen))
    first = next((place for place, end in enumerate(ends, 1) if end > low), len(ends))
    last = next((place for place, end in enumerate(ends, 1) if end >= high), len(ends))
    return first, max(first, last)


def standing(plan: Sequence[Instalment], paid_fen: int, today: date) -> Standing:
    """How ``plan`` (in the order of its dates) stands after ``paid_fen`` was paid, the earliest first."""
    due_fen = missed_fen = 0
    missed_since = coming = None
    left = paid_fen
    for item in plan:
        open_fen = max(0, item.amount_fen - max(0, left))
        left -= item.amount_fen
        if not open_fen:
            continue
        if item.due_date > today:
            coming = coming or Instalment(item.due_date, open_fen)
            continue
        due_fen += open_fen
        if item.due_date < today:
            missed_fen += open_fen
            missed_since = missed_since or item.due_date
    return Standing(due_fen, missed_fen, missed_since, coming)
