"""What must never be true of prepaid cards, whoever asks: refusals, races, bare SQL, and bent rows."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from counter.services.ledger import verify
from db import admin
from tests.bureau import Bureau
from tests.ledger.vending import (
    ACCOUNT,
    CARD,
    METER,
    OTHER,
    OTHER_CARD,
    OTHER_METER,
    PROFILE,
    approved,
    booked,
    decision,
    evidence,
    furnish_cards,
    is_right,
    outcome,
    refused,
    sale,
    sold,
    stands,
    state,
    undoing,
    without,
    written,
)

CHANGE = {"account_no": ACCOUNT, "meter_no": METER, "profile": PROFILE, "reason": "换卡"}


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """Two accounts with a meter each and no card yet."""
    return furnish_cards(bureau)


def asked(**values: Any) -> dict[str, Any]:
    """A request with a new id."""
    return {"request_id": str(uuid4()), **values}


def nothing_happened(desk: Bureau) -> bool:
    """No sale, no count, no card, no receipt."""
    tables = ("vend", "vend_event", "meter_count", "meter_card", "card_change", "receipt")
    return all(desk.value(f"SELECT count(*) FROM counter.{table}") == 0 for table in tables)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"vend_count": 2}, "CN083"),
        ({"vend_count": 0}, "CN083"),
        ({"vend_count": None}, "CN083"),
        ({"amount_fen": 0}, "CN084"),
        ({"amount_fen": -1}, "CN084"),
        ({"amount_fen": 5_000_001}, "CN084"),
        ({"amount_fen": 9_999}, "CN007"),
        ({"meter_no": OTHER_METER}, "CN081"),
        ({"meter_no": ""}, "CN081"),
        ({"kind": "purchase"}, "CN082"),
        ({"kind": "replacement"}, "CN094"),
        ({"kind": "gift"}, "CN095"),
        ({"kind": "booking"}, "CN088"),
        ({"card_serial": "'; --"}, "CN095"),
        ({"card_serial": ""}, "CN095"),
        ({"card_serial": "1" * 41}, "CN095"),
        ({"profile": ""}, "CN095"),
        ({"version": 99}, "CN001"),
        ({"account_no": "999999999999"}, "CN001"),
        ({"shift_id": 1}, "CN003"),
        ({"tenders": []}, "CN007"),
        ({"tenders": [{"kind": "shells", "amount_fen": 10_000}]}, "CN025"),
        ({"tenders": [{"kind": "care_fund", "amount_fen": 10_000}]}, "CN024"),
        ({"tenders": [{"kind": "prepaid", "amount_fen": 10_000}]}, "account_balance_not_negative"),
        ({"tenders": [{"kind": "pos", "amount_fen": 10_000, "details": {"reference": "1"}}]}, "CN021"),
        ({"approval_id": str(uuid4()), "reason": "r"}, "CN026"),
    ],
)
def test_what_cannot_be_sold_is_refused(desk: Bureau, changes: dict[str, Any], why: str) -> None:
    """Whatever the program sends, and nothing of it stays."""
    request = sale(desk, desk.open_shift()) | changes
    assert refused(desk, "begin_vend", request) == why
    assert nothing_happened(desk)
    assert is_right(desk)


def test_a_closed_account_buys_nothing_and_a_disconnected_one_does(desk: Bureau) -> None:
    """Arrears and a cut wire are no reason: the power is paid for."""
    shift = desk.open_shift()
    desk.add_account(OTHER, meter_no=OTHER_METER, disconnected="t")
    sold(desk, shift, account_no=OTHER)
    desk.add_account(ACCOUNT, meter_no=METER, status="closed")
    assert refused(desk, "begin_vend", sale(desk, shift, card_serial=OTHER_CARD)) == "CN085"


def test_the_limits_hold_from_their_day(desk: Bureau) -> None:
    """The lower one of both, as rules of today; those of tomorrow do not count."""
    with desk.admin.begin() as connection:
        for day, hoard, most in (("2001-01-01", 500, 900), ("2999-01-01", 1, 1)):
            admin.set_vend_policy(connection, valid_from=day, hoard_limit_fen=hoard, card_maximum_fen=most)
    shift = desk.open_shift()
    assert refused(desk, "begin_vend", sale(desk, shift, 501)) == "CN084"
    sold(desk, shift, 500)


def test_a_second_sale_waits_for_the_first(desk: Bureau) -> None:
    """Two sales of an account that are not settled would be two counts on one card."""
    shift = desk.open_shift()
    first = sold(desk, shift)
    assert refused(desk, "begin_vend", sale(desk, shift)) == "CN099"
    desk.call("t10001", "settle_vend", outcome(first, "in_doubt"))
    assert refused(desk, "begin_vend", sale(desk, shift)) == "CN099"
    assert refused(desk, "return_card", asked(card_serial=CARD, reason="退卡")) == "CN099"
    change = asked(**CHANGE | {"meter_no": "250366809099", "vend_count": 0})
    assert refused(desk, "change_meter", change) == "CN099"


def test_power_goes_onto_the_card_in_use_and_no_other(desk: Bureau) -> None:
    """A lost card that turns up again, a second first card, a card of a neighbour."""
    shift = desk.open_shift()
    written(desk, shift)
    assert refused(desk, "begin_vend", sale(desk, shift, card_serial=OTHER_CARD)) == "CN082"
    assert refused(desk, "begin_vend", sale(desk, shift, kind="opening", card_serial=OTHER_CARD)) == "CN094"
    assert refused(desk, "begin_vend", sale(desk, shift, kind="replacement")) == "CN094"
    assert refused(desk, "begin_vend", sale(desk, shift, account_no=OTHER)) == "CN093"
    written(desk, shift, kind="replacement", card_serial=OTHER_CARD)
    assert refused(desk, "begin_vend", sale(desk, shift, card_serial=CARD)) == "CN082"


@pytest.mark.parametrize(
    "changes",
    [
        {"card_serial": OTHER_CARD},
        {"vend_count": 0},
        {"vend_count": 2},
        {"wallet_fen": 9_999},
        {"wallet_fen": None},
        {"writeback_empty": None},
        {"writeback_empty": False},
        {"writeback_empty": False, "writeback_count": 0},
        {"card_serial": None},
    ],
)
def test_written_is_what_the_card_proves(desk: Bureau, changes: dict[str, Any]) -> None:
    """Another card, count or amount proves nothing, at a sale and at a booking that is completed."""
    shift = desk.open_shift()
    request = sold(desk, shift)
    wrong = outcome(request, "written", evidence=evidence(request, **changes))
    assert refused(desk, "settle_vend", wrong) == "CN088"
    assert refused(desk, "settle_vend", outcome(request, "written", evidence=None)) == "CN088"
    assert state(desk, request) == "pending"
    booking = sale(desk, shift, account_no=OTHER, kind="booking", card_serial="00B0990108000009")
    booking["evidence"] = evidence(booking, **changes)
    assert refused(desk, "begin_vend", booking) == "CN088"
    assert is_right(desk)


def test_only_five_facts_of_a_card_are_kept(desk: Bureau) -> None:
    """Whatever else a desk sends of it, no key comes into the books."""
    request = sold(desk, desk.open_shift())
    proof = evidence(request) | {"key": "434F554E5445522D", "raw": {"82": "00"}}
    desk.call("t10001", "settle_vend", outcome(request, "written", evidence=proof))
    kept = desk.value("SELECT evidence FROM counter.vend_event WHERE state = 'written'")
    assert kept == evidence(request)


@pytest.mark.parametrize(
    ("result", "proof", "why"),
    [
        ("written", {}, ""),
        ("in_doubt", None, "CN086"),
        ("pending", None, "CN086"),
        ("written", {"vend_count": 7}, "CN086"),
        ("undone", None, "CN095"),
    ],
)
def test_what_is_written_stays_written(
    desk: Bureau, result: str, proof: dict[str, Any] | None, why: str
) -> None:
    """Told once more with the same proof nothing happens; told otherwise it is refused."""
    request = written(desk, desk.open_shift())
    told = None if proof is None else evidence(request, **proof)
    again = outcome(request, result, evidence=told)
    if why:
        assert refused(desk, "settle_vend", again, "t10002") == why
    else:
        assert desk.call("t10002", "settle_vend", again)["state"] == "written"
    assert (stands(desk, "vended"), state(desk, request)) == (10_000, "written")


def test_in_doubt_ends_only_with_the_card(desk: Bureau) -> None:
    """Back to pending needs the same card with another count."""
    request = sold(desk, desk.open_shift())
    desk.call("t10001", "settle_vend", outcome(request, "in_doubt"))
    for proof in (None, evidence(request), without(request, card_serial=OTHER_CARD)):
        assert refused(desk, "settle_vend", outcome(request, "pending", evidence=proof)) == "CN088"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"evidence": None}, "CN088"),
        ({"reason": " "}, "CN095"),
        ({"reason": "字" * 201}, "CN095"),
        ({"vend_id": str(uuid4())}, "CN087"),
        ({"shift_id": 1}, "CN003"),
    ],
)
def test_taking_back_needs_its_reason_and_its_card(desk: Bureau, changes: dict[str, Any], why: str) -> None:
    """Nothing is given back for nothing."""
    shift = desk.open_shift()
    request = written(desk, shift)
    assert refused(desk, "undo_vend", undoing(request, shift) | changes) == why
    assert (state(desk, request), stands(desk, "vended")) == ("written", 10_000)


@pytest.mark.parametrize("first", ["pending", "in_doubt", "written"])
def test_what_the_meter_took_or_the_card_still_has_is_not_given_back(desk: Bureau, first: str) -> None:
    """The write-back decides: with it the power is in the meter, without it the card has to be cleared."""
    shift = desk.open_shift()
    request = sold(desk, shift)
    desk.call("t10001", "settle_vend", outcome(request, first))
    for proof, why in (
        (evidence(request, writeback_empty=False), "CN089"),
        (evidence(request, writeback_empty=False, writeback_count=1), "CN089"),
        (evidence(request, writeback_empty=False, writeback_count=0), "CN090"),
        (evidence(request), "CN090"),
        (without(request, card_serial=OTHER_CARD), "CN088"),
    ):
        assert refused(desk, "undo_vend", undoing(request, shift, evidence=proof)) == why
    assert state(desk, request) == first


def test_only_the_last_sale_of_the_own_hall_is_taken_back(desk: Bureau) -> None:
    """Not one that another came after, not one of another hall, and not twice."""
    shift = desk.open_shift()
    first = written(desk, shift)
    second = written(desk, shift)
    assert refused(desk, "undo_vend", undoing(first, shift)) == "CN092"
    elsewhere = desk.open_shift("t10003", 201)
    assert refused(desk, "undo_vend", undoing(second, elsewhere), "t10003") == "CN096"
    desk.call("t10001", "undo_vend", undoing(second, shift))
    assert refused(desk, "undo_vend", undoing(second, shift)) == "CN086"
    desk.call("t10001", "undo_vend", undoing(first, shift))
    assert booked(desk) == 0
    assert is_right(desk)


def test_a_replaced_card_that_turns_up_again_gives_nothing_back(desk: Bureau) -> None:
    """The meter may have the sale from the card that replaced it."""
    shift = desk.open_shift()
    request = written(desk, shift)
    desk.call("t10001", "replace_card", asked(**CHANGE, card_serial=OTHER_CARD))
    assert refused(desk, "undo_vend", undoing(request, shift)) == "CN088"
    cleared = without(request, card_serial=OTHER_CARD)
    assert refused(desk, "undo_vend", undoing(request, shift, evidence=cleared)) == "CN088"
    assert state(desk, request) == "written"


def test_the_receipt_of_a_sale_is_not_reversed_like_a_payment(desk: Bureau) -> None:
    """It is undone with the card, also with a supervisor's word."""
    shift = desk.open_shift()
    request = written(desk, shift)
    journal_id = desk.value("SELECT journal_id FROM counter.vend")
    reversal = asked(shift_id=shift, journal_id=journal_id, cause="mistake", reason="录错")
    assert refused(desk, "reverse_payment", reversal) == "CN091"
    assert refused(desk, "reverse_payment", approved(desk, "reversal", reversal)) == "CN091"
    assert state(desk, request) == "written"


