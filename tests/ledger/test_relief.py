"""Relief of late fees, as the database referees it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.queries.ledger_checks import run
from tests.bureau import Bureau

ACCOUNT = "330100000001"
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """An account with one bill of 1,000.00 that fell due a hundred days ago."""
    bureau.add_account(ACCOUNT)
    bureau.add_bills(ACCOUNT, (202601, 100_000, TODAY - timedelta(days=100)))
    return bureau


def due_fen(desk: Bureau) -> int:
    """The late fee to today, as the policy of the test database has it."""
    return int(
        desk.value(
            "SELECT counter.late_fee_due(b.late_fee_accrued_fen + counter.late_fee_accrual(p, b.due_date,"
            " b.late_fee_through, b.principal_fen - b.principal_paid_fen, counter.business_date()),"
            " b.late_fee_paid_fen + b.late_fee_waived_fen, counter.late_fee_minimum(p, counter.business_date()))"
            " FROM counter.bill b, counter.late_fee_policies('residential') p"
        )
    )


def relief(desk: Bureau, **changes: Any) -> dict[str, Any]:
    """A request for the account as it stands."""
    version = desk.value("SELECT version FROM counter.account_balance WHERE account_no = %s", ACCOUNT)
    return {
        "request_id": str(uuid4()),
        "account_no": ACCOUNT,
        "account_version": version,
        "period": 202601,
        "part": 1,
        "kind": "waiver",
        "reason": "抄表有误 [/] '; --",
        **changes,
    }


def approved(desk: Bureau, request: dict[str, Any], **decision: Any) -> dict[str, Any]:
    """The request with an approval."""
    approval_id = str(uuid4())
    asked = {
        "approval_id": approval_id,
        "action": f"late_fee_{request['kind']}",
        "subject": request,
        "reason": request.get("reason") or "?",
    }
    desk.call("t10001", "request_approval", asked)
    desk.call("t30001", "decide_approval", {"approval_id": approval_id, "approved": True, **decision})
    return request | {"approval_id": approval_id}


def state_of(desk: Bureau, request: dict[str, Any], staff_no: str = "t10001") -> str:
    """The state of the refusal."""
    with pytest.raises(psycopg.Error) as error:
        desk.call(staff_no, "relieve_late_fee", request)
    assert desk.value("SELECT count(*) FROM counter.late_fee_relief") == 0
    return str(error.value.sqlstate)


def proven(desk: Bureau) -> bool:
    """Whether the whole ledger is as it must be."""
    with desk.admin.begin() as connection:
        return all(finding is None for _name, finding in run(connection))


def test_a_waiver_keeps_the_original_and_asks_for_less(desk: Bureau) -> None:
    """The same id is answered once more, and nothing is waived twice."""
    original = due_fen(desk)
    request = approved(desk, relief(desk, waived_fen=original - 100))
    answer = desk.call("t10001", "relieve_late_fee", request)
    assert (answer["original_fen"], answer["left_fen"], answer["replayed"]) == (original, 100, False)
    assert desk.call("t10001", "relieve_late_fee", request) == {**answer, "replayed": True}
    assert due_fen(desk) == 100
    line = {"period": 202601, "part": 1, "late_fee_fen": 100, "principal_fen": 100_000}
    payment = desk.payment(desk.open_shift(), ACCOUNT, total_fen=100_100, lines=[line])
    assert desk.call("t10001", "post_payment", payment)["arrears_after_fen"] == 0
    assert proven(desk)


def test_a_deferred_fee_lets_the_principal_be_paid_first(desk: Bureau) -> None:
    """And is still owed afterwards."""
    original = due_fen(desk)
    line = {"period": 202601, "part": 1, "late_fee_fen": 0, "principal_fen": 100_000}
    shift = desk.open_shift()
    payment = desk.payment(shift, ACCOUNT, total_fen=100_000, lines=[line])
    with pytest.raises(psycopg.Error) as error:
        desk.call("t10001", "post_payment", payment)
    assert error.value.sqlstate == "CN005"
    until = (TODAY + timedelta(days=30)).isoformat()
    request = relief(desk, kind="deferral", deferred_until=until)
    desk.call("t10001", "relieve_late_fee", approved(desk, request))
    payment = desk.payment(shift, ACCOUNT, total_fen=100_000, lines=[line])
    desk.call("t10001", "post_payment", payment)
    assert due_fen(desk) == original
    later = line | {"late_fee_fen": original, "principal_fen": 0}
    desk.call("t10001", "post_payment", desk.payment(shift, ACCOUNT, total_fen=original, lines=[later]))
    assert due_fen(desk) == 0
    assert proven(desk)


def test_without_an_approval_of_just_this_nothing_is_waived(desk: Bureau) -> None:
    """None, refused, another amount, another action."""
    request = relief(desk, waived_fen=100)
    assert state_of(desk, request) == "CN026"
    assert state_of(desk, approved(desk, request, approved=False)) == "CN026"
    assert state_of(desk, approved(desk, request) | {"waived_fen": 101}) == "CN032"
    deferral = relief(desk, kind="deferral", deferred_until=(TODAY + timedelta(days=3)).isoformat())
    assert state_of(desk, request | {"approval_id": approved(desk, deferral)["approval_id"]}) == "CN032"
    assert state_of(desk, approved(desk, request), "t20001") == "CN032"


@pytest.mark.parametrize(
    "changes",
    [
        {"waived_fen": 0},
        {"waived_fen": -1},
        {"waived_fen": None},
        {"waived_fen": 100_000_000},
        {"waived_fen": 1, "deferred_until": "2999-01-01"},
        {"waived_fen": 1, "reason": " "},
        {"waived_fen": 1, "reason": "x" * 201},
        {"kind": "deferral"},
        {"kind": "deferral", "deferred_until": TODAY.isoformat()},
        {"kind": "deferral", "deferred_until": (TODAY + timedelta(days=367)).isoformat()},
        {"kind": "gift", "waived_fen": 1},
    ],
)
def test_what_makes_no_sense_is_refused(desk: Bureau, changes: dict[str, Any]) -> None:
    """Before any approval is looked at."""
    assert state_of(desk, relief(desk, **changes)) == "CN059"


def test_who_or_what_is_not_there_is_refused(desk: Bureau) -> None:
    """Another version, no such bill or account, a bill that is not late, no staff of a hall."""
    assert state_of(desk, relief(desk, waived_fen=1, account_version=99)) == "CN001"
    assert state_of(desk, relief(desk, waived_fen=1, period=202602)) == "CN058"
    assert state_of(desk, relief(desk, waived_fen=1, account_no="'; --")) == "CN058"
    desk.add_bills(ACCOUNT, (202602, 100, date(2999, 1, 1)))
    assert state_of(desk, relief(desk, waived_fen=1, period=202602)) == "CN058"
    for outsider in ("t40001", "t50001", "t60001"):
        assert state_of(desk, relief(desk, waived_fen=1), outsider) == "42501"


def test_one_id_is_one_relief(desk: Bureau) -> None:
    """Other content under it is refused, and so is another person."""
    request = approved(desk, relief(desk, waived_fen=1))
    desk.call("t10001", "relieve_late_fee", request)
    for changed, staff_no in ((request | {"waived_fen": 2}, "t10001"), (request, "t20001")):
        with pytest.raises(psycopg.Error) as error:
            desk.call(staff_no, "relieve_late_fee", changed)
        assert error.value.sqlstate == "CN002"


@pytest.mark.parametrize("staff_no", ["t10001", "t30001", "t50001"])
def test_nobody_writes_a_relief_by_hand(desk: Bureau, staff_no: str) -> None:
    """No login has the right, and the row never changes."""
    with desk.psql(staff_no) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE counter.bill SET late_fee_waived_fen = 1")
    with desk.psql(staff_no) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM counter.late_fee_relief")


def test_the_draw_down_leaves_out_what_is_waived_and_what_waits(desk: Bureau) -> None:
    """A new bill draws the balance down: first the principal of the old one."""
    original = due_fen(desk)
    desk.call("t10001", "relieve_late_fee", approved(desk, relief(desk, waived_fen=original - 100)))
    until = (TODAY + timedelta(days=30)).isoformat()
    request = relief(desk, kind="deferral", deferred_until=until)
    desk.call("t10001", "relieve_late_fee", approved(desk, request))
    shift = desk.open_shift()
    desk.call("t10001", "post_payment", desk.payment(shift, ACCOUNT, total_fen=100_500, prepaid_fen=100_500))
    desk.add_bills(ACCOUNT, (202603, 500, date(2999, 1, 1)))
    assert desk.value("SELECT arrears_fen + prepaid_fen FROM counter.account_balance") == 0
    assert due_fen_of_first(desk) == 100
    assert proven(desk)


def test_the_draw_down_takes_no_fee_that_was_waived(desk: Bureau) -> None:
    """The balance is just enough for the two bills without it."""
    desk.call("t10001", "relieve_late_fee", approved(desk, relief(desk, waived_fen=due_fen(desk))))
    shift = desk.open_shift()
    desk.call("t10001", "post_payment", desk.payment(shift, ACCOUNT, total_fen=100_500, prepaid_fen=100_500))
    desk.add_bills(ACCOUNT, (202603, 500, date(2999, 1, 1)))
    assert desk.value("SELECT arrears_fen + prepaid_fen FROM counter.account_balance") == 0
    assert proven(desk)


def due_fen_of_first(desk: Bureau) -> int:
    """What of the old bill's fee is left."""
    return int(
        desk.value(
            "SELECT late_fee_accrued_fen - late_fee_paid_fen - late_fee_waived_fen FROM counter.bill"
            " WHERE period = 202601"
        )
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["waiver", "payment"]), st.integers(1, 4_000)), max_size=6))
def test_never_more_is_waived_and_paid_than_has_accrued(desk: Bureau, steps: list[tuple[str, int]]) -> None:
    """Whatever is tried in whatever order, and the proof holds."""
    shift = desk.value("SELECT shift_id FROM counter.till WHERE till_no = 101") or desk.open_shift()
    for kind, amount in steps:
        try:
            if kind == "waiver":
                desk.call("t10001", "relieve_late_fee", approved(desk, relief(desk, waived_fen=amount)))
            else:
                line = {"period": 202601, "part": 1, "late_fee_fen": amount, "principal_fen": 0}
                payment = desk.payment(shift, ACCOUNT, total_fen=amount, lines=[line])
                desk.call("t10001", "post_payment", payment)
        except psycopg.Error as error:
            if error.sqlstate not in {"CN005", "CN058", "CN059"}:
                raise
    assert due_fen_of_first(desk) >= 0 or desk.value("SELECT late_fee_accrued_fen FROM counter.bill") == 0
    assert proven(desk)
