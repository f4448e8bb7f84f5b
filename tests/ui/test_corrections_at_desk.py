"""Corrections through screens, services and a real database: by keys, in figures, with hostile text."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from counter.services.corrections import Corrections
from counter.services.once import outcome_unknown
from counter.services.ports import PaymentTaken
from counter.services.ports.corrections import Correction
from counter.ui.dialogs.approval import ApprovalDialog
from counter.ui.dialogs.correction import CorrectionDialog, Stage
from counter.ui.dialogs.reversal import ReversalDialog
from counter.ui.screens.voids import VoidsScreen, VoidTable
from tests.bureau import PASSWORD, Bureau
from tests.ui.real_desk import SUPERVISOR, RealDesk, real_desk

ACCOUNT, OTHER = "330100000001", "330100000002"


@pytest.fixture
def hall(bureau: Bureau) -> Bureau:
    """A customer with an advance of 7.00, and somebody else."""
    bureau.add_account(ACCOUNT, name="[/]'; --")
    bureau.add_account(OTHER)
    shift = bureau.open_shift()
    bureau.call("t10001", "post_payment", bureau.payment(shift, ACCOUNT, total_fen=700, prepaid_fen=700))
    return bureau


async def fill(desk: RealDesk, *texts: str) -> None:
    """Field after field, each with Enter."""
    for text in texts:
        await desk.write(text)
        await desk.keys("enter")


async def sign(desk: RealDesk) -> None:
    """A supervisor approves at the desk."""
    await desk.until(lambda: isinstance(desk.app.screen, ApprovalDialog))
    await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id == "supervisor")
    await fill(desk, SUPERVISOR, PASSWORD)


def stage(desk: RealDesk) -> Stage | None:
    """Where the dialog in front is."""
    screen = desk.app.screen
    return screen.stage if isinstance(screen, CorrectionDialog) else None


def prepaid(hall: Bureau, account_no: str = ACCOUNT) -> int:
    """The balance by the books."""
    query = "SELECT prepaid_fen FROM counter.account_balance WHERE account_no = %s"
    return int(hall.value(query, account_no))


async def test_a_payment_is_reversed_from_the_open_account_and_listed_as_void(hall: Bureau) -> None:
    """Cash in large figures, the account read again, the void list with the reason."""
    async with real_desk(hall) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("ctrl+b")
        await desk.until(lambda: isinstance(desk.app.screen, ReversalDialog) and "of it in cash" in desk.text)
        await fill(desk, "9")
        assert "1 to 4" in desk.text
        assert desk.app.focused is desk.field("cause"), "a wrong cause is said before the reason is typed"
        await fill(desk, "１", "录错 [/]'; --\0")
        await desk.until(lambda: stage(desk) is Stage.DONE)
        assert prepaid(hall) == 0
        await desk.keys("enter")
        await desk.until(lambda: "VOID" in desk.text)
        await desk.keys("shift+f3")
        await desk.until(
            lambda: isinstance(desk.app.screen, VoidsScreen) and desk.app.screen.query_one(VoidTable).rows
        )
        await desk.until(lambda: "[/]'; --" in desk.text)


async def test_the_void_list_of_other_days_is_shown_and_exported(hall: Bureau) -> None:
    """Days as people type them; nonsense gets a sentence; the file obeys no formula in a reason."""
    journal_id = hall.value("SELECT max(journal_id) FROM counter.receipt")
    body = {"request_id": str(uuid4()), "shift_id": hall.value("SELECT max(shift_id) FROM counter.shift")}
    reason = "=1+1 [/]'; --"
    hall.call(
        "t10001", "reverse_payment", body | {"journal_id": journal_id, "cause": "other", "reason": reason}
    )
    today = hall.value("SELECT counter.business_date()")
    before = today - timedelta(1)

    async def list_days(desk: RealDesk, first: str, last: str) -> None:
        await desk.keys("f2")
        desk.field("first").value, desk.field("last").value = first, last
        desk.app.screen.set_focus(desk.field("last"))
        await desk.keys("enter")

    def rows(desk: RealDesk) -> int:
        return len(desk.app.screen.query_one(VoidTable).rows)

    async with real_desk(hall) as desk:
        await desk.keys("shift+f3")
        await desk.until(lambda: isinstance(desk.app.screen, VoidsScreen) and rows(desk) == 1)
        assert desk.field("first").value == desk.field("last").value == today.isoformat()
        assert f"{today:%m-%d}" in desk.text
        await list_days(desk, f"{before:%Y%m%d}", before.isoformat())
        await desk.until(lambda: not rows(desk))
        assert "Nothing was reversed" in desk.text
        await list_days(desk, f"{before:%Y/%m/%d}", f"{today:%Y-%m-%d}")
        await desk.until(lambda: rows(desk) == 1)
        for wrong in ("", "[/]", "2026-02-30", "'; --", "9" * 100, "2026-1-1\0"):
            await list_days(desk, wrong, today.isoformat())
            await desk.until_said("Enter a day such as")
        for first, last in ((today, before), (today - timedelta(400), today)):
            await list_days(desk, first.isoformat(), last.isoformat())
            await desk.until_said("Enter the earlier day first")
        await desk.keys("shift+f6")
        await desk.until_said("Exported to")
    (path,) = (hall.folder / "desk-t10001").rglob("voids-*.csv")
    heading, line = path.read_text("utf-8-sig").splitlines()
    assert (len(heading.split(",")), f"'{reason}" in line) == (10, True)


async def test_the_day_list_reverses_the_row_under_the_cursor_once(hall: Bureau) -> None:
    """A second time it says that it was, and posts nothing."""
    async with real_desk(hall) as desk:
        for _time in range(2):
            await desk.keys("f3")
            await desk.until(lambda: "payment(s)" in desk.text and "330100000001" in desk.text)
            await desk.keys("end", "ctrl+b")
            await desk.until(
                lambda: isinstance(desk.app.screen, ReversalDialog) and "of it in cash" in desk.text
            )
            await fill(desk, "4", "再来")
            await desk.until(lambda: stage(desk) is Stage.DONE or "reversed already" in desk.text)
            await desk.keys("escape", "escape")
    assert hall.value("SELECT count(*) FROM counter.journal WHERE kind = 'reversal'") == 1


async def test_a_refund_is_approved_at_the_desk(hall: Bureau) -> None:
    """More than there is, is said at once; a payee without an account is not taken."""
    async with real_desk(hall) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("ctrl+f")
        await fill(desk, "7.01")
        assert "There is only 7.00" in desk.text
        await fill(desk, "３.00", "[/]", "-1", "'; --", "销户退费")
        assert stage(desk) is Stage.EDITING
        for name in ("payee", "payee-account", "payee-bank"):
            desk.field(name).value = ""
        desk.field("reason").focus()
        await desk.keys("enter")
        await sign(desk)
        await desk.until(lambda: stage(desk) is Stage.DONE)
    assert prepaid(hall) == 400


async def test_balance_moves_to_another_customer_with_a_supervisor(hall: Bureau) -> None:
    """Whether one is needed is shown before."""
    async with real_desk(hall) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("ctrl+y")
        await desk.write(OTHER)
        await desk.until(lambda: "Another customer" in desk.text)
        await desk.keys("enter")
        await fill(desk, "2", "并户")
        await sign(desk)
        await desk.until(lambda: stage(desk) is Stage.DONE)
    assert (prepaid(hall), prepaid(hall, OTHER)) == (500, 200)


async def test_a_lost_reply_is_asked_for_by_enter_and_posted_once(
    hall: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer is lost after it was posted; what was typed stays, and the same request goes again."""
    posted = Corrections.post
    lost: list[object] = []

    def lossy(self: Corrections, request: Correction) -> PaymentTaken:
        """Post, and lose the first answer."""
        answer = posted(self, request)
        if not lost:
            lost.append(answer)
            raise outcome_unknown()
        return answer

    monkeypatch.setattr(Corrections, "post", lossy)
    async with real_desk(hall) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("ctrl+b")
        await desk.until(lambda: "of it in cash" in desk.text)
        await fill(desk, "2", "客户要求")
        await desk.until(lambda: stage(desk) is Stage.UNKNOWN)
        await desk.keys("enter")
        await desk.until(lambda: stage(desk) is Stage.DONE)
    assert hall.value("SELECT count(*) FROM counter.journal WHERE kind = 'reversal'") == 1


async def test_a_colleague_s_payment_is_reversed_with_a_supervisor_who_sees_which(hall: Bureau) -> None:
    """By the number of its receipt; the cash goes out of the drawer of whoever reverses it."""
    taken = "SELECT counter.receipt_no(till_no, business_date, receipt_serial) FROM counter.journal WHERE kind = 'payment'"
    hall.open_shift("t10002", 102)
    async with real_desk(hall, "t10002") as desk:
        await desk.keys("ctrl+b")
        await fill(desk, hall.value(taken))
        await desk.until(lambda: "Somebody else took it" in desk.text)
        await fill(desk, "1", "录错户号")
        await desk.until(lambda: isinstance(desk.app.screen, ApprovalDialog))
        assert "taken wrongly" in desk.text
        assert "7.00" in desk.text
        await sign(desk)
        await desk.until(lambda: stage(desk) is Stage.DONE)
    assert hall.value("SELECT cash_fen FROM counter.till WHERE till_no = 102") == 50_000 - 700
