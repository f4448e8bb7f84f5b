"""``counter ledger verify`` finds what somebody with the superuser's rights has bent."""

from __future__ import annotations

import pytest

from counter.services.ledger import verify
from tests.bureau import Bureau

ACCOUNT = "330100000001"


@pytest.fixture
def books(bureau: Bureau) -> Bureau:
    """Three payments on one till."""
    bureau.add_account(ACCOUNT, prepaid="7.00")
    shift = bureau.open_shift()
    for total_fen in (500, 600, 700):
        request = bureau.payment(shift, ACCOUNT, total_fen=total_fen, prepaid_fen=total_fen)
        bureau.call("t10001", "post_payment", request)
    return bureau


def tamper(bureau: Bureau, statement: str) -> None:
    """Change something with every guard switched off."""
    with bureau.psql() as connection:
        for table in ("journal", "posting", "tender", "receipt"):
            connection.execute(f"ALTER TABLE counter.{table} DISABLE TRIGGER ALL")
        connection.execute(statement)


def test_an_untouched_ledger_is_right_for_an_auditor(books: Bureau) -> None:
    """The auditor's own login is enough."""
    proof = verify(books.engine("t40001"))
    assert proof.finding is None
    assert (proof.extent.journals, proof.extent.tills) == (5, 10)


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE counter.posting SET amount_fen = amount_fen * 2 WHERE journal_id = 1010000000003", "chains"),
        ("UPDATE counter.tender SET received_fen = 9999 WHERE journal_id = 1010000000003", "chains"),
        ("UPDATE counter.journal SET staff_no = 't10002' WHERE journal_id = 1010000000003", "chains"),
        ("UPDATE counter.journal SET hash = prev_hash WHERE journal_id = 1010000000003", "chains"),
        ("DELETE FROM counter.journal WHERE journal_id = 1010000000003", "chains"),
        ("DELETE FROM counter.journal WHERE journal_id = 1010000000004", "chain heads"),
        ("UPDATE counter.till SET chain_seq = 5 WHERE till_no = 101", "chain heads"),
        (
            "INSERT INTO counter.posting VALUES (1010000000077, 1, 'bank', NULL, NULL, NULL, 5),"
            " (1010000000077, 2, 'bank', NULL, NULL, NULL, -5)",
            "orphans",
        ),
        ("UPDATE counter.receipt SET total_fen = 1 WHERE journal_id = 1010000000003", "receipts"),
        ("UPDATE counter.account_balance SET prepaid_fen = prepaid_fen + 1", "balances"),
        ("UPDATE counter.account_balance SET arrears_fen = arrears_fen + 1", "balances"),
    ],
)
def test_the_first_wrong_thing_is_named(books: Bureau, statement: str, check: str) -> None:
    """Each kind of tampering is found by the check that is meant for it."""
    tamper(books, statement)
    finding = verify(books.admin).finding
    assert finding is not None
    assert finding.check == check


def test_a_receipt_number_that_is_missing_is_found(books: Bureau) -> None:
    """A gap is an incident, also when the chain was mended around it."""
    tamper(books, "UPDATE counter.journal SET receipt_serial = 9 WHERE journal_id = 1010000000004")
    from db.queries import ledger_checks

    with books.admin.begin() as connection:
        found = dict(ledger_checks.run(connection))
    assert found["receipt numbers"] is not None


def test_a_bill_that_was_bent_is_found(books: Bureau) -> None:
    """A bill's cached payments are its postings."""
    books.add_bills(ACCOUNT, (202501, 5_000, books.value("SELECT counter.business_date() + 5")))
    assert verify(books.admin).finding is None
    tamper(books, "UPDATE counter.bill SET principal_paid_fen = 1")
    finding = verify(books.admin).finding
    assert finding is not None
    assert finding.check == "bills"
