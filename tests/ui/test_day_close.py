"""Closing the day by keys on a real bureau: what stops it is shown and mended, then it is signed."""

from __future__ import annotations

from pathlib import Path

import pytest

from counter.services.day_close import DayCloses
from counter.services.once import outcome_unknown
from counter.services.ports.day_close import CloseDay, DayClosed
from counter.ui.day_steps import MENDED_AT
from counter.ui.screens.closed_days import ClosedDaysScreen
from counter.ui.screens.day_close import DayCloseScreen
from counter.ui.screens.deposits import DepositsScreen
from counter.ui.screens.tokens_open import TokensOpenScreen
from tests.bureau import PASSWORD, Bureau
from tests.ledger.closed import add_bank_account, cash, close_shift, closed_shift, slip
from tests.tokens.selling import furnish_tokens, outcome, sold
from tests.ui.real_desk import CASHIER, RealDesk, real_desk

ACCOUNT = "330100000001"
CLOSED = "SELECT count(*) FROM counter.closed_day"


@pytest.fixture
def hall(bureau: Bureau) -> Bureau:
    """One closed shift with cash that is in the safe, and a bank account without a statement."""
    bureau.add_account(ACCOUNT)
    add_bank_account(bureau)
    closed_shift(bureau, ACCOUNT, cash(70_000))
    return bureau


def bring_to_bank(hall: Bureau) -> None:
    """The takings of the shift on a slip."""
    shift = hall.value("SELECT shift_id FROM counter.shift")
    hall.call(CASHIER, "post_deposit", slip(hall, 70_000, (shift, "cash")))


async def to_checklist(desk: RealDesk) -> DayCloseScreen:
    """Past the question for a shift, to the steps, with the books proven."""
    await desk.keys("escape", "ctrl+f5")
    await desk.until(lambda: isinstance(desk.app.screen, DayCloseScreen))
    screen = desk.app.screen
    assert isinstance(screen, DayCloseScreen)
    await desk.until(lambda: screen.form.seen is not None and "not looked at" not in desk.text)
    return screen


async def explain(desk: RealDesk, why: str) -> None:
    """A word for the step of the statements, which is the fourth."""
    await desk.keys("home", "down", "down", "down", "f4")
    await desk.write(why)
    await desk.keys("enter")
    await desk.until(lambda: "explained" in desk.text)


async def sign(desk: RealDesk, password: str = PASSWORD) -> None:
    """The key and the signature."""
    await desk.keys("f8")
    await desk.write(password)
    await desk.keys("enter")


async def test_the_checklist_leads_to_what_is_missing_and_the_day_is_signed(hall: Bureau) -> None:
    async with real_desk(hall, CASHIER) as desk:
        screen = await to_checklist(desk)
        for words in ("700.00", "to be mended", "needs a word", "^D"):
            assert words in desk.text
        await desk.keys("f8")
        await desk.until_said("not in order")
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.app.screen, DepositsScreen))
        bring_to_bank(hall)
        await desk.keys("escape")
        await desk.until(lambda: "to be mended" not in desk.text)
        await explain(desk, "[/] 银行'; --")
        await sign(desk)
        await desk.until(lambda: hall.value(CLOSED) == 1)
        assert hall.value("SELECT checklist->3->>'note' FROM counter.day_closing") == "[/] 银行'; --"
        await desk.until(lambda: screen.form.seen is not None)
        await desk.until(lambda: list((hall.folder / f"desk-{CASHIER}").rglob("*-day*.pdf")))


async def test_a_wrong_password_closes_nothing(hall: Bureau) -> None:
    bring_to_bank(hall)
    async with real_desk(hall, CASHIER) as desk:
        await to_checklist(desk)
        await explain(desk, "later")
        await sign(desk, "wrong")
        await desk.until(lambda: desk.said and "being closed" not in desk.said)
        assert hall.value(CLOSED) == 0
        await sign(desk)
        await desk.until(lambda: hall.value(CLOSED) == 1)


