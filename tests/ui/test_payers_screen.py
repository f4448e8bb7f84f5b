"""One payer, many accounts: the screen on a real bureau."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from counter.services.once import outcome_unknown, post_once
from counter.ui.dialogs.approval import ApprovalDialog
from counter.ui.dialogs.confirm import ConfirmDialog
from counter.ui.dialogs.group import GroupDialog
from counter.ui.dialogs.share import ShareDialog
from counter.ui.dialogs.split import SplitDialog
from counter.ui.dialogs.unknown import UnknownDialog
from counter.ui.screens.payer_list import PayerListScreen
from counter.ui.screens.payers import PayersScreen
from counter.ui.widgets.many_tables import HitTable
from tests.bureau import PASSWORD, Bureau
from tests.receipts.reading import text_of
from tests.ui.real_desk import SUPERVISOR, RealDesk, real_desk

FIRST, SECOND, THIRD = "330100000001", "330100000002", "330200000003"


@pytest.fixture
def filled(bureau: Bureau) -> Bureau:
    """Three accounts in two halls that owe 100.00, 50.00 and nothing; a shift is open."""
    bureau.add_account(FIRST, name="某某公司")
    bureau.add_account(SECOND, name="某某公司二厂")
    bureau.add_account(THIRD, name="某某公司三厂", hall_no=2)
    bureau.add_bills(FIRST, (202601, 10_000, date(2999, 1, 1)))
    bureau.add_bills(SECOND, (202602, 5_000, date(2999, 2, 1)))
    bureau.open_shift()
    return bureau


def keep_group(bureau: Bureau, name: str = "某某集团", *accounts: str) -> None:
    """A group as a colleague keeps it."""
    request = {
        "request_id": str(uuid4()),
        "group_id": str(uuid4()),
        "version": 0,
        "name": name,
        "accounts": list(accounts or (FIRST, SECOND, THIRD)),
    }
    bureau.call("t10002", "save_group", request)


def screen(desk: RealDesk) -> PayersScreen:
    """The screen, wherever it is in the stack."""
    return next(each for each in desk.app.screen_stack if isinstance(each, PayersScreen))


def amounts(desk: RealDesk) -> dict[str, int]:
    """What each account gets."""
    return {row.account.account_no: row.amount_fen for row in screen(desk).form.rows}


async def choose(desk: RealDesk, what: str, count: int) -> None:
    """Type into the box and wait for so many accounts."""
    if not any(isinstance(each, PayersScreen) for each in desk.app.screen_stack):
        await desk.keys("ctrl+e")
        await desk.until(lambda: isinstance(desk.app.screen, PayersScreen))
    await desk.keys("f2")
    await desk.write(what)
    await desk.keys("enter")
    await desk.until(lambda: len(screen(desk).form.accounts) == count)
    await desk.pilot.pause()


def details(bureau: Bureau) -> list[tuple[str, int]]:
    """The page of details of the receipts."""
    with bureau.psql() as connection:
        return connection.execute(
            "SELECT account_no, total_fen FROM counter.receipt_account ORDER BY journal_id, account_no"
        ).fetchall()


async def test_a_group_is_paid_by_name_and_three_enters(filled: Bureau) -> None:
    """One journal, one receipt with the payer's name, on paper; what owes nothing gets nothing."""
    keep_group(filled)
    async with real_desk(filled) as desk:
        await choose(desk, "某某集团", 3)
        await desk.keys("enter", "enter")
        await desk.until(lambda: filled.value("SELECT count(*) FROM counter.receipt_print") == 1)
        await desk.until(lambda: "issued" in desk.text)
        assert "150.00" in desk.text
    assert details(filled) == [(FIRST, 10_000), (SECOND, 5_000)]
    assert filled.value("SELECT account_name FROM counter.receipt") == "某某集团"
    assert filled.value("SELECT count(*) FROM counter.journal WHERE kind = 'payment'") == 1


async def test_another_amount_pays_the_oldest_bills_first_and_keeps_the_rest(filled: Bureau) -> None:
    """The rest becomes prepaid balance of the account under the cursor."""
    async with real_desk(filled) as desk:
        for count, number in enumerate((SECOND, FIRST, THIRD), 1):
            await choose(desk, number, count)
        await desk.keys("enter")  # an empty box: on to the amount
        await desk.write("120")
        await desk.keys("enter")
        assert amounts(desk) == {FIRST: 10_000, SECOND: 2_000, THIRD: 0}
        await desk.keys("escape", "f2", "down", "end", "f2", "enter")
        await desk.write("200")
        await desk.keys("enter")
        assert amounts(desk) == {FIRST: 10_000, SECOND: 5_000, THIRD: 5_000}
        await desk.keys("enter")
        await desk.until(lambda: screen(desk).taken is not None)
    assert details(filled) == [(FIRST, 10_000), (SECOND, 5_000), (THIRD, 5_000)]
    assert (
        filled.value("SELECT prepaid_fen FROM counter.account_balance WHERE account_no = %s", THIRD) == 5_000
    )


