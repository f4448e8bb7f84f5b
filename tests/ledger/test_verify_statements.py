"""``counter ledger verify`` finds what a superuser did to statements."""

from __future__ import annotations

import pytest

from counter.services.ledger import verify
from tests.bureau import Bureau
from tests.ledger.closed import add_bank_account
from tests.ledger.statements import ACCOUNT, MERCHANT, bring, statement


@pytest.fixture
def bank(bureau: Bureau) -> Bureau:
    """Two statements of a bank account and a settlement file."""
    add_bank_account(bureau, ACCOUNT)
    bring(bureau, statement([("2026-11-01", 10_000, "A1", "x"), ("2026-11-01", -500, "A2", "y")], 100_000))
    bring(bureau, statement([("2026-11-02", 7_000, "B1", "x")], 109_500))
    with bureau.psql() as connection:
        connection.execute(
            "INSERT INTO counter.bank_account (bank_account_no, bank_name, holder, kind)"
            " VALUES (%s, '银联商务', '滨江供电局', 'acquirer')",
            [MERCHANT],
        )
    sale = ["2026-11-01", None, 5_000, None, "R", "", "", "", False, 1, None, 19, "T", "1", "1", "", "", None]
    settled = statement([], 0, MERCHANT) | {"lines": [sale], "opening_fen": None, "closing_fen": None}
    bring(bureau, settled, kind="settlement")
    return bureau


def test_untouched_statements_are_right(bank: Bureau) -> None:
    assert verify(bank.engine("t40001")).finding is None


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("UPDATE counter.bank_account SET closing_fen = closing_fen + 1 WHERE kind = 'bank'", "bank"),
        ("UPDATE counter.statement_line SET seq = 9 WHERE seq = 2", "statement lines"),
        ("UPDATE counter.statement_line SET balance_fen = 1 WHERE seq = 2", "statement lines"),
        ("UPDATE counter.bank_account SET last_seq = 9", "statement lines"),
        ("UPDATE counter.statement_line SET fee_fen = 20 WHERE fee_fen = 19", "statements"),
        ("UPDATE counter.statement SET opening_fen = 1 WHERE statement_id = 1", "statements"),
        ("DELETE FROM counter.statement_line WHERE seq = 3", "statement lines"),
        ("UPDATE counter.statement_line SET statement_id = 1 WHERE seq = 3", "statements"),
        ("UPDATE counter.statement_line SET open_fen = 1 WHERE seq = 3", "open lines"),
    ],
)
def test_what_was_done_to_them_is_found(bank: Bureau, change: str, check: str) -> None:
    """By the first check that can see it."""
    with bank.psql() as connection:
        for table in ("statement_line", "statement"):
            connection.execute(f"ALTER TABLE counter.{table} DISABLE TRIGGER ALL")
        connection.execute(change)
    finding = verify(bank.engine("t40001")).finding
    assert finding is not None
    assert finding.check == check
