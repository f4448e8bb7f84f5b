"""Tenders, rules and approvals, as the database referees them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.bureau import Bureau

ACCOUNT, OTHER = "330100000001", "330100000002"
POS: dict[str, Any] = {
    "kind": "pos",
    "details": {"reference": "12345678-000001-000042", "card": "622848******1234"},
}
SLIP: dict[str, Any] = {
    "kind": "transfer",
    "details": {"reference": "工商银行/SLIP-1", "payer": "6222020200012345"},
}
CHEQUE: dict[str, Any] = {"kind": "cheque", "details": {"reference": "建设银行/12345678"}}


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """Two accounts that owe nothing."""
    bureau.add_account(ACCOUNT)
    bureau.add_account(OTHER, name="李四")
    return bureau


def by(
    desk: Bureau, shift: int, *tenders: dict[str, Any], account: str = ACCOUNT, **changes: Any
) -> dict[str, Any]:
    """An advance of what the tenders come to."""
    total = sum(tender["amount_fen"] for tender in tenders)
    return desk.payment(shift, account, total_fen=total, prepaid_fen=total, tenders=list(tenders), **changes)


def refused(desk: Bureau, request: dict[str, Any], staff_no: str = "t10001") -> psycopg.Error:
    """The refusal of a payment."""
    with pytest.raises(psycopg.Error) as error:
        desk.call(staff_no, "post_payment", request)
    return error.value


def lines(desk: Bureau, journal_id: int) -> list[tuple[Any, ...]]:
    """Ledger account and amount of each line."""
    with desk.psql() as connection:
        return connection.execute(
            "SELECT ledger_account, amount_fen FROM counter.posting WHERE journal_id = %s ORDER BY line",
            [journal_id],
        ).fetchall()


def test_each_tender_debits_its_own_ledger_account(desk: Bureau) -> None:
    """Split over four; change comes from the cash alone."""
    shift = desk.open_shift()
    cash = {"kind": "cash", "amount_fen": 500, "received_fen": 1_000}
    request = by(
        desk, shift, POS | {"amount_fen": 300}, SLIP | {"amount_fen": 200}, CHEQUE | {"amount_fen": 100}, cash
    )
    answer = desk.call("t10001", "post_payment", request)
    assert (answer["total_fen"], answer["change_fen"]) == (1_100, 500)
    assert lines(desk, answer["journal_id"]) == [
        ("pos_clearing", 300),
        ("transfer_clearing", 200),
        ("cheques_in_hand", 100),
        ("cash_in_till", 500),
        ("prepaid", -1_100),
    ]
    assert desk.call("t10001", "post_payment", request) == {**answer, "replayed": True}


@pytest.mark.parametrize("paper", [POS, SLIP, CHEQUE])
def test_the_same_paper_twice_is_refused_with_who_took_it(desk: Bureau, paper: dict[str, Any]) -> None:
    """At any till of any hall."""
    first = desk.call("t10001", "post_payment", by(desk, desk.open_shift(), paper | {"amount_fen": 300}))
    shift = desk.open_shift("t10003", 201)
    error = refused(desk, by(desk, shift, paper | {"amount_fen": 300}, account=OTHER), "t10003")
    assert error.sqlstate == "CN022"
    assert first["receipt_no"] in (error.diag.message_detail or "")
    assert "张敏" in (error.diag.message_detail or "")


@pytest.mark.parametrize(
    "tender",
    [
        {"kind": "pos", "amount_fen": 1},
        {"kind": "pos", "amount_fen": 1, "details": {"reference": "1-2-3"}},
        {"kind": "pos", "amount_fen": 1, "details": POS["details"] | {"card": "6228481234567890"}},
        {"kind": "transfer", "amount_fen": 1, "details": {"reference": "'; DROP TABLE counter.journal; --"}},
        {"kind": "cheque", "amount_fen": 1, "details": {"reference": "工商银行/１２３４５６"}},
        {"kind": "transfer", "amount_fen": 1, "details": SLIP["details"] | {"note": "x" * 3_000}},
    ],
)
def test_a_paper_without_its_form_is_refused(desk: Bureau, tender: dict[str, Any]) -> None:
    """Also a whole card number, and particulars without end."""
    assert refused(desk, by(desk, desk.open_shift(), tender)).sqlstate == "CN021"


@pytest.mark.parametrize(
    "tender",
    [
        {"kind": "cash", "amount_fen": 100, "received_fen": 99},
        {"kind": "cash", "amount_fen": 100},
        {"kind": "pos", "amount_fen": 100, "received_fen": 200, "details": POS["details"]},
        {"kind": "cash", "amount_fen": -100, "received_fen": 100},
        {"kind": "cash", "amount_fen": 0, "received_fen": 0},
    ],
)
def test_change_is_given_from_cash_only(desk: Bureau, tender: dict[str, Any]) -> None:
    """Anything else that does not add up is refused as well."""
    assert refused(desk, by(desk, desk.open_shift(), tender)).sqlstate == "CN007"


def test_own_balance_pays_what_it_has(desk: Bureau) -> None:
    """Bills are settled from the balance; more than there is is refused, and so is going in a circle."""
    shift = desk.open_shift()
    desk.call(
        "t10001", "post_payment", by(desk, shift, {"kind": "cash", "amount_fen": 900, "received_fen": 900})
    )
    own = {"kind": "prepaid", "amount_fen": 900}
    assert refused(desk, by(desk, shift, own)).sqlstate == "CN007"
    with (
        desk.psql() as connection
    ):  # a bill that the balance did not settle when it came, as after a reversal
        connection.execute(
            "INSERT INTO counter.bill (account_no, period, kwh, due_date, late_fee_through, principal_fen)"
            " VALUES (%s, 202601, 1, '2999-01-01', '2999-01-01', 901)",
            [ACCOUNT],
        )
        connection.execute(
            "UPDATE counter.account_balance SET arrears_fen = 901 WHERE account_no = %s", [ACCOUNT]
        )
    bill = {"period": 202601, "part": 1, "late_fee_fen": 0, "principal_fen": 900}
    more = desk.payment(
        shift, ACCOUNT, lines=[bill | {"principal_fen": 901}], tenders=[own | {"amount_fen": 901}]
    )
    assert refused(desk, more).diag.constraint_name == "account_balance_not_negative"
    answer = desk.call("t10001", "post_payment", desk.payment(shift, ACCOUNT, lines=[bill], tenders=[own]))
    assert lines(desk, answer["journal_id"]) == [("prepaid", 900), ("receivable", -900)]
    assert (answer["prepaid_after_fen"], answer["arrears_after_fen"]) == (0, 1)


def corporate(desk: Bureau, shift: int, **changes: Any) -> dict[str, Any]:
    """A firm with a bank account that pays cash."""
    with desk.psql() as connection:
        connection.execute(
            "UPDATE counter.account SET corporate_bank = true WHERE account_no = %s", [ACCOUNT]
        )
    return by(desk, shift, {"kind": "cash", "amount_fen": 700, "received_fen": 700}, **changes)


def approve(desk: Bureau, request: dict[str, Any], by_whom: str = "t30001", *, yes: bool = True) -> str:
    """Ask for it and have it decided; its id."""
    approval_id = str(uuid4())
    asked = {"approval_id": approval_id, "action": "payment", "subject": request, "reason": "银行系统停机"}
    desk.call("t10001", "request_approval", asked)
    desk.call(by_whom, "decide_approval", {"approval_id": approval_id, "approved": yes})
    return approval_id


def test_cash_from_a_firm_with_a_bank_account_needs_a_supervisor(desk: Bureau) -> None:
    """Approved by somebody else, for this content, and used once."""
    shift = desk.open_shift()
    request = corporate(desk, shift, reason="银行系统停机")
    assert refused(desk, request).sqlstate == "CN026"
    approval = {"approval_id": approve(desk, request)}
    desk.call("t10001", "post_payment", request | approval)
    again = corporate(desk, shift, reason="银行系统停机") | approval
    assert refused(desk, again).diag.constraint_name == "approval_use_pk"


def test_an_approval_is_for_one_content_and_one_requester(desk: Bureau) -> None:
    """Another amount, a refusal, an expired one and one's own approval are nothing."""
    shift = desk.open_shift()
    request = corporate(desk, shift, reason="银行系统停机")
    dearer = by(desk, shift, {"kind": "cash", "amount_fen": 701, "received_fen": 701}, reason="银行系统停机")
    assert refused(desk, dearer | {"approval_id": approve(desk, request)}).sqlstate == "CN032"
    assert refused(desk, request | {"approval_id": approve(desk, request, yes=False)}).sqlstate == "CN026"
    with pytest.raises(psycopg.Error) as own:
        approve(desk, request, "t10001")
    assert own.value.sqlstate == "CN029"
    with pytest.raises(psycopg.Error) as colleague:
        approve(desk, request, "t10002")
    assert colleague.value.sqlstate == "CN057"


