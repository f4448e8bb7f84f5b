"""What the desk says and does when a card comes in; the list of doubts, card work, and the drawer."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from cardio.simulator import serial_of
from counter.domain.vends import VendState
from counter.services.ports.vends import Slot, SlotState
from counter.ui.dialogs.approval import ApprovalDialog
from counter.ui.dialogs.card_work import CardWorkDialog
from counter.ui.dialogs.drawer import DrawerDialog
from counter.ui.dialogs.unfinished import UnfinishedDialog
from counter.ui.messages_vends import SlotChanged
from counter.ui.screens.vends_in_doubt import VendsInDoubtScreen
from counter.ui.widgets.card_facts import CardFacts
from tests.ui.card_desk import HOSTILE, NEVER_WRITTEN, card_desk
from tests.ui.driving import at_desk
from tests.ui.memory_vends import account_of


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
