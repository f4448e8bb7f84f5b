"""What an import leaves in the ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest

from counter.services.ledger import verify
from tests.bureau import Bureau

ACCOUNT = "330100000001"


def lines(bureau: Bureau, kind: str) -> list[tuple[str, int]]:
    """The postings of every journal of a kind."""
    with bureau.psql() as connection:
        return connection.execute(
            "SELECT p.ledger_account::text, p.amount_fen FROM counter.posting p JOIN counter.journal j"
            " USING (journal_id) WHERE j.kind = %s::counter.journal_kind ORDER BY p.journal_id, p.line",
            [kind],
        ).fetchall()


def test_an_opening_balance_is_posted_when_the_account_is_added(bureau: Bureau) -> None:
    """Once: the same account again changes nothing."""
    bureau.add_account(ACCOUNT, prepaid="12.34")
    bureau.add_account(ACCOUNT, prepaid="99.00")
    assert lines(bureau, "opening_balance") == [("opening_equity", 1_234), ("prepaid", -1_234)]
    assert verify(bureau.admin).finding is None


@pytest.mark.parametrize(
    ("prepaid", "owed", "left", "paid"),
    [
        # 100.00 that fell due ten days ago carry a late fee of 1.00; 50.00 are not due yet
        ("0.50", [("late_fee_income", -50)], 0, 50),
        ("1.00", [("late_fee_income", -100)], 0, 100),
        ("41.00", [("late_fee_income", -100), ("receivable", -4_000)], 0, 4_100),
        (
            "141.00",
            [("late_fee_income", -100), ("receivable", -10_000), ("receivable", -4_000)],
            0,
            14_100,
        ),
        (
            "200.00",
            [("late_fee_income", -100), ("receivable", -10_000), ("receivable", -5_000)],
            4_900,
            15_100,
        ),
    ],
)
def test_a_prepaid_balance_is_drawn_down_at_once(
    bureau: Bureau, prepaid: str, owed: list[tuple[str, int]], left: int, paid: int
) -> None:
    """Oldest bill first, late fee before principal, never more than there is."""
    today = bureau.value("SELECT counter.business_date()")
    bureau.add_account(ACCOUNT, prepaid=prepaid)
    bureau.add_bills(
        ACCOUNT, (202402, 5_000, today + timedelta(days=5)), (202401, 10_000, today - timedelta(days=10))
    )
    drawn = lines(bureau, "draw_down")
    assert [line for line in drawn if line[0] != "prepaid"] == owed
    assert sum(amount for account, amount in drawn if account == "prepaid") == paid
    assert bureau.value("SELECT prepaid_fen FROM counter.account_balance") == left
    assert verify(bureau.admin).finding is None


def test_a_bill_over_nothing_is_kept_and_owes_nothing(bureau: Bureau) -> None:
    """零字户: the bill is there for the exception list, and no journal is written for it."""
    bureau.add_account(ACCOUNT)
    bureau.add_bills(ACCOUNT, (202401, 0, bureau.value("SELECT counter.business_date()")))
    assert bureau.value("SELECT count(*) FROM counter.bill") == 1
    assert lines(bureau, "billing") == []
    assert verify(bureau.admin).finding is None
