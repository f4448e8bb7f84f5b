"""A sale onto a prepaid card, as the database referees it: sold, written, in doubt, taken back, decided."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from db.queries import vends
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
    sale,
    sold,
    stands,
    state,
    undoing,
    without,
    written,
)


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """Two accounts with a meter each and no card yet."""
    return furnish_cards(bureau)


def test_a_sale_is_owed_until_the_card_is_written(desk: Bureau) -> None:
    """The money is in the drawer at once, the power is sold when the card was read back."""
    shift = desk.open_shift(float_fen=0)
    request = sale(desk, shift, 12_345)
    answer = desk.call("t10001", "begin_vend", request)
    assert answer["total_fen"] == 12_345
    assert answer["receipt_no"].startswith("0101-")
    assert (stands(desk, "vend_in_flight"), stands(desk, "vended")) == (12_345, 0)
    assert (state(desk, request), booked(desk)) == ("pending", 1)
    told = desk.call("t10001", "settle_vend", outcome(request, "written"))
    assert told == {"vend_id": request["request_id"], "state": "written", "replayed": False}
    assert (stands(desk, "vend_in_flight"), stands(desk, "vended")) == (0, 12_345)
    assert desk.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 12_345
    assert is_right(desk)


def test_the_next_sale_counts_on(desk: Bureau) -> None:
    """One count a sale, on the same card."""
    shift = desk.open_shift()
    for count in (1, 2, 3):
        assert written(desk, shift)["vend_count"] == count
    assert booked(desk) == 3
    assert is_right(desk)


def test_every_request_gives_its_first_answer_again(desk: Bureau) -> None:
    """Same id and content: nothing happens twice, and an event's answer stays what it was."""
    shift = desk.open_shift()
    request = sale(desk, shift)
    doubtful = outcome(request, "in_doubt")
    proven = outcome(request, "written")
    calls = [
        ("begin_vend", request),
        ("settle_vend", doubtful),
        ("settle_vend", proven),
        ("undo_vend", undoing(request, shift)),
    ]
    answers = [desk.call("t10001", function, body) for function, body in calls]
    before = desk.value("SELECT count(*) FROM counter.journal")
    again = [desk.call("t10001", function, body) for function, body in calls]
    assert again == [{**answer, "replayed": True} for answer in answers]
    assert desk.value("SELECT count(*) FROM counter.journal") == before
    assert is_right(desk)


def test_a_lost_reply_of_a_sale_is_settled_as_a_payment_s(desk: Bureau) -> None:
    """By its id, or the id is burnt."""
    shift = desk.open_shift()
    request = sale(desk, shift)
    answer = desk.call("t10001", "begin_vend", request)
    ask = "SELECT counter.settle_payment(%s, %s)"
    with desk.psql("t10001") as connection:
        known = connection.execute(ask, [request["request_id"], shift]).fetchone()
        assert known == ({**answer, "replayed": True},)
        assert connection.execute(ask, [str(uuid4()), shift]).fetchone() == (None,)


def test_a_sale_in_doubt_is_settled_at_another_hall(desk: Bureau) -> None:
    """The card comes back anywhere; the journal stands in the books of the hall that read it."""
    request = sold(desk, desk.open_shift())
    desk.call("t10001", "settle_vend", outcome(request, "in_doubt", note="卡片中途取出"))
    taken = evidence(request, writeback_empty=False, writeback_count=1, wallet_fen=0)
    desk.call("t10003", "settle_vend", outcome(request, "written", evidence=taken))
    assert state(desk, request) == "written"
    assert desk.value("SELECT till_no FROM counter.journal WHERE kind = 'vend_written'") == 900_002
    assert is_right(desk)


def test_a_card_that_was_read_as_before_can_be_written_on(desk: Bureau) -> None:
    """From in doubt back to pending, with the card's own word for it."""
    request = sold(desk, desk.open_shift())
    desk.call("t10001", "settle_vend", outcome(request, "in_doubt"))
    desk.call("t10001", "settle_vend", outcome(request, "pending", evidence=without(request)))
    assert state(desk, request) == "pending"
    desk.call("t10001", "settle_vend", outcome(request, "written"))
    assert desk.value("SELECT count(*) FROM counter.vend_event") == 4


