"""Two supervisors at the shift of an absent clerk, each at a desk of their own."""

from __future__ import annotations

import pytest

from counter.ui.screens.count import CountScreen
from counter.ui.screens.till import TillScreen
from tests.bureau import Bureau
from tests.ui.real_desk import CASHIER, CLERK, SUPERVISOR, RealDesk, real_desk
from tests.ui.test_till import count, open_till


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
