"""Two supervisors at the shift of an absent clerk, and a clerk whose shift a supervisor has closed."""

from __future__ import annotations

from datetime import date

import pytest

from counter.services.ledger import verify
from counter.ui.screens.count import CountScreen
from counter.ui.screens.open_shift import OpenShiftScreen
from counter.ui.screens.till import TillScreen
from tests.bureau import Bureau
from tests.ledger.closed import close_shift
from tests.ui.real_desk import CASHIER, CLERK, SUPERVISOR, RealDesk, real_desk
from tests.ui.test_till import count, open_till

ACCOUNT = "330100000001"


@pytest.fixture
def hall(bureau: Bureau) -> Bureau:
    """A clerk's shift with a float of 500.00, and a second supervisor."""
    bureau.open_shift(CLERK)
    with bureau.psql() as connection:
        connection.execute("UPDATE counter.staff SET duty = 'supervisor' WHERE staff_no = %s", [CASHIER])
    return bureau


async def counted(desk: RealDesk) -> None:
    """Count the drawer of the absent clerk and sign."""
    await desk.keys("escape")
    await open_till(desk)
    await desk.keys("ctrl+u")
    await count(desk, {10_000: "5"})
    await desk.keys("enter")
    await desk.until(lambda: "It agrees." in desk.text)


async def test_the_second_is_told_that_the_count_does_not_hold_and_then_who_closed_it(hall: Bureau) -> None:
    """One closing, one Z; both desks say what is so, and both go on."""
    async with real_desk(hall, SUPERVISOR) as first, real_desk(hall, CASHIER) as second:
        await counted(first)
        await counted(second)
        await first.keys("enter")
        await first.until_said("no longer holds")
        assert isinstance(first.app.screen, CountScreen)
        await second.keys("enter")
        await second.until_said("The shift is closed.")
        await count(first, {})
        await first.keys("enter")
        await first.until_said("closed already")
        assert "赵静" in first.said
        assert "Z0001" in first.said
        await first.keys("escape")
        await first.until(lambda: isinstance(first.app.screen, TillScreen))
    assert hall.value("SELECT closed_by FROM counter.shift_closing") == CASHIER
    assert hall.value("SELECT count(*) FROM counter.shift_count") == 2


async def test_a_clerk_whose_shift_was_closed_meanwhile_hears_by_whom_and_goes_on_in_another(
    hall: Bureau,
) -> None:
    """Nothing is posted, what was typed stays; the desk has no shift, and a new one takes the money."""
    hall.add_account(ACCOUNT)
    hall.add_bills(ACCOUNT, (202601, 10_000, date(2999, 1, 1)))
    shift = hall.value("SELECT shift_id FROM counter.shift")
    async with real_desk(hall) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter", *"150")
        close_shift(hall, shift, SUPERVISOR)
        await desk.keys("enter")
        await desk.until(lambda: desk.app.shift is None)
        await desk.until_said("closed already")
        assert "陈刚" in desk.said
        assert desk.field("received").value == "150"
        await desk.keys("ctrl+o")
        await desk.until(lambda: isinstance(desk.app.screen, OpenShiftScreen) and desk.app.focused)
        await desk.until(lambda: "101" in desk.text)
        await desk.keys("enter", *"100", "enter")
        await desk.until(lambda: desk.app.shift is not None)
        assert desk.field("received").value == "150"
        await desk.until(lambda: not desk.field("received").disabled)
        desk.field("received").focus()
        await desk.keys("enter")
        await desk.until(lambda: hall.value("SELECT count(*) FROM counter.receipt") == 1)
    assert hall.value("SELECT max(shift_id) > %s FROM counter.journal WHERE kind = 'payment'", shift)
    assert verify(hall.admin).finding is None
