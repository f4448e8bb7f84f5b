"""Statements are taken over line by line, each line once, and the ledger's bank is what they close with."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.bureau import Bureau
from tests.ledger.closed import add_bank_account
from tests.ledger.statements import ACCOUNT, Line, bring, request, send, statement

DAY_1: list[Line] = [("2026-11-01", 10_000, "A1", "电费"), ("2026-11-01", -500, "A2", "手续费")]
DAY_2: list[Line] = [("2026-11-02", 7_000, "B1", "电费"), ("2026-11-02", 7_000, "B2", "电费")]
TAKEN = 109_500
"""What the account has after the first day."""


@pytest.fixture
def bank(bureau: Bureau) -> Bureau:
    """A bureau with one bank account and the statement of its first day."""
    add_bank_account(bureau, ACCOUNT)
    bring(bureau, statement(DAY_1, 100_000))
    return bureau


def booked(bureau: Bureau) -> tuple[int, int]:
    """How many lines are in, and the ledger's bank; which has to be the account's balance."""
    fen = bureau.value("SELECT sum(amount_fen)::bigint FROM counter.posting WHERE ledger_account = 'bank'")
    assert bureau.value("SELECT closing_fen FROM counter.bank_account") == fen
    return bureau.value("SELECT count(*) FROM counter.statement_line"), fen


def refused(bureau: Bureau, *statements: dict[str, Any], **file: Any) -> tuple[str, dict[str, Any]]:
    """The state of a refusal and its facts; nothing of the file is left."""
    before = booked(bureau), bureau.value("SELECT count(*) FROM counter.bank_file")
    with pytest.raises(psycopg.Error) as caught:
        bring(bureau, *statements, **file)
    assert (booked(bureau), bureau.value("SELECT count(*) FROM counter.bank_file")) == before
    detail = caught.value.diag.message_detail or "{}"
    return caught.value.sqlstate or "", json.loads(detail)


def test_a_first_statement_brings_its_opening_and_its_lines(bank: Bureau) -> None:
    """Opening against equity, money in as unidentified, money out as unexplained."""
    postings = bank.value(
        "SELECT jsonb_object_agg(ledger_account, fen) FROM (SELECT ledger_account::text, sum(amount_fen) AS fen"
        " FROM counter.posting GROUP BY 1) p"
    )
    assert postings == {
        "bank": TAKEN,
        "opening_equity": -100_000,
        "unidentified_receipts": -10_000,
        "unexplained_payments": 500,
    }
    assert booked(bank) == (2, TAKEN)


def test_the_next_day_continues(bank: Bureau) -> None:
    """Numbers and balances run on."""
    bring(bank, statement(DAY_2, TAKEN))
    lines = bank.value(
        "SELECT jsonb_agg(jsonb_build_array(seq, balance_fen, open_fen) ORDER BY seq) FROM counter.statement_line"
    )
    assert lines == [[1, 110_000, 10_000], [2, 109_500, -500], [3, 116_500, 7_000], [4, 123_500, 7_000]]


def test_the_same_request_again_is_answered_and_the_same_file_is_not_taken(bank: Bureau) -> None:
    """By whomever: the second is told who was first."""
    asked, content = request(statement(DAY_2, TAKEN))
    first = send(bank, asked, content)
    assert send(bank, asked, content) == first | {"replayed": True}
    state, facts = refused(bank, statement(DAY_2, TAKEN), content=content)
    assert (state, facts["staff_name"]) == ("CN112", "赵静")


def test_another_file_under_the_same_id_is_refused(bank: Bureau) -> None:
    """A request id has one content."""
    asked, content = request(statement(DAY_2, TAKEN))
    send(bank, asked, content)
    with pytest.raises(psycopg.Error) as caught:
        send(bank, asked | {"statements": []}, content)
    assert caught.value.sqlstate == "CN002"


@pytest.mark.parametrize("lines", [DAY_1, DAY_2, DAY_1 + DAY_2])
def test_an_overlapping_file_adds_only_what_is_new(bank: Bureau, lines: list[Line]) -> None:
    """In whatever order, also when two lines look the same."""
    bring(bank, statement(DAY_1 + DAY_2[:1], 100_000))
    bring(bank, statement(lines, TAKEN if lines is DAY_2 else 100_000))
    assert booked(bank) == ((3, 116_500) if lines is DAY_1 else (4, 123_500))


def test_the_same_lines_in_another_format_add_nothing(bank: Bureau) -> None:
    """Other references, other texts, another order within the day."""
    other: list[Line] = [(day, fen, "", f"TRF {fen}") for day, fen, _ref, _text in reversed(DAY_1)]
    answer = bring(bank, statement(other + DAY_2, 100_000), format="mt940")
    assert answer["statements"][0]["lines_known"] == 2
    bring(
        bank, statement([(day, fen, "X", "y") for day, fen, _r, _t in DAY_1 + DAY_2], 100_000), format="ofx1"
    )
    assert booked(bank) == (4, 123_500)


def test_a_later_file_of_the_same_day_with_the_same_amount_is_new(bank: Bureau) -> None:
    """The balances tell that a fee in the afternoon is not the fee of the morning, in whatever format."""
    afternoon: list[Line] = [("2026-11-01", -500, "A2", "手续费")]
    bring(bank, statement(afternoon, TAKEN))
    bring(bank, statement([("2026-11-01", -500, "", "FEE")], TAKEN - 500), format="mt940")
    assert booked(bank) == (4, TAKEN - 1_000)


def test_one_reference_for_two_lines_is_two_lines(bank: Bureau) -> None:
    """As banks do for a fee and what it is for; the k-th is the k-th."""
    lines: list[Line] = [
        ("2026-11-02", 5, "S", "a"),
        ("2026-11-02", 5, "S", "a"),
        ("2026-11-02", 7, "S", "b"),
    ]
    bring(bank, statement(lines, TAKEN))
    bring(bank, statement(lines, TAKEN))
    assert booked(bank) == (5, TAKEN + 17)


def test_a_reference_that_comes_every_day_is_no_change(bank: Bureau) -> None:
    """A voucher number of the day may come again on the next."""
    bring(bank, statement([("2026-11-02", -900, "A2", "手续费")], TAKEN))
    assert booked(bank) == (3, TAKEN - 900)


def test_days_without_movement_are_in_as_well(bank: Bureau) -> None:
    """A statement without lines moves the day up to which statements are in, and posts nothing."""
    bring(bank, statement([], TAKEN, opening_date="2026-11-02", closing_date="2026-11-03"))
    assert str(bank.value("SELECT through FROM counter.bank_account")) == "2026-11-03"
    assert bank.value("SELECT count(*) FROM counter.journal WHERE kind = 'statement'") == 1


def test_several_statements_of_one_file_are_taken_one_after_the_other(bank: Bureau) -> None:
    """A journal each, all or none."""
    answer = bring(bank, statement(DAY_2[:1], TAKEN), statement(DAY_2[1:], TAKEN + 7_000))
    assert [each["lines_new"] for each in answer["statements"]] == [1, 1]
    assert refused(bank, statement(DAY_1, 100_000), statement(DAY_2, 5))[0] == "CN120"


def changed(at: int, line: Line) -> list[Line]:
    """Both days with one line changed."""
    return [*(DAY_1 + DAY_2)[:at], line, *(DAY_1 + DAY_2)[at + 1 :]]


TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()


@pytest.mark.parametrize(
    ("lines", "opening_fen", "more", "state", "line"),
    [
        (DAY_2, TAKEN + 1, {}, "CN120", 1),
        (DAY_2, TAKEN, {"closing_fen": TAKEN + 13_999}, "CN118", None),
        (changed(0, ("2026-11-01", 10_001, "A1", "电费")), 100_000, {}, "CN121", 1),
        (changed(0, ("2026-11-02", 10_000, "A1", "电费")), 100_000, {}, "CN121", 1),
        (changed(1, ("2026-11-01", -500, "A2", "手续费!")), 100_000, {}, "CN121", 2),
        ([("2026-10-31", 1, "", "old")], 99_999, {}, "CN123", 1),
        ([*DAY_2, (TOMORROW, 1, "T", "t")], TAKEN, {}, "CN117", 3),
        (DAY_2, TAKEN, {"opening_fen": None, "closing_fen": None}, "CN124", None),
        (DAY_2, TAKEN, {"bank_account_no": "999999"}, "CN114", None),
        (DAY_2, TAKEN, {"currency": "USD"}, "CN115", None),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(
    bank: Bureau, lines: list[Line], opening_fen: int, more: dict[str, Any], state: str, line: int | None
) -> None:
    """Nothing of the file is taken over."""
    found, facts = refused(bank, statement(lines, opening_fen) | more)
    assert (found, facts.get("line")) == (state, line)


def test_a_line_that_was_put_into_an_earlier_day_is_refused(bank: Bureau) -> None:
    """Although everything adds up: the days that are in have been shown and signed."""
    bring(bank, statement(DAY_2, TAKEN))
    put_in: Line = ("2026-11-01", 3, "N", "n")
    state, facts = refused(bank, statement([*DAY_1, put_in, *DAY_2], 100_000))
    assert (state, facts["line"], facts["amount"]) == ("CN122", 3, "0.03")


def test_a_running_balance_is_checked_line_by_line(bank: Bureau) -> None:
    """The first line where it breaks is named."""
    asked = statement(DAY_2, TAKEN, balances=True)
    asked["lines"][1][3] += 1
    state, facts = refused(bank, asked)
    assert (state, facts["line"]) == ("CN119", 2)


@pytest.mark.parametrize("format_name", ["camt.052", "camt.054", "mt942"])
def test_what_may_still_change_is_no_statement(bank: Bureau, format_name: str) -> None:
    assert refused(bank, statement(DAY_2, TAKEN), format=format_name)[0] == "CN116"


@pytest.mark.parametrize("staff_no", ["t10001", "t40001", "t50001", "t60001"])
def test_only_who_keeps_the_bank_side_imports(bank: Bureau, staff_no: str) -> None:
    with pytest.raises(psycopg.Error) as caught:
        bring(bank, statement(DAY_2, TAKEN), staff_no=staff_no)
    assert caught.value.sqlstate in ("42501", "CN013")


def test_a_file_that_was_damaged_on_its_way_is_refused(bank: Bureau) -> None:
    asked, content = request(statement(DAY_2, TAKEN))
    with pytest.raises(psycopg.Error) as caught:
        send(bank, asked, content + b"x")
    assert caught.value.sqlstate == "CN113"


def test_of_two_cashiers_at_once_one_wins(bank: Bureau) -> None:
    """Two halls, one file: the other is told; two files of the same lines: the second adds nothing."""
    asked, content = request(statement(DAY_2, TAKEN))
    other, _same = request(statement(DAY_2, TAKEN), content=content)

    def attempt(staff_no: str, body: dict[str, Any]) -> str:
        try:
            send(bank, body, content, staff_no)
        except psycopg.Error as error:
            return error.sqlstate or ""
        return "in"

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(attempt, ("t20001", "t30002"), (asked, other)))
    assert sorted(ends) == ["CN112", "in"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda who: bring(bank, statement(DAY_2, TAKEN), staff_no=who), ("t20001", "t30002"))
        )
    assert [each["statements"][0]["lines_new"] for each in answers] == [0, 0]
    assert booked(bank) == (4, 123_500)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE counter.statement_line SET amount_fen = 1",
        "UPDATE counter.statement_line SET text = 'x'",
        "DELETE FROM counter.statement_line",
        "TRUNCATE counter.statement_line CASCADE",
        "UPDATE counter.statement SET lines_new = 0",
        "DELETE FROM counter.bank_file",
    ],
)
def test_a_line_is_never_edited(bank: Bureau, change: str) -> None:
    """Not by the owner of the database."""
    with bank.psql() as connection, pytest.raises(psycopg.Error) as caught:
        connection.execute(change)
    assert caught.value.sqlstate == "CN011"
