"""Cash in and out, signed counts, closing and handover, as the database referees them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from counter.services.ledger import verify
from tests.bureau import Bureau

ACCOUNT = "330100000001"
FLOAT_FEN = 50_000


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """An open shift with a float of 500.00 and 120.00 taken."""
    bureau.add_account(ACCOUNT)
    shift = bureau.open_shift(float_fen=FLOAT_FEN)
    bureau.call(
        "t10001", "post_payment", bureau.payment(shift, ACCOUNT, total_fen=12_000, prepaid_fen=12_000)
    )
    return bureau


def shift_of(desk: Bureau, till_no: int = 101) -> int:
    """The open shift of a till."""
    return int(desk.value("SELECT shift_id FROM counter.till WHERE till_no = %s", till_no))


def count(desk: Bureau, pieces: dict[str, Any], staff_no: str = "t10001", **more: Any) -> dict[str, Any]:
    """Sign a count of the drawer of till 101."""
    request = {"request_id": str(uuid4()), "shift_id": shift_of(desk), "denominations": pieces, **more}
    return dict(desk.call(staff_no, "sign_count", request))


def close(desk: Bureau, count_id: str, staff_no: str = "t10001") -> dict[str, Any]:
    """Close the shift of till 101 by a count."""
    request = {"request_id": str(uuid4()), "shift_id": shift_of(desk), "count_id": count_id}
    return dict(desk.call(staff_no, "close_shift", request))


def move(desk: Bureau, reason: str, amount_fen: int, **more: Any) -> Any:
    """Cash in or out."""
    request = {
        "request_id": str(uuid4()),
        "shift_id": shift_of(desk),
        "reason": reason,
        "amount_fen": amount_fen,
    }
    return desk.call("t10001", "move_cash", request | more)


def lines(desk: Bureau, kind: str) -> list[tuple[str, int]]:
    """The lines of the last journal of a kind."""
    with desk.psql() as connection:
        rows = connection.execute(
            "SELECT p.ledger_account, p.amount_fen FROM counter.posting p WHERE p.journal_id ="
            " (SELECT max(journal_id) FROM counter.journal WHERE kind::text = %s) ORDER BY p.line",
            [kind],
        ).fetchall()
    return [(row[0], row[1]) for row in rows]


def state(error: pytest.ExceptionInfo[psycopg.Error]) -> str:
    """The state of a refusal, or the constraint that it broke."""
    return error.value.diag.constraint_name or error.value.sqlstate or ""


def test_cash_in_and_out_moves_the_drawer_against_its_own_account(desk: Bureau) -> None:
    """The direction is the reason's; more than there is does not go out."""
    move(desk, "change_in", 3_000)
    assert lines(desk, "cash_movement") == [("cash_in_till", 3_000), ("float_fund", -3_000)]
    move(desk, "to_safe", 10_000)
    assert lines(desk, "cash_movement") == [("cash_in_till", -10_000), ("undeposited_cash", 10_000)]
    assert desk.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 55_000
    with pytest.raises(psycopg.Error) as error:
        move(desk, "change_out", 55_001)
    assert state(error) == "till_cash_not_negative"


@pytest.mark.parametrize(
    "change",
    [{"reason": "gift"}, {"amount_fen": 0}, {"amount_fen": -1}, {"reason": "'; --"}, {"amount_fen": None}],
)
def test_a_movement_without_sense_is_refused(desk: Bureau, change: dict[str, Any]) -> None:
    """Nothing is booked."""
    with pytest.raises(psycopg.Error) as error:
        move(desk, **{"reason": "change_in", "amount_fen": 100, **change})
    assert state(error) == "CN046"


def test_a_count_tells_what_was_expected_and_stands(desk: Bureau) -> None:
    """500.00 float and 120.00 taken; a second count stands beside the first."""
    first = count(desk, {"10000": 6, "1000": 1})
    assert (first["counted_fen"], first["expected_fen"], first["difference_fen"]) == (61_000, 62_000, -1_000)
    second = count(desk, {"10000": 6, "1000": 2})
    assert second["difference_fen"] == 0
    assert desk.value("SELECT count(*) FROM counter.shift_count") == 2
    with pytest.raises(psycopg.Error) as error, desk.psql() as connection:
        connection.execute("UPDATE counter.shift_count SET counted_fen = 0")
    assert state(error) == "CN011"


