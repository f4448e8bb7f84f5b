"""Relief of a late fee through screens, services and a real database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from counter.errors import OutcomeUnknown
from counter.services.ports.relief import LateFeeRelieved, Relief, RelieveLateFee
from counter.ui.days import read_day
from counter.ui.dialogs.approval import ApprovalDialog
from counter.ui.dialogs.relief import ReliefDialog
from tests.bureau import PASSWORD, Bureau
from tests.ui.real_desk import SUPERVISOR, RealDesk, real_desk

ACCOUNT = "330100000001"


@pytest.fixture
def late(bureau: Bureau) -> Bureau:
    """One bill of 1,000.00 that is long overdue, and a shift."""
    bureau.add_account(ACCOUNT)
    bureau.add_bills(ACCOUNT, (202601, 100_000, date(2026, 1, 31)))
    bureau.open_shift()
    return bureau


async def ask(desk: RealDesk, waived: str, until: str, reason: str = "抄表有误[/]") -> None:
    """Fill the dialog in, field by field."""
    await desk.keys("ctrl+w")
    await desk.until(lambda: isinstance(desk.app.screen, ReliefDialog))
    for text in (waived, until, reason):
        if text:
            await desk.write(text)
        await desk.keys("enter")


async def sign(desk: RealDesk) -> None:
    """The supervisor signs here."""
    await desk.until(lambda: isinstance(desk.app.screen, ApprovalDialog))
    await desk.write(SUPERVISOR)
    await desk.keys("enter")
    await desk.write(PASSWORD)
    await desk.keys("enter")


async def test_a_part_is_waived_and_the_original_stays_readable(late: Bureau) -> None:
    """Asked for at the desk, signed by the supervisor, shown with what it was."""
    async with real_desk(late, size=(120, 36)) as desk:
        await desk.open(ACCOUNT)
        await ask(desk, "10.00", "")
        await sign(desk)
        await desk.until_said("10.00 is waived")
        await desk.until(lambda: "waived 10.00" in desk.text)
    assert late.value("SELECT waived_fen FROM counter.late_fee_relief") == 1_000
    assert late.value("SELECT late_fee_waived_fen FROM counter.bill") == 1_000
    assert late.value("SELECT reason FROM counter.late_fee_relief") == "抄表有误[/]"


async def test_a_fee_put_off_lets_the_principal_be_paid(late: Bureau) -> None:
    """The amount asked for is the principal; the fee is still on the account afterwards."""
    async with real_desk(late) as desk:
        await desk.open(ACCOUNT)
        today = desk.app.screen.form.account.business_date  # type: ignore[attr-defined]
        until = today.replace(day=1).replace(year=today.year + 1).isoformat()
        await ask(desk, "", until)
        await sign(desk)
        await desk.until_said("put off until")
        await desk.until(lambda: desk.field("amount").value == "1,000.00")
        await desk.keys("enter", "enter")
        await desk.until(lambda: late.value("SELECT principal_paid_fen FROM counter.bill") == 100_000)
        await desk.open(ACCOUNT)
        await desk.until(lambda: f"put off until {until}" in desk.text)
    assert late.value("SELECT late_fee_paid_fen FROM counter.bill") == 0


@pytest.mark.parametrize(
    ("waived", "until", "said"),
    [
        ("99999.00", "", "At most"),
        ("0", "", "more than zero"),
        ("-5", "", "negative"),
        ("", "2020-01-01", "within a year"),
        ("", "'; --", "within a year"),
        ("", "2999-02-30", "within a year"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_asked(
    late: Bureau, waived: str, until: str, said: str
) -> None:
    """The dialog stays."""
    async with real_desk(late) as desk:
        await desk.open(ACCOUNT)
        await ask(desk, waived, until, "")
        assert isinstance(desk.app.screen, ReliefDialog)
        await desk.until(lambda: said in desk.text)
    assert late.value("SELECT count(*) FROM counter.approval_request") == 0


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("２０２６／１２／３１", date(2026, 12, 31)),
        (" 20261231 ", date(2026, 12, 31)),
        ("2026.1.2", date(2026, 1, 2)),
        ("2026-02-30", None),
        ("31-12-2026", None),
        ("[/]\0", None),
        ("9" * 100, None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_type_it(text: str, day: date | None) -> None:
    """Anything else is none."""
    assert day == read_day(text)


class LostAnswer:
    """Posts, and loses the first answer."""

    def __init__(self, real: Relief) -> None:
        self.real, self.lost = real, False

    def subject_of(self, request: RelieveLateFee) -> dict[str, Any]:
        return self.real.subject_of(request)

    def relieve(self, request: RelieveLateFee) -> LateFeeRelieved:
        answer = self.real.relieve(request)
        if not self.lost:
            self.lost = True
            raise OutcomeUnknown("?")
        return answer


async def test_a_lost_answer_is_asked_for_again_and_counts_once(late: Bureau) -> None:
    """Also when nothing is left to waive by then."""
    async with real_desk(late) as desk:
        session: Any = desk.app.session
        session.relief = LostAnswer(session.relief)
        await desk.open(ACCOUNT)
        await ask(desk, "", "")
        await sign(desk)
        await desk.until_said("not known whether")
        await desk.keys("ctrl+w")
        await desk.until_said("0.00 is left")
    assert late.value("SELECT count(*) FROM counter.late_fee_relief") == 1
    assert late.value("SELECT waived_fen - original_fen FROM counter.late_fee_relief") == 0


async def test_a_payment_of_another_desk_in_between_is_told(late: Bureau) -> None:
    """The relief is refused, the account is read again, and nothing is waived."""
    async with real_desk(late) as desk:
        await desk.open(ACCOUNT)
        await ask(desk, "", "")
        await desk.until(lambda: isinstance(desk.app.screen, ApprovalDialog))
        shift = late.open_shift("t10002", 102)
        late.call("t10002", "post_payment", late.payment(shift, ACCOUNT, total_fen=100, prepaid_fen=100))
        await sign(desk)
        await desk.until_said("Another desk changed this account")
    assert late.value("SELECT count(*) FROM counter.late_fee_relief") == 0
