"""Reversals, refunds and balance transfers, as the database referees them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from counter.services.ledger import verify
from tests.bureau import Bureau

ACCOUNT, OTHER = "330100000001", "330100000002"
POS = {"kind": "pos", "details": {"reference": "12345678-000001-000042"}}
SLIP = {"kind": "transfer", "details": {"reference": "工商银行/SLIP-1", "payer": "6222020200012345"}}


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """Two accounts of one name that owe nothing."""
    bureau.add_account(ACCOUNT)
    bureau.add_account(OTHER)
    return bureau


def paid(desk: Bureau, shift: int, total_fen: int = 1_000, staff_no: str = "t10001", **more: Any) -> Any:
    """The answer of a payment; an advance unless it has lines."""
    prepaid = 0 if more.get("lines") else total_fen
    request = desk.payment(shift, ACCOUNT, total_fen=total_fen, prepaid_fen=prepaid, **more)
    return desk.call(staff_no, "post_payment", request)


def reversal(shift: int, journal_id: int, **changes: Any) -> dict[str, Any]:
    """A request to reverse."""
    return {
        "request_id": str(uuid4()),
        "shift_id": shift,
        "journal_id": journal_id,
        "cause": "mistake",
        "reason": "录错户号",
        **changes,
    }


def approved(desk: Bureau, action: str, request: dict[str, Any], staff_no: str = "t10001") -> dict[str, Any]:
    """The request with a supervisor's approval."""
    approval_id = str(uuid4())
    asked = {"approval_id": approval_id, "action": action, "subject": request, "reason": request["reason"]}
    desk.call(staff_no, "request_approval", asked)
    desk.call("t30001", "decide_approval", {"approval_id": approval_id, "approved": True})
    return request | {"approval_id": approval_id}


def refused(desk: Bureau, function: str, request: dict[str, Any], staff_no: str = "t10001") -> str:
    """The state or the constraint of a refusal."""
    with pytest.raises(psycopg.Error) as error:
        desk.call(staff_no, function, request)
    return error.value.diag.constraint_name or error.value.sqlstate or ""


