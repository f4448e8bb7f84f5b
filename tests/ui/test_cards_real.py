"""Prepaid cards by keys on a real bureau: screens, services, ledger and the simulated reader together."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from cardio.simulator import (
    HOLDERS,
    PROFILE,
    Condition,
    Holder,
    SimulatedCard,
    SimulatedReader,
    serial_of,
    stock,
)
from counter.services.card_desk import CardDesk
from counter.services.ledger import verify
from counter.services.once import outcome_unknown
from counter.services.posting import Posting
from counter.services.simulated_drawer import SimulatedDrawer
from counter.ui.dialogs.approval import ApprovalDialog
from counter.ui.dialogs.reason import ReasonDialog
from counter.ui.dialogs.unfinished import UnfinishedDialog
from counter.ui.dialogs.unknown import UnknownDialog
from counter.ui.dialogs.vend_decision import VendDecisionDialog
from counter.ui.screens.card import CardScreen
from counter.ui.widgets.big_number import BigNumber
from tests.bureau import PASSWORD, Bureau
from tests.ui.real_desk import CLERK, SUPERVISOR, RealDesk, real_desk

CUSTOMERS = tuple(Holder(f"010000010{n}", f"25036680910{n}", 9) for n in range(1, len(HOLDERS) + 1))
NEW_CUSTOMER = ("330100000200", "250366809200")
HOSTILE = "'; -- [/] {x} ١"


class Hall:
    """A bureau whose customers have cards, and the reader with its drawer."""

    def __init__(self, bureau: Bureau, folder: Path) -> None:
        """Customers, their cards taken over, an open shift."""
        self.bureau = bureau
        bureau.add_account(NEW_CUSTOMER[0], meter_no=NEW_CUSTOMER[1], payment_mode="card", name="新客户")
        for holder in CUSTOMERS:
            bureau.add_account(holder.account_no, meter_no=holder.meter_no, payment_mode="card")
        with bureau.engine("t60001").begin() as connection:
            request = json.dumps({"request_id": str(uuid4()), "cards": [*map(_card, HOLDERS, CUSTOMERS)]})
            connection.execute(text("SELECT counter.load_meter_cards(CAST(:r AS jsonb))"), {"r": request})
        bureau.open_shift()
        self.reader = SimulatedReader(folder / "cards.json", stock(CUSTOMERS), step_s=0)
        self.cards = CardDesk(self.reader, SimulatedDrawer(self.reader))

    def account(self, kind: str) -> str:
        """Whose card it is."""
        return CUSTOMERS[HOLDERS.index(kind)].account_no

    def card(self, kind: str) -> SimulatedCard:
        """What stands on it."""
        return next(card for card in self.reader.cards if card.card_id == kind)

    def booked_fen(self, ledger_account: str) -> int:
        """What stands in the ledger, as money that came in."""
        query = "SELECT coalesce(-sum(amount_fen), 0) FROM counter.posting WHERE ledger_account = %s"
        return int(self.bureau.value(query, ledger_account))

    @asynccontextmanager
    async def desk(self, staff_no: str = CLERK) -> AsyncIterator[RealDesk]:
        """The program, with this reader at it."""
        async with real_desk(self.bureau, staff_no, cards=self.cards) as desk:
            yield desk


def _card(kind: str, holder: Holder) -> dict[str, object]:
    return {
        "account_no": holder.account_no,
        "meter_no": holder.meter_no,
        "card_serial": serial_of(kind),
        "profile": PROFILE,
        "vend_count": holder.vend_count,
    }


@pytest.fixture
def hall(bureau: Bureau, tmp_path: Path) -> Iterator[Hall]:
    """Everything; afterwards the ledger is right."""
    made = Hall(bureau, tmp_path)
    yield made
    assert verify(bureau.engine("t40001")).finding is None


def card_screen(desk: RealDesk) -> CardScreen:
    """The card screen in the stack."""
    return next(screen for screen in desk.app.screen_stack if isinstance(screen, CardScreen))


async def card(desk: RealDesk, hall: Hall, kind: str) -> CardScreen:
    """Put a card in, F12, and wait until it was read."""
    hall.reader.insert(kind)
    await desk.keys("f12")
    await desk.until(lambda: card_screen(desk).case.card is not None)
    return card_screen(desk)


async def sell(desk: RealDesk, amount: str, received: str = "") -> None:
    """Amount, Enter, cash, Enter."""
    await desk.write(amount)
    await desk.keys("enter")
    if received:
        await desk.write(received)
    await desk.keys("enter")


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


async def test_what_slipped_out_is_offered_first_after_a_restart_and_finished(hall: Hall) -> None:
    async with hall.desk() as desk:
        screen = await card(desk, hall, "torn")
        await sell(desk, "50")
        await desk.until(lambda: screen.trouble)
        assert "IN DOUBT" in desk.text
        await desk.until(lambda: "Cards in doubt 1" in desk.text)
    assert hall.booked_fen("vend_in_flight") == 5_000
    async with hall.desk() as desk:
        await desk.until(lambda: isinstance(desk.app.screen, UnfinishedDialog))
        hall.reader.insert("torn")
        await desk.keys("enter")
        await desk.until(lambda: card_screen(desk).case.to_write is not None)
        await desk.keys("enter")
        await desk.until(lambda: card_screen(desk).is_written)
        await desk.until(lambda: desk.app.status.doubts == 0)
    assert (hall.booked_fen("vended"), hall.booked_fen("vend_in_flight")) == (5_000, 0)
    assert hall.card("torn").vend_count == 10


async def test_another_card_is_refused_and_nothing_is_written_on_it(hall: Hall) -> None:
    async with hall.desk() as desk:
        screen = await card(desk, hall, "torn")
        await sell(desk, "50")
        await desk.until(lambda: screen.trouble)
        hall.reader.insert("in_use")
        before = hall.card("in_use")
        await desk.keys("enter")
        await desk.until_said("This is not the card of this vend.")
        assert screen.trouble
        assert hall.card("in_use") == before


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


async def test_a_card_is_not_cleared_while_it_holds_what_no_meter_took(hall: Hall) -> None:
    async with hall.desk() as desk:
        screen = await card(desk, hall, "in_use")
        await sell(desk, "80")
        await desk.until(lambda: screen.is_written)
        await desk.keys("enter")
        await card(desk, hall, "in_use")
        before = hall.card("in_use")
        await desk.keys("shift+f11", "enter")
        await desk.write("销户")
        await desk.keys("enter")
        await desk.until_said("The card holds 80.00 that no meter has taken.")
    assert hall.card("in_use") == before
    query = "SELECT status FROM counter.meter_card WHERE card_serial = %s"
    assert hall.bureau.value(query, serial_of("in_use")) == "active"


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


def no_answer_to(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that answers everything but this, until it is undone."""
    real = Posting.post

    def post(posting: Posting, name: str, body: dict[str, object]) -> object:
        if name == function:
            raise outcome_unknown()
        return real(posting, name, body)

    monkeypatch.setattr(Posting, "post", post)


