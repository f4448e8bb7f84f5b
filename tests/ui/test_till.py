"""Counting, closing, handing over and reporting by keys, on a real bureau."""

from __future__ import annotations

import pytest

from counter.ui.screens.count import CountScreen
from counter.ui.screens.shift_report import ShiftReportScreen
from counter.ui.screens.till import TillScreen
from tests.bureau import PASSWORD, Bureau
from tests.ui.real_desk import CLERK, SUPERVISOR, RealDesk, real_desk

ACCOUNT = "330100000001"


@pytest.fixture
def hall(bureau: Bureau) -> Bureau:
    """A clerk's shift with a float of 500.00 and 120.00 taken."""
    bureau.add_account(ACCOUNT)
    shift = bureau.open_shift()
    bureau.call(CLERK, "post_payment", bureau.payment(shift, ACCOUNT, total_fen=12_000, prepaid_fen=12_000))
    return bureau


async def open_till(desk: RealDesk) -> None:
    """ctrl+k, and wait for the shifts."""
    await desk.keys("ctrl+k")
    await desk.until(lambda: isinstance(desk.app.screen, TillScreen) and desk.app.screen._current)


async def count(desk: RealDesk, pieces: dict[int, str]) -> None:
    """Type pieces into the fields that are named, Enter through the rest, up to the question."""
    await desk.until(lambda: isinstance(desk.app.screen, CountScreen) and desk.app.focused is not None)
    for face, number in pieces.items():
        await go_to(desk, f"face-{face}")
        await desk.write(number)
    await go_to(desk, "face-1")
    await desk.keys("enter")


async def go_to(desk: RealDesk, field_id: str) -> None:
    """Give a field the focus."""
    field = desk.field(field_id)
    field.focus()
    await desk.until(lambda: desk.app.focused is field)


async def test_a_clerk_counts_blind_signs_and_closes(hall: Bureau) -> None:
    """What is expected is not on the screen before the signature; afterwards the desk has no shift."""
    async with real_desk(hall) as desk:
        await open_till(desk)
        await desk.keys("ctrl+u")
        await count(desk, {10_000: "6", 1_000: "1"})
        assert "620.00" not in desk.text
        await desk.keys("enter")  # past the handover
        await desk.keys("enter")  # yes, sign
        await desk.until(lambda: "SHORT" in desk.text)
        assert "Expected  620.00" in desk.text
        await desk.keys("ctrl+u")
        await count(desk, {1_000: "2"})
        await desk.keys("enter", "enter")
        await desk.until(lambda: "It agrees." in desk.text)
        await desk.keys("enter")
        await desk.until_said("closed")
        assert desk.app.shift is None
        await desk.until(
            lambda: list((hall.folder / f"desk-{CLERK}" / "receipts" / "reports").rglob("*.pdf"))
        )
    assert hall.value("SELECT counted_fen - expected_fen FROM counter.shift_closing") == 0
    assert hall.value("SELECT count(*) FROM counter.shift_count") == 2


@pytest.mark.parametrize("hostile", ["-1", "1.5", "[/]", "'; --", "１２", "9999999", "1e3", "\x00"])
async def test_what_is_no_number_of_pieces_is_said_and_never_signed(hall: Bureau, hostile: str) -> None:
    """The field stays, nothing is asked."""
    async with real_desk(hall) as desk:
        await open_till(desk)
        await desk.keys("ctrl+u")
        await count(desk, {10_000: hostile})
        await desk.keys("enter")
        assert isinstance(desk.app.screen, CountScreen)
        assert "Whole numbers" in desk.said
    assert hall.value("SELECT count(*) FROM counter.shift_count") == 0


async def test_cash_goes_out_with_a_reason(hall: Bureau) -> None:
    """By dialog; more than there is is refused with a sentence."""
    async with real_desk(hall) as desk:
        await open_till(desk)
        for amount, said in (("9999", "not that much cash"), ("100", "is booked")):
            await desk.keys("ctrl+x")
            await desk.until(lambda: desk.app.screen.query("#reason"))
            await desk.keys("right", "right", "enter")
            await desk.write(amount)
            await desk.keys("enter")
            await desk.write("[/] '; --")
            await desk.keys("enter")
            await desk.until_said(said)
    assert hall.value("SELECT amount_fen FROM counter.cash_movement") == -10_000
    assert hall.value("SELECT note FROM counter.cash_movement") == "[/] '; --"


async def test_a_till_is_handed_over_at_the_desk_of_the_one_who_leaves(hall: Bureau) -> None:
    """A wrong password hands nothing over; the right one does, and the desk is without a shift."""
    async with real_desk(hall) as desk:
        await open_till(desk)
        await desk.keys("ctrl+u")
        await count(desk, {10_000: "6", 1_000: "2"})
        await desk.write("t10002")
        await desk.keys("enter", "enter")
        await desk.until(lambda: "It agrees." in desk.text)
        for password in ("wrong", PASSWORD):
            await desk.keys("enter")
            await desk.until(lambda: desk.app.screen.query("#password"))
            await desk.write("300")
            await desk.keys("enter")
            await desk.write(password)
            await desk.keys("enter")
            await desk.until(lambda: isinstance(desk.app.screen, CountScreen) and desk.said)
        await desk.until_said("handed over to t10002")
        assert desk.app.shift is None
    assert hall.value("SELECT staff_no FROM counter.till WHERE till_no = 101") == "t10002"
    assert hall.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 30_000


async def test_a_supervisor_closes_the_shift_of_an_absent_clerk(hall: Bureau) -> None:
    """The row under the cursor; another clerk cannot."""
    async with real_desk(hall, "t10002") as desk:
        await desk.keys("escape")
        await open_till(desk)
        await desk.keys("ctrl+u")
        assert isinstance(desk.app.screen, TillScreen)
    async with real_desk(hall, SUPERVISOR) as desk:
        await desk.keys("escape")
        await open_till(desk)
        await desk.keys("ctrl+u")
        await count(desk, {10_000: "6", 1_000: "2"})
        await desk.keys("enter")
        await desk.until(lambda: "It agrees." in desk.text)
        await desk.keys("enter")
        await desk.until_said("closed")
    assert hall.value("SELECT closed_by FROM counter.shift_closing") == SUPERVISOR


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_an_x_report_does_not_tell_what_the_drawer_should_hold(hall: Bureau, language: str) -> None:
    """Takings and float stand there, the sum of the drawer does not."""
    async with real_desk(hall, language=language) as desk:
        await open_till(desk)
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ShiftReportScreen) and "120.00" in desk.text)
        assert "620.00" not in desk.text
        assert "500.00" in desk.text
        by_hour = next(line for line in desk.text.splitlines() if ":00 " in line)
        assert "120.00" in by_hour.rpartition(":00 ")[2], (
            "an hour and its sum stand on one line at 80 columns"
        )
