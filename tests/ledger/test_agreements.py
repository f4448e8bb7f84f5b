"""Instalment agreements, reconnection tasks and the balance's history, as the database referees them."""

from __future__ import annotations

import calendar
import json
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from counter.domain.instalments import Instalment, settles_often
from counter.services.ledger import verify
from tests.bureau import Bureau

ACCOUNT, OTHER = "330100000001", "330100000002"
PERIOD = 203001
DATES = ("2030-01-10", "2030-01-20", "2030-01-31")


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """Two accounts that owe nothing."""
    bureau.add_account(ACCOUNT)
    bureau.add_account(OTHER, name="李四")
    return bureau


def plan(*dates: str, amount_fen: int = 100_000) -> list[dict[str, Any]]:
    """Equal instalments."""
    return [{"due_date": day, "amount_fen": amount_fen} for day in dates]


def agreement(**changes: Any) -> dict[str, Any]:
    """A request that is all right, but for ``changes``."""
    return {
        "request_id": str(uuid4()),
        "account_no": ACCOUNT,
        "period": PERIOD,
        "expected_kwh": 150_000,
        "instalments": plan(*DATES),
        "reason": "按月用电超十万千瓦时",
        **changes,
    }


def refused(desk: Bureau, function: str, request: dict[str, Any], staff_no: str = "t10001") -> psycopg.Error:
    """The refusal of a request."""
    with pytest.raises(psycopg.Error) as error:
        desk.call(staff_no, function, request)
    return error.value


def advance(desk: Bureau, shift: int, agreement_id: str, amount_fen: int = 100_000) -> dict[str, Any]:
    """An instalment in cash."""
    request = desk.payment(shift, ACCOUNT, total_fen=amount_fen, prepaid_fen=amount_fen)
    request["accounts"][0]["agreement_id"] = agreement_id
    return request


