"""What a reversal gives back: each to whom it came from, once, and the proof of the books agrees."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from counter.domain.instalments import Instalment, standing
from counter.services.ledger import verify
from db.errors import translate
from tests.bureau import Bureau
from tests.ledger.closed import add_bank_account, cash, cheque, close_shift, pos, slip

ACCOUNT, OTHER, CARD, FACE_FEN = "330100000001", "330100000002", "80000001", 20_000
CLERK, CASHIER, SUPERVISOR = "t10001", "t20001", "t30001"
FAR = date(2999, 1, 1)


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """Two accounts, a bank account, and a card that a customer has."""
    bureau.add_account(ACCOUNT)
    bureau.add_account(OTHER, name="李四")
    add_bank_account(bureau)
    card = {"card_no": CARD, "face_fen": FACE_FEN, "digest": hashlib.sha256(proof()).hexdigest()}
    bureau.call("t60001", "load_cards", {"cards": [card]})
    return bureau


def proof() -> bytes:
    """A stand-in for the slow hash of the card's secret."""
    return hashlib.sha256(b"secret").digest()


def shift_of(desk: Bureau) -> int:
    """The open shift of till 101."""
    return int(desk.value("SELECT shift_id FROM counter.till WHERE till_no = 101") or desk.open_shift())


def pay(desk: Bureau, tender: dict[str, Any], account_no: str = ACCOUNT, **more: Any) -> int:
    """An advance by one tender, or what ``lines`` say; its journal."""
    total_fen = tender["amount_fen"]
    prepaid_fen = 0 if more.get("lines") else total_fen
    request = desk.payment(shift_of(desk), account_no, prepaid_fen=prepaid_fen, tenders=[tender], **more)
    return int(desk.call(CLERK, "post_payment", request)["journal_id"])


def back(desk: Bureau, journal_id: int, **changes: Any) -> dict[str, Any]:
    """A request to take it back."""
    request = {
        "request_id": str(uuid4()),
        "shift_id": shift_of(desk),
        "journal_id": journal_id,
        "cause": "mistake",
        "reason": "录错户号",
    }
    return request | changes


def approved(desk: Bureau, action: str, request: dict[str, Any]) -> dict[str, Any]:
    """The same with a supervisor's approval."""
    approval_id = str(uuid4())
    asked = {"approval_id": approval_id, "action": action, "subject": request, "reason": request["reason"]}
    desk.call(CLERK, "request_approval", asked)
    desk.call(SUPERVISOR, "decide_approval", {"approval_id": approval_id, "approved": True})
    return request | {"approval_id": approval_id}


def refused(desk: Bureau, function: str, request: dict[str, Any]) -> psycopg.Error:
    """The refusal."""
    with pytest.raises(psycopg.Error) as error:
        desk.call(CLERK, function, request)
    return error.value


def booked(desk: Bureau, ledger_account: str) -> int:
    """What its postings come to."""
    query = "SELECT coalesce(sum(amount_fen), 0)::bigint FROM counter.posting WHERE ledger_account::text = %s"
    return int(desk.value(query, ledger_account))


def owed(desk: Bureau, account_no: str = ACCOUNT) -> tuple[int, int]:
    """Prepaid and arrears."""
    query = "SELECT ARRAY[prepaid_fen, arrears_fen] FROM counter.account_balance WHERE account_no = %s"
    prepaid_fen, arrears_fen = desk.value(query, account_no)
    return prepaid_fen, arrears_fen


def is_right(desk: Bureau) -> bool:
    """Whether the ledger proves itself to an auditor."""
    return verify(desk.engine("t40001")).finding is None


def card_in_hand(desk: Bureau) -> None:
    """Sell the card and show its secret."""
    if desk.value("SELECT status FROM counter.recharge_card") == "stock":
        tenders = [cash(FACE_FEN)]
        sale = {"request_id": str(uuid4()), "shift_id": shift_of(desk), "cards": [CARD], "tenders": tenders}
        desk.call(CLERK, "sell_cards", sale)
    shown = {"shift_id": shift_of(desk), "card_no": CARD, "proof": proof().hex()}
    assert desk.call(CLERK, "show_card", shown)["result"] == "shown"


