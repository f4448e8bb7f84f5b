"""Statements are taken over line by line, each line once, and the ledger's bank is what they close with."""

from __future__ import annotations

import pytest

from tests.bureau import Bureau
from tests.ledger.closed import add_bank_account
from tests.ledger.statements import ACCOUNT, bring, request, send, statement

DAY_1 = [("2026-11-01", 10_000, "A1", "电费"), ("2026-11-01", -500, "A2", "手续费")]


@pytest.fixture
def bank(bureau: Bureau) -> Bureau:
    """A bureau with one bank account."""
    add_bank_account(bureau, ACCOUNT)
    return bureau


def test_a_first_statement_brings_its_opening_and_its_lines(bank: Bureau) -> None:
    """Opening against equity, money in as unidentified, money out as unexplained."""
    answer = bring(bank, statement(DAY_1, 100_000))
    assert answer["statements"][0]["lines_new"] == 2
    assert bank.value("SELECT closing_fen FROM counter.bank_account") == 109_500
    postings = bank.value(
        "SELECT jsonb_object_agg(ledger_account, fen) FROM (SELECT ledger_account::text, sum(amount_fen) AS fen"
        " FROM counter.posting GROUP BY 1) p"
    )
    assert postings == {
        "bank": 109_500,
        "opening_equity": -100_000,
        "unidentified_receipts": -10_000,
        "unexplained_payments": 500,
    }
