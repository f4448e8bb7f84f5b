"""Corrections through the services: found, posted, settled when the reply was lost, put on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from counter.services.desk import Desk
from counter.services.gateway import ServerGateway
from counter.services.ports import AccountView
from counter.services.ports.corrections import Barrier, Cause, RefundBalance, ReversePayment, TransferBalance
from counter.ui.request_id import new_request_id
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau

ACCOUNT = "330100000001"


@pytest.fixture
def desk(bureau: Bureau, tmp_path: Path) -> Desk:
    """A clerk who has taken one advance."""
    bureau.add_account(ACCOUNT, name="[/]'; --")
    shift = bureau.open_shift()
    bureau.call("t10001", "post_payment", bureau.payment(shift, ACCOUNT, total_fen=700, prepaid_fen=700))
    return ServerGateway(bureau.url, tmp_path, Press(tmp_path / "receipts")).sign_in("t10001", PASSWORD)


def reversal(desk: Desk) -> ReversePayment:
    """Of the last payment."""
    shift = desk.current_shift()
    payment = desk.corrections.find(desk.payments_today()[-1].receipt_no)
    assert shift is not None
    assert payment is not None
    return ReversePayment(new_request_id(), shift.shift_id, payment, Cause.MISTAKE, "录错户号")


def test_a_payment_is_found_reversed_listed_and_printed_void(desk: Desk) -> None:
    """The reprint of it says that it is void, the reversal has a paper of its own."""
    request = reversal(desk)
    assert (request.payment.barrier, request.payment.cash_fen) == (Barrier.NONE, 700)
    taken = desk.corrections.post(request)
    assert (taken.total_fen, taken.change_fen) == (-700, 700)
    found = desk.corrections.find(request.payment.receipt_no)
    assert found is not None
    assert (found.barrier, found.reversed_by) == (Barrier.REVERSED, taken.receipt_no)
    void = desk.corrections.voids(desk.business_date(), desk.business_date())[0]
    assert (void.receipt_no, void.cause, void.reason) == (request.payment.receipt_no, "mistake", "录错户号")
    for number in (taken.receipt_no, request.payment.receipt_no):
        assert desk.print_receipt(number).error == ""


def test_a_lost_reply_of_a_correction_is_settled(desk: Desk) -> None:
    """It stands in the list of what is not known with its account and amount."""
    request = reversal(desk)
    _action, body = desk.corrections.subject_of(request)
    desk.corrections.taking.posting.store.remember("reverse_payment", body)
    pending = desk.pending()[0]
    assert (pending.account_no, pending.total_fen) == (ACCOUNT, 700)
    assert desk.settle(request.request_id) is None
    again = ReversePayment(new_request_id(), request.shift_id, request.payment, Cause.OTHER, "录错户号")
    taken = desk.corrections.post(again)
    desk.corrections.taking.posting.store.remember("reverse_payment", desk.corrections.subject_of(again)[1])
    settled = desk.settle(again.request_id)
    assert settled is not None
    assert settled.receipt_no == taken.receipt_no


@pytest.mark.parametrize(
    "number", ["", "[/]", "'; --", "0101-260101-9999", "１-２-３", "a-b-c", "1-1-99999999999999"]
)
def test_what_is_no_receipt_of_the_hall_is_not_found(desk: Desk, number: str) -> None:
    """Whatever is typed."""
    assert desk.corrections.find(number) is None


def test_refunds_and_transfers_have_papers(desk: Desk, bureau: Bureau) -> None:
    """Composed from what they left in the ledger, by the bank and in cash."""
    other = "330100000002"
    bureau.add_account(other)
    shift, boss = desk.current_shift(), bureau
    assert shift is not None

    def account(number: str) -> AccountView:
        """As it is now."""
        found = desk.account(number)
        assert found is not None
        return found

    def posted(build: Callable[[], RefundBalance | TransferBalance]) -> str:
        """Approve and post it; the number of its receipt."""
        request = build()
        action, subject = desk.corrections.subject_of(request)
        approval = new_request_id()
        asked = {"approval_id": str(approval), "action": action, "subject": subject, "reason": request.reason}
        boss.call("t10001", "request_approval", asked)
        boss.call("t30001", "decide_approval", {"approval_id": str(approval), "approved": True})
        return desk.corrections.post(replace(request, approval_id=approval)).receipt_no

    payee = ("[/]王", "6222020200012345", "工商银行")
    for by_bank, whom in ((False, ("", "", "")), (True, payee)):
        number = posted(
            lambda by_bank=by_bank, whom=whom: RefundBalance(  # type: ignore[misc]
                new_request_id(),
                shift.shift_id,
                ACCOUNT,
                account(ACCOUNT).version,
                100,
                by_bank,
                "销户退费",
                *whom,
            )
        )
        assert desk.print_receipt(number).error == ""
    number = posted(
        lambda: TransferBalance(
            new_request_id(),
            shift.shift_id,
            ACCOUNT,
            other,
            account(ACCOUNT).version,
            account(other).version,
            500,
            "并户",
        )
    )
    assert desk.print_receipt(number).error == ""
    assert account(other).prepaid_fen == 500