def test_a_recharge_card_is_the_customer_s_again_and_no_cash_goes_out(desk: Bureau) -> None:
    """Owed to whoever has it, to be shown with its secret anew, and good for another account."""
    purse = {"kind": "recharge_card", "amount_fen": FACE_FEN, "details": {"reference": CARD}}
    card_in_hand(desk)
    taken = pay(desk, purse)
    assert booked(desk, "recharge_cards") == 0
    answer = desk.call(CLERK, "reverse_payment", back(desk, taken))
    assert (answer["total_fen"], answer["change_fen"]) == (-FACE_FEN, 0)
    assert (booked(desk, "recharge_cards"), owed(desk)) == (-FACE_FEN, (0, 0))
    request = desk.payment(shift_of(desk), OTHER, prepaid_fen=FACE_FEN, tenders=[purse])
    assert refused(desk, "post_payment", request).sqlstate == "CN023"
    assert is_right(desk)
    card_in_hand(desk)
    pay(desk, purse, OTHER)
    assert (booked(desk, "recharge_cards"), owed(desk, OTHER)) == (0, (FACE_FEN, 0))
    assert is_right(desk)


def test_the_proof_finds_a_card_that_counts_although_its_money_is_gone(desk: Bureau) -> None:
    """Bent by a superuser."""
    card_in_hand(desk)
    pay(desk, {"kind": "recharge_card", "amount_fen": FACE_FEN, "details": {"reference": CARD}})
    assert is_right(desk)
    with desk.psql() as connection:
        connection.execute("UPDATE counter.recharge_card SET status = 'sold', redeemed_by = NULL")
    finding = verify(desk.engine("t40001")).finding
    assert finding is not None
    assert finding.check == "cards"


def test_the_care_fund_has_its_money_again_and_a_used_approval_stays_used(desk: Bureau) -> None:
    """The household gets no cash; the next time a supervisor signs anew."""
    with desk.psql() as connection:
        connection.execute("UPDATE counter.account SET hardship = true WHERE account_no = %s", [ACCOUNT])
    desk.call(
        SUPERVISOR, "add_to_fund", {"request_id": str(uuid4()), "amount_fen": 700, "reason": "年度拨款"}
    )
    tenders = [{"kind": "care_fund", "amount_fen": 500}]
    request = desk.payment(shift_of(desk), ACCOUNT, prepaid_fen=500, tenders=tenders, reason="低保户")
    allowed = approved(desk, "payment", request)
    taken = desk.call(CLERK, "post_payment", allowed)["journal_id"]
    fund = "SELECT balance_fen FROM counter.fund WHERE fund = 'care_fund'"
    assert desk.value(fund) == 200
    answer = desk.call(CLERK, "reverse_payment", back(desk, taken))
    assert (answer["change_fen"], desk.value(fund), booked(desk, "care_fund")) == (0, 700, -700)
    again = allowed | desk.payment(shift_of(desk), ACCOUNT, prepaid_fen=500, tenders=tenders)
    assert refused(desk, "post_payment", again).diag.constraint_name == "approval_use_pk"
    assert (desk.value(fund), owed(desk)) == (700, (0, 0))
    assert is_right(desk)


@pytest.mark.parametrize("ended", [False, True])
def test_an_instalment_that_was_taken_back_is_due_again(desk: Bureau, ended: bool) -> None:
    """Of two only the other one counts; also when the agreement was given up in between."""
    plan = (Instalment(date(2030, 1, 10), 1_000), Instalment(date(2030, 1, 31), 1_000))
    made = {
        "request_id": str(uuid4()),
        "account_no": ACCOUNT,
        "period": 203001,
        "expected_kwh": 100,
        "instalments": [{"due_date": str(item.due_date), "amount_fen": item.amount_fen} for item in plan],
        "reason": "风险客户",
    }
    agreed = desk.call(CLERK, "make_agreement", made)["agreement_id"]
    journals = []
    for _turn in plan:
        request = desk.payment(shift_of(desk), ACCOUNT, total_fen=1_000, prepaid_fen=1_000)
        request["accounts"][0]["agreement_id"] = agreed
        journals.append(desk.call(CLERK, "post_payment", request)["journal_id"])
    if ended:
        end = {"request_id": str(uuid4()), "agreement_id": agreed, "reason": "停产"}
        desk.call(CLERK, "end_agreement", end)
    desk.call(CLERK, "reverse_payment", back(desk, journals[0]))
    paid_fen = desk.value("SELECT sum(amount_fen)::bigint FROM counter.instalment_payment")
    assert (paid_fen, owed(desk)) == (1_000, (1_000, 0))
    assert standing(plan, paid_fen, date(2030, 1, 31)).due_fen == 1_000
    assert is_right(desk)