def balance(desk: Bureau, account_no: str = ACCOUNT) -> tuple[int, int]:
    """Prepaid and arrears."""
    with desk.psql() as connection:
        row = connection.execute(
            "SELECT prepaid_fen, arrears_fen FROM counter.account_balance WHERE account_no = %s", [account_no]
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def is_right(desk: Bureau) -> bool:
    """Whether the ledger proves itself."""
    return verify(desk.admin).finding is None


def test_a_reversal_mirrors_the_payment_and_opens_its_bill_again(desk: Bureau) -> None:
    """Own number, negative, cash out of the drawer, the same answer when it is sent again."""
    desk.add_bills(ACCOUNT, (202601, 900, date(2999, 1, 1)))
    shift = desk.open_shift(float_fen=0)
    line = {"period": 202601, "part": 1, "late_fee_fen": 0, "principal_fen": 900}
    taken = paid(desk, shift, 900, lines=[line], received_fen=1_000)
    request = reversal(shift, taken["journal_id"])
    answer = desk.call("t10001", "reverse_payment", request)
    assert (answer["total_fen"], answer["change_fen"]) == (-900, 900)
    assert answer["receipt_no"] != taken["receipt_no"]
    assert desk.call("t10001", "reverse_payment", request) == {**answer, "replayed": True}
    assert desk.call("t10001", "reverse_payment", request)["replayed"]
    assert balance(desk) == (0, 900)
    assert desk.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 0
    assert is_right(desk)


def test_a_lost_reply_of_a_reversal_is_settled_as_a_payment_s(desk: Bureau) -> None:
    """By its id, or the id is burnt."""
    shift = desk.open_shift()
    request = reversal(shift, paid(desk, shift)["journal_id"])
    answer = desk.call("t10001", "reverse_payment", request)
    with desk.psql("t10001") as connection:
        ask = "SELECT counter.settle_payment(%s, %s)"
        assert connection.execute(ask, [request["request_id"], shift]).fetchone() == (
            {**answer, "replayed": True},
        )
        lost = reversal(shift, paid(desk, shift)["journal_id"])
        assert connection.execute(ask, [lost["request_id"], shift]).fetchone() == (None,)
    assert refused(desk, "reverse_payment", lost) == "CN002"


def test_all_tenders_of_many_accounts_are_given_back(desk: Bureau) -> None:
    """Slips may be taken again, and count no longer against their payer."""
    shift = desk.open_shift()
    tenders = [POS | {"amount_fen": 300}, SLIP | {"amount_fen": 200}]
    tenders.append({"kind": "cash", "amount_fen": 500, "received_fen": 500})
    request = desk.payment(shift, ACCOUNT, prepaid_fen=400, tenders=tenders, payer_name="[/]'; --")
    share = request["accounts"][0]
    request["accounts"] = [share, share | {"account_no": OTHER, "prepaid_fen": 600}]
    taken = desk.call("t10001", "post_payment", request)
    answer = desk.call("t10001", "reverse_payment", reversal(shift, taken["journal_id"]))
    assert (answer["total_fen"], answer["change_fen"]) == (-1_000, 500)
    assert (balance(desk), balance(desk, OTHER)) == ((0, 0), (0, 0))
    assert desk.value("SELECT open_fen FROM counter.payer_exposure") == 0
    assert desk.value("SELECT sum(total_fen) FROM counter.receipt_account") == 0
    again = paid(desk, shift, 500, tenders=tenders[:2])
    assert again["total_fen"] == 500
    assert is_right(desk)


@pytest.mark.parametrize(
    "changes",
    [{"cause": "'; --"}, {"cause": None}, {"reason": " "}, {"reason": "长" * 201}],
)
def test_a_reversal_has_a_cause_and_a_reason(desk: Bureau, changes: dict[str, Any]) -> None:
    """Not any text, not none, not without end."""
    shift = desk.open_shift()
    request = reversal(shift, paid(desk, shift)["journal_id"], **changes)
    assert refused(desk, "reverse_payment", request) == "CN041"


def test_what_can_not_be_reversed_is_refused_with_the_reason(desk: Bureau) -> None:
    """Twice, a reversal, no payment, another hall's, without the cash, in another's shift."""
    shift = desk.open_shift(float_fen=0)
    taken = paid(desk, shift)["journal_id"]
    mirror = desk.call("t10001", "reverse_payment", reversal(shift, taken))["journal_id"]
    assert refused(desk, "reverse_payment", reversal(shift, taken)) == "CN036"
    assert refused(desk, "reverse_payment", reversal(shift, mirror)) == "CN035"
    assert refused(desk, "reverse_payment", reversal(shift, shift)) == "CN034"
    elsewhere = desk.open_shift("t10003", 201)
    foreign = paid(desk, elsewhere, staff_no="t10003")["journal_id"]
    assert refused(desk, "reverse_payment", reversal(shift, foreign)) == "CN034"
    assert refused(desk, "reverse_payment", reversal(shift, taken), "t10002") == "CN003"


def test_another_s_payment_needs_a_supervisor_and_the_cash_for_it(desk: Bureau) -> None:
    """It goes out of the drawer of whoever reverses it."""
    taken = paid(desk, desk.open_shift())["journal_id"]
    mine = desk.open_shift("t10002", 102, float_fen=999)
    request = reversal(mine, taken)
    assert refused(desk, "reverse_payment", request, "t10002") == "CN040"
    allowed = approved(desk, "reversal", request, "t10002")
    assert refused(desk, "reverse_payment", allowed, "t10002") == "till_cash_not_negative"
    desk.call("t10001", "reverse_payment", reversal(taken - 1, taken))
    assert is_right(desk)


def test_an_earlier_day_s_payment_needs_a_supervisor(desk: Bureau) -> None:
    """The day is the bureau's; the clock is moved by its time zone."""
    shift = desk.open_shift()
    taken = paid(desk, shift)["journal_id"]
    with desk.psql() as connection:
        connection.execute("ALTER TABLE counter.journal DISABLE TRIGGER ALL")
        connection.execute(
            "UPDATE counter.journal SET business_date = business_date - 1 WHERE kind = 'payment'"
        )
        connection.execute("ALTER TABLE counter.journal ENABLE TRIGGER ALL")
    request = reversal(shift, taken)
    assert refused(desk, "reverse_payment", request) == "CN039"
    answer = desk.call("t10001", "reverse_payment", approved(desk, "reversal", request))
    assert answer["total_fen"] == -1_000


def test_a_balance_that_is_spent_is_not_given_back(desk: Bureau) -> None:
    """A bill drew it down meanwhile."""
    shift = desk.open_shift()
    taken = paid(desk, shift)["journal_id"]
    desk.add_bills(ACCOUNT, (202601, 400, date(2999, 1, 1)))
    assert refused(desk, "reverse_payment", reversal(shift, taken)) == "CN038"
    assert balance(desk) == (600, 0)


def test_two_clerks_reverse_one_payment_once(desk: Bureau) -> None:
    """Both allowed, at the same moment."""
    taken = paid(desk, desk.open_shift())["journal_id"]
    requests = []
    for staff_no, till_no in (("t10002", 102), ("t20001", 103)):
        request = reversal(desk.open_shift(staff_no, till_no), taken)
        requests.append((staff_no, approved(desk, "reversal", request, staff_no)))

    def attempt(sent: tuple[str, dict[str, Any]]) -> str:
        """What came of it."""
        try:
            desk.call(sent[0], "reverse_payment", sent[1])
        except psycopg.Error as error:
            return error.sqlstate or ""
        return "posted"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, requests)) == ["CN036", "posted"]
    assert is_right(desk)


