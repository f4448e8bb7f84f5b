"""Prepaid cards by keys on a real bureau: screens, services, ledger and the simulated reader together."""

from __future__ import annotations

from cardio.simulator import serial_of
from counter.ui.dialogs.approval import ApprovalDialog
from counter.ui.dialogs.reason import ReasonDialog
from counter.ui.dialogs.vend_decision import VendDecisionDialog
from counter.ui.widgets.big_number import BigNumber
from tests.bureau import PASSWORD
from tests.ui.card_hall import CUSTOMERS, HOSTILE, NEW_CUSTOMER, Hall, card, card_screen, hall, sell
from tests.ui.real_desk import SUPERVISOR

__all__ = ("hall",)  # the fixture


async def test_a_card_opens_its_account_and_power_is_sold_taken_home_and_sold_again(hall: Hall) -> None:
    async with hall.desk() as desk:
        for count in (10, 11):
            hall.reader.insert("in_use")
            await desk.until(lambda: getattr(desk.app.screen, "form", None) is not None)
            await desk.keys("f12")
            await desk.until(lambda: card_screen(desk).form is not None)
            await sell(desk, "80.50", "100")
            await desk.until(lambda: card_screen(desk).is_written)
            assert card_screen(desk).query_one("#change-given", BigNumber).value == "19.50"
            await desk.until(lambda: "issued" in desk.text)
            assert (hall.card("in_use").vend_count, hall.card("in_use").wallet_fen) == (count, 8_050)
            await desk.keys("enter", "escape")
            hall.reader.take_home("in_use")
    assert (hall.booked_fen("vended"), hall.booked_fen("vend_in_flight")) == (16_100, 0)
    assert hall.reader.meters[CUSTOMERS[0].meter_no].loaded_fen == 90_000 + 16_100


async def test_a_vend_that_no_meter_took_is_taken_back_with_its_cash(hall: Hall) -> None:
    async with hall.desk() as desk:
        screen = await card(desk, hall, "in_use")
        await sell(desk, "80")
        await desk.until(lambda: screen.is_written)
        await desk.keys("enter")
        screen = await card(desk, hall, "in_use")
        assert "The meter has not taken the last vend yet." in desk.text
        await desk.keys("ctrl+b")
        await desk.until(lambda: isinstance(desk.app.screen, ReasonDialog))
        await desk.write(HOSTILE)
        await desk.keys("enter")
        await desk.until(lambda: "Taken off the card, and booked back." in desk.text)
        assert screen.query_one("#change-given", BigNumber).value == "80.00"
    assert (hall.card("in_use").vend_count, hall.card("in_use").wallet_fen) == (9, 0)
    assert (hall.booked_fen("vended"), hall.booked_fen("vend_in_flight")) == (0, 0)


async def test_a_lost_booking_is_completed(hall: Hall) -> None:
    async with hall.desk() as desk:
        screen = await card(desk, hall, "booking_lost")
        await desk.keys("enter")
        await desk.until(lambda: screen.is_written)
    assert hall.booked_fen("vended") == 10_000


async def test_a_new_card_is_opened_and_a_worn_out_one_replaced(hall: Hall) -> None:
    async with hall.desk() as desk:
        await desk.open(NEW_CUSTOMER[0])
        screen = await card(desk, hall, "new")
        await sell(desk, "100")
        await desk.until(lambda: screen.is_written)
        assert (hall.card("new").account_no, hall.card("new").vend_count) == (NEW_CUSTOMER[0], 1)
        await desk.keys("enter", "escape")
        hall.reader.pull()
        await desk.open(hall.account("worn_out"))
        await card(desk, hall, "new_2")
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReasonDialog))
        await desk.write(HOSTILE)
        await desk.keys("enter")
        await desk.until_said("Replaced: count 9, 0.00 on the card.")
    assert (hall.card("new_2").card_type.value, hall.card("new_2").vend_count) == ("03", 9)
    assert hall.booked_fen("vended") == 10_000


async def test_a_card_lost_with_a_vend_on_it_is_replaced_and_the_vend_is_not_lost(hall: Hall) -> None:
    async with hall.desk() as desk:
        screen = await card(desk, hall, "torn")
        await sell(desk, "50")
        await desk.until(lambda: screen.trouble)
        await desk.keys("escape")
        await desk.open(hall.account("torn"))
        await card(desk, hall, "new")
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReasonDialog))
        await desk.write("卡丢失")
        await desk.keys("enter")
        await desk.until_said("Replaced: count 10, 50.00 on the card.")
        await desk.until(lambda: desk.app.status.doubts == 0)
    assert hall.reader.take_home("new").value == "credited"
    assert (hall.booked_fen("vended"), hall.booked_fen("vend_in_flight")) == (5_000, 0)


async def test_a_supervisor_decides_on_a_card_that_does_not_come_back(hall: Hall) -> None:
    async with hall.desk() as desk:
        screen = await card(desk, hall, "torn")
        await sell(desk, "50")
        await desk.until(lambda: screen.trouble)
        await desk.keys("escape", "shift+f1")
        await desk.until(lambda: hall.account("torn") in desk.text)
        await desk.keys("shift+f12")
        await desk.until(lambda: isinstance(desk.app.screen, VendDecisionDialog))
        await desk.keys("enter")
        await desk.write(HOSTILE)
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ApprovalDialog))
        await desk.write(SUPERVISOR)
        await desk.keys("enter")
        await desk.write(PASSWORD)
        await desk.keys("enter")
        await desk.until_said("The money is on the account's prepaid balance.")
    assert (hall.booked_fen("vended"), hall.booked_fen("vend_in_flight")) == (0, 0)
    assert hall.booked_fen("prepaid") == 5_000


async def test_a_meter_is_changed_and_a_card_taken_back(hall: Hall) -> None:
    async with hall.desk() as desk:
        screen = await card(desk, hall, "in_use")
        await desk.keys("shift+f11", "enter")
        await desk.write(HOSTILE)
        await desk.keys("enter")
        await desk.until_said("The card is cleared and out of use.")
        await desk.until(lambda: screen.case.card is not None and not screen.case.card.account_no)
        await desk.keys("escape")
        await desk.open(NEW_CUSTOMER[0])
        await desk.keys("f12", "shift+f11", "enter")
        await desk.write("250366809201")
        await desk.keys("enter", "enter")
        await desk.write(HOSTILE)
        await desk.keys("enter")
        await desk.until_said("The meter is changed: 250366809201, count 0.")
    query = "SELECT status FROM counter.meter_card WHERE card_serial = %s"
    assert hall.bureau.value(query, serial_of("in_use")) == "returned"


async def test_a_firm_s_cash_is_approved_first(hall: Hall) -> None:
    with hall.bureau.psql() as connection:
        connection.execute(
            "UPDATE counter.account SET corporate_bank = true WHERE account_no = %s", [hall.account("in_use")]
        )
    async with hall.desk() as desk:
        screen = await card(desk, hall, "in_use")
        await sell(desk, "80")
        await desk.until(lambda: isinstance(desk.app.screen, ApprovalDialog))
        await desk.write("银行停业")
        await desk.keys("enter")
        await desk.write(SUPERVISOR)
        await desk.keys("enter")
        await desk.write(PASSWORD)
        await desk.keys("enter")
        await desk.until(lambda: screen.is_written)
    assert hall.booked_fen("vended") == 8_000
