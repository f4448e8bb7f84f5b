"""A sale of a token, as the database referees it: booked, issued once, refused, never taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from db.queries import tokens
from tests.bureau import Bureau
from tests.ledger.vending import approved, is_right, refused, stands
from tests.tokens.selling import (
    ACCOUNT,
    CARD_ACCOUNT,
    CARD_METER,
    OTHER,
    OTHER_METER,
    OTHER_TOKEN,
    TOKEN,
    furnish_tokens,
    outcome,
    reversal,
    sale,
    sold,
    state,
)


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """Two accounts whose meters take tokens."""
    return furnish_tokens(bureau)


def test_a_sale_is_owed_until_there_is_a_token(desk: Bureau) -> None:
    shift = desk.open_shift(float_fen=0)
    request = sale(desk, shift, 12_345)
    answer = desk.call("t10001", "begin_token_vend", request)
    assert (answer["total_fen"], answer["change_fen"], answer["replayed"]) == (12_345, 0, False)
    assert (stands(desk, "vend_in_flight"), stands(desk, "vended")) == (12_345, 0)
    assert state(desk, request) == ("pending", None)
    assert is_right(desk)
    told = desk.call("t10001", "settle_token_vend", outcome(request, "issued"))
    assert told == {"vend_id": request["request_id"], "state": "issued", "token": TOKEN, "replayed": False}
    assert (stands(desk, "vend_in_flight"), stands(desk, "vended")) == (0, 12_345)
    assert desk.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 12_345
    assert is_right(desk)


@pytest.mark.parametrize("result", ["issued", "in_doubt", "pending", "refused"])
def test_every_request_gives_its_first_answer_again(desk: Bureau, result: str) -> None:
    request = sale(desk, desk.open_shift())
    calls = [("begin_token_vend", request), ("settle_token_vend", outcome(request, result))]
    answers = [desk.call("t10001", function, body) for function, body in calls]
    before = desk.value("SELECT count(*) FROM counter.journal")
    assert [desk.call("t10001", *call) for call in calls] == [{**each, "replayed": True} for each in answers]
    assert desk.value("SELECT count(*) FROM counter.journal") == before
    assert is_right(desk)


def test_a_lost_reply_of_a_sale_is_settled_as_a_payment_s(desk: Bureau) -> None:
    shift = desk.open_shift()
    request = sale(desk, shift)
    answer = desk.call("t10001", "begin_token_vend", request)
    ask = "SELECT counter.settle_payment(%s, %s)"
    with desk.psql("t10001") as connection:
        known = connection.execute(ask, [request["request_id"], shift]).fetchone()
        assert known == ({**answer, "replayed": True},)
        assert connection.execute(ask, [str(uuid4()), shift]).fetchone() == (None,)


@pytest.mark.parametrize("before", ["pending", "in_doubt"])
def test_the_token_may_come_at_any_desk_and_is_told_again_at_every_one(desk: Bureau, before: str) -> None:
    request = sold(desk, desk.open_shift())
    desk.call("t10001", "settle_token_vend", outcome(request, before, note="没有应答"))
    desk.call("t10003", "settle_token_vend", outcome(request, "issued"))
    for staff_no, result in (("t10002", "issued"), ("t10001", "in_doubt"), ("t10003", "refused")):
        told = desk.call(staff_no, "settle_token_vend", outcome(request, result))
        assert (told["state"], told["token"], told["replayed"]) == ("issued", TOKEN, True)
    assert desk.value("SELECT count(*) FROM counter.journal WHERE kind = 'vend_written'") == 1
    assert is_right(desk)


def test_a_question_that_did_not_arrive_takes_no_doubt_away(desk: Bureau) -> None:
    request = sold(desk, desk.open_shift())
    for result in ("in_doubt", "pending"):
        desk.call("t10001", "settle_token_vend", outcome(request, result))
    assert state(desk, request) == ("in_doubt", None)


def test_one_sale_never_has_two_tokens(desk: Bureau) -> None:
    request = sold(desk, desk.open_shift())
    desk.call("t10001", "settle_token_vend", outcome(request, "issued"))
    assert refused(desk, "settle_token_vend", outcome(request, "issued", token=OTHER_TOKEN)) == "CN109"
    assert state(desk, request) == ("issued", TOKEN)
    assert is_right(desk)


def test_one_token_is_never_that_of_two_sales_of_a_meter(desk: Bureau) -> None:
    shift = desk.open_shift()
    desk.call("t10001", "settle_token_vend", outcome(sold(desk, shift), "issued"))
    second = sold(desk, shift)
    assert refused(desk, "settle_token_vend", outcome(second, "issued")) == "CN109"
    assert state(desk, second) == ("pending", None)
    desk.call("t10001", "settle_token_vend", outcome(second, "issued", token=OTHER_TOKEN))
    assert is_right(desk)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"token": "1234"}, "CN105"),
        ({"token": None}, "CN105"),
        ({"token": "1" * 21}, "CN105"),
        ({"token": "9" * 20}, "CN105"),
        ({"token": "１" * 20}, "CN105"),
        ({"token": "'; DROP TABLE --"}, "CN105"),
        ({"meter_no": OTHER_METER}, "CN106"),
        ({"amount_fen": 9_999}, "CN106"),
        ({"amount_fen": None}, "CN106"),
        ({"outcome": "taken back"}, "CN095"),
        ({"outcome": None}, "CN095"),
        ({"vend_id": str(uuid4())}, "CN104"),
    ],
)
def test_what_is_no_token_of_this_sale_is_not_kept(desk: Bureau, changes: dict[str, Any], told: str) -> None:
    request = sold(desk, desk.open_shift())
    assert refused(desk, "settle_token_vend", outcome(request, "issued", **changes)) == told
    assert state(desk, request) == ("pending", None)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"amount_fen": 0}, "CN102"),
        ({"amount_fen": -1}, "CN102"),
        ({"amount_fen": 5_000_001}, "CN102"),
        ({"meter_no": OTHER_METER}, "CN103"),
        ({"meter_no": "[/]'; --"}, "CN103"),
        ({"meter_no": None}, "CN103"),
        ({"account_no": CARD_ACCOUNT, "meter_no": CARD_METER}, "CN100"),
        ({"version": 99}, "CN001"),
        ({"tenders": [{"kind": "cash", "amount_fen": 9_999, "received_fen": 9_999}]}, "CN007"),
        ({"tenders": []}, "CN007"),
    ],
)
def test_what_can_never_be_sold_is_refused(desk: Bureau, changes: dict[str, Any], told: str) -> None:
    request = {**sale(desk, desk.open_shift(), changes.get("amount_fen", 10_000)), **changes}
    assert refused(desk, "begin_token_vend", request) == told
    assert desk.value("SELECT count(*) FROM counter.token_vend") == 0


def test_a_closed_account_buys_nothing(desk: Bureau) -> None:
    request = sale(desk, desk.open_shift())
    with desk.psql() as connection:
        connection.execute("UPDATE counter.account SET status = 'closed' WHERE account_no = %s", [ACCOUNT])
    assert refused(desk, "begin_token_vend", request) == "CN085"


def test_two_open_sales_of_an_account_are_one_too_many(desk: Bureau) -> None:
    shift = desk.open_shift()
    first = sold(desk, shift)
    assert refused(desk, "begin_token_vend", sale(desk, shift)) == "CN101"
    desk.call("t10001", "settle_token_vend", outcome(first, "issued"))
    second = sold(desk, shift)
    sold(desk, shift, account_no=OTHER)
    desk.call("t10001", "settle_token_vend", outcome(second, "refused"))
    sold(desk, shift)
    assert is_right(desk)


def test_an_issued_token_cannot_be_taken_back(desk: Bureau) -> None:
    shift = desk.open_shift()
    request = sold(desk, shift)
    desk.call("t10001", "settle_token_vend", outcome(request, "issued"))
    assert refused(desk, "reverse_payment", reversal(desk, request, shift)) == "CN107"
    assert state(desk, request) == ("issued", TOKEN)


@pytest.mark.parametrize("result", ["pending", "in_doubt"])
def test_a_sale_that_may_have_a_token_is_not_taken_back(desk: Bureau, result: str) -> None:
    shift = desk.open_shift()
    request = sold(desk, shift)
    desk.call("t10001", "settle_token_vend", outcome(request, result))
    assert refused(desk, "reverse_payment", reversal(desk, request, shift)) == "CN108"


def test_a_sale_that_the_server_refused_is_reversed_when_a_supervisor_approves(desk: Bureau) -> None:
    shift = desk.open_shift(float_fen=0)
    request = sold(desk, shift)
    desk.call("t10001", "settle_token_vend", outcome(request, "refused", note="电表未登记"))
    assert is_right(desk)
    assert refused(desk, "reverse_payment", reversal(desk, request, shift)) == "CN111"
    allowed = approved(desk, "reversal", reversal(desk, request, shift))
    answer = desk.call("t10001", "reverse_payment", allowed)
    assert (answer["total_fen"], answer["change_fen"]) == (-10_000, 10_000)
    assert state(desk, request) == ("undone", None)
    assert (stands(desk, "vend_in_flight"), stands(desk, "vended")) == (0, 0)
    assert refused(desk, "settle_token_vend", outcome(request, "issued")) == "CN109"
    assert refused(desk, "reverse_payment", reversal(desk, request, shift)) == "CN036"
    assert is_right(desk)


@pytest.mark.parametrize("token", [TOKEN, None])
def test_a_supervisor_decides_when_the_server_is_gone(desk: Bureau, token: str | None) -> None:
    request = sold(desk, desk.open_shift())
    desk.call("t10001", "settle_token_vend", outcome(request, "in_doubt"))
    wanted = {"request_id": str(uuid4()), "vend_id": request["request_id"], "reason": "供应商电话告知"}
    wanted |= {"token": token} if token else {}
    assert refused(desk, "decide_token_vend", wanted) == "CN026"
    allowed = approved(desk, "vend_decision", wanted)
    told = desk.call("t10001", "decide_token_vend", allowed)
    assert (told["state"], told["token"]) == (("issued", TOKEN) if token else ("refused", None))
    assert desk.call("t10001", "decide_token_vend", allowed) == {**told, "replayed": True}
    assert is_right(desk)


def test_nobody_changes_a_sale_or_its_token_by_hand(desk: Bureau) -> None:
    request = sold(desk, desk.open_shift())
    desk.call("t10001", "settle_token_vend", outcome(request, "issued"))
    for command in (
        f"UPDATE counter.token_vend SET token = '{OTHER_TOKEN}'",
        "UPDATE counter.token_vend SET state = 'refused', token = NULL",
        "UPDATE counter.token_vend SET amount_fen = 1",
        "DELETE FROM counter.token_vend",
        "TRUNCATE counter.token_vend CASCADE",
        "UPDATE counter.token_vend_event SET note = 'x'",
        "DELETE FROM counter.token_vend_event",
    ):
        with desk.psql() as owner, pytest.raises(psycopg.Error):
            owner.execute(command)
        with desk.psql("t10001") as clerk, pytest.raises(psycopg.errors.InsufficientPrivilege):
            clerk.execute(command)


def test_two_desks_sell_and_ask_at_once_and_one_of_each_counts(desk: Bureau) -> None:
    shifts = {"t10001": desk.open_shift(), "t10002": desk.open_shift("t10002", 102)}
    requests = {staff: sale(desk, shift) for staff, shift in shifts.items()}

    def sell(staff_no: str) -> str:
        try:
            desk.call(staff_no, "begin_token_vend", requests[staff_no])
        except psycopg.Error as error:
            return error.sqlstate or ""
        return "sold"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sell, shifts)) == ["CN001", "sold"]
        open_sale = desk.value("SELECT vend_id::text FROM counter.token_vend")
        request = next(each for each in requests.values() if each["request_id"] == open_sale)
        told = list(
            pool.map(lambda who: desk.call(who, "settle_token_vend", outcome(request, "issued")), shifts)
        )
    assert sorted(each["replayed"] for each in told) == [False, True]
    assert desk.value("SELECT count(*) FROM counter.journal WHERE kind = 'vend_written'") == 1
    assert is_right(desk)


def test_other_halls_see_the_sales_of_an_account_but_not_the_hall_s_list(desk: Bureau) -> None:
    request = sold(desk, desk.open_shift())
    vend_id = UUID(request["request_id"])
    with desk.engine("t10003").begin() as connection:
        seen = tokens.books(connection, ACCOUNT)
        assert seen
        assert [row.vend_id for row in seen.last_vends] == [vend_id]
        assert tokens.unsettled(connection) == ()
        found = tokens.vend(connection, vend_id)
        assert found
        assert found.state == "pending"
        assert tokens.books(connection, CARD_ACCOUNT) is None
    with desk.engine("t10002").begin() as connection:
        assert [row.vend_id for row in tokens.unsettled(connection)] == [vend_id]


def test_the_proof_of_the_ledger_finds_a_sale_that_does_not_agree(desk: Bureau) -> None:
    sold(desk, desk.open_shift())
    with desk.psql() as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("UPDATE counter.token_vend SET state = 'issued', token = %s", [TOKEN])
    assert not is_right(desk)


@pytest.mark.parametrize("result", ["pending", "in_doubt", "refused"])
def test_no_day_is_closed_over_a_sale_without_a_token_but_by_signature(desk: Bureau, result: str) -> None:
    request = sold(desk, desk.open_shift())
    desk.call("t10001", "settle_token_vend", outcome(request, result))
    day = desk.value("SELECT business_date FROM counter.journal WHERE kind = 'vend'")
    close = "INSERT INTO counter.closed_day (hall_no, business_date) VALUES (1, %s)"
    with desk.psql() as owner:
        with pytest.raises(psycopg.Error) as told:
            owner.execute(close, [day])
        assert told.value.diag.sqlstate == "CN110"
        signing = {"request_id": str(uuid4()), "business_date": day.isoformat(), "note": "供应商停业"}
        assert desk.call("t30001", "sign_vends", signing) == {"signed": 1, "replayed": False}
        assert desk.call("t30001", "sign_vends", signing) == {"signed": 1, "replayed": True}
        owner.execute(close, [day])
