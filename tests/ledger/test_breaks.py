"""Breaks: every kind is found and none invented; states, alarms, and who may do what."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bureau import Bureau
from tests.ledger.bank_lines import MERCHANT, BankLines
from tests.ledger.break_plants import KINDS, Found, Plants, listed


@pytest.fixture
def plants(bureau: Bureau) -> Plants:
    """A bureau with one payment, which planted items come from."""
    bureau.add_account("330100000001")
    request = bureau.payment(bureau.open_shift(), "330100000001", total_fen=100, prepaid_fen=100)
    return Plants(BankLines(bureau), bureau.call("t10001", "post_payment", request)["journal_id"])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(range(len(KINDS))), min_size=1, max_size=8), st.integers(0, 2**16))
def test_every_planted_break_is_found_and_none_invented(plants: Plants, kinds: list[int], seed: int) -> None:
    """Whatever stands beside what, with amounts that strangers share."""
    plants.close_all()
    plants.random.seed(seed)
    planted: Found = {}
    for kind in kinds:
        planted |= KINDS[kind](plants)
    assert planted == listed(plants.bureau)


def note(plants: Plants, staff_no: str = "t20001", **request: Any) -> dict[str, Any]:
    """Say something of a break."""
    body = {"request_id": str(uuid4()), "state": "explained", "note": "已查", **request}
    return dict(plants.bureau.call(staff_no, "note_break", body))


def standing(plants: Plants, line_id: int) -> tuple[Any, ...]:
    """State, owner, note and alarm of a line."""
    with plants.bureau.psql("t20001") as connection:
        row = connection.execute(
            "SELECT state, owner_name, note, alarm FROM counter.list_breaks() WHERE line_id = %s", [line_id]
        ).fetchone()
    assert row is not None
    return tuple(row)


def test_the_last_word_on_a_break_counts_and_silences_its_alarm(plants: Plants) -> None:
    """Late after the days of the policy, loud after twice as many; explained is silent, escalated loud."""
    young, old, older = (plants.line(1_000, ago=ago) for ago in (7, 8, 15))
    assert [standing(plants, line)[3] for line in (young, old, older)] == [0, 1, 2]
    request: dict[str, Any] = {"request_id": str(uuid4()), "line_id": older, "owner": "t30001"}
    assert note(plants, **request) == {"request_id": request["request_id"], "replayed": False}
    assert note(plants, **request) == {"request_id": request["request_id"], "replayed": True}
    assert standing(plants, older) == ("explained", "陈刚", "已查", 0)
    note(plants, line_id=young, state="escalated", note="")
    assert standing(plants, young) == ("escalated", "", "", 2)
    note(plants, line_id=older, state="waiting", note="等银行回复")
    assert standing(plants, older) == ("waiting", "", "等银行回复", 1)
    with plants.bureau.psql("t20001") as connection:
        row = connection.execute("SELECT counter.break_alarms()").fetchone()
    assert row == ({"late": 3, "alarm": 2, "kind": "bank_only", "age_days": 7},)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"state": "gone"}, "CN147"),
        ({"note": " "}, "CN147"),
        ({"note": "x" * 201}, "CN147"),
        ({"note": "a\nb"}, "CN147"),
        ({"owner": "nobody"}, "CN147"),
        ({"item_id": 1}, "CN147"),
        ({"line_id": None}, "CN147"),
        ({"line_id": 999_999}, "CN146"),
    ],
)
def test_a_note_without_sense_is_refused(plants: Plants, change: dict[str, Any], state: str) -> None:
    """Also one about what is not open."""
    line = plants.line(1_000)
    with pytest.raises(psycopg.Error) as error:
        note(plants, **{"line_id": line, **change})
    assert error.value.sqlstate == state


def test_the_same_id_for_another_note_is_refused_and_an_auditor_only_looks(plants: Plants) -> None:
    """As with every request."""
    line, request_id = plants.line(1_000), str(uuid4())
    note(plants, request_id=request_id, line_id=line)
    for staff_no, body in (("t20001", {"note": "anders"}), ("t30001", {})):
        with pytest.raises(psycopg.Error) as error:
            note(plants, staff_no, request_id=request_id, line_id=line, **body)
        assert error.value.sqlstate == "CN002"
    assert ("line", line) in listed(plants.bureau, "t40001")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        note(plants, "t40001", line_id=line)


def test_another_fee_than_the_contract_gives_is_a_break_until_it_is_explained(plants: Plants) -> None:
    """Of a matched line too: what was taken too much is open; a right fee is none."""
    bureau = plants.bureau
    bureau.value(
        "INSERT INTO counter.acquirer_contract (merchant, card_class, valid_from, rate_ppm, fee_min_fen, fee_max_fen)"
        " VALUES (%s, '', '2000-01-01', 6000, 10, NULL), (%s, '贷记卡', '2000-01-01', 6000, 0, 500) RETURNING 1",
        MERCHANT,
        MERCHANT,
    )
    cases = [(10_000, 60, ""), (10_000, 61, ""), (100, 10, ""), (-10_000, -60, ""), (200_000, 500, "贷记卡")]
    lines = [
        plants.line(fen, open_fen=0, account=MERCHANT, fee_fen=fee, card_class=card, **plants.slip_keys())
        for fen, fee, card in cases
    ]
    assert listed(bureau) == {("line", lines[1]): "fee"}
    with bureau.psql("t20001") as connection:
        row = connection.execute("SELECT open_fen, alarm FROM counter.list_breaks()").fetchone()
    assert row == (1, 1)
    assert bureau.value(
        "SELECT array_agg(fee_fen - counter.contract_fee(l) ORDER BY line_id) FROM counter.statement_line l"
    ) == [0, 1, 0, 0, 0]
    note(plants, line_id=lines[1])
    assert listed(bureau) == {}


def test_a_card_slip_of_the_last_hours_is_too_young_for_the_file(plants: Plants) -> None:
    """Until it is overdue."""
    moment = plants.bureau.value(
        "SELECT ((recorded_at AT TIME ZONE timezone)::time >= '22:00') FROM counter.journal, counter.bureau"
        " WHERE journal_id = %s",
        plants.journal_id,
    )
    item = plants.item("pos", 1_000, ago=0, reference=plants.number(), **plants.slip_keys())
    late = plants.item("pos", 1_000, ago=3, reference=plants.number(), **plants.slip_keys())
    expected = "across_midnight" if moment else "book_only"
    found = listed(plants.bureau)
    assert (found["item", item], found["item", late]) == (expected, "book_only")


def test_a_debit_line_names_the_payment_that_it_returns(plants: Plants) -> None:
    """By the slip's number first, then by payer; a reversed payment is not offered."""
    bureau = plants.bureau
    shift = int(bureau.value("SELECT shift_id FROM counter.till WHERE till_no = 101"))

    def slip(number: str, payer: str) -> dict[str, Any]:
        details = {"reference": f"工商银行/{number}", "payer": payer, "payer_name": "某厂"}
        tenders = [{"kind": "transfer", "amount_fen": 700, "details": details}]
        request = bureau.payment(shift, "330100000001", total_fen=700, prepaid_fen=700, tenders=tenders)
        return dict(bureau.call("t10001", "post_payment", request))

    by_payer, by_number, gone = (
        slip("A100001", "6222-1"),
        slip("A100002", "6222-2"),
        slip("A100003", "6222-1"),
    )
    bureau.call(
        "t10001",
        "reverse_payment",
        {
            "request_id": str(uuid4()),
            "shift_id": shift,
            "journal_id": gone["journal_id"],
            "cause": "mistake",
            "reason": "x",
        },
    )
    line = plants.line(-700, ago=0, text="退票 A100002", party_account="6222-1")
    with bureau.psql("t20001") as connection:
        rows = connection.execute(
            "SELECT receipt_no, score FROM counter.returned_payments(%s)", [line]
        ).fetchall()
    assert rows == [(by_number["receipt_no"], 95), (by_payer["receipt_no"], 85)]
