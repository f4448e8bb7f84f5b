"""A payment over several tenders, from the keys to the rows."""

from __future__ import annotations

from datetime import date

from counter.ui.dialogs.split import SplitDialog
from tests.bureau import Bureau
from tests.ui.real_desk import RealDesk, real_desk

ACCOUNT = "330100000001"
SLIP = ("12345678", "000001", "000042", "123456789012", "6228480402561234")


async def begin(bureau: Bureau, desk: RealDesk) -> SplitDialog:
    """An account with a bill of 100.00 and the dialog on top."""
    await desk.open(ACCOUNT)
    await desk.keys("shift+f7")
    await desk.until(lambda: isinstance(desk.app.screen, SplitDialog))
    assert isinstance(desk.app.screen, SplitDialog)
    return desk.app.screen


async def enter(desk: RealDesk, *texts: str) -> None:
    """Write into one field after the other."""
    for text in texts:
        focused = desk.app.focused
        focused.value = text  # type: ignore[union-attr]
        await desk.keys("enter")


def prepare(bureau: Bureau) -> None:
    """One account, one bill, a shift."""
    bureau.add_account(ACCOUNT)
    bureau.add_bills(ACCOUNT, (202601, 10_000, date(2999, 1, 1)))
    bureau.open_shift()


async def test_a_card_and_cash_pay_one_bill(bureau: Bureau) -> None:
    """Each its part; the change comes from the cash, and no whole card number is kept."""
    prepare(bureau)
    async with real_desk(bureau) as desk:
        dialog = await begin(bureau, desk)
        await enter(desk, "2", "60.00", *SLIP)
        assert dialog.rest_fen == 4_000
        await enter(desk, "1", "40.00", "50.00", "")
        await desk.until(lambda: bureau.value("SELECT count(*) FROM counter.receipt_print"))
    with bureau.psql() as connection:
        rows = connection.execute(
            "SELECT kind, amount_fen, received_fen, details->>'card' FROM counter.tender ORDER BY line"
        ).fetchall()
    assert rows == [("pos", 6_000, None, "622848******1234"), ("cash", 4_000, 5_000, None)]


async def test_a_wrong_field_is_named_and_nothing_is_added(bureau: Bureau) -> None:
    """More than is open, hostile text, an unknown kind."""
    prepare(bureau)
    async with real_desk(bureau) as desk:
        dialog = await begin(bureau, desk)
        await enter(desk, "9")
        assert "number of a kind" in desk.text
        await enter(desk, "2", "100.01")
        assert "is still open" in desk.text
        await enter(desk, "100.00", "[/]", *SLIP[1:])
        assert "not as a slip prints it" in desk.text
        assert dialog.tenders == ()


async def test_the_same_slip_twice_is_refused_with_who_took_it(bureau: Bureau) -> None:
    """And the form stays open."""
    prepare(bureau)
    async with real_desk(bureau) as desk:
        for _time in range(2):
            await begin(bureau, desk)
            await enter(
                desk, "2", "50.00", *SLIP, "3", "50.00", "工商银行", "S-1", "2026-01-02", "6222020200", "", ""
            )
            if not _time:
                await desk.until(lambda: bureau.value("SELECT count(*) FROM counter.receipt_print"))
                bureau.add_bills(ACCOUNT, (202602, 10_000, date(2999, 1, 1)))
        await desk.until_said("张敏")
    assert bureau.value("SELECT count(*) FROM counter.journal WHERE kind = 'payment'") == 1