def test_another_clerk_s_sale_is_taken_back_only_with_approval(desk: Bureau) -> None:
    """The barriers of a reversal hold."""
    request = written(desk, desk.open_shift())
    shift = desk.open_shift("t10002", 102)
    assert refused(desk, "undo_vend", undoing(request, shift), "t10002") == "CN040"
    other = approved(desk, "reversal", undoing(request, shift, reason="别的"), "t10002")
    wrong = undoing(request, shift) | {"approval_id": other["approval_id"]}
    assert refused(desk, "undo_vend", wrong, "t10002") == "CN032"
    assert state(desk, request) == "written"


def test_a_decision_is_a_supervisor_s_for_this_sale_and_this_way(desk: Bureau) -> None:
    """Nobody decides alone, for another sale, the other way, elsewhere, or once it is settled."""
    request = sold(desk, desk.open_shift())
    wanted = decision(request, written=False)
    assert refused(desk, "decide_vend", wanted) == "CN026"
    allowed = approved(desk, "vend_decision", wanted)
    assert refused(desk, "decide_vend", allowed | {"written": True}) == "CN032"
    assert refused(desk, "decide_vend", wanted | {"reason": ""}) == "CN095"
    assert refused(desk, "decide_vend", wanted | {"written": None}) == "CN095"
    assert refused(desk, "decide_vend", wanted | {"vend_id": str(uuid4())}) == "CN087"
    assert refused(desk, "decide_vend", wanted, "t10003") == "CN096"
    desk.call("t10001", "settle_vend", outcome(request, "written"))
    assert refused(desk, "decide_vend", allowed) == "CN086"
    assert stands(desk, "prepaid") == 0


