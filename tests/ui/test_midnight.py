"""The day ends under an open form: nothing is posted at yesterday's amounts, nothing typed is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from counter.domain.undeposited import CashAlarm
from counter.services.ledger import verify
from counter.services.shift_reports import read_report
from tests.bureau import Bureau
from tests.ui.real_desk import CASHIER, real_desk
from tests.ui.test_till import count, open_till

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


async def test_a_shift_of_yesterday_goes_on_and_is_closed_today(evening: Bureau) -> None:
    """It keeps its day, so that its cash is yesterday's in the safe; what is booked has the day of now."""
    shift = evening.value("SELECT shift_id FROM counter.shift")
    evening.call("t10001", "post_payment", evening.payment(shift, ACCOUNT, total_fen=700, prepaid_fen=700))
    yesterday = today(evening)
    set_clock(evening, TOMORROW_THERE)
    with evening.psql() as connection:
        connection.execute(
            "INSERT INTO counter.closed_day (hall_no, business_date) VALUES (1, %s)", [yesterday]
        )
    evening.call("t10001", "post_payment", evening.payment(shift, ACCOUNT, total_fen=300, prepaid_fen=300))
    async with real_desk(evening) as desk:
        await open_till(desk)
        await desk.keys("ctrl+u")
        await count(desk, {10_000: "5", 1_000: "1"})
        await desk.keys("enter", "enter")
        await desk.until(lambda: "It agrees." in desk.text)
        await desk.keys("enter")
        await desk.until_said("Its report is printed")
        assert desk.app.session is not None
        report = desk.app.session.drawer.report(shift)
    assert report is not None
    assert (report.business_date, report.z_no, report.receipt_count) == (yesterday, 1, 2)
    assert report.first_receipt_no.startswith(f"0101-{yesterday:%y%m%d}-")
    assert report.last_receipt_no.startswith(f"0101-{today(evening):%y%m%d}-")
    assert [(row.kind, row.count, row.amount_fen) for row in report.takings] == [("cash", 2, 1_000)]
    days = "SELECT array_agg(business_date ORDER BY journal_id) FROM counter.journal WHERE shift_id = %s"
    assert evening.value(days, shift) == [yesterday, yesterday, today(evening), today(evening)]
    async with real_desk(evening, CASHIER) as desk:
        assert desk.app.session is not None
        (cash,) = (item for item in desk.app.session.deposits.safe().items if item.amount_fen)
        assert (cash.business_date, cash.amount_fen, cash.alarm) == (yesterday, 1_000, CashAlarm.OLD)
    assert verify(evening.admin).finding is None


def test_the_hours_of_a_shift_over_midnight_are_listed_as_they_went_by(bureau: Bureau) -> None:
    """23 o'clock before 0 o'clock."""
    set_clock(bureau, "UTC")
    bureau.add_account(ACCOUNT)
    shift = bureau.open_shift()
    for moment in ("2026-01-02 00:10+00", "2026-01-01 23:50+00"):
        request = bureau.payment(shift, ACCOUNT, total_fen=100, prepaid_fen=100)
        posted = bureau.call("t10001", "post_payment", request)["journal_id"]
        with bureau.psql() as connection:
            connection.execute("ALTER TABLE counter.journal DISABLE TRIGGER ALL")
            connection.execute(
                "UPDATE counter.journal SET recorded_at = %s WHERE journal_id = %s", [moment, posted]
            )
            connection.execute("ALTER TABLE counter.journal ENABLE TRIGGER ALL")
    with bureau.engine("t10001").begin() as connection:
        report = read_report(connection, shift)
    assert report is not None
    assert [row.hour for row in report.hours] == [23, 0]
