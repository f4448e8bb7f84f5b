"""A supervisor approves the largest payment there is: 5,000 accounts with three overdue bills each."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from counter.domain import spreading
from counter.domain.tenders import cash
from counter.errors import NeedsApproval, Refusal
from counter.services.desk import Desk
from counter.services.gateway import ServerGateway
from counter.services.ledger import verify
from counter.services.ports import AccountPayment, TakePayment
from counter.services.ports.approvals import ApprovalState
from counter.services.ports.payers import ACCOUNTS_MAX
from counter.ui.approval_words import subject_lines
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau

NUMBERS = [str(330_100_000_000 + number) for number in range(ACCOUNTS_MAX)]
ACCOUNTS = """
    INSERT INTO counter.account_staging (line_no, account_no, hall_no, name, name_initials, address, places, tails,
                                         customer_class)
    SELECT i, (330100000000 + i)::text, '1', '某某公司', 'mmgs', '人民路1号', '{人民路}', '{1号}', 'non_residential'
      FROM generate_series(0, :most - 1) i
"""
BILLS = """
    INSERT INTO counter.bill_staging (line_no, account_no, period, kwh, amount, due_date)
    SELECT i * 3 + k, (330100000000 + i)::text, (202506 + k)::text, '100', '123.45', '2025-' || (7 + k) || '-25'
      FROM generate_series(0, :most - 1) i, generate_series(0, 2) k
"""


@pytest.fixture
def desk(bureau: Bureau) -> Desk:
    """A clerk with an open shift."""
    for stage, load in ((ACCOUNTS, "load_accounts"), (BILLS, "load_bills")):
        with bureau.engine("t60001").begin() as connection:
            connection.execute(text("SELECT counter.begin_import()"))
            connection.execute(text(stage), {"most": ACCOUNTS_MAX})
            request = json.dumps({"request_id": str(uuid4()), "file_hash": ""})
            connection.execute(text(f"SELECT counter.{load}(CAST(:r AS jsonb))"), {"r": request})
    with bureau.psql() as connection:
        connection.execute("UPDATE counter.account SET corporate_bank = true")
    bureau.open_shift()
    folder = bureau.folder / "desk"
    return ServerGateway(bureau.url, folder, Press(folder / "receipts")).sign_in("t10001", PASSWORD)


def payment(desk: Desk) -> TakePayment:
    """Everything that all of them owe, in cash."""
    shift = desk.current_shift()
    assert shift is not None
    reading = desk.payers.read(NUMBERS)
    owing = [account.owing for account in reading.accounts]
    total_fen = sum(account.owed_fen for account in owing)
    amounts = spreading.oldest_first(owing, total_fen, NUMBERS[0])
    versions = {account.account_no: account.version for account in reading.accounts}
    parts = tuple(
        AccountPayment(share.account_no, versions[share.account_no], share.lines, share.prepaid_fen)
        for share in spreading.shares(owing, amounts)
    )
    paid = (cash(total_fen, total_fen),)
    return TakePayment(uuid4(), shift.shift_id, paid, parts, "某某公司", "银行系统停机")


def test_the_largest_payment_is_asked_for_signed_and_posted(desk: Desk, bureau: Bureau) -> None:
    """The list of what waits names the accounts and no more of them, however many there are."""
    request = payment(desk)
    with pytest.raises(NeedsApproval):
        desk.take_payment(request)
    approval_id = uuid4()
    subject = desk.approvals.subject_of(request)
    desk.approvals.ask(approval_id, "payment", subject, request.reason)
    (waiting,) = desk.approvals.waiting()
    assert subject_lines("payment", waiting.subject) == subject_lines("payment", subject)
    assert len(json.dumps(waiting.subject)) < 250_000
    assert len(json.dumps(subject)) > 1_000_000
    view = desk.approvals.sign_here(approval_id, "t30001", PASSWORD, approved=True, note="")
    assert view.state is ApprovalState.APPROVED
    taken = desk.take_payment(replace(request, approval_id=approval_id))
    assert (taken.total_fen, taken.arrears_after_fen) == (request.total_fen, 0)
    assert bureau.value("SELECT count(*) FROM counter.receipt_account") == ACCOUNTS_MAX
    assert desk.print_receipt(taken.receipt_no).error == ""
    assert verify(bureau.admin).finding is None


def test_a_question_without_end_is_refused_in_words(desk: Desk) -> None:
    """It is said that it is too much, not that a supervisor is missing."""
    subject = {"account_no": NUMBERS[0], "amount_fen": 1, "reason": "退", "note": "长" * 3_000_000}
    with pytest.raises(Refusal) as error:
        desk.approvals.ask(uuid4(), "refund", subject, "退")
    assert "太大" in error.value.title
    assert desk.approvals.waiting() == ()