async def test_an_advance_for_an_account_with_an_agreement_is_an_instalment(filled: Bureau) -> None:
    """Only of that account; the receipt names the agreement, and what is paid up counts no more."""
    plan = [{"due_date": "2030-01-10", "amount_fen": 2_000}, {"due_date": "2030-01-31", "amount_fen": 3_000}]
    agreement_id = str(uuid4())
    agreed = {"request_id": agreement_id, "account_no": SECOND, "period": 203001, "expected_kwh": 10}
    filled.call("t10001", "make_agreement", agreed | {"instalments": plan, "reason": "大用户"})
    paid = "SELECT coalesce(sum(amount_fen), 0) FROM counter.instalment_payment"

    def printed(count: int) -> bool:
        return bool(filled.value("SELECT count(*) FROM counter.receipt_print") == count)

    async with real_desk(filled) as desk:
        for round_no, amount in enumerate(("200", "10"), 1):
            for count, number in enumerate((FIRST, SECOND), 1):
                await choose(desk, number, count)
            await desk.keys("f2", "down", "end", "f2", "enter")
            await desk.write(amount)
            await desk.keys("enter", "enter")
            await desk.until(partial(printed, round_no))
            await desk.until(lambda: not screen(desk).busy)
            assert filled.value(paid) == 5_000
    text = "".join(text_of(path) for path in sorted((filled.folder / "desk-t10001").rglob("*.pdf")))
    number = f"203001-{agreement_id[-8:].upper()}"
    assert (text.count(number), text.count(SECOND) > 0) == (1, True)


async def test_one_account_gets_another_amount_by_hand_or_is_left_out(filled: Bureau) -> None:
    """And hostile amounts get a sentence."""
    keep_group(filled)
    async with real_desk(filled) as desk:
        await choose(desk, "某某集团", 3)
        await desk.keys("f2", "down", "home", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ShareDialog))
        for wrong in ("-1", "[/]", "1e3", "", "'; --", "1.234"):
            await desk.keys("home", "shift+end")
            await desk.write(wrong)
            await desk.keys("enter")
            assert isinstance(desk.app.screen, ShareDialog)
        await desk.keys("home", "shift+end")
        await desk.write("３０")
        await desk.keys("enter")
        await desk.until(lambda: amounts(desk)[FIRST] == 3_000)
        await desk.keys("down", "f4")
        assert amounts(desk) == {FIRST: 3_000, SECOND: 0, THIRD: 0}
        assert "left out" in desk.text
        await desk.keys("f5")
        await desk.until(lambda: amounts(desk)[FIRST] == 10_000)


async def test_a_list_shows_every_mismatch_before_anything_is_posted(filled: Bureau, tmp_path: Path) -> None:
    """Lines are dropped; the rest is paid as listed, more than owed to prepaid."""
    path = tmp_path / "十一月.csv"
    path.write_text(f"户号,户名,金额\n{FIRST},[/],110.00\n{SECOND},,20\n339999999999,,1\n{THIRD},,x\n", "gbk")
    async with real_desk(filled) as desk:
        await desk.keys("ctrl+e")
        await desk.write(str(path)[:-6])
        await desk.keys("tab")
        await desk.until(lambda: screen(desk).box.value == str(path))
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.app.screen, PayerListScreen))
        await desk.pilot.pause()
        assert "10.00 more than owed" in desk.text
        assert filled.value("SELECT count(*) FROM counter.journal WHERE kind = 'payment'") == 0
        await desk.keys("down", "f4", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, PayersScreen))
        assert amounts(desk) == {FIRST: 11_000}
        await desk.keys("enter", "enter")
        await desk.until(lambda: screen(desk).taken is not None)
    assert (
        filled.value("SELECT prepaid_fen FROM counter.account_balance WHERE account_no = %s", FIRST) == 1_000
    )