async def test_without_an_answer_the_same_closing_is_asked_for_again(
    hall: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_to_bank(hall)
    close, sent = DayCloses.close_day, list[CloseDay]()

    def lose_reply(self: DayCloses, request: CloseDay) -> DayClosed:
        """Posted, but the answer is lost the first time."""
        sent.append(request)
        closed = close(self, request)
        if len(sent) == 1:
            raise outcome_unknown()
        return closed

    monkeypatch.setattr(DayCloses, "close_day", lose_reply)
    async with real_desk(hall, CASHIER) as desk:
        await to_checklist(desk)
        await explain(desk, "later")
        await sign(desk)
        await desk.until_said("not known")
        await desk.keys("f8")
        await desk.until(lambda: len(sent) == 2)
    assert sent[0] == sent[1]
    assert hall.value(CLOSED) == 1


async def test_an_auditor_looks_and_does_not_close(hall: Bureau) -> None:
    async with real_desk(hall, "t40001") as desk:
        screen = await to_checklist(desk)
        assert not screen.check_action("sign_day", ())
        assert not screen.check_action("say_why", ())


async def test_a_clerk_has_no_checklist(hall: Bureau) -> None:
    async with real_desk(hall) as desk:
        await desk.keys("escape", "ctrl+f5")
        assert not isinstance(desk.app.screen, DayCloseScreen)


async def test_the_summary_of_a_closed_day_is_printed_again(hall: Bureau, tmp_path: Path) -> None:
    bring_to_bank(hall)
    notes = {"statements": "later"}
    request = {"request_id": "0192f000-0000-7000-8000-000000000001", "checklist": notes}
    day = str(hall.value("SELECT counter.business_date()"))
    hall.call(CASHIER, "close_day", request | {"business_date": day})
    async with real_desk(hall, CASHIER, language="zh_CN") as desk:
        await desk.keys("escape", "ctrl+f5")
        await desk.until(lambda: isinstance(desk.app.screen, DayCloseScreen))
        await desk.keys("f2")
        await desk.until(lambda: isinstance(desk.app.screen, ClosedDaysScreen) and day in desk.text)
        await desk.keys("enter")
        await desk.until(lambda: list((hall.folder / f"desk-{CASHIER}").rglob("*-day*.pdf")))


async def test_every_step_that_can_be_mended_leads_to_its_screen_and_back(hall: Bureau) -> None:
    """Gaps and broken chains are mended at no desk; the screen says so."""
    led = {}
    async with real_desk(hall, CASHIER) as desk:
        screen = await to_checklist(desk)
        assert screen.form.seen is not None
        for place, step in enumerate(screen.form.seen.steps):
            await desk.keys("home", *["down"] * place, "enter")
            if step.name in MENDED_AT:
                await desk.until(lambda: desk.app.screen is not screen)
                led[step.name.value] = type(desk.app.screen).__name__
                await desk.until(lambda: desk.app.screen.is_mounted and desk.app.focused is not None)
                await desk.keys("escape")
                await desk.until(lambda: desk.app.screen is screen)
            else:
                await desk.until_said("at no desk")
    assert led == {
        "shifts": "TillScreen",
        "deposits": "DepositsScreen",
        "settlement": "ReconcileScreen",
        "statements": "StatementsScreen",
        "matches": "ReconcileScreen",
        "breaks": "BreaksScreen",
        "vends": "VendsInDoubtScreen",
    }


async def test_a_day_that_a_colleague_closes_is_shown_closed_by_itself(hall: Bureau) -> None:
    bring_to_bank(hall)
    async with real_desk(hall, CASHIER) as desk:
        await to_checklist(desk)
        day = str(hall.value("SELECT counter.business_date()"))
        notes = {"statements": "later"}
        request = {"request_id": "0192f000-0000-7000-8000-000000000002", "checklist": notes}
        hall.call("t30001", "close_day", request | {"business_date": day})
        await desk.until(lambda: f"{day}   城关营业厅   closed" in desk.text)
        assert "explained" in desk.text


async def test_a_month_whose_days_are_closed_is_signed_and_closed(hall: Bureau) -> None:
    with hall.psql() as connection:
        connection.execute("INSERT INTO counter.closed_day VALUES (1, '2020-01-31')")
        connection.execute(
            "INSERT INTO counter.day_closing (hall_no, business_date, request_id, request_hash, staff_no, journals, totals,"
            " heads, checklist, bank) VALUES (1, '2020-01-31', gen_random_uuid(), sha256(''), 't20001', 0, '{}', '{}',"
            " '[]', '{}')"
        )
    async with real_desk(hall, CASHIER) as desk:
        await to_checklist(desk)
        await desk.keys("f7")
        await desk.write(PASSWORD)
        await desk.keys("enter")
        await desk.until_said("2020-01 is closed")
        await desk.keys("f7")
    assert str(hall.value("SELECT month FROM counter.month_closing")) == "2020-01-01"


async def test_a_token_in_doubt_stops_the_day_until_a_supervisor_signs(bureau: Bureau) -> None:
    shift = furnish_tokens(bureau).open_shift()
    token_request = sold(bureau, shift)
    bureau.call("t10001", "settle_token_vend", outcome(token_request, "in_doubt"))
    close_shift(bureau, shift)
    add_bank_account(bureau)
    bureau.call(CASHIER, "post_deposit", slip(bureau, 10_000, (shift, "cash")))
    async with real_desk(bureau, "t30001") as desk:
        screen = await to_checklist(desk)
        await desk.keys("home", *["down"] * 6, "enter")
        await desk.until(lambda: isinstance(desk.app.screen, TokensOpenScreen) and "100.00" in desk.text)
        await desk.keys("ctrl+v")
        await desk.write("vending server down")
        await desk.keys("enter")
        await desk.until(lambda: bureau.value("SELECT count(*) FROM counter.token_vend_signature"))
        await desk.keys("escape")
        await desk.until(lambda: desk.app.screen is screen and "to be mended" not in desk.text)