def test_a_reopened_bill_owes_the_late_fee_of_all_its_days(desk: Bureau) -> None:
    """As if it had never been paid, also when the fee was counted on by another payment since."""
    today = desk.value("SELECT counter.business_date()")
    due = today - timedelta(days=10)
    desk.add_bills(ACCOUNT, (202601, 1_000_000, due))
    shift = desk.open_shift()
    line = {"period": 202601, "part": 1, "late_fee_fen": 10_000, "principal_fen": 600_000}
    taken = paid(desk, shift, 610_000, lines=[line])["journal_id"]
    with desk.psql() as connection:  # the payment was four days ago, and another was counted to today
        connection.execute("ALTER TABLE counter.journal DISABLE TRIGGER ALL")
        connection.execute(
            "UPDATE counter.journal SET business_date = %s WHERE journal_id = %s",
            [today - timedelta(days=4), taken],
        )
        connection.execute("ALTER TABLE counter.journal ENABLE TRIGGER ALL")
        connection.execute("UPDATE counter.bill SET late_fee_accrued_fen = 6000 + 4 * 400")
    desk.call("t10001", "reverse_payment", approved(desk, "reversal", reversal(shift, taken)))
    assert desk.value("SELECT late_fee_accrued_fen FROM counter.bill") == 10_000
    assert balance(desk) == (0, 1_000_000)


def refund(desk: Bureau, shift: int, amount_fen: int, **changes: Any) -> dict[str, Any]:
    """A refund in cash."""
    version = desk.value("SELECT version FROM counter.account_balance WHERE account_no = %s", ACCOUNT)
    return {
        "request_id": str(uuid4()),
        "shift_id": shift,
        "account_no": ACCOUNT,
        "account_version": version,
        "amount_fen": amount_fen,
        "method": "cash",
        "reason": "销户退费",
        **changes,
    }


