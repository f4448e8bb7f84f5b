"""The wire to the server is cut at every byte of a payment: nothing is lost and nothing is posted twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from counter.errors import OutcomeUnknown, ServerUnreachable
from counter.services.desk import Desk
from counter.services.gateway import ServerGateway
from counter.services.ledger import verify
from counter.services.ports import OpenShift, TakePayment
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau
from tests.services.wire import Wire

ACCOUNT = "330100000001"


@pytest.fixture
def wire(bureau: Bureau) -> Iterator[Wire]:
    """A wire to the test's server, and an account to pay into."""
    bureau.add_account(ACCOUNT)
    wire = Wire(bureau.url)
    yield wire
    wire.close()


@pytest.fixture
def desk(bureau: Bureau, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A clerk behind the wire who does not wait between tries."""
    monkeypatch.setattr("counter.services.once.time.sleep", lambda _seconds: None)
    gateway = ServerGateway(wire.url, bureau.folder / "desk", Press(bureau.folder / "receipts"))
    desk = gateway.sign_in("t10001", PASSWORD)
    desk.open_shift(OpenShift(uuid4(), 101, 0))
    yield desk
    desk.close()


def prepayment(desk: Desk, total_fen: int) -> TakePayment:
    """A payment into the prepaid balance as it stands."""
    account, shift = desk.account(ACCOUNT), desk.current_shift()
    assert account is not None
    assert shift is not None
    return TakePayment.in_cash(
        uuid4(), ACCOUNT, account.version, shift.shift_id, total_fen, total_fen, (), total_fen
    )


def sizes(desk: Desk, wire: Wire) -> dict[str, int]:
    """How many bytes one payment sends up and down."""
    request = prepayment(desk, 1)
    wire.cut_after("up", 1_000_000)
    desk.take_payment(request)
    return dict(wire.passed)


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_cut_at_any_byte_is_one_payment_in_the_end(
    desk: Desk, wire: Wire, bureau: Bureau, direction: str
) -> None:
    """The same id is sent again on a new connection, whether or not the first had arrived."""
    points = range(sizes(desk, wire)[direction] + 1)
    replayed = 0
    for count in points:
        request = prepayment(desk, 100 + count)
        wire.cut_after(direction, count)
        taken = desk.take_payment(request)
        wire.mend()
        replayed += taken.replayed
        posted = bureau.value(
            "SELECT count(*) FROM counter.journal WHERE request_id = %s", request.request_id
        )
        assert (posted, taken.total_fen) == (1, request.total_fen), count
    assert desk.pending() == ()
    assert bureau.value("SELECT count(*) FROM counter.receipt") == len(points) + 1
    assert bool(replayed) == (direction == "down"), "a lost answer had been posted; a lost request had not"
    assert verify(bureau.admin).finding is None


@pytest.mark.parametrize("direction", ["up", "down"])
def test_when_the_server_stays_away_the_outcome_is_said_to_be_unknown_and_settled_later(
    desk: Desk, wire: Wire, bureau: Bureau, direction: str
) -> None:
    """What is said afterwards is what the ledger holds; a request found not posted can never come later."""
    outcomes = set()
    for count in range(0, sizes(desk, wire)[direction] + 1, 40):
        request = prepayment(desk, 100 + count)
        wire.cut_after(direction, count, stay_down=True)
        try:
            desk.take_payment(request)
        except OutcomeUnknown:
            assert [pending.request_id for pending in desk.pending()] == [request.request_id]
            wire.mend()
            settled = desk.settle(request.request_id)
        except ServerUnreachable:
            wire.mend()
            settled = None
        else:
            wire.mend()
            continue
        posted = bureau.value(
            "SELECT count(*) FROM counter.journal WHERE request_id = %s", request.request_id
        )
        assert posted == (settled is not None), count
        assert desk.pending() == ()
        outcomes.add(settled is not None)
    assert (True in outcomes) == (direction == "down")
    assert verify(bureau.admin).finding is None


def test_without_a_server_nothing_is_sent_and_nothing_is_pending(desk: Desk, wire: Wire) -> None:
    """The clerk is told that nothing was sent."""
    request = prepayment(desk, 100)
    wire.cut_after("up", 0, stay_down=True)
    with pytest.raises((ServerUnreachable, OutcomeUnknown)):
        desk.take_payment(request)
    with pytest.raises(ServerUnreachable):
        desk.take_payment(prepayment_of(request))
    wire.mend()
    assert desk.take_payment(request).total_fen == 100


def prepayment_of(request: TakePayment) -> TakePayment:
    """Another request like this one."""
    return replace(request, request_id=uuid4())