@pytest.mark.parametrize("first", ["pending", "in_doubt", "written"])
def test_a_sale_is_taken_back_and_its_count_with_it(desk: Bureau, first: str) -> None:
    """The drawer gives the money back, the receipt is void, the next sale has the same count."""
    shift = desk.open_shift(float_fen=0)
    request = sold(desk, shift)
    desk.call("t10001", "settle_vend", outcome(request, first))
    answer = desk.call("t10001", "undo_vend", undoing(request, shift))
    assert (answer["total_fen"], answer["change_fen"]) == (-10_000, 10_000)
    assert (state(desk, request), booked(desk)) == ("undone", 0)
    assert (stands(desk, "vend_in_flight"), stands(desk, "vended")) == (0, 0)
    assert desk.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 0
    assert written(desk, shift)["vend_count"] == 1
    assert is_right(desk)


def test_a_sale_of_another_clerk_is_taken_back_with_approval(desk: Bureau) -> None:
    """As every reversal is; what is read from the card is no part of what was approved."""
    request = written(desk, desk.open_shift())
    shift = desk.open_shift("t10002", 102)
    wanted = undoing(request, shift)
    asked = {key: wanted[key] for key in ("vend_id", "reason")}
    approval = approved(desk, "reversal", asked, "t10002")["approval_id"]
    desk.call("t10002", "undo_vend", wanted | {"approval_id": approval})
    assert state(desk, request) == "undone"
    assert is_right(desk)


@pytest.mark.parametrize(("yes", "after", "prepaid"), [(True, "written", 0), (False, "undone", 10_000)])
def test_a_supervisor_decides_for_a_card_that_is_lost(
    desk: Bureau, yes: bool, after: str, prepaid: int
) -> None:
    """Written, or the money goes to the balance of the account."""
    request = sold(desk, desk.open_shift())
    desk.call("t10001", "settle_vend", outcome(request, "in_doubt"))
    wanted = approved(desk, "vend_decision", decision(request, written=yes))
    answer = desk.call("t10001", "decide_vend", wanted)
    assert answer == {"vend_id": request["request_id"], "state": after, "replayed": False}
    assert desk.call("t10001", "decide_vend", wanted) == {**answer, "replayed": True}
    assert (state(desk, request), stands(desk, "prepaid")) == (after, prepaid)
    assert (stands(desk, "vend_in_flight"), booked(desk)) == (0, 1 if yes else 0)
    assert is_right(desk)


def test_a_booking_that_was_lost_is_completed_at_once(desk: Bureau) -> None:
    """The card has it already: sold and written in one request."""
    shift = desk.open_shift()
    written(desk, shift)
    request = sale(desk, shift, 5_000, kind="booking")
    desk.call("t10001", "begin_vend", request | {"evidence": evidence(request)})
    assert (state(desk, request), stands(desk, "vended")) == ("written", 15_000)
    assert is_right(desk)


def test_own_balance_slips_and_cash_pay_for_power(desk: Bureau) -> None:
    """Every tender that the rules allow, and a slip counts once."""
    shift = desk.open_shift()
    advance = desk.payment(shift, ACCOUNT, total_fen=3_000, prepaid_fen=3_000)
    desk.call("t10001", "post_payment", advance)
    pos = {"kind": "pos", "amount_fen": 2_000, "details": {"reference": "12345678-000001-000042"}}
    own = {"kind": "prepaid", "amount_fen": 3_000}
    cash = {"kind": "cash", "amount_fen": 5_000, "received_fen": 6_000}
    answer = desk.call("t10001", "begin_vend", sale(desk, shift, tenders=[pos, own, cash]))
    assert (answer["change_fen"], answer["prepaid_after_fen"]) == (1_000, 0)
    assert desk.value("SELECT count(*) FROM counter.tender_document WHERE released_by IS NULL") == 1
    assert is_right(desk)