@pytest.mark.parametrize(
    ("function", "request_", "why"),
    [
        ("return_card", {"card_serial": OTHER_CARD, "reason": "退卡"}, "CN097"),
        ("return_card", {"card_serial": CARD, "reason": ""}, "CN095"),
        ("replace_card", {**CHANGE, "card_serial": CARD}, "CN094"),
        ("replace_card", {**CHANGE, "card_serial": OTHER_CARD, "reason": ""}, "CN095"),
        ("replace_card", {**CHANGE, "card_serial": OTHER_CARD, "meter_no": OTHER_METER}, "CN081"),
        ("replace_card", {**CHANGE, "card_serial": OTHER_CARD, "account_no": "9"}, "CN008"),
        ("replace_card", {**CHANGE, "card_serial": OTHER_CARD, "account_no": OTHER}, "CN081"),
        ("change_meter", {**CHANGE, "vend_count": 0}, "CN098"),
        ("change_meter", {**CHANGE, "meter_no": "25036680909", "vend_count": 0}, "CN098"),
        ("change_meter", {**CHANGE, "meter_no": "250366809099", "vend_count": -1}, "CN098"),
        ("change_meter", {**CHANGE, "meter_no": "250366809099"}, "CN098"),
        ("change_meter", {**CHANGE, "meter_no": "250366809099", "vend_count": 0, "reason": ""}, "CN095"),
    ],
)
def test_cards_and_meters_are_changed_in_order(
    desk: Bureau, function: str, request_: dict[str, Any], why: str
) -> None:
    """With a reason, for what is in use, with numbers that can be."""
    written(desk, desk.open_shift())
    assert refused(desk, function, asked(**request_)) == why
    assert is_right(desk)


