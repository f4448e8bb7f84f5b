"""The world fails: each time a sentence of its own, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from counter.errors import Refusal, ServerUnreachable, SignInRefused, StaleServer
from counter.services.desk import Desk
from counter.services.gateway import ServerGateway
from counter.services.ports import OpenShift, TakePayment
from counter.services.ports.drawer import TakeOver
from db import admin
from receipts.press import Press
from receipts.printing import Printer
from tests.bureau import PASSWORD, Bureau

ACCOUNT = "330100000001"


@pytest.fixture
def gateway(bureau: Bureau) -> ServerGateway:
    """The way into the test's own database."""
    bureau.add_account(ACCOUNT)
    return ServerGateway(bureau.url, bureau.folder / "desk", Press(bureau.folder / "receipts"))


@pytest.fixture
def desk(gateway: ServerGateway) -> Iterator[Desk]:
    """A clerk with an open shift."""
    desk = gateway.sign_in("t10001", PASSWORD)
    desk.open_shift(OpenShift(uuid4(), 101, 0))
    yield desk
    desk.close()


def prepayment(desk: Desk) -> TakePayment:
    """1.00 into the prepaid balance."""
    account, shift = desk.account(ACCOUNT), desk.current_shift()
    assert account is not None
    assert shift is not None
    return TakePayment.in_cash(uuid4(), ACCOUNT, account.version, shift.shift_id, 100, 100, (), 100)


def test_a_server_that_is_not_there_is_no_wrong_password(gateway: ServerGateway) -> None:
    """Unreachable at the start: said so, nothing was sent."""
    nowhere = replace(gateway, database_url="postgresql://127.0.0.1:1/counter")
    with pytest.raises(ServerUnreachable):
        nowhere.sign_in("t10001", PASSWORD)


def test_a_locked_member_of_staff_is_told_so(gateway: ServerGateway, bureau: Bureau) -> None:
    """Not the same as a wrong password, and nobody gets in."""
    with bureau.admin.begin() as connection:
        admin.lock_staff(connection, "t10001")
    try:
        with pytest.raises(SignInRefused, match=r"锁定|locked"):
            gateway.sign_in("t10001", PASSWORD)
    finally:
        with bureau.admin.begin() as connection:
            admin.create_staff(connection, "t10001", name="张敏", hall_no=1, duty="clerk", password=PASSWORD)


@pytest.mark.parametrize("typed", ["", " ", "x" * 40, "t10001\0", "'; --", "[/]"])
def test_a_senseless_number_is_refused_like_a_wrong_one(gateway: ServerGateway, typed: str) -> None:
    """Whatever is typed, it is a refusal with its sentence."""
    with pytest.raises(SignInRefused):
        gateway.sign_in(typed, PASSWORD)


def test_a_login_that_is_not_staff_is_refused(gateway: ServerGateway, bureau: Bureau) -> None:
    """A role alone is nobody at the desk."""
    with bureau.admin.begin() as connection:
        connection.exec_driver_sql("UPDATE counter.staff SET active = false WHERE staff_no = 't10002'")
    with pytest.raises(SignInRefused):
        gateway.sign_in("t10002", PASSWORD)


def test_a_desk_wakes_after_an_hour_of_sleep(desk: Desk, bureau: Bureau) -> None:
    """The server dropped every connection meanwhile: the next call simply works."""
    bureau.value(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 't10001'"
        " AND datname = current_database()"
    )
    assert desk.account(ACCOUNT) is not None
    assert desk.take_payment(prepayment(desk)).total_fen == 100


def test_an_old_primary_is_never_written_to(desk: Desk, gateway: ServerGateway, bureau: Bureau) -> None:
    """A desk that has seen epoch 2 refuses a server of epoch 1."""
    with bureau.psql() as connection:
        connection.execute("UPDATE counter.bureau SET epoch = 2")
    gateway.sign_in("t10001", PASSWORD).close()
    with bureau.psql() as connection:
        connection.execute("UPDATE counter.bureau SET epoch = 1")
    with pytest.raises(StaleServer):
        gateway.sign_in("t10001", PASSWORD)
    request = prepayment(desk)
    bureau.value(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 't10001'"
        " AND datname = current_database()"
    )
    with pytest.raises(StaleServer):
        desk.take_payment(request)
    assert bureau.value("SELECT count(*) FROM counter.receipt") == 0


