"""A bureau of the release before comes forward with everything in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from db.engine import make_engine
from db.migrate import differences, migrate, upgrade
from tests.conftest import in_database, run_in

OLD_BUREAU = """
    INSERT INTO counter.hall VALUES (1, '城关营业厅');
    INSERT INTO counter.till (till_no, hall_no, name, chain_seq, chain_head)
    VALUES (101, 1, '1号台', 2, sha256('2'));
    INSERT INTO counter.journal (journal_id, till_no, till_seq, kind, business_date, hall_no, staff_no, request_id,
                                 request_hash, receipt_serial, effective_at, recorded_at, prev_hash, hash)
    VALUES (1010000000001, 101, 1, 'shift_opening', '2026-01-05', 1, 't1', gen_random_uuid(), '', NULL, now(), now(),
            sha256('0'), sha256('1')),
           (1010000000002, 101, 2, 'payment', '2026-01-05', 1, 't1', gen_random_uuid(), '', 1, now(), now(),
            sha256('1'), sha256('2'));
    INSERT INTO counter.posting (journal_id, line, ledger_account, amount_fen)
    VALUES (1010000000001, 1, 'cash_in_till', 50000), (1010000000001, 2, 'float_fund', -50000),
           (1010000000002, 1, 'cash_in_till', 12345), (1010000000002, 2, 'late_fee_income', -12345);
    CREATE FUNCTION counter.business_date() RETURNS text LANGUAGE sql AS 'SELECT 1::text';
    CREATE FUNCTION counter.forgotten(text) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
    CREATE VIEW counter.old_view AS SELECT counter.business_date();
"""


@pytest.fixture
def old_bureau(server_url: str, template: str) -> Iterator[Engine]:
    """A database as the first release left it; ``template`` made the roles."""
    name = f"{template}_old"
    run_in(server_url, f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
    engine = make_engine(in_database(server_url, name))
    with engine.begin() as connection:
        migrate(connection, "0001")
        connection.execute(text(OLD_BUREAU.replace(":", "\\:")))
    yield engine
    engine.dispose()
    run_in(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def test_the_release_before_comes_forward_with_its_tills(old_bureau: Engine) -> None:
    """The schema is today's, old functions are gone, drawers hold what the books say, the hall has a safe."""
    upgrade(old_bureau)
    assert differences(old_bureau) == []
    with old_bureau.connect() as connection:
        tills = connection.execute(
            text("SELECT till_no, kind::text, cash_fen FROM counter.till ORDER BY till_no")
        ).all()
    assert [tuple(till) for till in tills] == [
        (101, "desk", 62_345),
        (800_001, "safe", 0),
        (850_001, "bank", 0),
    ]


def test_a_second_upgrade_at_once_waits_and_changes_nothing(old_bureau: Engine) -> None:
    """The lock is given back at the end, also for the same program."""
    upgrade(old_bureau)
    upgrade(old_bureau)
    with old_bureau.connect() as connection:
        locks = connection.execute(
            text(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
                " (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        ).scalar_one()
    assert locks == 0


def test_the_cards_of_a_sale_are_known_after_the_upgrade(old_bureau: Engine) -> None:
    """A card that is sold brings its sale along; one in stock has none."""
    with old_bureau.begin() as connection:
        migrate(connection, "0003")
        connection.execute(
            text(
                "INSERT INTO counter.recharge_card (card_no, face_fen, secret_digest, status, sold_by) VALUES"
                " ('80000001', 20000, '', 'sold', 1010000000002), ('80000002', 20000, '', 'stock', NULL)"
            )
        )
    upgrade(old_bureau)
    with old_bureau.connect() as connection:
        sold = connection.execute(text("SELECT journal_id, card_no FROM counter.sold_card")).all()
    assert [tuple(row) for row in sold] == [(1_010_000_000_002, "80000001")]