@pytest.mark.parametrize(
    "text_", ["/no/such.csv", "[/]", "'; DROP TABLE x; --", "１２", "\\\\x", "~x/y.csv", "%"]
)
async def test_what_leads_nowhere_is_said(filled: Bureau, text_: str) -> None:
    """In a sentence; the box keeps what was typed."""
    async with real_desk(filled) as desk:
        await desk.keys("ctrl+e")
        await desk.write(text_)
        await desk.keys("enter")
        await desk.until(lambda: desk.said and "Reading" not in desk.said)
        assert screen(desk).box.value == text_
        assert not screen(desk).form.accounts


async def test_what_another_desk_changed_is_shown_and_confirmed_again(filled: Bureau) -> None:
    """Nothing was posted; the new amounts are, with the next Enters."""
    keep_group(filled)
    async with real_desk(filled) as desk:
        await choose(desk, "某某集团", 3)
        filled.add_bills(SECOND, (202603, 700, date(2999, 3, 1)))
        line = {"period": 202601, "part": 1, "late_fee_fen": 0, "principal_fen": 4_000}
        other = filled.open_shift("t10002", 102)
        filled.call("t10002", "post_payment", filled.payment(other, FIRST, total_fen=4_000, lines=[line]))
        await desk.keys("enter", "enter")
        await desk.until_said("Another desk changed")
        assert f"{FIRST} 100.00 -> 60.00" in desk.said
        assert amounts(desk) == {FIRST: 6_000, SECOND: 5_700, THIRD: 0}
        await desk.keys("enter", "enter")
        await desk.until(lambda: screen(desk).taken is not None)
    assert details(filled) == [(FIRST, 6_000), (SECOND, 5_700)]


async def test_cash_of_firms_is_asked_of_a_supervisor_and_posted_as_allowed(filled: Bureau) -> None:
    """The question is about the whole payment; the reason goes into the ledger."""
    keep_group(filled)
    with filled.psql() as connection:
        connection.execute("UPDATE counter.account SET corporate_bank = true")
    async with real_desk(filled) as desk:
        await choose(desk, "某某集团", 3)
        await desk.keys("enter", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ApprovalDialog))
        await desk.write("银行停机")
        await desk.keys("enter")
        desk.app.screen.query_one("#supervisor").focus()
        desk.field("supervisor").value = SUPERVISOR
        await desk.keys("enter")
        await desk.write(PASSWORD)
        await desk.keys("enter")
        await desk.until(lambda: screen(desk).taken is not None)
    assert details(filled) == [(FIRST, 10_000), (SECOND, 5_000)]
    assert filled.value("SELECT reason FROM counter.journal_note") == "银行停机"


@pytest.mark.parametrize("posted", [True, False])
async def test_a_lost_answer_is_said_and_settled(
    filled: Bureau, monkeypatch: pytest.MonkeyPatch, *, posted: bool
) -> None:
    """Posted or not: the screen goes on as if the answer had come at once, and nothing is taken twice."""
    keep_group(filled)
    lost: list[int] = []

    def lose(*given: Any) -> Any:
        if lost:
            return post_once(*given)
        lost.append(1)
        if posted:
            post_once(*given)
        raise outcome_unknown()

    monkeypatch.setattr("counter.services.posting.post_once", lose)
    async with real_desk(filled) as desk:
        await choose(desk, "某某集团", 3)
        await desk.keys("enter", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, UnknownDialog) or not desk.app.settler.pending)
        if desk.app.settler.pending:
            assert [desk.app.settler.holds(number) for number in (FIRST, SECOND, THIRD)] == [
                True,
                True,
                False,
            ]
            assert desk.app.session is not None
            assert desk.app.session.pending()[0].also == (SECOND,)
        await desk.keys("enter")
        await desk.until(lambda: lost and not desk.app.settler.pending and not screen(desk).busy)
        await desk.until(lambda: isinstance(desk.app.screen, PayersScreen))
        if not posted:
            assert "nothing was posted" in desk.said
            await desk.keys("enter", "enter")
        await desk.until(lambda: screen(desk).taken is not None)
    assert details(filled) == [(FIRST, 10_000), (SECOND, 5_000)]


