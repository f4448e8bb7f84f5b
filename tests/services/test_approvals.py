"""Four eyes through the services: who may sign, who was first, and how everybody hears of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from counter.errors import CounterError, NotAllowed, ServerUnreachable, SignInRefused
from counter.services import listening
from counter.services.approvals import Approvals
from counter.services.desk import Desk
from counter.services.epoch import EpochWatch
from counter.services.gateway import ServerGateway
from counter.services.listening import Listener
from counter.services.ports.approvals import ApprovalState
from counter.services.signing import Door
from counter.ui.approval_words import subject_lines
from db import admin
from db.engine import as_login
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau
from tests.ledger.vending import furnish_cards, sold

WAIT_S = 20
SUBJECT = {"account_no": "330100000001", "amount_fen": 700, "reason": "[/] '; --"}


@pytest.fixture
def gateway(bureau: Bureau) -> ServerGateway:
    """The way into the test's own database."""
    return ServerGateway(bureau.url, bureau.folder / "desk", Press(bureau.folder / "receipts"))


@pytest.fixture
def clerk(gateway: ServerGateway) -> Iterator[Desk]:
    """A clerk who asks."""
    desk = gateway.sign_in("t10001", PASSWORD)
    yield desk
    desk.close()


@pytest.fixture
def asked(clerk: Desk) -> UUID:
    """A refund that waits for a supervisor."""
    approval_id = uuid4()
    clerk.approvals.ask(approval_id, "refund", SUBJECT, "[/] '; --")
    return approval_id


def decisions(bureau: Bureau) -> int:
    """How many there are."""
    return int(bureau.value("SELECT count(*) FROM counter.approval_decision"))


def test_a_signature_here_is_the_supervisor_s_own(bureau: Bureau, clerk: Desk, asked: UUID) -> None:
    """Their login decides, whatever login the desk has; nothing of it waits afterwards."""
    (waiting,) = clerk.approvals.waiting()
    assert (waiting.asked_by, waiting.reason, waiting.state) == ("张敏", "[/] '; --", ApprovalState.WAITING)
    note = "x\0[/]" * 100
    view = clerk.approvals.sign_here(asked, " T30001 ", PASSWORD, approved=True, note=note)
    assert (view.state, view.decided_by, len(view.note)) == (ApprovalState.APPROVED, "陈刚", 200)
    assert bureau.value("SELECT decided_by FROM counter.approval_decision") == "t30001"
    assert clerk.approvals.waiting() == ()
    assert [one.state for one in clerk.approvals.mine()] == [ApprovalState.APPROVED]


@pytest.mark.parametrize(
    ("number", "password"),
    [
        ("t30001", "wrong"),
        ("t30001", ""),
        ("", PASSWORD),
        ("t30001\0", PASSWORD),
        ("t30001", "\0"),
        ("x" * 100, PASSWORD),
        ("t99999'; --", PASSWORD),
        ("ｔ３０００１", PASSWORD),
    ],
)
def test_a_wrong_number_or_password_decides_nothing(
    bureau: Bureau, clerk: Desk, asked: UUID, number: str, password: str
) -> None:
    """And neither the sentence nor the error holds the password."""
    with pytest.raises(SignInRefused) as error:
        clerk.approvals.sign_here(asked, number, password, approved=True, note="")
    assert error.value.message == "没有作出决定。"
    assert decisions(bureau) == 0
    assert PASSWORD not in repr(error.value)


def test_a_locked_supervisor_does_not_sign(bureau: Bureau, clerk: Desk, asked: UUID) -> None:
    """The server refuses the login, and it is said which it is."""
    number = f"t{uuid4().hex[:8]}"
    with bureau.admin.begin() as connection:
        admin.create_staff(connection, number, name="锁", hall_no=1, duty="supervisor", password=PASSWORD)
    with bureau.psql() as psql:
        psql.execute(f'ALTER ROLE "{number}" NOLOGIN')
        with pytest.raises(SignInRefused) as error:
            clerk.approvals.sign_here(asked, number, PASSWORD, approved=True, note="")
        psql.execute(f'DROP ROLE "{number}"')
    assert "锁定" in error.value.title or "停用" in error.value.title
    assert decisions(bureau) == 0


@pytest.mark.parametrize("change", ["active = false", "hall_no = 2", "duty = 'cashier'"])
def test_who_is_no_supervisor_here_does_not_sign(
    bureau: Bureau, clerk: Desk, asked: UUID, change: str
) -> None:
    """Also when the role of the server would still let them in."""
    with bureau.psql() as psql:
        psql.execute(f"UPDATE counter.staff SET {change} WHERE staff_no = 't30001'")
    with pytest.raises(SignInRefused if "active" in change else NotAllowed):
        clerk.approvals.sign_here(asked, "t30001", PASSWORD, approved=True, note="")
    assert decisions(bureau) == 0


