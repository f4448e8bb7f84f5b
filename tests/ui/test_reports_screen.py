"""Reports at the cashier's desk: chosen, looked at page by page, saved; days that are none are said."""

from __future__ import annotations

from tests.bureau import Bureau
from tests.ui.real_desk import CASHIER, CLERK, real_desk


async def test_a_report_is_made_turned_over_and_saved_as_a_workbook(bureau: Bureau) -> None:
    bureau.add_account("330000000017")
    shift = bureau.open_shift()
    bureau.call(
        "t10001", "post_payment", bureau.payment(shift, "330000000017", total_fen=12_345, prepaid_fen=12_345)
    )
    async with real_desk(bureau, CASHIER) as desk:
        await desk.keys("escape", "ctrl+f6")
        await desk.until(lambda: "Takings" in desk.text)
        await desk.keys("down", "enter")
        await desk.until(lambda: "1/5  By tender" in desk.text)
        assert "123.45" in desk.text
        await desk.keys("right", "right")
        await desk.until(lambda: "3/5  By clerk" in desk.text)
        await desk.keys("left", "left", "left")
        await desk.until(lambda: "5/5  Takings by hour" in desk.text)
        assert "123.45" in desk.text
        await desk.keys("f8")
        await desk.until_said("Saved as")
        saved = next((bureau.folder / f"desk-{CASHIER}").rglob("takings-*.xlsx"))
        assert saved.read_bytes().startswith(b"PK")
        await desk.keys("f6")
        await desk.until(lambda: list(saved.parent.glob("takings-*.pdf")))


async def test_a_day_that_is_none_is_said_and_a_future_one_is_refused(bureau: Bureau) -> None:
    async with real_desk(bureau, CASHIER) as desk:
        await desk.keys("escape", "ctrl+f6")
        await desk.until(lambda: "Takings" in desk.text)
        await desk.keys("f2")
        await desk.write("[/]")
        await desk.keys("enter", "enter", "enter")
        await desk.until_said("Enter a day such as")
        await desk.keys("f2")
        await desk.write("2099-01-01")
        await desk.keys("enter")
        await desk.write("２０９９0101")
        await desk.keys("enter", "enter")
        await desk.until_said("has not been yet")


async def test_a_clerk_has_no_key_to_reports(bureau: Bureau) -> None:
    async with real_desk(bureau, CLERK) as desk:
        await desk.keys("ctrl+f6")
        await desk.pilot.pause()
        assert "Contents" not in desk.text
