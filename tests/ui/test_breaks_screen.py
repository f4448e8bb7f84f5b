"""The list of breaks by keys: the loudest first, noted, escalated, exported; a returned payment reversed."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from tests.bureau import Bureau
from tests.ledger.bank_lines import BankLines
from tests.ui.real_desk import CASHIER, CLERK, RealDesk, real_desk

ACCOUNT = "330100000001"


@pytest.fixture
def lines(bureau: Bureau) -> BankLines:
    """An account, and a cashier with a till."""
    bureau.add_account(ACCOUNT)
    bureau.open_shift(CASHIER, 102)
    return BankLines(bureau)


async def listed(desk: RealDesk, count: int) -> None:
    """Open the list and wait for so many rows."""
    await desk.keys("ctrl+f4")
    await desk.until(lambda: f"{count} listed" in desk.text)


def last_word(lines: BankLines, line_id: int) -> tuple[Any, ...]:
    """State, owner and note."""
    with lines.bureau.psql() as connection:
        row = connection.execute(
            "SELECT state, owner, note FROM counter.break_event WHERE line_id = %s ORDER BY event_id DESC LIMIT 1",
            [line_id],
        ).fetchone()
    return tuple(row) if row else ()


async def test_a_cashier_works_through_the_list_by_keys(lines: BankLines) -> None:
    """The foot says how many are late; F7, F8 and F6 keep owner, state and note; the file obeys nothing."""
    loud = lines.add(1_000, ago=20, party="=cmd|'/c calc'!A1", text="[/] '; --")
    quiet = lines.add(-200, ago=1, text="账户管理费")
    async with real_desk(lines.bureau, CASHIER) as desk:
        await desk.until(lambda: "Breaks 1 late" in desk.text)
        await listed(desk, 2)
        assert "bank only" in desk.text
        assert "[/] '; --" in desk.text
        await desk.keys("f7")
        await desk.until(lambda: last_word(lines, loud) == ("waiting", CASHIER, ""))
        await desk.until(lambda: "赵静" in desk.text)
        await desk.keys("f8")
        await desk.until(lambda: last_word(lines, loud) == ("escalated", CASHIER, ""))
        await desk.until(lambda: "escalated" in desk.text)
        await desk.keys("down", "f6")
        await desk.until(lambda: "BreakNoteDialog" in str(type(desk.app.screen)))
        await desk.keys("enter", "enter")
        await desk.write("本月管理费")
        await desk.keys("enter")
        await desk.until(lambda: last_word(lines, quiet) == ("explained", CASHIER, "本月管理费"))
        await desk.keys("f4")
        await desk.until(lambda: "1 listed" in desk.text)
        await desk.keys("shift+f6")
        await desk.until_said("Exported")
    path = next((lines.bureau.folder / f"desk-{CASHIER}").rglob("breaks-*.csv"))
    heading, row = csv.reader(path.read_text("utf-8-sig").splitlines())
    assert len(heading) == len(row)
    assert "'=cmd|'/c calc'!A1" in row


async def test_a_returned_transfer_is_reversed_from_its_debit_line(lines: BankLines) -> None:
    """The debit names the slip; its payment opens with the cause set, and a supervisor is asked for."""
    bureau = lines.bureau
    shift = bureau.open_shift()
    details = {"reference": "工商银行/A100002", "payer": "6222-2", "payer_name": "某厂"}
    tenders = [{"kind": "transfer", "amount_fen": 700, "details": details}]
    request = bureau.payment(shift, ACCOUNT, total_fen=700, prepaid_fen=700, tenders=tenders)
    paid = bureau.call(CLERK, "post_payment", request)
    lines.add(-700, ago=0, text="退票 A100002")
    async with real_desk(bureau, CASHIER) as desk:
        await listed(desk, 2)
        await desk.keys("ctrl+b")
        await desk.until(lambda: "ReturnedDialog" in str(type(desk.app.screen)))
        assert paid["receipt_no"] in desk.text
        await desk.keys("enter")
        await desk.until(lambda: "ReversalDialog" in str(type(desk.app.screen)))
        await desk.until(lambda: "Somebody else took it" in desk.text)
        assert (desk.field("receipt").value, desk.field("cause").value) == (paid["receipt_no"], "3")
        await desk.keys("enter")
        await desk.write("银行退票")
        await desk.keys("enter")
        await desk.until(lambda: "ApprovalDialog" in str(type(desk.app.screen)))
    asked = bureau.value("SELECT subject->>'cause' FROM counter.approval_request")
    assert asked in (None, "cheque_returned")


async def test_a_clerk_has_no_list_and_an_auditor_only_looks(lines: BankLines) -> None:
    """The key does nothing for one, and the writing keys nothing for the other."""
    line = lines.add(1_000, ago=20)
    lines.bureau.open_shift()
    async with real_desk(lines.bureau) as desk:
        assert "Breaks" not in desk.text
        await desk.keys("ctrl+f4")
        assert desk.app.screen is desk.app.desk
    async with real_desk(lines.bureau, "t40001") as desk:
        await desk.keys("escape")
        await listed(desk, 1)
        await desk.keys("f7", "f8", "f6", "enter")
        await desk.pilot.pause()
        assert "BreaksScreen" in str(type(desk.app.screen))
    assert last_word(lines, line) == ()
