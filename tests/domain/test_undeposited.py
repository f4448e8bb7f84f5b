"""When undeposited cash alarms."""

from __future__ import annotations

from datetime import date, time

import pytest

from counter.domain.undeposited import CashAlarm, CashPlace, CashRules, alarm_of, masked_account, worst

TODAY, YESTERDAY = date(2026, 11, 25), date(2026, 11, 24)
MORNING = CashRules(TODAY, time(9), 5_000, time(17, 30))
EVENING = CashRules(TODAY, time(17, 30), 5_000, time(17, 30))


@pytest.mark.parametrize(
    ("place", "rules", "alarm"),
    [
        (CashPlace(TODAY, 100, 0), MORNING, None),
        (CashPlace(TODAY, 100, 0), EVENING, CashAlarm.LATE),
        (CashPlace(TODAY, 0, 100, 600), EVENING, CashAlarm.LATE),
        (CashPlace(TODAY, 0, 0, 500), EVENING, None),
        (CashPlace(TODAY, 0, -100, 400), EVENING, None),
        (CashPlace(YESTERDAY, 1, 0), MORNING, CashAlarm.OLD),
        (CashPlace(YESTERDAY, 0, 1, 501), MORNING, CashAlarm.OLD),
        (CashPlace(YESTERDAY, 0, 0), EVENING, None),
        (CashPlace(TODAY, 0, 4_500, 5_000), MORNING, None),
        (CashPlace(TODAY, 0, 4_501, 5_001), MORNING, CashAlarm.CEILING),
        (CashPlace(TODAY, 9_000, 0), MORNING, None),
    ],
)
def test_cash_alarms_by_day_ceiling_and_hour(
    place: CashPlace, rules: CashRules, alarm: CashAlarm | None
) -> None:
    """A float is not the bank's, and the ceiling is for drawers."""
    assert alarm_of(place, rules) == alarm


def test_the_most_pressing_is_told() -> None:
    """Old cash before a full drawer, that before the hour."""
    late = CashPlace(TODAY, 1, 0)
    full = CashPlace(TODAY, 0, 5_000, 5_001)
    old = CashPlace(YESTERDAY, 1, 0)
    assert worst([late, full, old], EVENING) == CashAlarm.OLD
    assert worst([late, full], EVENING) == CashAlarm.CEILING
    assert worst([late], EVENING) == CashAlarm.LATE
    assert worst([], EVENING) is None


@pytest.mark.parametrize(
    ("number", "shown"), [("4400123412341234", "**** 1234"), ("1234", "****"), ("", "****")]
)
def test_a_bank_account_shows_its_end_only(number: str, shown: str) -> None:
    """And a number that is too short shows nothing."""
    assert masked_account(number) == shown