@pytest.mark.parametrize(
    "pieces",
    [{"300": 1}, {"100": -1}, {"100": 1.5}, {"100": "1"}, {"100": 10_000_000}, [1], None, {"[/]": 1}],
)
def test_what_is_no_count_is_not_signed(desk: Bureau, pieces: Any) -> None:
    """Foreign notes, parts of a note, less than none."""
    with pytest.raises(psycopg.Error) as error:
        count(desk, pieces)
    assert state(error) == "CN047"


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ({"10000": 6, "1000": 2}, [("undeposited_cash", 12_000)]),
        ({"10000": 6, "1000": 2, "50": 1}, [("undeposited_cash", 12_050), ("cash_over", -50)]),
        ({"10000": 6, "1000": 1}, [("undeposited_cash", 11_000), ("cash_short", 1_000)]),
        ({"10000": 4}, [("undeposited_cash", 0), ("cash_short", 22_000)]),
    ],
)
def test_closing_books_over_and_short_apart_and_empties_the_drawer(
    desk: Bureau, pieces: dict[str, int], expected: list[tuple[str, int]]
) -> None:
    """The float goes back as far as it is there, the rest goes to the safe."""
    signed = count(desk, pieces)
    closed = close(desk, signed["count_id"])
    back = min(FLOAT_FEN, signed["counted_fen"])
    assert lines(desk, "shift_closing") == [("cash_in_till", -62_000), ("float_fund", back), *expected]
    assert closed["z_no"] == 1
    assert desk.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 0
    assert desk.value("SELECT closed_at IS NOT NULL FROM counter.shift") is True
    assert desk.open_shift() > 0
    assert verify(desk.engine("t40001")).finding is None


def test_a_count_is_stale_when_something_was_posted_since(desk: Bureau) -> None:
    """Count again; and only the last count closes."""
    first = count(desk, {"10000": 6, "1000": 2})
    desk.call("t10001", "post_payment", desk.payment(shift_of(desk), ACCOUNT, total_fen=100, prepaid_fen=100))
    with pytest.raises(psycopg.Error) as stale:
        close(desk, first["count_id"])
    assert state(stale) == "CN048"
    older, newer = (count(desk, {"10000": 6, "1000": 2, "100": 1}) for _count in range(2))
    with pytest.raises(psycopg.Error) as not_last:
        close(desk, older["count_id"])
    assert state(not_last) == "CN048"
    assert close(desk, newer["count_id"])["short_fen"] == 0


def test_a_closing_is_answered_again_and_happens_once(desk: Bureau) -> None:
    """The same request after a lost reply."""
    signed = count(desk, {"10000": 6, "1000": 2})
    request = {"request_id": str(uuid4()), "shift_id": shift_of(desk), "count_id": signed["count_id"]}
    first = desk.call("t10001", "close_shift", request)
    assert desk.call("t10001", "close_shift", request) == {**first, "replayed": True}
    with pytest.raises(psycopg.Error) as error:
        desk.call("t10001", "close_shift", request | {"request_id": str(uuid4())})
    assert state(error) == "CN051"


def test_only_a_supervisor_of_the_hall_closes_another_s_shift(desk: Bureau) -> None:
    """With a count of their own; a colleague, an auditor or another hall's supervisor does not."""
    for stranger, wanted in (("t10002", "CN003"), ("t30002", "CN003"), ("t40001", "42501")):
        with pytest.raises(psycopg.Error) as error:
            count(desk, {"10000": 6}, stranger)
        assert state(error) == wanted
    signed = count(desk, {"10000": 6, "1000": 2}, "t30001")
    closed = close(desk, signed["count_id"], "t30001")
    assert desk.value("SELECT closed_by FROM counter.shift_closing") == "t30001"
    assert closed["over_fen"] == 0


def test_a_till_is_handed_over_when_both_have_signed(desk: Bureau) -> None:
    """The count names who takes over; nobody else does, and the two shifts follow each other at once."""
    signed = count(desk, {"10000": 6, "1000": 2}, handover_to="t10002")
    request = {
        "request_id": str(uuid4()),
        "shift_id": shift_of(desk),
        "count_id": signed["count_id"],
        "float_fen": FLOAT_FEN,
    }
    for stranger in ("t20001", "t10001"):
        with pytest.raises(psycopg.Error) as error:
            desk.call(stranger, "take_over", request)
        assert state(error) == "CN049"
    taken = desk.call("t10002", "take_over", request)
    assert desk.call("t10002", "take_over", request) == {**taken, "replayed": True}
    assert desk.value("SELECT staff_no FROM counter.till WHERE till_no = 101") == "t10002"
    assert desk.value("SELECT count(*) FROM counter.shift WHERE closed_at IS NULL") == 1
    assert verify(desk.engine("t40001")).finding is None
