"""Prepaid cards on a real bureau when something goes wrong: nothing is lost, and nothing is done twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cardio.simulator import Condition, serial_of
from counter.services.once import outcome_unknown
from counter.services.posting import Posting
from counter.ui.dialogs.approval import ApprovalDialog
from counter.ui.dialogs.reason import ReasonDialog
from counter.ui.dialogs.unfinished import UnfinishedDialog
from counter.ui.dialogs.unknown import UnknownDialog
from tests.bureau import PASSWORD
from tests.ui.card_hall import HOSTILE, Hall, card, card_screen, hall, sell
from tests.ui.real_desk import SUPERVISOR

__all__ = ("hall",)  # the fixture


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
