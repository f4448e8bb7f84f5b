"""Instalments, reconnections and the balance's history at the desk, on a real bureau."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

import pytest

from counter.i18n import LANGUAGES
from tests.bureau import Bureau
from tests.ui.real_desk import RealDesk, real_desk

ACCOUNT = "330100000001"
HOSTILE = "[/]'; DROP TABLE counter.journal; --"


def today(bureau: Bureau) -> date:
    """The bureau's date."""
    day: date = bureau.value("SELECT counter.business_date()")
    return day


def balance(bureau: Bureau) -> tuple[Any, Any]:
    """Prepaid and arrears of the account."""
    query = "SELECT ARRAY[prepaid_fen, arrears_fen] FROM counter.account_balance WHERE account_no = %s"
    prepaid, arrears = bureau.value(query, ACCOUNT)
    return prepaid, arrears


async def agree(desk: RealDesk, reason: str) -> None:
    """From the desk with an open account: an agreement for this month with what is preset."""
    await desk.keys("ctrl+a")
    await desk.until_said("There is no instalment agreement yet")
    await desk.keys("ctrl+a")
    await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id == "month")
    await desk.keys("enter")
    await desk.write("150000")
    await desk.keys("enter")
    await desk.write("3000")
    await desk.keys("enter")
    assert desk.field("count").value == "3"
    await desk.write("2")
    await desk.keys("enter")
    assert "at least 3 instalments" in desk.said
    await desk.write("3")
    await desk.keys("enter", "enter")
    await desk.write(reason)
    await desk.keys("enter")
    await desk.until(lambda: desk.bureau.value("SELECT count(*) FROM counter.instalment_agreement"))
    await desk.until(lambda: "3,000.00" in desk.text)


async def test_a_month_of_instalments_ends_with_its_bill(bureau: Bureau) -> None:
    """Three are agreed, one is missed and said so, they are paid, and the bill draws the balance down."""
    bureau.add_account(ACCOUNT, name="[/]王小四")
    bureau.open_shift()
    day = today(bureau)
    async with real_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        await agree(desk, HOSTILE)
        with bureau.psql() as connection:  # the calendar cannot be waited for: all three fall due by today
            connection.execute("ALTER TABLE counter.instalment DISABLE TRIGGER refuse_row_change")
            connection.execute("UPDATE counter.instalment SET due_date = %s::date - 5 + number * 2", [day])
            connection.execute("UPDATE counter.instalment SET due_date = %s WHERE number = 3", [day])
        await desk.keys("escape")
        await desk.until(lambda: "missed 2,000.00" in desk.text)
        assert "due today 1,000.00" in desk.text
        await desk.until(lambda: desk.field("amount").value == "3,000.00")
        await desk.write("2500")
        await desk.keys("enter", "enter")
        await desk.until(
            lambda: desk.bureau.value("SELECT sum(amount_fen) FROM counter.instalment_payment") == 250_000
        )
        await desk.keys("ctrl+a")
        await desk.until(lambda: "500.00" in desk.text and "1 agreement(s)" in desk.text)
        await desk.keys("enter")
        await desk.until(lambda: desk.field("amount").value == "500.00")
        bureau.add_bills(ACCOUNT, (day.year * 100 + day.month, 260_000, date(2999, 1, 1)))
        assert balance(bureau) == (0, 10_000)
        await desk.keys("f5")
        await desk.until(lambda: desk.field("amount").value == "100.00")
        assert "Instalments" not in desk.text.replace("Instalments ^A", "")
        await desk.keys("shift+f2")
        await desk.until(lambda: "drawn by bill" in desk.text)
        assert "-2,500.00" in desk.text
        assert "instalment" in desk.text
        await desk.keys("escape", "ctrl+a")
        await desk.until(lambda: "settled" in desk.text)


async def test_an_agreement_is_ended_with_a_reason(bureau: Bureau) -> None:
    """An empty one is asked for again."""
    bureau.add_account(ACCOUNT)
    bureau.open_shift()
    async with real_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        await agree(desk, "r")
        await desk.keys("shift+f9")
        await desk.until(lambda: "Why does the agreement" in desk.text)
        await desk.keys("enter")
        await desk.until(lambda: "A reason of 1 to 200" in desk.text)
        await desk.write(HOSTILE)
        await desk.keys("enter")
        await desk.until_said("The agreement is ended.")
    assert bureau.value("SELECT reason FROM counter.instalment_end") == HOSTILE


