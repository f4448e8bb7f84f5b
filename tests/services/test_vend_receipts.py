"""The paper of a sale onto a prepaid card, from the ledger's rows."""

from __future__ import annotations

from typing import Any

import pytest

from counter.services.receipt_papers import document
from counter.services.shift_reports import read_report
from db.queries.corrections import payment
from db.queries.receipts import receipt
from receipts.document import ReceiptDocument, ReceiptKind, VendMark
from tests.bureau import Bureau
from tests.ledger.vending import (
    approved,
    decision,
    furnish_cards,
    outcome,
    sale,
    sold,
    undoing,
    written,
)


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """Two accounts with a meter each and no card yet."""
    return furnish_cards(bureau)


def paper(desk: Bureau, receipt_no: str) -> ReceiptDocument:
    """The document of a receipt as a clerk of the hall prints it."""
    with desk.engine("t10001").connect() as connection:
        row = receipt(connection, receipt_no)
    assert row is not None
    return document(row, "zh_CN")


def receipt_of(desk: Bureau, request: dict[str, Any]) -> str:
    """The number of a sale's receipt."""
    return str(
        desk.value(
            "SELECT counter.receipt_no(j.till_no, j.business_date, j.receipt_serial) FROM counter.journal j"
            " WHERE j.request_id = %s::uuid",
            request["request_id"],
        )
    )


def test_it_names_card_meter_count_and_what_was_done(desk: Bureau) -> None:
    """The serial is masked; keys that are for show are said."""
    said = paper(desk, receipt_of(desk, written(desk, desk.open_shift())))
    assert said.vend is not None
    assert (said.kind, said.total_fen, said.prepaid_in_fen) == (ReceiptKind.VEND, 10_000, 0)
    assert (said.customer.meter_no, said.customer.vend_count) == ("250366809002", 1)
    assert (said.vend.kind, said.vend.card_serial) == ("opening", "00B0********0001")
    assert (said.vend.mark, said.vend.proven, said.vend.credited) == (VendMark.DEMONSTRATION, True, False)


@pytest.mark.parametrize(
    ("changes", "mark"),
    [({"mark": "simulated"}, VendMark.SIMULATED), ({"profile": "stategrid-2014"}, VendMark.REAL)],
)
def test_it_says_what_is_for_show(desk: Bureau, changes: dict[str, Any], mark: VendMark) -> None:
    """A reader that is none, or nothing when all is real."""
    request = sale(desk, desk.open_shift(), **changes)
    desk.call("t10001", "begin_vend", request)
    said = paper(desk, receipt_of(desk, request)).vend
    assert said is not None
    assert said.mark is mark


def test_it_says_while_the_card_is_not_proven(desk: Bureau) -> None:
    """In doubt on the paper as on the screen, and no more when it is settled."""
    request = sold(desk, desk.open_shift())
    before = paper(desk, receipt_of(desk, request)).vend
    desk.call("t10001", "settle_vend", outcome(request, "written"))
    after = paper(desk, receipt_of(desk, request)).vend
    assert before is not None
    assert after is not None
    assert (before.proven, after.proven) == (False, True)


def test_taken_back_it_is_void_and_the_reversal_is_its_mirror(desk: Bureau) -> None:
    """Own number, negative, the same card."""
    shift = desk.open_shift()
    request = written(desk, shift)
    answer = desk.call("t10001", "undo_vend", undoing(request, shift))
    old, new = (paper(desk, number) for number in (receipt_of(desk, request), answer["receipt_no"]))
    assert old.vend is not None
    assert new.vend is not None
    assert (old.void, old.vend.credited) == (True, False)
    assert (new.kind, new.reverses, new.vend.amount_fen) == (
        ReceiptKind.REVERSAL,
        old.receipt_no,
        -10_000,
    )
    assert new.vend.card_serial == old.vend.card_serial


def test_credited_by_a_decision_it_says_where_the_money_went(desk: Bureau) -> None:
    """A reprint is told apart from a sale that stands."""
    request = sold(desk, desk.open_shift())
    desk.call("t10001", "decide_vend", approved(desk, "vend_decision", decision(request, written=False)))
    said = paper(desk, receipt_of(desk, request))
    assert said.vend is not None
    assert (said.vend.credited, said.void) == (True, False)


def test_own_balance_may_pay_for_it(desk: Bureau) -> None:
    """The document adds up with the balance as a tender."""
    shift = desk.open_shift()
    desk.call("t10001", "post_payment", desk.payment(shift, "330100000001", total_fen=700, prepaid_fen=700))
    own = [{"kind": "prepaid", "amount_fen": 500}]
    request = sale(desk, shift, 500, tenders=own)
    desk.call("t10001", "begin_vend", request)
    said = paper(desk, receipt_of(desk, request))
    assert (said.total_fen, said.prepaid_after_fen) == (500, 200)


def test_the_form_of_reversals_points_to_the_card(desk: Bureau) -> None:
    """It is no payment that can be reversed, and the desk says what it is."""
    number = receipt_of(desk, written(desk, desk.open_shift()))
    with desk.engine("t10001").connect() as connection:
        row = payment(connection, number)
    assert row is not None
    assert row[9] == "vend"


def test_a_shift_counts_what_was_sold_onto_cards_and_what_was_taken_back(desk: Bureau) -> None:
    """Among the takings by tender and by hour, and among the reversals, in the receipts' range."""
    shift = desk.open_shift()
    written(desk, shift)
    undone = written(desk, shift, 3_000)
    desk.call("t10001", "undo_vend", undoing(undone, shift))
    with desk.engine("t10001").connect() as connection:
        report = read_report(connection, shift)
    assert report is not None
    assert [(row.kind, row.count, row.amount_fen) for row in report.takings] == [("cash", 2, 13_000)]
    assert [(row.count, row.amount_fen) for row in report.hours] == [(2, 13_000)]
    assert (report.reversals.count, report.reversals.amount_fen, report.receipt_count) == (1, 3_000, 3)
