"""The migrated database is what models and ``db/sql`` say, and a drift of either is noticed."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from db.migrate import differences, upgrade
from tests.bureau import Bureau


def test_migrations_give_the_models_and_sql_files(bureau: Bureau) -> None:
    """Tables, constraints, functions, triggers, policies and grants alike."""
    assert differences(bureau.admin) == []


def test_upgrading_again_changes_nothing(bureau: Bureau) -> None:
    """Safe to repeat, with open shifts and data in it."""
    bureau.add_account("330100000001")
    upgrade(bureau.admin)
    assert differences(bureau.admin) == []
    assert bureau.value("SELECT count(*) FROM counter.account") == 1


@pytest.mark.parametrize(
    ("drift", "named"),
    [
        ("DROP TRIGGER refuse_row_change ON counter.journal", "trigger journal.refuse_row_change: missing"),
        (
            "ALTER TABLE counter.posting DISABLE TRIGGER posting_balances",
            "trigger posting.posting_balances: differs",
        ),
        ("GRANT INSERT ON counter.posting TO counter_clerk", "grant posting: differs"),
        ("GRANT UPDATE (prepaid_fen) ON counter.account_balance TO PUBLIC", "grant account_balance: differs"),
        ("DROP POLICY read_own_hall ON counter.journal", "policy journal.read_own_hall: missing"),
        ("ALTER TABLE counter.journal DISABLE ROW LEVEL SECURITY", "grant journal: differs"),
        (
            "ALTER FUNCTION counter.post_payment(jsonb) SECURITY INVOKER",
            "function post_payment(request jsonb): differs",
        ),
        (
            "GRANT EXECUTE ON FUNCTION counter.load_bills(jsonb) TO PUBLIC",
            "function load_bills(request jsonb): differs",
        ),
        (
            "CREATE FUNCTION counter.back_door() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "function back_door(): not in db/sql",
        ),
        (
            "CREATE OR REPLACE VIEW counter.staged_bill AS SELECT account_no, period::integer AS period,"
            " 1::smallint AS part, 0 AS kwh, current_date AS due_date, 0::bigint AS principal_fen"
            " FROM counter.bill_staging",
            "view staged_bill: differs",
        ),
        ("ALTER TABLE counter.bill DROP CONSTRAINT bill_not_overpaid", "bill_not_overpaid"),
        ("ALTER TABLE counter.hall ADD COLUMN extra int", "extra"),
    ],
)
def test_a_drift_is_named(bureau: Bureau, drift: str, named: str) -> None:
    """One line says which object is not as it should be."""
    with bureau.admin.begin() as connection:
        connection.execute(text(drift))
    found = differences(bureau.admin)
    assert len(found) == 1, found
    assert named in found[0]
