"""Prepaid cards by keys: a card opens its account, power is sold, and what goes wrong ends known or asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest

from cardio.simulator import SimulatedReader, serial_of
from counter.domain.vends import VendState
from counter.services.ports.vends import Slot, SlotState
from counter.ui.dialogs.approval import ApprovalDialog
from counter.ui.dialogs.card_work import CardWorkDialog
from counter.ui.dialogs.drawer import DrawerDialog
from counter.ui.dialogs.reason import ReasonDialog
from counter.ui.dialogs.split import SplitDialog
from counter.ui.dialogs.unfinished import UnfinishedDialog
from counter.ui.dialogs.unknown import UnknownDialog
from counter.ui.messages_vends import SlotChanged
from counter.ui.screens.card import CardScreen
from counter.ui.screens.vends_in_doubt import VendsInDoubtScreen
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.card_facts import CardFacts
from tests.ui.driving import Desk, at_desk
from tests.ui.memory_bureau import MemoryBureau
from tests.ui.memory_vends import MemoryVends, account_of, with_cards

NEVER_WRITTEN = UUID(int=3)
HOSTILE = ["[/]", "'; --", "-5", "1e3", "0", "１２３４５６７．８９", "99999999999", "abc", " "]


class CardDesk:
    """A program with the drawer beside it."""

    def __init__(self, desk: Desk, vends: MemoryVends) -> None:
        """Made by ``card_desk``."""
        self.desk, self.vends = desk, vends

    @property
    def reader(self) -> SimulatedReader:
        """The slot."""
        return self.vends.reader

    @property
    def screen(self) -> CardScreen:
        """The card screen, in front or not."""
        return next(each for each in self.desk.app.screen_stack if isinstance(each, CardScreen))

    async def insert(self, kind: str) -> None:
        """Put a card in while the desk is idle; wait for its account."""
        self.reader.insert(kind)
        await self.desk.until(lambda: self.desk.screen.form is not None)

    async def card(self, kind: str) -> CardScreen:
        """Put a card in and press F12; wait until it is read."""
        self.reader.insert(kind)
        await self.desk.keys("f12")
        await self.desk.until(lambda: self.screen.case.card is not None)
        return self.screen

    async def sell(self, amount: str, received: str = "") -> None:
        """Amount, Enter, cash, Enter; wait for the end."""
        await self.desk.write(amount)
        await self.desk.keys("enter")
        if received:
            await self.desk.write(received)
        await self.desk.keys("enter")


@asynccontextmanager
async def card_desk(
    folder: Path, *, later: bool = True, language: str = "en", **options: object
) -> AsyncIterator[CardDesk]:
    """Somebody is signed in, a shift is open, the drawer is full; what is unfinished is left for later."""
    bureau = MemoryBureau()
    vends = with_cards(bureau, folder)
    if later:
        del vends.vends[NEVER_WRITTEN]
    async with at_desk(bureau, language=language, **options) as desk:
        yield CardDesk(desk, vends)


async def test_the_status_line_says_what_the_reader_does_and_that_it_is_simulated(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        await cards.desk.until(lambda: "SIMULATED" in cards.desk.text)
        assert "reader ready" in cards.desk.text.splitlines()[0]
        assert "DEMO KEYS" in cards.desk.text
        cards.reader.insert("worn_out")
        await cards.desk.until(lambda: "card mute" in cards.desk.text.splitlines()[0])
        await cards.desk.until_said("This card does not answer.")
        cards.reader.pull()
        await cards.desk.until(lambda: not cards.desk.said)


async def test_a_card_that_came_while_another_screen_was_open_opens_its_account_afterwards(
    tmp_path: Path,
) -> None:
    async with card_desk(tmp_path) as cards:
        await cards.desk.keys("f3")
        cards.reader.insert("in_use")
        await cards.desk.until(lambda: "card in" in cards.desk.text)
        assert "look" not in cards.desk.bureau.calls
        await cards.desk.keys("escape")
        await cards.desk.until(lambda: cards.desk.screen.form is not None)
        await cards.desk.keys("escape", "f3", "escape")
        await cards.desk.until(lambda: cards.desk.app.screen is cards.desk.screen)
        assert cards.desk.screen.form is None
        assert cards.desk.bureau.calls.count("look") == 1


@pytest.mark.parametrize(
    ("slot", "word"),
    [
        (Slot(SlotState.NO_SERVICE), "no card service"),
        (Slot(SlotState.NO_READER), "no reader"),
        (Slot(SlotState.NO_SAM), "no SAM"),
        (Slot(SlotState.BUSY), "reader busy"),
        (Slot(SlotState.MUTE, 1), "card mute"),
        (Slot(SlotState.EMPTY, wrong_slot=True), "card in the wrong slot"),
        (Slot(SlotState.EMPTY, demonstration_keys=True), "DEMO KEYS"),
        (Slot(SlotState.EMPTY, simulated=True, demonstration_keys=True), "SIMULATED"),
    ],
)
async def test_the_status_line_has_a_word_for_every_state_and_everything_else_works(
    slot: Slot, word: str
) -> None:
    async with at_desk() as desk:
        desk.app.post_message(SlotChanged(slot))
        await desk.until(lambda: word in desk.text.splitlines()[0])
        await desk.open("0100234567")
        await desk.keys("enter")
        await desk.write("500")
        await desk.keys("enter")
        await desk.until(lambda: desk.screen.taken is not None)


async def test_a_desk_without_a_reader_says_nothing_and_sells_all_the_same() -> None:
    async with at_desk() as desk:
        await desk.open("0100234567")
        assert "reader" not in desk.text
        assert "SIMULATED" not in desk.text


async def test_a_card_that_comes_in_opens_its_account_without_a_key(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        await cards.insert("in_use")
        assert cards.desk.screen.form is not None
        assert cards.desk.screen.form.account.account_no == account_of("in_use")
        await cards.desk.until_said("The meter has taken the last vend. On the meter then: 65.43.")


async def test_nothing_moves_while_somebody_types(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        await cards.desk.write("01")
        cards.reader.insert("in_use")
        await cards.desk.until(lambda: "card in" in cards.desk.text)
        assert cards.desk.screen.form is None
        assert cards.desk.field("box").value == "01"
    async with card_desk(tmp_path / "another") as cards:
        await cards.desk.open("0100234567")
        cards.reader.insert("in_use")
        await cards.desk.until(lambda: "card in" in cards.desk.text)
        assert cards.desk.screen.form is not None
        assert cards.desk.screen.form.account.account_no == "0100234567"
        assert "look" not in cards.desk.bureau.calls[-2:]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("new", "This is a new card; it belongs to nobody."),
        ("foreign", "The account on this card is not known here."),
    ],
)
async def test_a_card_of_nobody_is_said_to_be_one(tmp_path: Path, kind: str, said: str) -> None:
    async with card_desk(tmp_path) as cards:
        cards.reader.insert(kind)
        await cards.desk.until_said(said)
        assert cards.desk.screen.form is None


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


async def test_the_bytes_are_shown_on_request(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        screen = await cards.card("in_use")
        await cards.desk.write("80")
        await cards.desk.keys("enter")
        await cards.desk.write("100")
        await cards.desk.keys("f11")
        await cards.desk.until(lambda: "File 82, 8 bytes" in cards.desk.text)
        assert "00 00 27 10 00 00 00 04" in cards.desk.text
        assert "File 81, 45 bytes" in cards.desk.text
        await cards.desk.keys("escape")
        assert not screen.query_one(CardFacts).bytes_shown
        assert cards.desk.app.focused is screen.pay.received
        assert screen.pay.received.value == "100"
        await cards.desk.keys("escape", "escape")
        await cards.desk.until(lambda: cards.desk.app.screen is cards.desk.screen)


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


async def test_the_list_of_doubts_leads_to_the_card_and_lets_a_supervisor_decide(tmp_path: Path) -> None:
    async with card_desk(tmp_path, later=False) as cards:
        await cards.desk.until(lambda: isinstance(cards.desk.app.screen, UnfinishedDialog))
        await cards.desk.until(lambda: cards.desk.app.status.doubts == 1)
        await cards.desk.keys("escape", "shift+f1")
        await cards.desk.until(lambda: "Vends whose card is not proven written: 1" in cards.desk.text)
        screen = cards.desk.app.screen
        assert isinstance(screen, VendsInDoubtScreen)
        assert account_of("never_written") in cards.desk.text
        assert serial_of("never_written") in cards.desk.text
        await cards.desk.keys("shift+f12")
        await cards.desk.keys("enter", "enter")
        assert "A reason of 1 to 200 characters is needed." in cards.desk.text
        await cards.desk.write("客户迁走")
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: isinstance(cards.desk.app.screen, ApprovalDialog))
        dialog = cards.desk.app.screen
        assert isinstance(dialog, ApprovalDialog)
        dialog.dismiss(UUID(int=77))
        await cards.desk.until_said("The money is on the account's prepaid balance.")
        assert cards.vends.vends[NEVER_WRITTEN].state is VendState.UNDONE
        await cards.desk.until(lambda: "Every vend is on its card." in cards.desk.text)


@pytest.mark.parametrize("meter", [*HOSTILE, "36680900201", "3668090020100"])
async def test_a_meter_number_that_is_none_changes_nothing(tmp_path: Path, meter: str) -> None:
    async with card_desk(tmp_path) as cards:
        await cards.card("in_use")
        await cards.desk.keys("shift+f11")
        await cards.desk.until(lambda: isinstance(cards.desk.app.screen, CardWorkDialog))
        await cards.desk.keys("right", "enter")
        await cards.desk.write(meter)
        await cards.desk.keys("enter", "enter")
        await cards.desk.write("换表")
        await cards.desk.keys("enter")
        assert "A meter number has 12 digits. Nothing was changed." in cards.desk.text


@pytest.mark.parametrize("count", [*HOSTILE[:4], HOSTILE[5], "10000", ""])
async def test_a_count_that_is_none_changes_nothing(tmp_path: Path, count: str) -> None:
    async with card_desk(tmp_path) as cards:
        await cards.card("in_use")
        await cards.desk.keys("shift+f11", "right", "enter")
        await cards.desk.write("366809009999")
        await cards.desk.keys("enter")
        cards.desk.field("count").value = count
        await cards.desk.keys("enter")
        await cards.desk.write("换表")
        await cards.desk.keys("enter")
        assert "The count is a whole number from 0 to 9999." in cards.desk.text
        assert cards.vends.calls == []


async def test_a_meter_is_changed_and_a_card_taken_back(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        await cards.card("in_use")
        await cards.desk.keys("shift+f11", "right", "enter")
        await cards.desk.write("366809009999")
        await cards.desk.keys("enter")
        await cards.desk.write("4")
        await cards.desk.keys("enter")
        await cards.desk.write("换表")
        await cards.desk.keys("enter")
        await cards.desk.until_said("The meter is changed: 366809009999, count 4.")
        await cards.desk.keys("shift+f11", "enter")
        await cards.desk.write("销户")
        await cards.desk.keys("enter")
        await cards.desk.until_said("The card is cleared and out of use.")
        assert [call.split()[0] for call in cards.vends.calls] == ["meter", "return"]


async def test_the_drawer_inserts_pulls_and_takes_home(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        await cards.desk.keys("shift+f10")
        await cards.desk.until(lambda: "SIMULATED cards" in cards.desk.text and "worn out" in cards.desk.text)
        assert isinstance(cards.desk.app.screen, DrawerDialog)
        await cards.desk.keys("down", "down", "down", "f2")
        await cards.desk.until(lambda: "The meter took the amount and wrote back." in cards.desk.text)
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: cards.desk.screen.form is not None)
        assert cards.reader.in_reader == "not_inserted"
        await cards.desk.keys("shift+f10")
        await cards.desk.until(lambda: "in reader" in cards.desk.text)
        await cards.desk.keys("enter")
        await cards.desk.until(lambda: not cards.reader.in_reader)


async def test_the_card_can_be_pulled_from_the_drawer_while_it_is_written(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        desk, cards.vends.stop_at = cards.desk, "WALLET"
        screen = await cards.card("in_use")
        await cards.sell("80")
        await desk.until(lambda: ">> Write the amount" in desk.text)
        await desk.keys("shift+f10", "delete")
        await desk.until(lambda: not cards.reader.in_reader)
        cards.vends.go_on.set()
        await desk.until(lambda: screen.trouble and desk.app.screen is screen)
        assert "IN DOUBT" in desk.text
        cards.reader.insert("in_use")
        await desk.keys("enter")
        await desk.until(lambda: screen.is_written)


async def test_the_day_goes_sell_home_sell(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as cards:
        for count in (5, 6, 7):
            screen = await cards.card("in_use")
            await cards.sell("30")
            await cards.desk.until(lambda s=screen: s.is_written)  # type: ignore[misc]
            assert cards.reader.read().vend_count == count
            await cards.desk.keys("enter", "escape")
            cards.reader.take_home("in_use")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_the_smallest_screen_is_complete(tmp_path: Path, language: str) -> None:
    async with card_desk(tmp_path, language=language) as cards:
        await cards.card("in_use")
        lines = cards.desk.text.splitlines()
        assert len(lines) == 24
        for wanted in (
            "20.00",
            account_of("in_use"),
            serial_of("in_use"),
            "65.43",
            "100.00",
            "2,000.00",
            "26-11-01 08:30",
        ):
            assert wanted in cards.desk.text
