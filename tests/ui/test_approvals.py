"""Four eyes through screens, services and a real database: at the desk, from the list, refused, late."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest

from counter.ui.dialogs.approval import ApprovalDialog
from counter.ui.messages import ApprovalSeen
from counter.ui.screens.approvals import ApprovalsScreen, ApprovalTable
from tests.bureau import PASSWORD, Bureau
from tests.ui.real_desk import CLERK, SUPERVISOR, RealDesk, real_desk

ACCOUNT = "330100000001"


@pytest.fixture
def corporate(bureau: Bureau) -> Bureau:
    """A firm with a bank account that owes 100.00, and a clerk with a shift."""
    bureau.add_account(ACCOUNT, name="[/]公司'; --")
    with bureau.psql() as connection:
        connection.execute("UPDATE counter.account SET corporate_bank = true")
    bureau.add_bills(ACCOUNT, (202601, 10_000, date(2999, 1, 1)))
    bureau.open_shift()
    return bureau


@asynccontextmanager
async def asked(bureau: Bureau, reason: str = "银行停机") -> AsyncIterator[RealDesk]:
    """A clerk's desk whose cash payment needs a supervisor; the reason is given."""
    async with real_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ApprovalDialog))
        await desk.write(reason)
        await desk.keys("enter")
        yield desk


def payments(bureau: Bureau) -> int:
    """How many payments the ledger has."""
    return int(bureau.value("SELECT count(*) FROM counter.journal WHERE kind = 'payment'"))


async def sign(
    desk: RealDesk, number: str = SUPERVISOR, password: str = PASSWORD, key: str = "enter"
) -> None:
    """Number and password of a supervisor."""
    desk.app.screen.query_one("#supervisor").focus()
    desk.field("supervisor").value = number
    await desk.keys("enter")
    await desk.write(password)
    await desk.keys(key)


def complaint(desk: RealDesk) -> str:
    """What the dialog says."""
    return str(desk.app.screen.query_one("#complaint").render())


async def test_a_supervisor_signs_at_the_clerk_s_desk(corporate: Bureau) -> None:
    """The decision is the supervisor's, the payment the clerk's, with its reason."""
    async with asked(corporate, "银行 [/] '; --") as desk:
        await sign(desk)
        await desk.until(lambda: payments(corporate))
    assert corporate.value("SELECT decided_by FROM counter.approval_decision") == SUPERVISOR
    assert corporate.value("SELECT reason FROM counter.journal_note") == "银行 [/] '; --"
    assert corporate.value("SELECT count(*) FROM counter.approval_use") == 1


@pytest.mark.parametrize(
    ("number", "password", "said"),
    [
        (SUPERVISOR, "wrong", "number or the password is wrong"),
        ("t99999", PASSWORD, "number or the password is wrong"),
        ("'; --", PASSWORD, "number or the password is wrong"),
        ("t10002", PASSWORD, "not an active supervisor"),
        ("t20001", PASSWORD, "not an active supervisor"),
        (CLERK, PASSWORD, "Nobody approves what they asked for"),
        ("t40001", PASSWORD, "may not do that"),
    ],
)
async def test_who_may_not_sign_decides_nothing(
    corporate: Bureau, number: str, password: str, said: str
) -> None:
    """It is said why, and a supervisor can still sign."""
    async with asked(corporate) as desk:
        await sign(desk, number, password)
        await desk.until(lambda: said in complaint(desk))
        assert corporate.value("SELECT count(*) FROM counter.approval_decision") == 0
        assert not desk.field("password").value
        await desk.until(lambda: desk.app.focused is desk.field("password"))
        await desk.keys("enter")
        assert desk.app.focused is desk.field("password"), "the next password is not typed where it shows"
        await sign(desk)
        await desk.until(lambda: payments(corporate))


async def test_a_refusal_shows_the_note_and_posts_nothing(corporate: Bureau) -> None:
    """The supervisor refuses at the desk."""
    async with asked(corporate) as desk:
        desk.field("note").value = "[b]先转账[/b]"
        await sign(desk, key="ctrl+x")
        await desk.until(lambda: "[b]先转账[/b]" in complaint(desk))
        await desk.keys("escape")
        await desk.until_said("not approved")
    assert payments(corporate) == 0


async def test_it_is_approved_from_the_list_of_another_desk(corporate: Bureau) -> None:
    """Both hear of it by NOTIFY; the second supervisor is told who was first."""
    async with asked(corporate) as desk, real_desk(corporate, SUPERVISOR) as other:
        await other.keys("escape", "f10")
        await other.until(lambda: isinstance(other.app.screen, ApprovalsScreen))
        await desk.keys("enter")
        await other.until(lambda: len(other.app.screen.query_one(ApprovalTable).rows) == 1)
        assert "100.00" in other.text
        assert ACCOUNT in other.text
        assert "银行停机" in other.text
        await other.until(lambda: other.app.status.approvals == 1)
        await other.keys("enter", "enter")
        await desk.until(lambda: "陈刚" in complaint(desk))
        assert payments(corporate) == 0
        await desk.keys("enter")
        await desk.until(lambda: payments(corporate))
        await other.until(lambda: not other.app.status.approvals)