def test_a_returned_cheque_whose_money_was_drawn_down_waits_until_it_is_there_again(desk: Bureau) -> None:
    """A bill took it: nothing is reversed, the sentence says the way out, and that way leads there."""
    taken = pay(desk, cheque(5_000))
    desk.add_bills(ACCOUNT, (202601, 4_000, FAR))
    assert owed(desk) == (1_000, 0)
    returned = back(desk, taken, cause="cheque_returned", reason="退票：存款不足")
    error = refused(desk, "reverse_payment", returned)
    assert error.sqlstate == "CN038"
    assert "存入" in translate(error).hint
    assert (booked(desk, "cheques_in_hand"), owed(desk)) == (5_000, (1_000, 0))
    pay(desk, cash(4_000))
    answer = desk.call(CLERK, "reverse_payment", returned)
    assert (answer["total_fen"], answer["change_fen"], owed(desk)) == (-5_000, 0, (0, 0))
    assert booked(desk, "cheques_in_hand") == 0
    assert is_right(desk)


def test_a_returned_cheque_that_settled_a_bill_opens_it_again(desk: Bureau) -> None:
    """Out of transit through the hand back to the payer; another cheque of that number is another paper."""
    desk.add_bills(ACCOUNT, (202601, 5_000, FAR))
    line = {"period": 202601, "part": 1, "late_fee_fen": 0, "principal_fen": 5_000}
    taken, shift = pay(desk, cheque(5_000), lines=[line]), shift_of(desk)
    close_shift(desk, shift)
    desk.call(CASHIER, "post_deposit", slip(desk, 5_000, (shift, "cheque")))
    returned = back(desk, taken, cause="cheque_returned", reason="退票")
    assert refused(desk, "reverse_payment", returned).sqlstate == "CN037"
    assert (owed(desk), booked(desk, "cash_in_transit")) == ((0, 0), 5_000)
    desk.call(CLERK, "reverse_payment", approved(desk, "reversal", returned))
    assert owed(desk) == (0, 5_000)
    assert (booked(desk, "cash_in_transit"), booked(desk, "cheques_in_hand")) == (0, 0)
    pay(desk, cheque(5_000), lines=[line])
    assert is_right(desk)


@pytest.mark.parametrize("tender", [cash(700), pos(700), cheque(700)])
def test_what_is_on_a_slip_asks_for_a_supervisor_and_becomes_an_entry_of_today(
    desk: Bureau, tender: dict[str, Any]
) -> None:
    """CN037: the slip stays as it was; cash goes out of the drawer of now, anything else does not."""
    taken, shift = pay(desk, tender), shift_of(desk)
    pay(desk, cash(100))
    close_shift(desk, shift)
    part = tender["kind"]
    parts = {(shift, "cash"), (shift, part)}
    desk.call(CASHIER, "post_deposit", slip(desk, 800, *sorted(parts)))
    request = back(desk, taken)
    assert refused(desk, "reverse_payment", request).sqlstate == "CN037"
    answer = desk.call(CLERK, "reverse_payment", approved(desk, "reversal", request))
    assert answer["change_fen"] == (700 if part == "cash" else 0)
    assert (
        desk.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 50_000 - answer["change_fen"]
    )
    assert desk.value("SELECT cash_fen + cheques_fen + pos_fen FROM counter.deposit") == 800
    assert owed(desk) == (100, 0)
    close_shift(desk, shift_of(desk))
    assert is_right(desk)
