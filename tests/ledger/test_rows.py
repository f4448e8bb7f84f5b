"""What a single row may never say, whoever writes it: tried as the superuser."""

from __future__ import annotations

import psycopg
import pytest

from tests.bureau import Bureau

ACCOUNT = "330100000001"
CHECK, APPEND_ONLY, JOURNAL = "23514", "CN011", "CN012"


@pytest.fixture
def billed(bureau: Bureau) -> Bureau:
    """An account with one bill."""
    bureau.add_account(ACCOUNT)
    bureau.add_bills(ACCOUNT, (202601, 10_000, bureau.value("SELECT counter.business_date() + 5")))
    return bureau


def refusal(bureau: Bureau, statement: str) -> str:
    """The state with which a statement is refused; empty when it is not."""
    with bureau.psql() as connection:
        try:
            connection.execute(statement)
        except psycopg.Error as refused:
            return refused.sqlstate or "?"
    return ""


@pytest.mark.parametrize(
    "line",
    [
        f"'receivable', '{ACCOUNT}', NULL, NULL, 5",
        "'receivable', NULL, NULL, NULL, 5",
        "'prepaid', NULL, NULL, NULL, 5",
        f"'receivable', '{ACCOUNT}', 202601, NULL, 5",
        "'bank', NULL, 202601, 1, 5",
        f"'prepaid', '{ACCOUNT}', NULL, NULL, 0",
    ],
    ids=[
        "receivable of no bill",
        "of nobody",
        "prepaid of nobody",
        "half a bill",
        "a bill of nobody",
        "nothing of somebody",
    ],
)
def test_a_line_names_what_it_is_about(billed: Bureau, line: str) -> None:
    """Refused at once, before the journal is looked for at commit."""
    assert refusal(billed, f"INSERT INTO counter.posting VALUES (1010000000099, 1, {line})") == JOURNAL


@pytest.mark.parametrize(
    "changed",
    [
        {"journal_id": 1010000000098},
        {"till_seq": 0, "journal_id": 1010000000000},
        {"kind": "'payment'"},
        {"receipt_serial": 1},
        {"hash": "'\\x00'"},
        {"prev_hash": "'\\x00'"},
    ],
)
def test_the_header_of_a_journal_makes_sense(billed: Bureau, changed: dict[str, object]) -> None:
    """Its id, its receipt number and its hashes are checked at commit, together with its lines."""
    header: dict[str, object] = {
        "journal_id": 1010000000099,
        "till_no": 101,
        "till_seq": 99,
        "kind": "'billing'",
        "business_date": "current_date",
        "hall_no": 1,
        "staff_no": "'x'",
        "request_id": "gen_random_uuid()",
        "request_hash": "''",
        "effective_at": "now()",
        "recorded_at": "now()",
        "receipt_serial": "NULL",
        "prev_hash": "sha256('')",
        "hash": "sha256('')",
    }
    values = header | changed
    lines = "({0}, 1, 'bank', NULL, NULL, NULL, 5), ({0}, 2, 'bank_fees', NULL, NULL, NULL, -5)"
    wrong = (
        f"INSERT INTO counter.journal ({', '.join(values)}) VALUES ({', '.join(map(str, values.values()))});"
        f" INSERT INTO counter.posting VALUES {lines.format(values['journal_id'])}"
    )
    assert refusal(billed, f"BEGIN; {wrong}; COMMIT") == JOURNAL


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO counter.tender VALUES (1010000000077, 1, 'cash', 5, 5)",
        "INSERT INTO counter.receipt VALUES (1010000000077, 1, '1', 'x', 'x', NULL, 5, 0, 0, 0)",
    ],
)
def test_nothing_hangs_on_a_journal_that_is_not_there(billed: Bureau, statement: str) -> None:
    """A foreign key each."""
    assert refusal(billed, statement) == "23503"


@pytest.mark.parametrize(
    "change",
    ["period = 202602", "part = 2", "kwh = 1", "due_date = '2020-01-01'", "principal_fen = 1"],
)
def test_a_bill_stands_as_billed(billed: Bureau, change: str) -> None:
    """What is wrong on a bill is corrected by another journal."""
    assert refusal(billed, f"UPDATE counter.bill SET {change}") == APPEND_ONLY
    assert refusal(billed, "DELETE FROM counter.bill") == APPEND_ONLY
    assert refusal(billed, "TRUNCATE counter.bill CASCADE") == APPEND_ONLY


@pytest.mark.parametrize(
    "changed",
    [
        {"period": 202613},
        {"period": 189912},
        {"part": 0},
        {"part": 100},
        {"kwh": -1},
        {"late_fee_through": "DATE '2020-01-01'"},
        {"principal_fen": -1},
        {"principal_fen": 10**12 + 1},
    ],
)
def test_a_senseless_bill_is_not_taken(billed: Bureau, changed: dict[str, object]) -> None:
    """What never changes on a bill is checked once, when it comes."""
    bill = {
        "account_no": f"'{ACCOUNT}'",
        "period": 202602,
        "part": 1,
        "kwh": 10,
        "due_date": "DATE '2026-03-25'",
        "late_fee_through": "DATE '2026-03-25'",
        "principal_fen": 100,
    }
    values = ", ".join(str(value) for value in (bill | changed).values())
    assert refusal(billed, f"INSERT INTO counter.bill ({', '.join(bill)}) VALUES ({values})") == APPEND_ONLY


@pytest.mark.parametrize("change", ["prepaid_fen = -1", "arrears_fen = -1"])
def test_a_balance_is_never_negative(billed: Bureau, change: str) -> None:
    """Not even for a moment."""
    assert refusal(billed, f"UPDATE counter.account_balance SET {change}") == CHECK


@pytest.mark.parametrize(
    "change", ["principal_paid_fen = 10001", "principal_paid_fen = -1", "late_fee_paid_fen = -1"]
)
def test_a_bill_is_never_overpaid(billed: Bureau, change: str) -> None:
    """The caches of a bill stay between nothing and all of it."""
    assert refusal(billed, f"UPDATE counter.bill SET {change}") == CHECK