@pytest.mark.parametrize("kind", ["in_use", "new"])
async def test_what_has_no_answer_is_asked_for_and_can_be_done_again(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A card that is taken back, or one that replaces another: nothing was booked, and nothing is written."""
    function = "return_card" if kind == "in_use" else "replace_card"
    async with hall.desk() as desk:
        if kind == "new":
            await desk.open(hall.account("worn_out"))
        screen = await card(desk, hall, kind)
        before = hall.card(kind)
        with monkeypatch.context() as away:
            no_answer_to(function, away)
            await desk.keys(*(["shift+f11", "enter"] if kind == "in_use" else ["enter"]))
            await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id == "reason")
            await desk.write(HOSTILE)
            await desk.keys("enter")
            await desk.until(lambda: isinstance(desk.app.screen, UnknownDialog))
        await desk.keys("enter")
        await desk.until(lambda: desk.app.screen is screen and not desk.app.settler.pending)
        assert hall.card(kind) == before
        await desk.keys(*(["shift+f11", "enter"] if kind == "in_use" else ["enter"]))
        await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id == "reason")
        await desk.write(HOSTILE)
        await desk.keys("enter")
        await desk.until(lambda: hall.card(kind) != before)


async def test_taking_back_without_an_answer_ends_known_and_can_be_done_again(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card is clear, the books are not: the same key goes on from there."""
    async with hall.desk() as desk:
        screen = await card(desk, hall, "in_use")
        await sell(desk, "80")
        await desk.until(lambda: screen.is_written)
        await desk.keys("enter")
        screen = await card(desk, hall, "in_use")
        with monkeypatch.context() as away:
            no_answer_to("undo_vend", away)
            await desk.keys("ctrl+b")
            await desk.until(lambda: isinstance(desk.app.screen, ReasonDialog))
            await desk.write("误购")
            await desk.keys("enter")
            await desk.until(lambda: isinstance(desk.app.screen, UnknownDialog))
        await desk.keys("enter")
        await desk.until(lambda: "A vend on this card is paid and not finished." in desk.text)
        assert (hall.booked_fen("vended"), hall.booked_fen("vend_in_flight")) == (0, 8_000)
        await desk.keys("ctrl+b")
        await desk.until(lambda: isinstance(desk.app.screen, ReasonDialog))
        await desk.write("误购")
        await desk.keys("enter")
        await desk.until(lambda: "Taken off the card, and booked back." in desk.text)
    assert (hall.booked_fen("vended"), hall.booked_fen("vend_in_flight")) == (0, 0)


async def test_a_sale_without_an_answer_ends_known_and_is_sold_once(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hall.desk() as desk:
        screen = await card(desk, hall, "in_use")
        with monkeypatch.context() as away:
            no_answer_to("begin_vend", away)
            await sell(desk, "80")
            await desk.until(lambda: isinstance(desk.app.screen, UnknownDialog))
        await desk.keys("enter")
        await desk.until_said("nothing was posted. Enter posts it again.")
        assert hall.card("in_use").vend_count == 9
        await desk.keys("enter")
        await desk.keys("enter")
        await desk.until(lambda: screen.is_written)
    assert hall.booked_fen("vended") == 8_000


async def test_a_colleague_s_vend_stays_on_its_card_until_a_supervisor_allows(hall: Hall) -> None:
    """What is refused is refused before the card is touched."""
    async with hall.desk() as desk:
        screen = await card(desk, hall, "in_use")
        await sell(desk, "80")
        await desk.until(lambda: screen.is_written)
    before = hall.card("in_use")
    hall.bureau.open_shift("t10002", 102)
    async with hall.desk("t10002") as desk:
        screen = await card(desk, hall, "in_use")
        for allowed in (False, True):
            await desk.until(lambda: screen.case.undoable is not None)
            await desk.keys("ctrl+b")
            await desk.until(lambda: isinstance(desk.app.screen, ReasonDialog))
            await desk.write("误购")
            await desk.keys("enter")
            await desk.until(lambda: isinstance(desk.app.screen, ApprovalDialog))
            assert hall.card("in_use") == before
            if not allowed:
                await desk.keys("escape")
                await desk.until_said("It was not approved; nothing was posted.")
                assert hall.card("in_use") == before
        await desk.write(SUPERVISOR)
        await desk.keys("enter")
        await desk.write(PASSWORD)
        await desk.keys("enter")
        await desk.until(lambda: "Taken off the card, and booked back." in desk.text)
    assert (hall.card("in_use").vend_count, hall.card("in_use").wallet_fen) == (9, 0)
    assert (hall.booked_fen("vended"), hall.booked_fen("vend_in_flight")) == (0, 0)


async def test_a_card_that_slips_out_while_it_is_taken_back_is_in_doubt_until_it_is_back(hall: Hall) -> None:
    async with hall.desk() as desk:
        screen = await card(desk, hall, "in_use")
        await sell(desk, "80")
        await desk.until(lambda: screen.is_written)
        await desk.keys("enter")
        hall.reader._keep(card=replace(hall.card("in_use"), condition=Condition.TEARS))
        screen = await card(desk, hall, "in_use")
        for slips in (True, False):
            await desk.until(lambda: screen.case.undoable is not None)
            await desk.keys("ctrl+b")
            await desk.until(lambda: isinstance(desk.app.screen, ReasonDialog))
            await desk.write("误购")
            await desk.keys("enter")
            if slips:
                await desk.until_said("The card was taken out too early")
                await desk.until(lambda: desk.app.status.doubts == 1)
                hall.reader.insert("in_use")
        await desk.until(lambda: "Taken off the card, and booked back." in desk.text)
        await desk.until(lambda: desk.app.status.doubts == 0)
    assert (hall.booked_fen("vended"), hall.booked_fen("vend_in_flight")) == (0, 0)
    assert hall.card("in_use").wallet_fen == 0
