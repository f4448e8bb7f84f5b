"""Whatever a desk sends is kept on its disk until its outcome is known, also over a restart of the desk.

The wire is cut at a byte of the request or of the answer and stays down; the desk is closed as if it had been
killed; a new sign-in asks what became of it. What it says is what the books say, and a late copy is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from counter.domain.instalments import Instalment
from counter.errors import CounterError, OutcomeUnknown, ServerUnreachable
from counter.services.desk import Desk
from counter.services.gateway import ServerGateway
from counter.services.ledger import verify
from counter.services.ports import OpenShift, Shift, TakePayment
from counter.services.ports.agreements import EndAgreement, MakeAgreement
from counter.services.ports.deposits import MakeDeposit
from counter.services.ports.drawer import CloseShift, MoveCash, SignCount, TakeOver
from counter.ui.request_id import new_request_id
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau
from tests.ledger.closed import add_bank_account
from tests.services.wire import Wire

ACCOUNT = "330100000001"
FLOAT_FEN = 50_000


@dataclass
class Restartable:
    """A desk behind a wire that can be killed and started again with the same disk."""

    bureau: Bureau
    wire: Wire
    staff_no: str = "t20001"

    def start(self, staff_no: str = "") -> Desk:
        """Sign in."""
        gateway = ServerGateway(
            self.wire.url, self.bureau.folder / "desk", Press(self.bureau.folder / "receipts")
        )
        return gateway.sign_in(staff_no or self.staff_no, PASSWORD)


@pytest.fixture
def place(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> Iterator[Restartable]:
    """A cashier's desk that does not wait between tries."""
    monkeypatch.setattr("counter.services.once.time.sleep", lambda _seconds: None)
    bureau.add_account(ACCOUNT)
    add_bank_account(bureau)
    wire = Wire(bureau.url)
    yield Restartable(bureau, wire)
    wire.close()


Act = Callable[[Desk], Any]


def shift_of(desk: Desk) -> Shift:
    """The open shift."""
    shift = desk.current_shift()
    assert shift is not None
    return shift


def cash_in(desk: Desk) -> Act:
    """Change that was brought in."""
    request = MoveCash(new_request_id(), shift_of(desk).shift_id, "change_in", 700, "")
    return lambda desk: desk.drawer.move_cash(request)


def count(desk: Desk) -> Act:
    """The float, as it is."""
    request = SignCount(new_request_id(), shift_of(desk).shift_id, ((10_000, 5),))
    return lambda desk: desk.drawer.sign_count(request)


def closing(desk: Desk) -> Act:
    """By a count that was signed."""
    counted = count(desk)(desk)
    request = CloseShift(new_request_id(), shift_of(desk).shift_id, counted.count_id)
    return lambda desk: desk.drawer.close_shift(request)


def deposit(desk: Desk) -> Act:
    """The takings of a shift that is closed: a hundred yuan."""
    shift, account = shift_of(desk), desk.account(ACCOUNT)
    assert account is not None
    payment = TakePayment.in_cash(
        new_request_id(), ACCOUNT, account.version, shift.shift_id, 10_000, 10_000, (), 10_000
    )
    desk.take_payment(payment)
    counted = desk.drawer.sign_count(SignCount(new_request_id(), shift.shift_id, ((10_000, 6),)))
    desk.drawer.close_shift(CloseShift(new_request_id(), shift.shift_id, counted.count_id))
    items = ((shift.shift_id, "cash"),)
    request = MakeDeposit(new_request_id(), "4400123412341234", items, 10_000, "赵静")
    return lambda desk: desk.deposits.make_deposit(request)


def agreement(desk: Desk) -> Act:
    """Two instalments."""
    plan = (Instalment(date(2030, 1, 10), 400), Instalment(date(2030, 1, 31), 600))
    request = MakeAgreement(new_request_id(), ACCOUNT, 203001, 10, plan, "大用户")
    return lambda desk: desk.agreements.make(request)


def agreement_end(desk: Desk) -> Act:
    """An agreement that is there."""
    agreement(desk)(desk)
    (agreed,) = desk.agreements.of_account(ACCOUNT)
    request = EndAgreement(new_request_id(), agreed.agreement_id, "用户注销")
    return lambda desk: desk.agreements.end(request)


def phone(desk: Desk) -> Act:
    """A number that was asked for."""
    request_id = new_request_id()
    return lambda desk: desk.set_phone(request_id, ACCOUNT, "13800001234")


