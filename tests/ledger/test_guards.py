"""What nobody may do, whichever program they use and whoever they are."""

from __future__ import annotations

import json
from uuid import uuid4

import psycopg
import pytest

import db.models  # noqa: F401  (fills the metadata)
from db import admin
from db.base import metadata
from tests.bureau import STAFF, Bureau

ACCOUNT = "330100000001"
LEDGER = ("journal", "posting", "tender", "receipt", "receipt_print", "account_change", "abandoned_request")
LOGINS = tuple(row[0] for row in STAFF)
FIRST_COLUMN = {table.name: table.columns[0].name for table in metadata.tables.values()}


@pytest.fixture
def paid(bureau: Bureau) -> Bureau:
    """A bureau in which one prepayment was taken and its receipt printed."""
    bureau.add_account(ACCOUNT)
    shift = bureau.open_shift()
    answer = bureau.call(
        "t10001", "post_payment", bureau.payment(shift, ACCOUNT, total_fen=500, prepaid_fen=500)
    )
    bureau.call(
        "t10001",
        "record_print",
        {
            "request_id": "01890000-0000-7000-8000-000000000001",
            "journal_id": answer["journal_id"],
            "outcome": "saved",
        },
    )
    phone = {
        "request_id": "01890000-0000-7000-8000-000000000002",
        "account_no": ACCOUNT,
        "phone": "13800000000",
    }
    bureau.call("t10001", "set_phone", phone)
    with bureau.psql("t10001") as connection:
        connection.execute(
            "SELECT counter.settle_payment('01890000-0000-7000-8000-000000000003', %s)", [shift]
        )
    return bureau


def state(bureau: Bureau, statement: str, login: str = "", role: str = "") -> str:
    """The state with which a statement is refused; empty when it is not."""
    with bureau.psql(login) as connection:
        if role:
            connection.execute(f"SET ROLE {role}")
        try:
            connection.execute(statement)
        except psycopg.Error as refused:
            return refused.sqlstate or "?"
    return ""


@pytest.mark.parametrize("table", LEDGER)
def test_nobody_changes_the_ledger_not_even_the_owner(paid: Bureau, table: str) -> None:
    """UPDATE, DELETE and TRUNCATE are refused to the superuser and to the owner alike."""
    column = FIRST_COLUMN[table]
    assert paid.value(f"SELECT count(*) FROM counter.{table}") > 0
    for role in ("", "counter_owner"):
        assert state(paid, f"UPDATE counter.{table} SET {column} = {column}", role=role) == "CN011"
        assert state(paid, f"DELETE FROM counter.{table}", role=role) == "CN011"
        assert state(paid, f"TRUNCATE counter.{table} CASCADE", role=role) == "CN011"


@pytest.mark.parametrize("login", LOGINS)
def test_no_login_writes_a_table(paid: Bureau, login: str) -> None:
    """Money moves through functions only; a clerk with psql can do no more than the screen can."""
    for table in (*LEDGER, "account", "account_balance", "bill", "till", "shift", "late_fee_policy"):
        for statement in (
            f"INSERT INTO counter.{table} DEFAULT VALUES",
            f"UPDATE counter.{table} SET {FIRST_COLUMN[table]} = NULL",
            f"DELETE FROM counter.{table}",
            f"TRUNCATE counter.{table}",
        ):
            assert state(paid, statement, login) == "42501", statement


INSERT_JOURNAL = (
    "INSERT INTO counter.journal (journal_id, till_no, till_seq, kind, business_date, hall_no, staff_no, request_id,"
    " request_hash, effective_at, recorded_at, prev_hash, hash) SELECT 1010000000099, 101, 99, 'billing', current_date,"
    " 1, 'x', gen_random_uuid(), hash, now(), now(), hash, hash FROM counter.journal LIMIT 1"
)