async def test_a_withdrawal_that_is_heard_twice_closes_one_dialog(corporate: Bureau) -> None:
    """By the answer and by the list; the desk beneath stays."""
    async with asked(corporate) as desk:
        await desk.keys("enter")
        await desk.until(lambda: "Waiting for a supervisor" in complaint(desk))
        dialog = desk.app.screen
        assert isinstance(dialog, ApprovalDialog)
        assert desk.app.session is not None
        view = desk.app.session.approvals.withdraw(dialog._approval_id)
        for _time in range(2):
            dialog.post_message(ApprovalSeen(view, signed_here=False))
        await desk.until_said("not approved")
        assert desk.app.screen is desk.app.desk


async def test_esc_withdraws_what_waits(corporate: Bureau) -> None:
    """Nobody can approve it any more, and nothing is posted."""
    async with asked(corporate) as desk:
        await desk.keys("enter")
        await desk.until(lambda: "Waiting for a supervisor" in complaint(desk))
        await desk.keys("escape")
        await desk.until_said("not approved")
    assert corporate.value("SELECT decided_by FROM counter.approval_decision") == CLERK
    assert payments(corporate) == 0


async def test_an_expired_question_is_asked_anew(corporate: Bureau) -> None:
    """Under another id; a supervisor then signs that one."""
    async with asked(corporate) as desk:
        await desk.keys("enter")
        await desk.until(lambda: "Waiting for a supervisor" in complaint(desk))
        with corporate.psql() as psql:
            psql.execute("ALTER TABLE counter.approval_request DISABLE TRIGGER refuse_row_change")
            psql.execute("UPDATE counter.approval_request SET expires_at = now() - interval '1 minute'")
            psql.execute("NOTIFY counter_approval")
        await desk.until(lambda: "has expired" in complaint(desk))
        await sign(desk)
        await desk.until(lambda: payments(corporate))
    assert corporate.value("SELECT count(*) FROM counter.approval_request") == 2


async def test_a_payment_without_a_reason_is_not_asked_for(corporate: Bureau) -> None:
    """Blank and invisible text are none."""
    async with asked(corporate, " \u200b ") as desk:
        await desk.until(lambda: "Give a reason" in complaint(desk))
    assert corporate.value("SELECT count(*) FROM counter.approval_request") == 0


async def test_a_clerk_sees_the_own_questions_and_decides_none(corporate: Bureau) -> None:
    """Enter does nothing there; ^X takes the own question back."""
    async with asked(corporate) as desk:
        await desk.keys("enter")
        await desk.until(lambda: "Waiting for a supervisor" in complaint(desk))
        async with real_desk(corporate, CLERK) as other:
            await other.keys("f10")
            await other.until(lambda: isinstance(other.app.screen, ApprovalsScreen))
            await other.until(lambda: other.app.screen.query_one(ApprovalTable).rows)
            await other.keys("enter")
            assert isinstance(other.app.screen, ApprovalsScreen)
            await other.keys("ctrl+x")
            await other.until(lambda: "withdrawn" in other.text)
        await desk.until_said("not approved")


async def test_an_approval_holds_when_another_desk_was_quicker(corporate: Bureau) -> None:
    """The account changed, the payment did not: it is confirmed again and the supervisor not asked twice."""
    async with asked(corporate) as desk:
        shift = corporate.open_shift("t10002", 102)
        advance = {"kind": "pos", "amount_fen": 5, "details": {"reference": "12345678-000001-000042"}}
        request = corporate.payment(shift, ACCOUNT, total_fen=5, prepaid_fen=5, tenders=[advance])
        corporate.call("t10002", "post_payment", request)
        await sign(desk)
        await desk.until_said("Another desk changed this account")
        await desk.keys("enter", "enter")
        await desk.until(lambda: payments(corporate) == 2)
    assert corporate.value("SELECT count(*) FROM counter.approval_request") == 1


async def test_a_refusal_from_the_list_says_why_and_a_second_one_is_told(corporate: Bureau) -> None:
    """Without a remark nothing is refused; what somebody else decided meanwhile is said by name."""
    async with asked(corporate) as desk, real_desk(corporate, SUPERVISOR) as other:
        await desk.keys("enter")
        await other.keys("escape", "f10")
        await other.until(lambda: isinstance(other.app.screen, ApprovalsScreen))
        await other.until(lambda: other.app.screen.query_one(ApprovalTable).rows)
        await other.keys("ctrl+x")
        await other.keys("enter")
        await other.until(lambda: "Say why" in other.text)
        await other.write("[/]'; -- 请走转账")
        with corporate.psql() as psql:
            psql.execute("UPDATE counter.staff SET duty = 'supervisor' WHERE staff_no = 't20001'")
        approval_id = corporate.value("SELECT approval_id::text FROM counter.approval_request")
        decision = {"approval_id": approval_id, "approved": False, "note": "[b]不行[/b]"}
        corporate.call("t20001", "decide_approval", decision)
        await other.keys("enter")
        await other.until_said("赵静 has decided this already")
        await desk.until(lambda: "refused 赵静  [b]不行[/b]" in complaint(desk))
    assert payments(corporate) == 0
