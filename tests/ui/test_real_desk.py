"""The usual payment through screens, services and a real database at once."""

from __future__ import annotations

from datetime import date

from tests.bureau import Bureau
from tests.ui.real_desk import real_desk

ACCOUNT = "330100000001"


async def test_three_enters_post_a_payment_in_the_ledger(bureau: Bureau) -> None:
    """From the key to the row."""
    bureau.add_account(ACCOUNT)
    bureau.add_bills(ACCOUNT, (202601, 10_000, date(2999, 1, 1)))
    bureau.open_shift()
    async with real_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter", "enter")
        await desk.until(lambda: bureau.value("SELECT count(*) FROM counter.receipt_print"))
    assert bureau.value("SELECT arrears_fen FROM counter.account_balance WHERE account_no = %s", ACCOUNT) == 0
