"""Deposit slips and reversals together: before the slip, after it, and both at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from counter.services.ledger import verify
from tests.bureau import Bureau
from tests.ledger.closed import add_bank_account, cash, cheque, closed_shift, pos, slip

ACCOUNT = "330100000001"
CASHIER = "t20001"


@pytest.fixture
def hall(bureau: Bureau) -> Bureau:
    """An account to pay for and a bank account to bring the money to."""
    bureau.add_account(ACCOUNT)
    add_bank_account(bureau)
    return bureau


def payments(hall: Bureau) -> list[int]:
    """The journals of all payments, in order."""
    with hall.psql() as connection:
        rows = connection.execute("SELECT journal_id FROM counter.journal WHERE kind = 'payment' ORDER BY 1")
        return [row[0] for row in rows.fetchall()]


def reversal(shift: int, journal_id: int, **changes: Any) -> dict[str, Any]:
    """A request to take a payment back."""
    return {
        "request_id": str(uuid4()),
        "shift_id": shift,
        "journal_id": journal_id,
        "cause": "mistake",
        "reason": "录错户号",
        **changes,
    }


def approved(hall: Bureau, request: dict[str, Any]) -> dict[str, Any]:
    """The same with a supervisor's approval."""
    approval_id = str(uuid4())
    asked = {
        "approval_id": approval_id,
        "action": "reversal",
        "subject": request,
        "reason": request["reason"],
    }
    hall.call("t10001", "request_approval", asked)
    hall.call("t30001", "decide_approval", {"approval_id": approval_id, "approved": True})
    return request | {"approval_id": approval_id}


def state_of(hall: Bureau, function: str, request: dict[str, Any], staff_no: str = "t10001") -> str:
    """The state of a refusal, or nothing when it was posted."""
    try:
        hall.call(staff_no, function, request)
    except psycopg.Error as error:
        return error.sqlstate or "?"
    return ""


def test_what_was_reversed_before_the_slip_is_not_on_it(hall: Bureau) -> None:
    """The cheque goes back to the payer, the POS slip is void; cash comes out of the drawer of now."""
    took = closed_shift(hall, ACCOUNT, cash(700), cheque(5_000), pos(300), pos(40, "000043"))
    shift = hall.open_shift()
    paid_cash, paid_cheque, paid_pos, _kept = payments(hall)
    for journal_id in (paid_cash, paid_cheque, paid_pos):
        hall.call("t10001", "reverse_payment", reversal(shift, journal_id))
    request = slip(hall, 740, (took, "cash"), (took, "cheque"), (took, "pos"))
    answer = hall.call(CASHIER, "post_deposit", request)
    assert (answer["cash_fen"], answer["cheques_fen"], answer["pos_fen"]) == (700, 0, 40)
    assert verify(hall.admin).finding is None


def test_what_is_on_a_slip_is_reversed_with_an_approval_only(hall: Bureau) -> None:
    """The bank returns the cheque: out of transit, into the hand and back to the payer."""
    took = closed_shift(hall, ACCOUNT, cash(700), cheque(5_000))
    hall.call(CASHIER, "post_deposit", slip(hall, 5_700, (took, "cash"), (took, "cheque")))
    shift = hall.open_shift()
    _paid_cash, paid_cheque = payments(hall)
    request = reversal(shift, paid_cheque, cause="cheque_returned", reason="退票")
    assert state_of(hall, "reverse_payment", request) == "CN037"
    hall.call("t10001", "reverse_payment", approved(hall, request))
    query = "SELECT coalesce(sum(amount_fen), 0)::bigint FROM counter.posting WHERE ledger_account = %s"
    assert hall.value(query, "cash_in_transit") == 700
    assert hall.value(query, "cheques_in_hand") == 0
    assert verify(hall.admin).finding is None


@pytest.mark.parametrize("turn", range(4))
def test_a_slip_and_a_reversal_at_once_agree(hall: Bureau, turn: int) -> None:
    """Either the slip has the cheque and the reversal asks for a supervisor, or the sum is another."""
    took = closed_shift(hall, ACCOUNT, cheque(5_000), cash(100))
    shift = hall.open_shift()
    back = reversal(shift, payments(hall)[0])
    to_bank = slip(hall, 5_100, (took, "cheque"), (took, "cash"))
    calls = [("reverse_payment", back, "t10001"), ("post_deposit", to_bank, CASHIER)]
    with ThreadPoolExecutor(2) as pool:
        asked = {call[0]: pool.submit(state_of, hall, *call) for call in calls[:: 1 if turn % 2 else -1]}
        states = asked["reverse_payment"].result(), asked["post_deposit"].result()
    assert states in {("", "CN054"), ("CN037", "")}
    assert verify(hall.admin).finding is None