def test_a_refund_takes_four_eyes_and_goes_out_of_the_balance(desk: Bureau) -> None:
    """In cash, or by the bank to a payee."""
    shift = desk.open_shift()
    paid(desk, shift)
    request = refund(desk, shift, 300)
    assert refused(desk, "refund", request) == "CN026"
    answer = desk.call("t10001", "refund", approved(desk, "refund", request))
    assert (answer["total_fen"], answer["change_fen"], answer["prepaid_after_fen"]) == (-300, 300, 700)
    assert refused(desk, "refund", refund(desk, shift, 701)) == "CN042"
    assert refused(desk, "refund", refund(desk, shift, 1, account_version=0)) == "CN001"
    payee = {"payee_name": "王小四", "payee_account": "6222020200012345", "payee_bank": "工商银行"}
    banked = refund(desk, shift, 700, method="bank", **payee)
    answer = desk.call("t10001", "refund", approved(desk, "refund", banked))
    assert (answer["change_fen"], answer["prepaid_after_fen"]) == (0, 0)
    assert is_right(desk)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_fen": 0},
        {"amount_fen": -5},
        {"method": "shells"},
        {"method": "bank"},
        {"method": "bank", "payee_name": "[/]", "payee_bank": "'; --", "payee_account": "６２２２０２０２"},
        {"reason": ""},
    ],
)
def test_a_refund_without_its_particulars_is_refused(desk: Bureau, changes: dict[str, Any]) -> None:
    """Amount, way, payee, reason."""
    shift = desk.open_shift()
    paid(desk, shift)
    assert refused(desk, "refund", refund(desk, shift, 5) | changes) == "CN043"


def transfer(desk: Bureau, shift: int, amount_fen: int, **changes: Any) -> dict[str, Any]:
    """From one account to the other."""
    version = "SELECT version FROM counter.account_balance WHERE account_no = %s"
    return {
        "request_id": str(uuid4()),
        "shift_id": shift,
        "from_account": ACCOUNT,
        "to_account": OTHER,
        "from_version": desk.value(version, ACCOUNT),
        "to_version": desk.value(version, OTHER),
        "amount_fen": amount_fen,
        "reason": "并户",
        **changes,
    }


def test_balance_moves_freely_within_a_customer_and_else_with_approval(desk: Bureau) -> None:
    """The same name alone is not the same customer."""
    shift = desk.open_shift()
    paid(desk, shift)
    request = transfer(desk, shift, 400)
    assert refused(desk, "balance_transfer", request) == "CN026"
    desk.call("t10001", "balance_transfer", approved(desk, "balance_transfer", request))
    with desk.psql() as connection:
        connection.execute("UPDATE counter.account SET phone = '13800000000'")
    free = transfer(desk, shift, 600)
    answer = desk.call("t10001", "balance_transfer", free)
    assert (answer["total_fen"], answer["change_fen"], answer["prepaid_after_fen"]) == (600, 0, 0)
    assert desk.call("t10001", "balance_transfer", free) == {**answer, "replayed": True}
    assert (balance(desk), balance(desk, OTHER)) == ((0, 0), (1_000, 0))
    assert refused(desk, "balance_transfer", transfer(desk, shift, 1)) == "CN042"
    assert is_right(desk)


def test_a_transfer_that_makes_no_sense_is_refused(desk: Bureau) -> None:
    """To itself, of nothing, to a closed account, of another version."""
    shift = desk.open_shift()
    paid(desk, shift)
    for changes in ({"to_account": ACCOUNT}, {"amount_fen": 0}, {"reason": " "}):
        assert refused(desk, "balance_transfer", transfer(desk, shift, 5) | changes) == "CN044"
    assert refused(desk, "balance_transfer", transfer(desk, shift, 5, to_version=99)) == "CN001"
    with desk.psql() as connection:
        connection.execute("UPDATE counter.account SET status = 'closed' WHERE account_no = %s", [OTHER])
    assert refused(desk, "balance_transfer", transfer(desk, shift, 5)) == "CN008"


@pytest.mark.parametrize("staff_no", ["t40001", "t50001", "t60001"])
@pytest.mark.parametrize("function", ["reverse_payment", "refund", "balance_transfer"])
def test_other_duties_correct_nothing(desk: Bureau, staff_no: str, function: str) -> None:
    """Not even with psql."""
    assert refused(desk, function, {"request_id": str(uuid4())}, staff_no) == "42501"


def test_a_void_whose_slip_still_counts_is_found(desk: Bureau) -> None:
    """Bent by a superuser."""
    shift = desk.open_shift()
    taken = paid(desk, shift, tenders=[POS | {"amount_fen": 1_000}])["journal_id"]
    desk.call("t10001", "reverse_payment", reversal(shift, taken))
    with desk.psql() as connection:
        connection.execute("UPDATE counter.tender_document SET released_by = NULL")
    finding = verify(desk.admin).finding
    assert finding is not None
    assert finding.check == "voids"
