"""Payments for many accounts from several desks at once, through the services."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import text

from counter.domain import spreading
from counter.domain.tenders import cash
from counter.errors import BalanceChanged
from counter.services.ledger import verify
from counter.services.payers import Payers
from counter.services.payments import Payments
from counter.services.pending import PendingStore
from counter.services.ports import AccountPayment, PaymentTaken, TakePayment
from counter.services.posting import Posting
from tests.bureau import Bureau

NUMBERS = [str(330_100_000_000 + n) for n in range(40)]
DESKS = (("t10001", 101), ("t10002", 102), ("t10003", 201))


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """Forty accounts that owe 10.00 each."""
    for number in NUMBERS:
        bureau.add_account(number)
    with bureau.engine("t60001").begin() as connection:
        connection.execute(text("SELECT counter.begin_import()"))
        for line, number in enumerate(NUMBERS, 2):
            bill = {"line": line, "number": number, "due": date(2999, 1, 1).isoformat()}
            connection.execute(
                text(
                    "INSERT INTO counter.bill_staging (line_no, account_no, period, part, kwh, amount, due_date)"
                    " VALUES (:line, :number, '202601', '1', '1', '10.00', :due)"
                ),
                bill,
            )
        request = f'{{"request_id": "{uuid4()}", "file_hash": ""}}'
        connection.execute(text("SELECT counter.load_bills(CAST(:r AS jsonb))"), {"r": request})
    return bureau


def pay(payers: Payers, takes: Payments, shift: int, numbers: list[str], total_fen: int) -> PaymentTaken:
    """Read, spread and post; another desk's change is read again, as the clerk does."""
    for _try in range(100):
        reading = payers.read(numbers)
        owing = [account.owing for account in reading.accounts]
        versions = {account.account_no: account.version for account in reading.accounts}
        amounts = spreading.oldest_first(owing, total_fen, numbers[0])
        parts = tuple(
            AccountPayment(share.account_no, versions[share.account_no], share.lines, share.prepaid_fen)
            for share in spreading.shares(owing, amounts)
        )
        try:
            return takes.take(TakePayment(uuid4(), shift, (cash(total_fen, total_fen),), parts, "某某公司"))
        except BalanceChanged:
            continue
    raise AssertionError("never posted")


def test_overlapping_groups_at_once_in_opposite_order(desk: Bureau, tmp_path: Path) -> None:
    """No deadlock and no other fault reaches a clerk; every fen is where it belongs."""
    start = Barrier(len(DESKS))

    def work(place: int) -> list[int]:
        staff_no, till_no = DESKS[place]
        engine = desk.engine(staff_no)
        takes = Payments(Posting(engine, PendingStore(tmp_path / staff_no, staff_no)))
        shift = desk.open_shift(staff_no, till_no)
        start.wait()
        numbers = NUMBERS[place * 5 :] if place % 2 else NUMBERS[::-1]
        return [pay(Payers(engine), takes, shift, numbers, 7_000).total_fen for _round in range(4)]

    with ThreadPoolExecutor(len(DESKS)) as desks:
        taken = [fen for done in desks.map(work, range(len(DESKS))) for fen in done]
    assert sum(taken) == 12 * 7_000
    assert desk.value("SELECT sum(arrears_fen) FROM counter.account_balance") == 0
    assert desk.value("SELECT sum(prepaid_fen) FROM counter.account_balance") == 12 * 7_000 - 40_000
    assert verify(desk.engine("t40001")).finding is None


def test_one_round_trip_posts_however_many_accounts(desk: Bureau, tmp_path: Path) -> None:
    """The request goes once; the same request again is answered as before."""
    takes = Payments(Posting(desk.engine("t10001"), PendingStore(tmp_path, "t10001")))
    shift = desk.open_shift()
    known = {
        number: desk.value("SELECT version FROM counter.account_balance WHERE account_no = %s", number)
        for number in NUMBERS
    }
    parts = tuple(AccountPayment(number, version, (), 100) for number, version in known.items())
    request = TakePayment(uuid4(), shift, (cash(4_000, 5_000),), parts, "某某公司")
    first = takes.take(request)
    again = takes.take(request)
    assert (first.change_fen, again.journal_id, again.replayed) == (1_000, first.journal_id, True)
    assert desk.value("SELECT count(*) FROM counter.receipt_account") == 40
    assert takes.posting.store.listed() == ()
