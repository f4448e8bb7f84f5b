"""Unidentified receipts at the desk: found by the slip, taken with Enter, posted on the bank's date."""

from __future__ import annotations

from functools import partial

import pytest

from tests.bureau import Bureau
from tests.ledger.bank_lines import PAYER, BankLines
from tests.ui.real_desk import RealDesk, real_desk

ACCOUNT, PRINCIPAL_FEN = "330100000001", 100_000


@pytest.fixture
def lines(bureau: Bureau) -> BankLines:
    """Somebody who owes since twenty days, and a clerk with a till."""
    lines = BankLines(bureau)
    bureau.add_account(ACCOUNT)
    bureau.add_bills(ACCOUNT, (202601, PRINCIPAL_FEN, lines.day(20)))
    bureau.open_shift()
    return lines


async def listed(desk: RealDesk) -> None:
    """Open the list and wait for it."""
    await desk.keys("ctrl+f3")
    await desk.until(lambda: "HeldScreen" in str(type(desk.app.screen)))
    await desk.pilot.pause()


def is_left(lines: BankLines, line_id: int, fen: int) -> bool:
    """Whether just so much is open of a line."""
    return lines.open_fen(line_id) == fen


async def test_a_receipt_is_found_by_the_slip_and_pays_the_bill_as_of_its_day(lines: BankLines) -> None:
    """Amount and payer find it; the dialog says what was due then; the late fee of today is not asked."""
    bureau = lines.bureau
    lines.add(500_000, ago=9, text="[/]'; --")
    line = lines.add(200_000, ago=5, party=PAYER, text="电费")
    async with real_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        await listed(desk)
        await desk.until(lambda: "5,000.00" in desk.text)
        await desk.write("２０００ 餐饮")
        await desk.until(lambda: "5,000.00" not in desk.text and "2,000.00" in desk.text)
        await desk.keys("enter")
        await desk.until(lambda: "ClaimDialog" in str(type(desk.app.screen)))
        assert str(lines.day(5)) in desk.text
        await desk.write("9,999.00")
        await desk.keys("enter")
        await desk.until(lambda: "Only 2,000.00" in desk.text)
        desk.field("claimed").select_all()
        await desk.write("1500")
        await desk.keys("enter")
        await desk.until(lambda: bureau.value("SELECT count(*) FROM counter.receipt_print"))
    fee = bureau.value("SELECT late_fee_paid_fen FROM counter.bill")
    assert fee == bureau.value("SELECT late_fee_accrued_fen FROM counter.bill")
    assert lines.open_fen(line) == 50_000
    assert bureau.value("SELECT arrears_fen FROM counter.account_balance WHERE account_no = %s", ACCOUNT) == 0
    assert bureau.value("SELECT late_fee_through FROM counter.bill") == lines.day(5)


async def test_a_receipt_that_another_desk_took_is_told_and_nothing_is_lost(lines: BankLines) -> None:
    """Between the list and the last Enter somebody was quicker; the desk shows the account of today again."""
    bureau = lines.bureau
    line = lines.add(1_000, ago=5)
    async with real_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        await listed(desk)
        await desk.until(lambda: "10.00" in desk.text)
        await desk.keys("enter")
        await desk.until(lambda: "ClaimDialog" in str(type(desk.app.screen)))
        bureau.value("UPDATE counter.statement_line SET open_fen = 0 WHERE line_id = %s RETURNING 1", line)
        await desk.keys("enter")
        await desk.until_said("is open any more")
        await desk.until(lambda: not desk.field("amount").disabled)
    assert bureau.value("SELECT count(*) FROM counter.receipt") == 0


async def test_without_an_account_the_usual_one_is_opened_or_asked_for(lines: BankLines) -> None:
    """A payer who is not known yet: the clerk opens the account first. Escape leaves everything as it was."""
    line = lines.add(1_000, ago=5, party=PAYER)
    async with real_desk(lines.bureau) as desk:
        await listed(desk)
        await desk.until(lambda: "10.00" in desk.text)
        await desk.keys("enter")
        await desk.until_said("Open the customer's account")
        await desk.keys("escape")
        await desk.until(lambda: desk.app.screen is desk.app.desk)
        await desk.open(ACCOUNT)
        for amount, left in (("4", 600), ("6", 0)):  # the second time the account is the usual one
            await listed(desk)
            await desk.until(lambda: PAYER[:6] in desk.text)
            await desk.keys("enter")
            await desk.until(lambda: "ClaimDialog" in str(type(desk.app.screen)))
            await desk.write(amount)
            await desk.keys("enter")
            await desk.until(partial(is_left, lines, line, left))
            await desk.until(lambda: not getattr(desk.app.screen, "busy", True))
    assert lines.bureau.value("SELECT count(*) FROM counter.receipt WHERE account_no = %s", ACCOUNT) == 2