def test_slips_count_up_to_the_exposure_of_their_payer(desk: Bureau) -> None:
    """Beyond it a supervisor has to approve."""
    shift = desk.open_shift()
    desk.call("t10001", "post_payment", by(desk, shift, SLIP | {"amount_fen": 2_000_000}))
    second = {
        "kind": "transfer",
        "details": SLIP["details"] | {"reference": "工商银行/SLIP-2"},
        "amount_fen": 1,
    }
    assert refused(desk, by(desk, shift, second)).sqlstate == "CN026"


def test_the_care_fund_pays_for_hardship_households_only_and_never_below_zero(desk: Bureau) -> None:
    """With a supervisor's approval, and what it has."""
    shift = desk.open_shift()
    request = by(desk, shift, {"kind": "care_fund", "amount_fen": 500}, reason="低保户")
    assert refused(desk, request).sqlstate == "CN024"
    with desk.psql() as connection:
        connection.execute("UPDATE counter.account SET hardship = true WHERE account_no = %s", [ACCOUNT])
    assert refused(desk, request).diag.constraint_name == "fund_not_negative"
    with desk.psql() as connection:
        connection.execute("UPDATE counter.fund SET balance_fen = 700")
    assert refused(desk, request).sqlstate == "CN026"
    desk.call("t10001", "post_payment", request | {"approval_id": approve(desk, request)})
    assert desk.value("SELECT balance_fen FROM counter.fund") == 200