@pytest.mark.parametrize("function", ["begin_vend", "settle_vend", "undo_vend", "replace_card"])
def test_a_request_id_belongs_to_one_content(desk: Bureau, function: str) -> None:
    """Other content, or another person, is refused."""
    shift = desk.open_shift()
    request = sale(desk, shift)
    desk.call("t10001", "begin_vend", request)
    proven = outcome(request, "written")
    undone = undoing(request, shift)
    change = asked(**CHANGE, card_serial=OTHER_CARD)
    bodies = {"begin_vend": request, "settle_vend": proven, "undo_vend": undone, "replace_card": change}
    for name in ("settle_vend", "undo_vend", "replace_card"):
        if name in (function, "settle_vend"):
            desk.call("t10001", name, bodies[name])
    other = bodies[function] | {"note": "x"}
    assert refused(desk, function, other) == "CN002"


def test_two_desks_sell_on_one_account_at_once_and_one_does(desk: Bureau) -> None:
    """The one that waited sees what it waited for."""
    shifts = {"t10001": desk.open_shift(), "t10002": desk.open_shift("t10002", 102)}
    requests = {staff: sale(desk, shift) for staff, shift in shifts.items()}
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(lambda staff: attempt(desk, staff, "begin_vend", requests[staff]), shifts))
    assert sorted(ends) in (["", "CN001"], ["", "CN099"])
    assert (booked(desk), stands(desk, "vend_in_flight")) == (1, 10_000)
    assert is_right(desk)


def test_two_desks_settle_one_sale_at_once_and_it_is_written_once(desk: Bureau) -> None:
    """Whoever comes second hears that it is so."""
    request = sold(desk, desk.open_shift())
    people = ("t10001", "t10002", "t10003")
    with ThreadPoolExecutor(3) as pool:
        ends = list(
            pool.map(
                lambda staff: attempt(desk, staff, "settle_vend", outcome(request, "written")),
                people,
            )
        )
    assert ends == ["", "", ""]
    assert desk.value("SELECT count(*) FROM counter.journal WHERE kind = 'vend_written'") == 1
    assert is_right(desk)