def test_an_agreement_is_made_once(desk: Bureau) -> None:
    """The same request is answered again; other content, or somebody else, is refused."""
    request = agreement()
    first = desk.call("t10001", "make_agreement", request)
    assert desk.call("t10001", "make_agreement", request) == {**first, "replayed": True}
    assert refused(desk, "make_agreement", request | {"reason": "x"}).sqlstate == "CN002"
    assert refused(desk, "make_agreement", request, "t10002").sqlstate == "CN002"
    assert desk.value("SELECT count(*) FROM counter.instalment") == 3


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"instalments": plan(*DATES[:2])}, "CN075"),
        ({"instalments": []}, "CN076"),
        ({"instalments": plan("2030-01-10", "2030-01-10", "2030-01-20")}, "CN076"),
        ({"instalments": plan("2030-01-20", "2030-01-10", "2030-01-31")}, "CN076"),
        ({"instalments": plan("2029-12-31", *DATES)}, "CN076"),
        ({"instalments": plan(*DATES, "2030-02-01")}, "CN076"),
        ({"instalments": plan(*DATES, amount_fen=0)}, "CN076"),
        ({"instalments": plan(*DATES, amount_fen=-1)}, "CN076"),
        ({"instalments": [{"due_date": "2030-01-01"}]}, "CN076"),
        ({"period": 203013}, "CN076"),
        ({"period": 0}, "CN076"),
        ({"expected_kwh": -1}, "CN076"),
        ({"account_no": "999999999999"}, "CN008"),
        ({"account_no": "'; --"}, "CN008"),
        ({"reason": " "}, "23514"),
        ({"reason": "x" * 201}, "23514"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(desk: Bureau, changes: dict[str, Any], state: str) -> None:
    """With a state of its own for what a clerk mends differently."""
    assert refused(desk, "make_agreement", agreement(**changes)).sqlstate == state
    assert desk.value("SELECT count(*) FROM counter.instalment_agreement") == 0


def test_what_the_last_month_used_counts_and_the_limits_are_settings(desk: Bureau) -> None:
    """A small expectation does not hide a large user."""
    desk.add_bills(ACCOUNT, (202911, 100, date(2999, 1, 1)))
    small = {"expected_kwh": 0, "instalments": plan(DATES[0])}
    with desk.psql() as connection:
        connection.execute("UPDATE counter.bureau SET instalment_large_kwh = 99")
    assert refused(desk, "make_agreement", agreement(**small)).sqlstate == "CN075"
    with desk.psql() as connection:
        connection.execute("UPDATE counter.bureau SET instalment_large_kwh = 100")
    desk.call("t10001", "make_agreement", agreement(**small))


def test_a_risk_customer_settles_every_few_days_to_the_end(desk: Bureau) -> None:
    """However little is used; the number of days is a setting, and nobody else is bound by it."""
    with desk.psql() as connection:
        connection.execute("UPDATE counter.account SET risk_customer = true WHERE account_no = %s", [ACCOUNT])
    often = plan(*(f"2030-01-{day:02d}" for day in (5, 10, 15, 20, 25, 31)))
    small = {"expected_kwh": 10}
    for days in (DATES, ("2030-01-05", "2030-01-31"), [item["due_date"] for item in often[:-1]]):
        error = refused(desk, "make_agreement", agreement(instalments=plan(*days), **small))
        assert error.sqlstate == "CN080", days
    desk.call("t10001", "make_agreement", agreement(account_no=OTHER, instalments=plan(DATES[2]), **small))
    desk.call("t10001", "make_agreement", agreement(instalments=often, **small))
    with desk.psql() as connection:
        connection.execute("UPDATE counter.bureau SET instalment_every_days = 10")
    next_month = plan("2030-02-09", "2030-02-19", "2030-02-28")
    desk.call("t10001", "make_agreement", agreement(period=203002, instalments=next_month, **small))


def test_program_and_database_agree_on_what_is_often_enough(desk: Bureau) -> None:
    """Any days of this month and the next, for any setting."""
    chance = Random(20_260_105)
    today = desk.value("SELECT counter.business_date()")
    following = (today.replace(day=28) + timedelta(5)).replace(day=1)
    answers = set()
    with desk.psql() as connection:
        for _round in range(120):
            first = chance.choice((today.replace(day=1), following))
            last = calendar.monthrange(first.year, first.month)[1]
            days = {
                *chance.sample(range(1, last + 1), chance.randint(3, 20)),
                chance.choice((last, last - 1)),
            }
            every = chance.randint(2, 9)
            items = [Instalment(first.replace(day=day), 1) for day in sorted(days)]
            period = first.year * 100 + first.month
            connection.execute("UPDATE counter.bureau SET instalment_every_days = %s", [every])
            body = json.dumps([{"due_date": item.due_date.isoformat()} for item in items])
            try:
                connection.execute("SELECT counter.check_risk_plan(%s, %s)", [period, body])
                enough = True
            except psycopg.Error:
                enough = False
            assert settles_often(items, every, period, today) == enough, (period, sorted(days), every)
            answers.add(enough)
    assert answers == {True, False}


def test_one_open_agreement_a_month_and_none_beside_its_bill(desk: Bureau) -> None:
    """An ended one makes room; a bill closes the month."""
    first = desk.call("t10001", "make_agreement", agreement())
    assert refused(desk, "make_agreement", agreement()).sqlstate == "CN077"
    end = {"request_id": str(uuid4()), "agreement_id": first["agreement_id"], "reason": "用户注销"}
    ended = desk.call("t10002", "end_agreement", end)
    assert desk.call("t10002", "end_agreement", end) == {**ended, "replayed": True}
    assert refused(desk, "end_agreement", end | {"request_id": str(uuid4())}).sqlstate == "CN033"
    assert refused(desk, "end_agreement", end | {"reason": "x"}, "t10002").sqlstate == "CN002"
    desk.call("t10001", "make_agreement", agreement())
    desk.add_bills(OTHER, (PERIOD, 100, date(2999, 1, 1)))
    assert refused(desk, "make_agreement", agreement(account_no=OTHER)).sqlstate == "CN078"


def test_a_closed_account_makes_no_agreement(desk: Bureau) -> None:
    """It takes no prepayment either."""
    with desk.psql() as connection:
        connection.execute("UPDATE counter.account SET status = 'closed' WHERE account_no = %s", [ACCOUNT])
    assert refused(desk, "make_agreement", agreement()).sqlstate == "CN008"


@pytest.mark.parametrize("staff_no", ["t40001", "t50001", "t60001"])
@pytest.mark.parametrize("function", ["make_agreement", "end_agreement", "complete_reconnection"])
def test_only_the_desk_may(desk: Bureau, staff_no: str, function: str) -> None:
    """With psql as an auditor, an administrator or a service."""
    assert refused(desk, function, agreement(), staff_no).sqlstate == "42501"


def test_advances_are_counted_until_the_bill_settles_them(desk: Bureau) -> None:
    """The bill draws the balance down; afterwards nothing is paid under the agreement any more."""
    agreed = desk.call("t10001", "make_agreement", agreement())["agreement_id"]
    shift = desk.open_shift()
    desk.call("t10001", "post_payment", advance(desk, shift, agreed))
    desk.call("t10001", "post_payment", advance(desk, shift, agreed))
    paid = "SELECT sum(amount_fen)::bigint FROM counter.instalment_payment WHERE agreement_id = %s"
    assert desk.value(paid, agreed) == 200_000
    assert refused(desk, "post_payment", advance(desk, shift, str(uuid4()))).sqlstate == "CN033"
    desk.add_bills(ACCOUNT, (PERIOD, 250_000, date(2999, 1, 1)))
    assert (
        desk.value("SELECT arrears_fen FROM counter.account_balance WHERE account_no = %s", ACCOUNT) == 50_000
    )
    assert refused(desk, "post_payment", advance(desk, shift, agreed)).sqlstate == "CN033"
    with desk.psql("t10003") as connection:  # another hall's clerk: an account is served everywhere
        history = connection.execute(
            "SELECT kind, amount_fen, balance_fen, periods, agreement FROM counter.account_balance_history(%s, 10)",
            [ACCOUNT],
        ).fetchall()
    assert history == [
        ("draw_down", -200_000, 0, [PERIOD], False),
        ("payment", 100_000, 200_000, [], True),
        ("payment", 100_000, 100_000, [], True),
    ]


def pay_off(
    desk: Bureau, shift: int, account_no: str = ACCOUNT, principal_fen: int = 5_000
) -> dict[str, Any]:
    """Everything that a disconnected account owes."""
    with desk.psql() as connection:
        connection.execute(
            "UPDATE counter.account SET disconnected = true WHERE account_no = %s", [account_no]
        )
    line = {"period": 202901, "part": 1, "late_fee_fen": 0, "principal_fen": principal_fen}
    return desk.payment(shift, account_no, total_fen=principal_fen, lines=[line])


def test_the_last_arrears_raise_a_task_and_the_answer_says_so_every_time(desk: Bureau) -> None:
    """A part of them raises none."""
    desk.add_bills(ACCOUNT, (202901, 5_000, date(2999, 1, 1)))
    shift = desk.open_shift()
    assert "reconnections" not in desk.call(
        "t10001", "post_payment", pay_off(desk, shift, principal_fen=1_000)
    )
    request = pay_off(desk, shift, principal_fen=4_000)
    answer = desk.call("t10001", "post_payment", request)
    assert answer["reconnections"] == 1
    assert desk.call("t10001", "post_payment", request) == {**answer, "replayed": True}
    done = {"request_id": str(uuid4()), "journal_id": answer["journal_id"], "account_no": ACCOUNT}
    assert refused(desk, "complete_reconnection", done, "t10003").sqlstate == "CN013"
    first = desk.call("t10002", "complete_reconnection", done)
    assert desk.call("t10002", "complete_reconnection", done) == {**first, "replayed": True}
    assert refused(desk, "complete_reconnection", done).sqlstate == "CN002"
    assert refused(desk, "complete_reconnection", done | {"request_id": str(uuid4())}).sqlstate == "CN079"
    assert desk.value("SELECT disconnected FROM counter.account WHERE account_no = %s", ACCOUNT) is False
    kept = "SELECT old_value || '>' || new_value FROM counter.account_change WHERE field = 'disconnected'"
    assert desk.value(kept) == "true>false"


def test_a_cancelled_task_is_not_done(desk: Bureau) -> None:
    """Its payment was reversed."""
    desk.add_bills(ACCOUNT, (202901, 5_000, date(2999, 1, 1)))
    answer = desk.call("t10001", "post_payment", pay_off(desk, desk.open_shift()))
    with desk.psql() as connection:
        connection.execute("UPDATE counter.reconnection_task SET cancelled_by = journal_id")
    done = {"request_id": str(uuid4()), "journal_id": answer["journal_id"], "account_no": ACCOUNT}
    assert refused(desk, "complete_reconnection", done).sqlstate == "CN079"


def test_the_index_of_balances_is_built_to_its_end(desk: Bureau) -> None:
    """Without a transaction around it."""
    query = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'counter.posting_prepaid_ix'::regclass"
    assert desk.value(query) is True


def test_a_balance_that_settles_the_last_arrears_when_bills_come_raises_a_task(desk: Bureau) -> None:
    """The draw-down is the journal of the task; what stays owed raises none."""
    shift = desk.open_shift()
    for account_no in (ACCOUNT, OTHER):
        desk.call("t10001", "post_payment", desk.payment(shift, account_no, total_fen=900, prepaid_fen=900))
    with desk.psql() as connection:
        connection.execute("UPDATE counter.account SET disconnected = true")
    desk.add_bills(ACCOUNT, (202901, 900, date(2999, 1, 1)))
    desk.add_bills(OTHER, (202901, 901, date(2999, 1, 1)))
    with desk.psql() as connection:
        tasks = connection.execute(
            "SELECT t.account_no, j.kind::text FROM counter.reconnection_task t JOIN counter.journal j USING (journal_id)"
        ).fetchall()
    assert tasks == [(ACCOUNT, "draw_down")]


def test_the_proof_finds_an_instalment_that_was_not_posted(desk: Bureau) -> None:
    """What counts towards an agreement is what its journal brought into the balance."""
    agreed = desk.call("t10001", "make_agreement", agreement())["agreement_id"]
    desk.call("t10001", "post_payment", advance(desk, desk.open_shift(), agreed))
    assert verify(desk.engine("t40001")).finding is None
    with desk.psql() as connection:
        connection.execute("ALTER TABLE counter.instalment_payment DISABLE TRIGGER ALL")
        connection.execute("UPDATE counter.instalment_payment SET amount_fen = amount_fen + 1")
    finding = verify(desk.engine("t40001")).finding
    assert finding is not None
    assert finding.check == "instalments"


def test_a_reversal_takes_back_the_instalment_and_the_task(desk: Bureau) -> None:
    """The advance is due again, the account is to be paid again, and the books agree."""
    desk.add_bills(ACCOUNT, (202901, 5_000, date(2999, 1, 1)))
    agreed = desk.call("t10001", "make_agreement", agreement())["agreement_id"]
    shift = desk.open_shift()
    request = pay_off(desk, shift)
    request["accounts"][0] |= {"agreement_id": agreed, "prepaid_fen": 1_000}
    request["tenders"][0] |= {"amount_fen": 6_000, "received_fen": 6_000}
    answer = desk.call("t10001", "post_payment", request)
    back = {
        "request_id": str(uuid4()),
        "shift_id": shift,
        "journal_id": answer["journal_id"],
        "account_no": ACCOUNT,
        "amount_fen": 6_000,
        "cause": "mistake",
        "reason": "户号录错",
    }
    desk.call("t10001", "reverse_payment", back)
    assert desk.value("SELECT sum(amount_fen)::bigint FROM counter.instalment_payment") == 0
    done = {"request_id": str(uuid4()), "journal_id": answer["journal_id"], "account_no": ACCOUNT}
    assert refused(desk, "complete_reconnection", done).sqlstate == "CN079"
    assert verify(desk.engine("t40001")).finding is None
    again = pay_off(desk, shift)
    assert desk.call("t10001", "post_payment", again)["reconnections"] == 1