def test_a_tender_that_the_rules_do_not_know_is_not_taken(desk: Bureau) -> None:
    """Nor one that the rules of the day leave out, from the day on which they do."""
    shift = desk.open_shift()
    assert refused(desk, by(desk, shift, {"kind": "shells", "amount_fen": 1})).sqlstate == "CN025"
    with desk.psql() as connection:
        connection.execute(
            "INSERT INTO counter.payment_policy (customer_class, payment_mode, valid_from, tenders, slip_exposure_fen)"
            " SELECT 'residential', 'postpaid', counter.business_date() + d, t, 0"
            " FROM (VALUES (0, '{pos}'::text[]), (1, '{cash}')) AS rules(d, t)"
        )
    assert (
        refused(desk, by(desk, shift, {"kind": "cash", "amount_fen": 1, "received_fen": 1})).sqlstate
        == "CN025"
    )
    desk.call("t10001", "post_payment", by(desk, shift, POS | {"amount_fen": 1}))


def test_many_accounts_are_one_journal_and_one_receipt_with_details(desk: Bureau) -> None:
    """Each account's share is on the page of details."""
    shift = desk.open_shift()
    request = by(
        desk, shift, {"kind": "cash", "amount_fen": 1_000, "received_fen": 1_000}, payer_name="某某公司"
    )
    share = request["accounts"][0]
    request["accounts"] = [share | {"prepaid_fen": 400}, share | {"prepaid_fen": 600, "account_no": OTHER}]
    answer = desk.call("t10001", "post_payment", request)
    with desk.psql() as connection:
        details = connection.execute(
            "SELECT account_no, total_fen FROM counter.receipt_account ORDER BY 1"
        ).fetchall()
    assert details == [(ACCOUNT, 400), (OTHER, 600)]
    assert (
        desk.value("SELECT account_name FROM counter.receipt WHERE journal_id = %s", answer["journal_id"])
        == "某某公司"
    )
    assert desk.call("t10001", "post_payment", request) == {**answer, "replayed": True}


def test_the_same_account_twice_in_one_payment_is_refused(desk: Bureau) -> None:
    """Its balance would be written once and posted twice."""
    shift = desk.open_shift()
    request = by(desk, shift, {"kind": "cash", "amount_fen": 1_000, "received_fen": 1_000})
    share = request["accounts"][0] | {"prepaid_fen": 500}
    request["accounts"] = [share, share]
    assert refused(desk, request).sqlstate in ("23505", "CN007")
    assert desk.value("SELECT count(*) FROM counter.journal WHERE kind = 'payment'") == 0