def test_taken_back_and_written_at_once_is_one_of_both(desk: Bureau) -> None:
    """The account's lock decides which comes first; the books are right either way."""
    shift = desk.open_shift()
    request = sold(desk, shift)
    calls = [
        ("t10001", "undo_vend", undoing(request, shift)),
        ("t10002", "settle_vend", outcome(request, "written")),
    ]
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(lambda call: attempt(desk, *call), calls))
    assert ends in (["", ""], ["", "CN086"])
    assert state(desk, request) == "undone"
    assert is_right(desk)


def attempt(desk: Bureau, staff_no: str, function: str, request: dict[str, Any]) -> str:
    """Empty when it went through, else the state of the refusal."""
    try:
        desk.call(staff_no, function, request)
    except psycopg.Error as error:
        return error.sqlstate or "?"
    return ""


TABLES = ("vend", "vend_event", "meter_card", "meter_count", "card_change", "vend_policy")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("staff_no", ["t10001", "t30001", "t50001"])
def test_nobody_writes_the_tables(desk: Bureau, table: str, staff_no: str) -> None:
    """A clerk with psql can do no more than the screen can."""
    with desk.psql(staff_no) as connection:
        for statement in (
            f"INSERT INTO counter.{table} DEFAULT VALUES",
            f"UPDATE counter.{table} SET {'valid_from' if table == 'vend_policy' else 'meter_no'} = NULL"
            if table != "vend_event"
            else "UPDATE counter.vend_event SET state = 'written'",
            f"DELETE FROM counter.{table}",
            f"TRUNCATE counter.{table} CASCADE",
        ):
            with pytest.raises(psycopg.Error) as error:
                connection.execute(statement)
            assert error.value.sqlstate == "42501"


@pytest.mark.parametrize(
    "function", ["write_vend", "note_vend", "keep_vend", "issue_card", "take_back_count", "post_reversal"]
)
def test_the_pieces_are_nobody_s_to_call(desk: Bureau, function: str) -> None:
    """Only whole requests are."""
    allowed = desk.value(
        "SELECT bool_or(has_function_privilege('t10001', p.oid, 'EXECUTE')) FROM pg_proc p"
        " WHERE p.proname = %s",
        function,
    )
    assert allowed is False


@pytest.mark.parametrize("function", ["begin_vend", "settle_vend", "decide_vend", "load_meter_cards"])
def test_auditors_only_read(desk: Bureau, function: str) -> None:
    """EXECUTE is granted by duty."""
    assert refused(desk, function, {}, "t40001") == "42501"
    assert refused(desk, "load_meter_cards", {}, "t10001") == "42501"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE counter.vend SET amount_fen = 1",
        "UPDATE counter.vend SET card_serial = 'X'",
        "DELETE FROM counter.vend",
        "UPDATE counter.vend_event SET evidence = NULL",
        "DELETE FROM counter.vend_event",
        "TRUNCATE counter.vend CASCADE",
        "TRUNCATE counter.card_change",
        "DELETE FROM counter.card_change",
    ],
)
def test_what_was_sold_stands_even_for_the_owner(desk: Bureau, statement: str) -> None:
    """Only the state of a sale moves."""
    written(desk, desk.open_shift())
    with desk.psql() as connection, pytest.raises(psycopg.Error) as error:
        connection.execute(statement)
    assert error.value.sqlstate == "CN011"


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE counter.vend SET state = 'pending'", "vend_one_open"),
        ("UPDATE counter.meter_card SET status = 'active'", "meter_card_one_active"),
    ],
)
def test_indexes_keep_one_open_sale_and_one_card(desk: Bureau, statement: str, constraint: str) -> None:
    """Whoever writes."""
    shift = desk.open_shift()
    written(desk, shift)
    written(desk, shift, kind="replacement", card_serial=OTHER_CARD)
    with desk.psql() as connection, pytest.raises(psycopg.Error) as error:
        connection.execute(statement)
    assert error.value.diag.constraint_name == constraint


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE counter.vend SET amount_fen = amount_fen + 1", "vends"),
        ("UPDATE counter.vend SET state = 'undone' WHERE vend_count = 2", "vends"),
        ("UPDATE counter.vend SET vend_id = gen_random_uuid() WHERE vend_count = 3", "vend receipts"),
        ("DELETE FROM counter.vend WHERE state = 'undone'", "vend receipts"),
        ("UPDATE counter.vend SET vend_count = 9 WHERE vend_count = 2", "vend counts"),
        ("UPDATE counter.meter_count SET vend_count = vend_count + 1", "vend counts"),
        ("DELETE FROM counter.meter_count", "vend counts"),
        ("UPDATE counter.vend_event SET evidence = NULL", "vend states"),
        ("UPDATE counter.vend_event SET evidence = evidence || '{\"vend_count\": 9}'", "vend states"),
        ('UPDATE counter.vend_event SET evidence = evidence || \'{"card_serial": "X"}\'', "vend states"),
        ("DELETE FROM counter.vend_event WHERE state = 'written'", "vend states"),
        ("UPDATE counter.vend_event SET journal_id = NULL WHERE state = 'undone'", "vend states"),
        ("UPDATE counter.meter_card SET account_no = '330100000002'", "meter cards"),
        ("DELETE FROM counter.card_change", "meter cards"),
    ],
)
def test_the_proof_finds_what_was_bent(desk: Bureau, statement: str, check: str) -> None:
    """With every guard switched off."""
    shift = desk.open_shift()
    for _count in range(2):
        written(desk, shift)
    desk.call("t10001", "undo_vend", undoing(written(desk, shift), shift))
    sold(desk, shift)
    assert is_right(desk)
    with desk.psql() as connection:
        connection.execute("SET session_replication_role = replica")
        for table in TABLES[:-1]:
            connection.execute(f"ALTER TABLE counter.{table} DISABLE TRIGGER ALL")
        connection.execute(statement)
    finding = verify(desk.admin).finding
    assert finding is not None
    assert finding.check == check