async def test_all_is_paid_by_one_transfer_slip(filled: Bureau) -> None:
    """With its particulars; without them nothing is sent."""
    keep_group(filled)
    async with real_desk(filled) as desk:
        await choose(desk, "某某集团", 3)
        await desk.keys("ctrl+g")
        await desk.until(lambda: isinstance(desk.app.screen, SplitDialog))
        await desk.keys("right")
        await desk.until(lambda: desk.app.screen.query("#paper-slip"))
        await desk.keys("enter", "enter", "enter", "enter", "enter", "enter", "enter")
        assert isinstance(desk.app.screen, SplitDialog)
        desk.field("paper-bank").focus()
        await desk.until(lambda: desk.app.focused is desk.field("paper-bank"))
        for given in ("工商银行", "SLIP－77", "", "某某集团", "6222020200012345", ""):
            if given:
                await desk.write(given)
            await desk.keys("enter")
        await desk.until(lambda: "Nothing is open." in desk.text)
        await desk.keys("enter")
        await desk.until(lambda: screen(desk).taken is not None)
        await desk.keys("escape", "f3")
        await desk.until(lambda: "某某集团" in desk.text and "150.00" in desk.text)
    assert filled.value("SELECT reference FROM counter.tender_document") == "工商银行/SLIP-77"
    assert filled.value("SELECT amount_fen FROM counter.tender WHERE kind = 'transfer'") == 15_000


async def test_accounts_are_kept_as_a_group_changed_and_deleted(filled: Bureau) -> None:
    """Deleting asks first."""
    async with real_desk(filled) as desk:
        await choose(desk, FIRST, 1)
        await choose(desk, SECOND, 2)
        await desk.keys("ctrl+s", "enter")
        await desk.until_said("is saved with 2 accounts")
        assert filled.value("SELECT name FROM counter.payer_group") == "某某公司"
        await choose(desk, THIRD, 3)
        await desk.keys("ctrl+s")
        await desk.until(lambda: isinstance(desk.app.screen, GroupDialog))
        await desk.write("[/]'; --")
        await desk.keys("enter")
        await desk.until_said("is saved with 3 accounts")
        assert filled.value("SELECT name FROM counter.payer_group") == "[/]'; --"
        await desk.keys("ctrl+s")
        await desk.until(lambda: isinstance(desk.app.screen, GroupDialog))
        await desk.keys("f8")
        await desk.until(lambda: isinstance(desk.app.screen, ConfirmDialog))
        await desk.keys("enter")
        await desk.until_said("is deleted")
    assert filled.value("SELECT count(*) FROM counter.payer_group") == 0


async def test_several_hits_are_chosen_from(filled: Bureau) -> None:
    """Groups before accounts."""
    keep_group(filled, "某某公司组", FIRST, SECOND)
    async with real_desk(filled) as desk:
        await desk.keys("ctrl+e")
        await desk.write("某某")
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.app.focused, HitTable))
        await desk.keys("enter")
        await desk.until(lambda: len(amounts(desk)) == 2)


async def test_two_hundred_accounts_scroll_and_are_paid_at_once(filled: Bureau) -> None:
    """One receipt."""
    numbers = [str(330_300_000_000 + n) for n in range(200)]
    with filled.admin.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO counter.account (account_no, hall_no, name, name_initials, address, customer_class)"
                " SELECT n, 1, '户' || n, 'h', '', 'residential' FROM unnest(CAST(:n AS text[])) n"
            ),
            {"n": numbers},
        )
        connection.execute(
            text("INSERT INTO counter.account_balance (account_no) SELECT unnest(CAST(:n AS text[]))"),
            {"n": numbers},
        )
    keep_group(filled, "大组", *numbers)
    async with real_desk(filled, size=(120, 36)) as desk:
        await choose(desk, "大组", 200)
        await desk.write("1000")
        await desk.keys("f2", "down", "end")
        await desk.pilot.pause()
        assert numbers[-1] in desk.text
        await desk.keys("f2", "enter")
        await desk.write("1000")
        await desk.keys("enter")
        assert amounts(desk)[numbers[-1]] == 100_000
        await desk.keys("enter")
        await desk.until(lambda: screen(desk).taken is not None)


async def test_without_a_shift_everything_can_be_looked_at_only(bureau: Bureau) -> None:
    """And the sentence says how to get one."""
    bureau.add_account(FIRST)
    async with real_desk(bureau) as desk:
        await desk.keys("escape")
        await choose(desk, FIRST, 1)
        assert "No shift is open" in desk.said
        await desk.keys("enter", "enter", "enter")
    assert bureau.value("SELECT count(*) FROM counter.journal WHERE kind = 'payment'") == 0


async def test_leaving_goes_step_by_step(filled: Bureau) -> None:
    """Cash, amount, box, nothing, desk."""
    keep_group(filled)
    async with real_desk(filled) as desk:
        await choose(desk, "某某集团", 3)
        await desk.keys("enter", "escape", "escape", "escape")
        assert not screen(desk).form.accounts
        await desk.keys("escape")
        await desk.until(lambda: not isinstance(desk.app.screen, PayersScreen))
