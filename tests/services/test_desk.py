"""A clerk's day through the real services, on a real database and real files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from counter.domain.allocation import OpenBill, allocate
from counter.domain.tenders import cash
from counter.errors import BalanceChanged, NotAllowed, Refusal, RequestIdReused, SignInRefused
from counter.services.desk import Desk
from counter.services.gateway import ServerGateway
from counter.services.ports import AccountView, OpenShift, TakePayment
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau

ACCOUNT = "330100000001"


@pytest.fixture
def gateway(bureau: Bureau) -> ServerGateway:
    """The way into the test's own database."""
    return ServerGateway(bureau.url, bureau.folder / "desk", Press(bureau.folder / "receipts"))


@pytest.fixture
def desk(bureau: Bureau, gateway: ServerGateway) -> Desk:
    """A clerk with an open shift, and an account with two bills, one of them overdue."""
    bureau.add_account(ACCOUNT)
    today = bureau.value("SELECT counter.business_date()")
    bureau.add_bills(
        ACCOUNT,
        (202401, 100_000, today - timedelta(days=10)),
        (202402, 20_000, today + timedelta(days=10)),
    )
    desk = gateway.sign_in("t10001", PASSWORD)
    desk.open_shift(OpenShift(uuid4(), 101, 50_000))
    return desk


def payment(desk: Desk, total_fen: int, received_fen: int | None = None) -> TakePayment:
    """What the screen asks for when the clerk takes ``total_fen`` now."""
    account = look(desk)
    shift = desk.current_shift()
    assert shift is not None
    bills = [
        OpenBill(b.bill_no, ACCOUNT, b.period, b.due_date, b.principal_open_fen, b.late_fee_due_fen)
        for b in account.bills
    ]
    split = allocate(total_fen, bills)
    return TakePayment.in_cash(
        request_id=uuid4(),
        account_no=ACCOUNT,
        version=account.version,
        shift_id=shift.shift_id,
        total_fen=total_fen,
        received_fen=received_fen or total_fen,
        lines=split.lines,
        prepaid_fen=split.prepaid_fen,
    )


def look(desk: Desk) -> AccountView:
    """The account as it stands."""
    account = desk.account(ACCOUNT)
    assert account is not None
    return account


def test_the_late_fee_shown_is_the_late_fee_taken(desk: Desk) -> None:
    """Ten days at one per mille of 1,000.00 are 10.00, and the payment of all arrears settles all."""
    account = look(desk)
    assert [(b.days_overdue, b.late_fee_due_fen) for b in account.bills] == [(10, 1_000), (0, 0)]
    taken = desk.take_payment(payment(desk, account.arrears_fen, 130_000))
    assert (taken.total_fen, taken.change_fen, taken.arrears_after_fen) == (121_000, 9_000, 0)
    assert look(desk).bills == ()


def test_the_same_request_is_posted_once_and_answers_the_same(desk: Desk) -> None:
    """However often Enter is pressed."""
    request = payment(desk, 50_000)
    first = desk.take_payment(request)
    again = desk.take_payment(request)
    assert again == replace(first, replayed=True)
    assert [summary.total_fen for summary in desk.payments_today()] == [50_000]


def test_a_request_id_cannot_be_used_for_another_amount(desk: Desk) -> None:
    """The content belongs to the id."""
    request = payment(desk, 50_000)
    desk.take_payment(request)
    with pytest.raises(RequestIdReused):
        desk.take_payment(replace(request, tenders=(cash(50_000, 60_000),)))


def test_the_second_desk_is_told_that_the_balance_changed(desk: Desk, gateway: ServerGateway) -> None:
    """Both looked at the same account; the second looks again and confirms."""
    other = gateway.sign_in("t10002", PASSWORD)
    other.open_shift(OpenShift(uuid4(), 102, 0))
    stale = payment(other, 30_000)
    desk.take_payment(payment(desk, 50_000))
    with pytest.raises(BalanceChanged):
        other.take_payment(stale)
    assert other.pending() == ()
    other.take_payment(payment(other, 30_000))
    assert look(desk).arrears_fen == 121_000 - 80_000


def test_a_receipt_is_made_once_and_then_reprinted_under_the_same_number(desk: Desk) -> None:
    """The second paper is marked; the list of unprinted receipts is empty after the first."""
    taken = desk.take_payment(payment(desk, 121_000))
    assert [summary.receipt_no for summary in desk.unprinted()] == [taken.receipt_no]
    first = desk.print_receipt(taken.receipt_no)
    assert first.error == ""
    assert first.pdf_path is not None
    assert first.pdf_path.read_bytes().startswith(b"%PDF")
    assert desk.unprinted() == ()
    second = desk.print_receipt(taken.receipt_no)
    assert (first.reprint, second.reprint) == (False, True)
    assert second.pdf_path != first.pdf_path


def test_receipt_numbers_follow_each_other(desk: Desk) -> None:
    """No gap within a till and a day."""
    numbers = [desk.take_payment(payment(desk, 100)).receipt_no[-4:] for _ in range(3)]
    assert numbers == ["0001", "0002", "0003"]


def test_a_wrong_password_and_an_unknown_number_say_the_same(gateway: ServerGateway) -> None:
    """Nobody learns which of the two was wrong."""
    with pytest.raises(SignInRefused) as wrong:
        gateway.sign_in("t10001", "not-it")
    with pytest.raises(SignInRefused) as unknown:
        gateway.sign_in("t99999", PASSWORD)
    assert str(wrong.value) == str(unknown.value)


def test_unlocking_asks_the_server_for_the_password(desk: Desk) -> None:
    """The right one passes, the wrong one does not."""
    desk.check_password(PASSWORD)
    with pytest.raises(SignInRefused):
        desk.check_password("not-it")


def test_a_till_belongs_to_one_shift_at_a_time(desk: Desk, gateway: ServerGateway) -> None:
    """The second clerk is told who has it."""
    other = gateway.sign_in("t10002", PASSWORD)
    with pytest.raises(NotAllowed, match="张敏"):
        other.open_shift(OpenShift(uuid4(), 101, 0))
    assert other.current_shift() is None


def test_a_phone_number_is_kept_and_searchable(desk: Desk) -> None:
    """The number asked for at the counter finds the account afterwards."""
    with pytest.raises(Refusal):
        desk.set_phone(uuid4(), ACCOUNT, "12ab")
    desk.set_phone(uuid4(), ACCOUNT, "138 1234 5678")
    assert look(desk).phone == "13812345678"
    assert [hit.account_no for hit in desk.search("5678").hits] == [ACCOUNT]


def test_a_deferred_business_date_is_the_server_s(desk: Desk, bureau: Bureau) -> None:
    """No desk's own clock decides the day."""
    assert desk.business_date() == bureau.value("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date")
    assert isinstance(desk.business_date(), date)


def test_times_are_the_bureau_s(desk: Desk, bureau: Bureau) -> None:
    """The hour on the screen is the hour on the paper, whatever zone the server or the desk is in."""
    desk.take_payment(payment(desk, 1_000))
    (paid,) = desk.payments_today()
    assert paid.paid_at.utcoffset() == timedelta(hours=8)
    early = paid.paid_at.hour < 3  # further west it is yesterday still
    zone, hours = ("Asia/Tokyo", 9) if early else ("Asia/Urumqi", 6)
    with bureau.psql() as connection:
        connection.execute("UPDATE counter.bureau SET timezone = %s", [zone])
    desk.close()
    (paid,) = desk.payments_today()
    assert paid.paid_at.utcoffset() == timedelta(hours=hours)