def test_a_replaced_card_settles_what_the_lost_one_left_in_doubt(desk: Bureau) -> None:
    """Sold onto the old card, written with the last count onto the new one."""
    request = sold(desk, desk.open_shift())
    desk.call("t10001", "settle_vend", outcome(request, "in_doubt"))
    change = {
        "request_id": str(uuid4()),
        "account_no": ACCOUNT,
        "meter_no": METER,
        "card_serial": OTHER_CARD,
        "profile": PROFILE,
        "reason": "卡片损坏",
    }
    answer = desk.call("t10001", "replace_card", change)
    assert desk.call("t10001", "replace_card", change) == {**answer, "replayed": True}
    proof = evidence(request, card_serial=OTHER_CARD)
    desk.call("t10001", "settle_vend", outcome(request, "written", evidence=proof))
    assert is_right(desk)


def test_a_replacement_can_come_with_a_sale(desk: Bureau) -> None:
    """The old card is in use no more."""
    shift = desk.open_shift()
    written(desk, shift)
    written(desk, shift, kind="replacement", card_serial=OTHER_CARD)
    assert desk.value("SELECT status FROM counter.meter_card WHERE card_serial = %s", CARD) == "replaced"
    assert written(desk, shift)["card_serial"] == OTHER_CARD


def test_a_returned_card_may_go_to_another_account(desk: Bureau) -> None:
    """Plastic is used again."""
    shift = desk.open_shift()
    written(desk, shift)
    back = {"request_id": str(uuid4()), "card_serial": CARD, "reason": "销户"}
    answer = desk.call("t10001", "return_card", back)
    assert desk.call("t10001", "return_card", back) == {**answer, "replayed": True}
    written(desk, shift, account_no=OTHER)
    assert desk.value("SELECT account_no FROM counter.meter_card WHERE card_serial = %s", CARD) == OTHER
    assert is_right(desk)


def test_another_meter_begins_its_own_count(desk: Bureau) -> None:
    """Account, card and count go over to it."""
    shift = desk.open_shift()
    written(desk, shift)
    new_meter = "250366809099"
    change = {
        "request_id": str(uuid4()),
        "account_no": ACCOUNT,
        "meter_no": new_meter,
        "vend_count": 0,
        "reason": "换表",
    }
    answer = desk.call("t10001", "change_meter", change)
    assert desk.call("t10001", "change_meter", change) == {**answer, "replayed": True}
    request = written(desk, shift)
    assert (request["meter_no"], request["vend_count"]) == (new_meter, 1)
    assert is_right(desk)


def test_cards_of_older_books_are_taken_over_once(desk: Bureau) -> None:
    """They count on from where they are."""
    card = {
        "account_no": ACCOUNT,
        "meter_no": METER,
        "card_serial": CARD,
        "profile": PROFILE,
        "vend_count": 9,
    }
    other = card | {"account_no": OTHER, "meter_no": OTHER_METER, "card_serial": OTHER_CARD}
    request = {"request_id": str(uuid4()), "cards": [card, other]}
    assert desk.call("t60001", "load_meter_cards", request) == {"cards": 2, "added": 2}
    assert desk.call("t60001", "load_meter_cards", request) == {"cards": 2, "added": 0}
    assert written(desk, desk.open_shift())["vend_count"] == 10
    assert is_right(desk)


def test_the_desk_reads_books_and_lists_in_one_statement_each(desk: Bureau) -> None:
    """Also of what another hall sold; the list of what is open is the own hall's."""
    shift = desk.open_shift()
    written(desk, shift)
    request = sold(desk, shift, 700)
    vend_id = UUID(request["request_id"])
    with desk.engine("t10003").connect() as connection:
        books = vends.books(connection, ACCOUNT)
        assert vends.in_doubt(connection) == ()
        assert vends.books(connection, "1" * 12) is None
    assert books is not None
    assert books.open_vend is not None
    assert (books.vend_count, books.card_serial, books.limit_fen) == (2, CARD, 5_000_000)
    assert (books.open_vend.vend_id, books.open_vend.state) == (vend_id, "pending")
    assert [each.amount_fen for each in books.last_vends] == [700, 10_000]
    with desk.engine("t10001").connect() as connection:
        assert vends.in_doubt(connection) == vends.unsettled(connection, "t10001") == (books.open_vend,)
        assert vends.unsettled(connection, "t10002") == ()
        assert vends.vend(connection, vend_id) == books.open_vend
        without_card = vends.books(connection, OTHER)
    assert without_card is not None
    assert (without_card.card_serial, without_card.vend_count, without_card.last_vends) == ("", 0, ())