def test_without_a_server_nothing_is_signed(bureau: Bureau, asked: UUID) -> None:
    """It is said that it cannot be reached."""
    nowhere = as_login(bureau.url, "t10001", PASSWORD).set(query={}, host="127.0.0.1", port=1)
    door = Door(nowhere.render_as_string(hide_password=False), EpochWatch(bureau.folder / "epoch"))
    with pytest.raises(ServerUnreachable):
        Approvals(bureau.engine("t10001"), door).sign_here(asked, "t30001", PASSWORD, approved=True, note="")


def test_the_second_of_two_supervisors_is_told_who_was_first(
    bureau: Bureau, gateway: ServerGateway, clerk: Desk, asked: UUID
) -> None:
    """Many at once: one decision, and everybody else hears its name."""
    with bureau.psql() as psql:
        psql.execute("UPDATE counter.staff SET duty = 'supervisor' WHERE staff_no IN ('t20001', 't10002')")
    said: list[str] = []
    start = threading.Barrier(3)

    def decide(number: str) -> None:
        desk = gateway.sign_in(number, PASSWORD)
        start.wait()
        try:
            desk.approvals.decide(asked, approved=number != "t20001", note="")
        except CounterError as error:
            said.append(error.title)
        desk.close()

    threads = [threading.Thread(target=decide, args=(number,)) for number in ("t30001", "t20001", "t10002")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert decisions(bureau) == 1
    view = clerk.approvals.state(asked)
    assert view is not None
    assert len(said) == 2
    assert all(view.decided_by in title for title in said)


def test_what_was_withdrawn_can_no_longer_be_approved(clerk: Desk, asked: UUID) -> None:
    """And the other way round: what is decided is not withdrawn."""
    assert clerk.approvals.withdraw(asked).state is ApprovalState.WITHDRAWN
    with pytest.raises(NotAllowed):
        clerk.approvals.sign_here(asked, "t30001", PASSWORD, approved=True, note="")


def test_a_notification_is_heard_until_the_session_ends(clerk: Desk, gateway: ServerGateway) -> None:
    """The supervisor's desk hears the question, the clerk's the decision."""
    supervisor = gateway.sign_in("t30001", PASSWORD)
    heard, told = threading.Event(), threading.Event()
    supervisor.approvals.listen(heard.set)
    clerk.approvals.listen(told.set)
    assert heard.wait(WAIT_S)  # the first call says: look now
    assert told.wait(WAIT_S)
    for event in (heard, told):
        event.clear()
    approval_id = uuid4()
    clerk.approvals.ask(approval_id, "refund", SUBJECT, "r")
    assert heard.wait(WAIT_S)
    told.clear()
    supervisor.approvals.decide(approval_id, approved=False, note="不行")
    assert told.wait(WAIT_S)
    thread: Any = supervisor.approvals.listener._thread
    supervisor.close()
    thread.join(WAIT_S)
    assert not thread.is_alive()


class Counted:
    """Counts its calls, and lets a test wait for more of them."""

    def __init__(self) -> None:
        self.calls = threading.Semaphore(0)

    def __call__(self) -> None:
        self.calls.release()

    def again(self, times: int) -> bool:
        """Whether it is called so many times more."""
        return all(self.calls.acquire(timeout=WAIT_S) for _time in range(times))


def test_where_nothing_is_delivered_it_looks_from_time_to_time(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pooler takes LISTEN and delivers nothing; no server is the same."""
    monkeypatch.setattr(listening, "hears", lambda _connection: False)
    counted = Counted()
    listener = Listener(bureau.engine("t10001"), "counter_approval", poll_s=0.01)
    listener.add(counted)
    assert counted.again(3)
    listener.close()
    assert listening.POLL_S >= 5


def test_a_lost_connection_is_had_again(bureau: Bureau, clerk: Desk) -> None:
    """What comes while nobody listens is found by looking after the reconnection."""
    counted = Counted()
    listener = Listener(bureau.engine("t10001"), "counter_approval", poll_s=0.01)
    listener.add(counted)
    assert counted.again(1)
    bureau.value(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'LISTEN%%'"
    )
    assert counted.again(2)
    clerk.approvals.ask(uuid4(), "refund", SUBJECT, "r")
    assert counted.again(1)
    listener.close()


def test_a_question_about_a_sale_onto_a_card_is_told_by_the_books(bureau: Bureau, clerk: Desk) -> None:
    """Account and amount are those of the sale; where it is about something else, it lends nothing."""
    furnish_cards(bureau)
    request = sold(bureau, bureau.open_shift())
    question = {"vend_id": request["request_id"], "written": False, "amount_fen": 1, "reason": "r"}
    for action, subject in (
        ("vend_decision", question),
        ("reversal", question),
        ("reversal", question | {"journal_id": 1}),
        ("refund", question),
    ):
        clerk.approvals.ask(uuid4(), action, subject, "r")
    shown = [
        (view.subject.get("account_no"), view.subject["amount_fen"]) for view in clerk.approvals.waiting()
    ]
    assert shown == [("330100000001", 10_000), ("330100000001", 10_000), (None, 1), (None, 1)]
    (first, *_others) = clerk.approvals.waiting()
    lines = subject_lines(first.action, first.subject, first.account_name)
    assert lines[0] == "售电裁定  100.00"
    assert "裁定: 未写卡，转入预收" in lines
