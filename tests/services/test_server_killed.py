"""The server is killed (-9) while something is posted: it is in the ledger once, or not at all."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from counter.errors import BalanceChanged, OutcomeUnknown, ServerUnreachable
from counter.services.bootstrap import ensure_database
from counter.services.desk import Desk
from counter.services.gateway import ServerGateway
from counter.services.ledger import verify
from counter.services.ports import OpenShift, PaymentTaken, TakePayment
from counter.services.ports.bank_import import FileImported, ImportFile
from db import admin, embedded
from db.migrate import upgrade
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau
from tests.ledger.closed import add_bank_account
from tests.services.bank_files import ACCOUNT as BANK_ACCOUNT
from tests.services.bank_files import Row, csv_file

ACCOUNT = "330100000001"
KILLS = 3
IMPORTING = (
    "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%counter.import_statement%'"
    " AND pid <> pg_backend_pid()"
)


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    """A durable server of this test's own, with one hall, one till, one clerk and one account."""
    server = embedded.start(tmp_path / "own-server", temporary=True)
    ensure_database(server.admin_url)
    own = Bureau(server.url_for("counter"), tmp_path)
    upgrade(own.admin)
    with own.admin.begin() as connection:
        admin.add_hall(connection, 1, "城关营业厅")
        admin.add_till(connection, 101, 1, "1号台")
        for staff_no, duty in (("t10001", "clerk"), ("t20001", "cashier"), ("t60001", "service")):
            admin.create_staff(connection, staff_no, name="张敏", hall_no=1, duty=duty, password=PASSWORD)
    own.add_account(ACCOUNT)
    yield own
    own.dispose()
    server.leave()


def pay(desk: Desk, shift_id: int) -> PaymentTaken | None:
    """One payment of 1.00, whatever happens on the way; None when it is certainly not in the ledger."""
    try:
        account = desk.account(ACCOUNT)
    except ServerUnreachable:
        return None
    assert account is not None
    request = TakePayment.in_cash(uuid4(), ACCOUNT, account.version, shift_id, 100, 100, (), 100)
    try:
        return desk.take_payment(request)
    except (ServerUnreachable, BalanceChanged):
        return None
    except OutcomeUnknown:
        return settle(desk, request)


def settle(desk: Desk, request: TakePayment) -> PaymentTaken | None:
    """Ask again until the server is there."""
    for _ in range(100):
        try:
            return desk.settle(request.request_id)
        except ServerUnreachable:
            time.sleep(0.1)
    raise AssertionError("the server did not come back")


def test_every_payment_is_known_after_the_server_was_killed(bureau: Bureau) -> None:
    """What the desk was told and what the ledger holds are the same set of receipts."""
    gateway = ServerGateway(bureau.url, bureau.folder / "desk", Press(bureau.folder / "receipts"))
    desk = gateway.sign_in("t10001", PASSWORD)
    shift = desk.open_shift(OpenShift(uuid4(), 101, 0))
    told: list[str] = []
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            taken = pay(desk, shift.shift_id)
            if taken is not None:
                told.append(taken.receipt_no)

    clerk = threading.Thread(target=work)
    clerk.start()
    for _ in range(KILLS):
        before = len(told)
        wait_for(lambda before=before: len(told) > before + 5)
        os.kill(postmaster(bureau), signal.SIGKILL)
        time.sleep(0.3)
    before = len(told)
    wait_for(lambda: len(told) > before + 5)
    stop.set()
    clerk.join(60)
    with bureau.psql() as connection:
        rows = connection.execute(
            "SELECT counter.receipt_no(till_no, business_date, receipt_serial) FROM counter.journal"
            " WHERE kind = 'payment' ORDER BY journal_id"
        ).fetchall()
    assert [row[0] for row in rows] == told
    assert desk.pending() == ()
    assert verify(bureau.admin).finding is None
    desk.close()


def import_at_last(desk: Desk, asked: ImportFile) -> FileImported:
    """Ask again under the same id until the server is there."""
    for _ in range(100):
        try:
            return desk.bank_import.import_file(asked)
        except (ServerUnreachable, OutcomeUnknown):
            time.sleep(0.1)
    raise AssertionError("the server did not come back")


def test_of_an_import_that_the_server_died_in_nothing_is_left(bureau: Bureau) -> None:
    """The desk is told, or asks again under the same id, until all of the file is in; never a part of it."""
    add_bank_account(bureau, BANK_ACCOUNT)
    rows: list[Row] = [(f"2026-11-{1 + n // 400:02}", n + 1, f"{n:06}", "x") for n in range(8_000)]
    path = bureau.folder / "statement.csv"
    path.write_bytes(csv_file(rows, 0))
    gateway = ServerGateway(bureau.url, bureau.folder / "desk", Press(bureau.folder / "receipts"))
    desk = gateway.sign_in("t20001", PASSWORD)
    asked = ImportFile(uuid4(), str(path))
    killed: list[int] = []

    def kill() -> None:
        with bureau.psql() as connection:
            while not killed:
                killed.extend(row[0] for row in connection.execute(IMPORTING))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    done = import_at_last(desk, asked)
    killer.join(60)
    assert killed
    assert sum(each.lines_new for each in done.statements) == len(rows)
    assert bureau.value("SELECT count(*) FROM counter.statement_line") == len(rows)
    assert bureau.value("SELECT count(*) FROM counter.bank_file") == 1
    assert verify(bureau.admin).finding is None
    desk.close()


def test_a_cancelled_wait_for_the_standby_is_asked_again(bureau: Bureau) -> None:
    """The server says success with a warning (01000): that is not known, so the id is asked for again."""
    gateway = ServerGateway(bureau.url, bureau.folder / "desk", Press(bureau.folder / "receipts"))
    desk = gateway.sign_in("t10001", PASSWORD)
    shift = desk.open_shift(OpenShift(uuid4(), 101, 0))
    account = desk.account(ACCOUNT)
    assert account is not None
    request = TakePayment.in_cash(uuid4(), ACCOUNT, account.version, shift.shift_id, 100, 100, (), 100)
    answers: list[PaymentTaken] = []
    set_standby(bureau, "'nobody'")
    clerk = threading.Thread(target=lambda: answers.append(desk.take_payment(request)))
    clerk.start()
    wait_for(lambda: bureau.value(WAITS))
    bureau.value("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
    wait_for(lambda: bureau.value("SELECT count(*) FROM counter.receipt"))
    set_standby(bureau, "''")
    clerk.join(60)
    assert [answer.replayed for answer in answers] == [True]
    assert bureau.value("SELECT count(*) FROM counter.receipt") == 1
    assert desk.pending() == ()
    desk.close()


WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


def set_standby(bureau: Bureau, names: str) -> None:
    """Which standbys a commit waits for."""
    with bureau.psql() as connection:
        connection.execute("SET synchronous_commit = local")
        connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = {names}")
        connection.execute("SELECT pg_reload_conf()")


def postmaster(bureau: Bureau) -> int:
    """The process that all others of the server come from."""
    with bureau.psql() as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        fields = Path(f"/proc/{row[0]}/stat").read_text("ascii").rpartition(")")[2].split()
    return int(fields[1])


def wait_for(reached: object) -> None:
    """Give the other thread time; a minute is for the slowest machine."""
    assert callable(reached)
    deadline = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < deadline, "nothing is posted any more"
        time.sleep(0.02)