@pytest.mark.parametrize("typed", ["", "[/]", "-1", "2026-13", "9" * 90, "0", "'; --"])
async def test_a_month_that_is_none_is_said_so(bureau: Bureau, typed: str) -> None:
    """And the focus stays."""
    bureau.add_account(ACCOUNT)
    bureau.open_shift()
    async with real_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("ctrl+a")
        await desk.until_said("There is no instalment agreement yet")
        await desk.keys("ctrl+a")
        await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id == "month")
        desk.field("month").value = typed
        await desk.keys("enter")
        await desk.until_said("Enter a month")
        assert desk.app.focused is not None
        assert desk.app.focused.id == "month"


async def test_paying_off_a_disconnected_account_raises_a_task_that_is_said_listed_exported_and_done(
    bureau: Bureau,
) -> None:
    """A name that a spreadsheet would obey is text in the file."""
    bureau.add_account(ACCOUNT, name="=1+1[/]")
    bureau.add_bills(ACCOUNT, (202601, 5_000, date(2999, 1, 1)))
    with bureau.psql() as connection:
        connection.execute("UPDATE counter.account SET disconnected = true")
    bureau.open_shift()
    async with real_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter", "enter")
        await desk.until_said("1 reconnection(s) to do")
        await desk.until(lambda: "1 to reconnect" in desk.text)
        await desk.keys("shift+f5")
        await desk.until(lambda: "1 open, 0 overdue" in desk.text)
        assert "=1+1[/]" in desk.text
        await desk.keys("shift+f6")
        await desk.until_said("Exported to")
        [path] = (bureau.folder / "desk-t10001" / "exports").glob("*.csv")
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        assert ",'=1+1[/]," in path.read_text("utf-8-sig")
        await desk.keys("enter")
        await desk.until(lambda: "connected again?" in desk.text)
        await desk.keys("enter")
        await desk.until(lambda: "0 open, 0 overdue" in desk.text)
        await desk.keys("escape")
        assert "to reconnect" not in desk.text
    assert bureau.value("SELECT done_by FROM counter.reconnection_task") == "t10001"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_screens_are_complete(bureau: Bureau, language: str, size: tuple[int, int]) -> None:
    """Nothing of the form is below the edge."""
    bureau.add_account(ACCOUNT)
    bureau.open_shift()
    day = today(bureau)
    async with real_desk(bureau, language=language, size=size) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("ctrl+a")
        await desk.until(lambda: desk.said)
        await desk.keys("ctrl+a")
        await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id == "month")
        await desk.keys("enter", "enter")
        await desk.write("10")
        await desk.keys("enter")
        await desk.write("0")
        await desk.keys("enter")
        await desk.until(lambda: str(day.replace(day=5)) in desk.text)
        last = calendar.monthrange(day.year, day.month)[1]
        await desk.keys("tab", "tab", "end")
        await desk.until(lambda: str(day.replace(day=last)) in desk.text)
        print(desk.text)  # noqa: T201  (shown when it fails)


async def test_a_risk_customer_is_marked_and_held_to_every_five_days(bureau: Bureau) -> None:
    """The account says it, the form presets 0 and keeps what would be refused."""
    bureau.add_account(ACCOUNT, risk_customer="t")
    bureau.open_shift()
    async with real_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        assert "risk customer" in desk.text
        await desk.keys("ctrl+a")
        await desk.until_said("There is no instalment agreement yet")
        await desk.keys("ctrl+a")
        await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id == "month")
        desk.field("month").value = "2030-01"
        await desk.keys("enter")
        await desk.write("100")
        await desk.keys("enter")
        await desk.write("3000")
        await desk.keys("enter")
        assert desk.field("count").value == "0"
        await desk.write("2")
        await desk.keys("enter", "enter")
        await desk.write(HOSTILE)
        await desk.keys("enter")
        assert "settles every 5 days" in desk.said
        desk.app.screen.set_focus(desk.field("count"))
        await desk.write("0")
        await desk.keys("enter", "enter")
        assert desk.field("reason").value == HOSTILE
        await desk.keys("enter")
        await desk.until(lambda: bureau.value("SELECT count(*) FROM counter.instalment_agreement"))
        end = bureau.value("SELECT upper(right(agreement_id::text, 8)) FROM counter.instalment_agreement")
        await desk.until(lambda: f"No. 203001-{end}" in desk.text)