@pytest.mark.parametrize(
    "statements",
    [
        INSERT_JOURNAL,
        f"{INSERT_JOURNAL}; INSERT INTO counter.posting VALUES (1010000000099, 1, 'bank', NULL, NULL, NULL, 5),"
        " (1010000000099, 2, 'bank_fees', NULL, NULL, NULL, -4)",
        f"{INSERT_JOURNAL}; INSERT INTO counter.posting VALUES (1010000000099, 1, 'bank', NULL, NULL, NULL, 5)",
        "INSERT INTO counter.posting VALUES (1010000000098, 1, 'bank', NULL, NULL, NULL, 5),"
        " (1010000000098, 2, 'bank_fees', NULL, NULL, NULL, -5)",
        "INSERT INTO counter.posting SELECT journal_id, max(line) + 1, 'bank', NULL, NULL, NULL, 5"
        " FROM counter.posting GROUP BY journal_id",
        f"{INSERT_JOURNAL}; INSERT INTO counter.posting VALUES (1010000000099, 1, 'prepaid', '1', NULL, NULL, 5),"
        " (1010000000099, 2, 'bank_fees', NULL, NULL, NULL, -5)",
        f"{INSERT_JOURNAL}; INSERT INTO counter.posting VALUES (1010000000099, 1, 'receivable', '{ACCOUNT}', 203001, 1, 5),"
        " (1010000000099, 2, 'bank_fees', NULL, NULL, NULL, -5)",
    ],
    ids=[
        "no lines",
        "unbalanced",
        "one line",
        "no journal",
        "added later",
        "no such account",
        "no such bill",
    ],
)
def test_an_unbalanced_or_loose_journal_does_not_commit(paid: Bureau, statements: str) -> None:
    """Not even for the superuser."""
    assert state(paid, f"BEGIN; {statements}; COMMIT") == "CN012"


def test_a_hall_s_journals_are_hidden_from_other_halls(paid: Bureau) -> None:
    """Row policies: a clerk reads the own hall, an auditor all; the account's history is open to both."""
    seen = {}
    for login in ("t10001", "t10003", "t40001"):
        with paid.psql(login) as connection:
            row = connection.execute(
                "SELECT (SELECT count(*) FROM counter.journal WHERE kind = 'payment'), (SELECT count(*) FROM"
                " counter.posting), (SELECT count(*) FROM counter.receipt),"
                f" (SELECT count(*) FROM counter.account_payments('{ACCOUNT}', 10))"
            ).fetchone()
            seen[login] = row
    assert seen["t10001"] == seen["t40001"] == (1, 4, 1, 1)
    assert seen["t10003"] == (0, 0, 0, 1)


def test_a_locked_member_of_staff_can_neither_sign_in_nor_post(paid: Bureau) -> None:
    """Locking works on the open connection as well, and in a shift that is open already."""
    open_before = paid.psql("t10001")
    shift = paid.value("SELECT shift_id FROM counter.shift WHERE staff_no = 't10001'")
    payment = paid.payment(shift, ACCOUNT, total_fen=100, prepaid_fen=100)
    with paid.admin.begin() as connection:
        admin.lock_staff(connection, "t10001")
    wanted = {"request_id": str(uuid4()), "till_no": 102, "float_fen": 0}
    with pytest.raises(psycopg.Error) as refused:
        open_before.execute("SELECT counter.open_shift(%s)", [json.dumps(wanted)])
    assert refused.value.sqlstate == "CN013"
    with pytest.raises(psycopg.Error) as refused:
        open_before.execute("SELECT counter.post_payment(%s)", [json.dumps(payment)])
    assert refused.value.sqlstate == "CN003"
    open_before.close()
    with paid.admin.begin() as connection:
        admin.create_staff(
            connection, "t10001", name="张敏", hall_no=1, duty="clerk", password="right-password"
        )


def test_cashiers_take_money_and_auditors_only_read(paid: Bureau) -> None:
    """EXECUTE is granted by duty."""
    assert state(paid, "SELECT counter.open_shift('{}')", "t40001") == "42501"
    assert state(paid, "SELECT counter.load_bills('{}')", "t10001") == "42501"
    assert state(paid, "SELECT counter.append_journal(NULL, NULL, NULL)", "t30001") == "42501"
