"""Power is sold onto cards by keys, and what goes wrong ends known or asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardio.simulator import serial_of
from counter.ui.dialogs.approval import ApprovalDialog
from counter.ui.dialogs.reason import ReasonDialog
from counter.ui.dialogs.split import SplitDialog
from counter.ui.dialogs.unfinished import UnfinishedDialog
from counter.ui.dialogs.unknown import UnknownDialog
from counter.ui.widgets.big_number import BigNumber
from tests.ui.card_desk import HOSTILE, card_desk
from tests.ui.memory_vends import account_of


async def test_power_is_sold_written_and_printed_with_change_in_large_figures(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        await cards.insert("in_use")
        await cards.desk.keys("f12")
        await cards.desk.until(lambda: cards.screen.form is not None)
        assert cards.desk.app.focused is cards.screen.pay.amount
        await cards.sell("80", "100")
        await cards.desk.until(lambda: cards.screen.is_written)
        assert cards.screen.query_one("#change-given", BigNumber).value == "20.00"
        await cards.desk.until(lambda: "Receipt 0108-261123-0102: issued" in cards.desk.text)
        assert "Written on the card and read back: 80.00, count 5." in cards.desk.text
        assert cards.vends.calls == [
            "CONNECT",
            "AUTHENTICATE",
            "PARAMETERS",
            "WALLET",
            "CLEAR_WRITEBACK",
            "READ_BACK",
            "COMPARE",
        ]
        contents = cards.reader.read()
        assert (contents.wallet_fen, contents.vend_count, contents.writeback) == (8_000, 5, None)
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: cards.desk.app.screen is cards.desk.screen)
        assert cards.desk.screen.form is None
        cards.reader.pull()
        await cards.insert("in_use")


async def test_while_a_card_is_written_the_screen_says_so_and_no_key_leads_away(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        screen = await cards.card("in_use")
        with cards.desk.bureau.held():
            await cards.sell("80")
            await cards.desk.until(lambda: "do NOT take the card out" in cards.desk.text)
            assert ">> Book the money" in cards.desk.text
            await cards.desk.keys("escape", "f11", "ctrl+b", "enter")
            assert screen.writing
        await cards.desk.until(lambda: screen.is_written)


async def test_other_tenders_pay_too(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        screen = await cards.card("in_use")
        await cards.desk.write("60")
        await cards.desk.keys("ctrl+g")
        await cards.desk.until(
            lambda: isinstance(cards.desk.app.screen, SplitDialog) and cards.desk.app.screen.query("#part")
        )
        await cards.desk.keys("left", "enter")
        await cards.desk.until(
            lambda: cards.desk.app.focused is not None and cards.desk.app.focused.id == "part"
        )
        await cards.desk.keys("enter", "enter", "enter")
        await cards.desk.until(lambda: screen.is_written)


@pytest.mark.parametrize("typed", [*HOSTILE, "2000.01", "1.999", "1,00"])
async def test_an_amount_that_is_none_or_too_much_sells_nothing(tmp_path: Path, typed: str) -> None:
    async with card_desk(tmp_path) as cards:
        screen = await cards.card("in_use")
        await cards.desk.write(typed)
        await cards.desk.keys("enter")
        await cards.desk.keys("ctrl+g")
        await cards.desk.until(lambda: cards.desk.said)
        assert screen.pay.amount.has_focus
        assert "sell" not in cards.desk.bureau.calls
        assert screen.case.card is not None


async def test_the_limit_itself_can_be_sold(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        screen = await cards.card("in_use")
        await cards.sell("２０００.00")
        await cards.desk.until(lambda: screen.is_written)


async def test_a_card_that_slips_out_is_in_doubt_and_enter_goes_on_when_it_is_back(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        screen = await cards.card("torn")
        await cards.sell("50", "100")
        await cards.desk.until(lambda: screen.trouble)
        assert "IN DOUBT" in cards.desk.text
        assert screen.query_one("#change-given", BigNumber).value == "50.00"
        assert cards.desk.bureau.prints == []
        await cards.desk.until(lambda: "Cards in doubt 1: ⇧F1" in cards.desk.text)
        await cards.desk.keys("enter")
        await cards.desk.until_said("There is no card in the reader.")
        cards.reader.insert("in_use")
        await cards.desk.keys("enter")
        await cards.desk.until_said("这是另一张卡。")
        assert screen.trouble
        cards.reader.insert("torn")
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: screen.is_written)
        assert screen.query_one("#change-given", BigNumber).value == "50.00"
        await cards.desk.until(lambda: cards.desk.app.status.doubts == 0)
        assert len(cards.desk.bureau.prints) == 1


async def test_a_card_pulled_before_the_sale_sells_nothing_and_keeps_what_was_typed(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        screen = await cards.card("in_use")
        await cards.desk.write("80")
        await cards.desk.keys("enter")
        cards.reader.pull()
        await cards.desk.until_said("The card was taken out.")
        await cards.desk.keys("enter")
        await cards.desk.until_said("Nothing was sold; put it in again.")
        cards.reader.insert("in_use")
        await cards.desk.until(lambda: not cards.desk.said)
        assert screen.pay.amount.value == "80.00"
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: screen.is_written)


async def test_another_card_in_the_middle_of_typing_starts_over(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        screen = await cards.card("in_use")
        await cards.desk.write("80")
        cards.reader.insert("not_inserted")
        await cards.desk.until(
            lambda: screen.case.card and screen.case.card.serial == serial_of("not_inserted")
        )
        assert screen.form is None
        assert "sell" not in cards.desk.bureau.calls


async def test_what_the_meter_has_not_taken_can_be_taken_back(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        screen = await cards.card("not_inserted")
        assert screen.form is None
        assert "The meter has not taken the last vend yet." in cards.desk.text
        await cards.desk.keys("ctrl+b")
        await cards.desk.until(lambda: isinstance(cards.desk.app.screen, ReasonDialog))
        await cards.desk.keys("enter")
        assert isinstance(cards.desk.app.screen, ReasonDialog)
        await cards.desk.write("'; -- [/]")
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: screen.outcome is not None)
        assert "Taken off the card, and booked back." in cards.desk.text
        assert screen.query_one("#change-given", BigNumber).value == "100.00"
        assert cards.reader.read().wallet_fen == 0


async def test_a_supervisor_is_asked_where_the_server_asks(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        cards.vends.wants_approval = True
        await cards.card("not_inserted")
        await cards.desk.keys("ctrl+b")
        await cards.desk.until(lambda: isinstance(cards.desk.app.screen, ReasonDialog))
        await cards.desk.write("误购")
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: isinstance(cards.desk.app.screen, ApprovalDialog))
        await cards.desk.keys("escape")
        await cards.desk.until_said("It was not approved; nothing was posted.")
        assert cards.reader.read().wallet_fen == 10_000


async def test_a_lost_booking_is_completed_with_the_amount_on_the_card(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        screen = await cards.card("booking_lost")
        assert screen.pay.amount.disabled
        assert screen.pay.amount.value == "100.00"
        assert cards.desk.app.focused is screen.pay.received
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: screen.is_written)
        assert cards.vends.calls == []


async def test_a_vend_that_was_never_written_is_written_by_enter(tmp_path: Path) -> None:
    async with card_desk(tmp_path, later=False) as cards:
        await cards.desk.until(lambda: isinstance(cards.desk.app.screen, UnfinishedDialog))
        assert account_of("never_written") in cards.desk.text
        cards.reader.insert("never_written")
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: cards.screen.case.card is not None)
        assert "A vend on this card is paid and not finished." in cards.desk.text
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: cards.screen.is_written)
        assert cards.reader.read().vend_count == 4
        assert cards.screen.query_one("#change-given", BigNumber).value == "0.00"


async def test_a_new_card_is_opened_for_the_account_on_the_screen(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        await cards.desk.open("0100234567")
        screen = await cards.card("new")
        assert "This is a new card, and the account has none yet." in cards.desk.text
        await cards.sell("100")
        await cards.desk.until(lambda: screen.is_written)
        contents = cards.reader.read()
        assert (contents.account_no, contents.card_type.value, contents.vend_count) == ("100234567", "01", 1)


async def test_a_worn_out_card_is_replaced_for_a_reason(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        await cards.desk.open(account_of("worn_out"))
        screen = await cards.card("new")
        assert screen.form is None
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: isinstance(cards.desk.app.screen, ReasonDialog))
        assert serial_of("worn_out") in cards.desk.text
        await cards.desk.write("卡损坏")
        await cards.desk.keys("enter")
        await cards.desk.until_said("Replaced: count 4, 0.00 on the card.")
        contents = cards.reader.read()
        assert (contents.card_type.value, contents.vend_count) == ("03", 4)


async def test_the_card_of_another_account_is_not_sold_on(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        await cards.desk.open("0100234567")
        screen = await cards.card("in_use")
        assert screen.form is None
        assert "This card belongs to another account" in cards.desk.text


async def test_a_lost_answer_is_asked_for_and_the_card_is_written_then(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        screen = await cards.card("in_use")
        cards.vends.lose_begin = True
        await cards.sell("80")
        await cards.desk.until(lambda: isinstance(cards.desk.app.screen, UnknownDialog))
        cards.vends.lose_begin = False
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: screen.trouble)
        assert "NOT WRITTEN" in cards.desk.text
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: screen.is_written)
        assert len([vend for vend in cards.vends.vends.values() if vend.amount_fen == 8_000]) == 1


async def test_the_day_goes_sell_home_sell(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        for count in (5, 6, 7):
            screen = await cards.card("in_use")
            await cards.sell("30")
            await cards.desk.until(lambda s=screen: s.is_written)  # type: ignore[misc]
            assert cards.reader.read().vend_count == count
            await cards.desk.keys("enter", "escape")
            cards.reader.take_home("in_use")