def test_sales_are_the_own_hall_s_to_read_but_the_account_s_history_is_everybody_s(desk: Bureau) -> None:
    """Row policies; a card is served anywhere."""
    written(desk, desk.open_shift())
    seen = {}
    for login in ("t10001", "t10003", "t40001"):
        with desk.psql(login) as connection:
            seen[login] = connection.execute(
                "SELECT (SELECT count(*) FROM counter.vend), (SELECT count(*) FROM counter.vend_event),"
                f" (SELECT count(*) FROM counter.account_vends('{ACCOUNT}', 10))"
            ).fetchone()
    assert seen == {"t10001": (1, 2, 1), "t10003": (0, 0, 1), "t40001": (1, 2, 1)}


def test_a_locked_member_of_staff_settles_nothing(desk: Bureau) -> None:
    """On the connection that is open as well."""
    request = sold(desk, desk.open_shift())
    with desk.psql("t10002") as connection:
        with desk.admin.begin() as owner:
            admin.lock_staff(owner, "t10002")
        with pytest.raises(psycopg.Error) as error:
            connection.execute("SELECT counter.settle_vend(%s)", [json.dumps(outcome(request, "written"))])
    assert error.value.sqlstate == "CN013"
    with desk.admin.begin() as owner:
        admin.create_staff(owner, "t10002", name="李强", hall_no=1, duty="clerk", password="right-password")


CLOSE = "INSERT INTO counter.closed_day (hall_no, business_date) VALUES (1, counter.business_date())"


def close_day(desk: Bureau) -> str:
    """Close today for the first hall; the state of the refusal, or nothing."""
    with desk.psql() as connection:
        try:
            connection.execute(CLOSE)
        except psycopg.Error as error:
            return error.sqlstate or "?"
    return ""


def test_no_day_is_closed_over_a_doubt_that_nobody_signed_for(desk: Bureau) -> None:
    """A supervisor of the hall signs, once, for this day; what is settled needs no signature."""
    shift = desk.open_shift()
    written(desk, shift)
    request = sold(desk, shift)
    desk.call("t10001", "settle_vend", outcome(request, "in_doubt"))
    assert close_day(desk) == "CN110"
    today = desk.value("SELECT counter.business_date()::text")
    signing = asked(business_date=today, note="卡由客户带走，明日再来")
    assert refused(desk, "sign_vends", signing) == "42501"
    assert desk.call("t30002", "sign_vends", asked(business_date=today, note="x"))["signed"] == 0
    assert refused(desk, "sign_vends", signing | {"note": " "}, "t30001") == "CN095"
    assert desk.call("t30001", "sign_vends", asked(business_date="2020-01-01", note="x"))["signed"] == 1
    assert close_day(desk) == "CN110"
    assert desk.call("t30001", "sign_vends", signing) == {"signed": 1, "replayed": False}
    assert desk.call("t30001", "sign_vends", signing) == {"signed": 1, "replayed": True}
    assert refused(desk, "sign_vends", signing | {"note": "y"}, "t30001") == "CN002"
    assert close_day(desk) == ""