KINDS: dict[str, tuple[Callable[[Desk], Act], int]] = {
    "move_cash": (cash_in, 700),
    "sign_count": (count, FLOAT_FEN),
    "close_shift": (closing, 0),
    "post_deposit": (deposit, 10_000),
    "make_agreement": (agreement, 1_000),
    "end_agreement": (agreement_end, 0),
    "set_phone": (phone, 0),
}


def sent_without_answer(place: Restartable, act: Act, desk: Desk, direction: str) -> bool:
    """Cut the wire further and further in until the outcome is not known; whether that ever was."""
    for passed in range(0 if direction == "down" else 150, 900, 25):
        place.wire.cut_after(direction, passed, stay_down=True)
        try:
            act(desk)
        except OutcomeUnknown:
            return True
        except ServerUnreachable:
            place.wire.mend()
        else:
            return False
    return False


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_killed_desk_does_not_know_is_settled_at_the_next_sign_in(
    place: Restartable, kind: str, direction: str
) -> None:
    prepare, amount_fen = KINDS[kind]
    first = place.start()
    first.open_shift(OpenShift(new_request_id(), 101, FLOAT_FEN))
    act = prepare(first)
    assert first.pending() == ()
    assert sent_without_answer(place, act, first, direction)
    first.close()
    place.wire.mend()
    again = place.start()
    (pending,) = again.pending()
    assert (pending.function, pending.total_fen, pending.is_payment) == (kind, amount_fen, False)
    assert again.was_posted(pending.request_id) == (direction == "down")
    assert again.pending() == ()
    if direction == "down":
        act(again)
    else:
        with pytest.raises(CounterError):
            act(again)
    assert again.pending() == ()
    posted = "SELECT posted FROM counter.request_claim WHERE request_id = %s"
    assert place.bureau.value(posted, pending.request_id) == (direction == "down")
    again.close()
    assert verify(place.bureau.admin).finding is None


def test_a_handover_waits_for_the_one_who_signed_it(place: Restartable) -> None:
    """The clerk who gives the till away is not asked about it."""
    desk = place.start("t10001")
    shift = desk.open_shift(OpenShift(new_request_id(), 101, FLOAT_FEN))
    signed = SignCount(new_request_id(), shift.shift_id, ((10_000, 5),), "t10002")
    counted = desk.drawer.sign_count(signed)
    request = TakeOver(new_request_id(), shift.shift_id, counted.count_id, FLOAT_FEN)
    store = desk.drawer.posting.store
    replace(store, staff_no="t10002").remember("take_over", {"request_id": str(request.request_id)})
    assert desk.pending() == ()
    desk.close()
    other = place.start("t10002")
    (pending,) = other.pending()
    assert pending.function == "take_over"
    assert not other.was_posted(pending.request_id)
    with pytest.raises(CounterError):
        other.drawer.take_over(request, "t10002", PASSWORD)
    other.close()


def test_a_request_of_somebody_else_is_not_answered(place: Restartable) -> None:
    """Nor given up under another name."""
    desk = place.start()
    desk.open_shift(OpenShift(new_request_id(), 101, FLOAT_FEN))
    request = MoveCash(new_request_id(), shift_of(desk).shift_id, "change_in", 700, "")
    desk.drawer.move_cash(request)
    other = place.start("t10001")
    other.drawer.posting.store.remember("move_cash", {"request_id": str(request.request_id)})
    with pytest.raises(CounterError):
        other.was_posted(request.request_id)
    desk.close()
    other.close()


def test_a_file_of_the_release_before_is_a_payment(place: Restartable) -> None:
    """It kept nothing else, and did not say what it was."""
    desk = place.start()
    store = desk.drawer.posting.store
    store.folder.mkdir(parents=True, exist_ok=True)
    number = new_request_id()
    text = (
        f'{{"staff_no": "t20001", "sent_at": "2026-01-05T08:00:00+00:00", "request": {{"request_id": "{number}",'
        f' "tenders": [{{"kind": "cash", "amount_fen": 5}}], "accounts": [{{"account_no": "{ACCOUNT}"}}]}}}}'
    )
    (store.folder / f"{number}.json").write_text(text)
    (pending,) = desk.pending()
    assert (pending.is_payment, pending.account_no, pending.total_fen) == (True, ACCOUNT, 5)
    desk.close()
