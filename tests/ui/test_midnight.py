"""The day ends under an open form: nothing is posted at yesterday's amounts, nothing typed is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.bureau import Bureau
from tests.ui.real_desk import real_desk

ACCOUNT = "330100000001"
TODAY_HERE, TOMORROW_THERE = "Etc/GMT+12", "Pacific/Kiritimati"
"""A day apart at any moment: to move the bureau from one to the other is to let midnight pass."""


@pytest.fixture
def evening(bureau: Bureau) -> Bureau:
    """An account with an overdue bill of 1,000.00 and a till whose clock shows the earlier day."""
    set_clock(bureau, TODAY_HERE)
    bureau.add_account(ACCOUNT)
    bureau.add_bills(ACCOUNT, (202601, 100_000, today(bureau) - timedelta(days=9)))
    bureau.open_shift()
    return bureau


def set_clock(bureau: Bureau, zone: str) -> None:
    """The hall's day becomes another one."""
    with bureau.psql() as connection:
        connection.execute("UPDATE counter.bureau SET timezone = %s", [zone])


def today(bureau: Bureau) -> date:
    """The business date."""
    found = bureau.value("SELECT counter.business_date()")
    assert isinstance(found, date)
    return found


async def test_after_midnight_the_new_late_fee_is_shown_before_anything_is_posted(evening: Bureau) -> None:
    """9 days at 1 per mille are 9.00; after midnight it is one day more, and the receipt has the new date."""
    async with real_desk(evening) as desk:
        await desk.open(ACCOUNT)
        assert desk.field("amount").value == "1,009.00"
        before = today(evening)
        set_clock(evening, TOMORROW_THERE)
        days = (today(evening) - before).days
        await desk.keys("enter", "enter")
        owed = f"1,{9 + days:03d}.00"
        await desk.until(lambda: desk.field("amount").value == owed)
        assert evening.value("SELECT count(*) FROM counter.receipt") == 0
        await desk.keys("enter", "enter")
        await desk.until(lambda: evening.value("SELECT count(*) FROM counter.receipt") == 1)
    posted = evening.value("SELECT business_date FROM counter.journal WHERE kind = 'payment'")
    assert posted == today(evening)


async def test_a_day_that_closes_under_an_open_form_takes_nothing_more(evening: Bureau) -> None:
    """The sentence says what happened; the form and what was typed stay."""
    async with real_desk(evening) as desk:
        await desk.open(ACCOUNT)
        with evening.psql() as connection:
            connection.execute(
                "INSERT INTO counter.closed_day (hall_no, business_date) VALUES (1, counter.business_date())"
            )
        await desk.keys("enter", *"2000", "enter")
        await desk.until_said("is closed")
        assert desk.field("received").value == "2000"
        assert evening.value("SELECT count(*) FROM counter.journal WHERE kind = 'payment'") == 0