def test_nobody_signs_on_an_old_primary(desk: Desk, gateway: ServerGateway, bureau: Bureau) -> None:
    """The second connection of a signature asks for the epoch as the first one does."""
    with bureau.psql() as connection:
        connection.execute("UPDATE counter.bureau SET epoch = 2")
    gateway.sign_in("t10001", PASSWORD).close()
    with bureau.psql() as connection:
        connection.execute("UPDATE counter.bureau SET epoch = 1")
    shift = desk.current_shift()
    assert shift is not None
    handover = TakeOver(uuid4(), shift.shift_id, uuid4(), 0)
    for sign in (
        lambda: desk.approvals.sign_here(uuid4(), "t30001", PASSWORD, approved=True, note=""),
        lambda: desk.drawer.take_over(handover, "t10002", PASSWORD),
        lambda: desk.check_password(PASSWORD),
    ):
        with pytest.raises(StaleServer):
            sign()


@pytest.mark.parametrize("number", ["", " ", "x" * 33, "t3\0", "[/]", "'; --", "ｔ３０００１"])
def test_what_is_no_login_is_refused_by_every_way_in(desk: Desk, gateway: ServerGateway, number: str) -> None:
    """In the same words, whether somebody signs in or signs."""
    said = set()
    for enter in (
        lambda: gateway.sign_in(number, PASSWORD),
        lambda: desk.approvals.sign_here(uuid4(), number, PASSWORD, approved=True, note=""),
    ):
        with pytest.raises(SignInRefused) as error:
            enter()
        said.add(error.value.title)
    assert len(said) == 1


def test_a_desk_whose_disk_is_full_sends_nothing(desk: Desk, bureau: Bureau) -> None:
    """The request id must be on the disk before it is sent."""
    request = prepayment(desk)
    pending = bureau.folder / "desk" / "pending"
    if pending.exists():
        pending.rmdir()
    pending.write_text("a file where the folder should be")
    with pytest.raises(Refusal, match="pending"):
        desk.take_payment(request)
    assert bureau.value("SELECT count(*) FROM counter.receipt") == 0
    pending.unlink()
    assert desk.take_payment(request).total_fen == 100


def test_a_receipt_that_cannot_be_saved_stays_unprinted_and_the_payment_stands(
    gateway: ServerGateway, bureau: Bureau
) -> None:
    """Disk full, or the folder gone: the money is posted, the paper waits."""
    blocked = bureau.folder / "blocked"
    blocked.write_text("a file where the folder should be")
    desk = replace(gateway, press=Press(blocked / "receipts")).sign_in("t10001", PASSWORD)
    desk.open_shift(OpenShift(uuid4(), 101, 0))
    taken = desk.take_payment(prepayment(desk))
    outcome = desk.print_receipt(taken.receipt_no)
    assert outcome.error
    assert outcome.pdf_path is None
    assert [summary.receipt_no for summary in desk.unprinted()] == [taken.receipt_no]
    assert desk.payments_today()[0].printed is False
    desk.close()


def test_a_printer_that_fails_leaves_the_receipt_saved_and_unprinted(
    gateway: ServerGateway, bureau: Bureau
) -> None:
    """No such queue: the file is there, the receipt is still in the list, a second try is no reprint."""
    printer = Printer("no-such-queue", server="127.0.0.1:1", timeout_s=20)
    desk = replace(gateway, press=Press(bureau.folder / "receipts", printer)).sign_in("t10001", PASSWORD)
    desk.open_shift(OpenShift(uuid4(), 101, 0))
    taken = desk.take_payment(prepayment(desk))
    first = desk.print_receipt(taken.receipt_no)
    again = desk.print_receipt(taken.receipt_no)
    assert first.error
    assert first.pdf_path is not None
    assert first.pdf_path.exists()
    assert (first.reprint, again.reprint) == (False, False)
    assert [summary.receipt_no for summary in desk.unprinted()] == [taken.receipt_no]
    desk.close()


def test_a_torn_or_foreign_file_among_the_pending_ones_is_passed_over(desk: Desk, bureau: Bureau) -> None:
    """Only whole files of the same member of staff are asked for."""
    folder: Path = bureau.folder / "desk" / "pending"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{uuid4()}.json").write_text('{"staff_no": "t10001", "sent')
    (folder / f"{uuid4()}.json").write_text("[]")
    assert desk.pending() == ()
    assert list(folder.iterdir())


def test_no_secret_shows_in_what_a_gateway_or_an_error_says(gateway: ServerGateway) -> None:
    """Addresses and passwords are in no repr and no sentence."""
    secret = replace(gateway, database_url="postgresql://admin:hunter2@127.0.0.1:1/counter")
    with pytest.raises(ServerUnreachable) as refused:
        secret.sign_in("t10001", "my-own-secret")
    shown = repr(secret) + str(refused.value) + repr(refused.value)
    assert "hunter2" not in shown
    assert "my-own-secret" not in shown
