"""A vend on everything real: the ledger, the reader's process, the PC/SC service, and a card that checks.

The money is followed to its end: what was taken is on the card, in the meter, or listed as in doubt; and
whatever was torn, lost or killed on the way, the same card finishes it.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from cardio.host import ReaderHost
from cardio.setup import ReaderSetup
from counter.domain.tenders import cash
from counter.domain.vends import CardMeaning, VendState
from counter.errors import Refusal
from counter.services.card_desk import CardDesk
from counter.services.ledger import verify
from counter.services.pending import PendingStore
from counter.services.ports.vends import CardBooks, CardSeen, SellVend, SlotState, VendKind, VendOutcome
from counter.services.posting import Posting
from counter.services.vends import Vends
from tests.bureau import Bureau
from tests.cards.faults import Fault, FaultyCard, reply_lost, torn_after, torn_after_bytes, torn_before
from tests.cards.sim_cpu import CpuCard
from tests.cards.sim_files import REPLACEMENT, Parameters, WriteBack
from tests.cards.sim_meter import Meter, Outcome, in_use
from tests.cards.stack import WAIT_S, Stack
from tests.cards.vpcd import Slot

ACCOUNT, METER = "0330100001", "250366809001"
SERIAL, OTHER_SERIAL = bytes.fromhex("1122334455667788"), bytes.fromhex("1122334455667799")
CLERK, BEGUN = "t10001", 9
SETUP = ReaderSetup(reader="* 00 00", exchange_s=3.0)
COMMANDS_MAX = 60


def wait_for(condition: Callable[[], bool]) -> None:
    """Until it is so; fails the test when it never is."""
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


class Hall:
    """A customer with card and meter, a clerk with a reader."""

    def __init__(self, bureau: Bureau, pcsc: Stack, folder: Path) -> None:
        """The customer comes with a card whose last vend the meter took."""
        self.bureau, self.pcsc = bureau, pcsc
        bureau.add_account(ACCOUNT, meter_no=METER, payment_mode="card")
        self.card = FaultyCard(CpuCard(SERIAL))
        self.meter: Meter = in_use(self.card.card, ACCOUNT, METER, count=BEGUN, amount_fen=5_000)
        self.loaded_before_fen = self.meter.loaded_fen
        in_books = {
            "account_no": ACCOUNT,
            "meter_no": METER,
            "card_serial": SERIAL.hex().upper(),
            "profile": "stategrid-demo",
            "vend_count": BEGUN,
        }
        with bureau.engine("t60001").begin() as connection:
            request = json.dumps({"request_id": str(uuid4()), "cards": [in_books]})
            connection.execute(text("SELECT counter.load_meter_cards(CAST(:r AS jsonb))"), {"r": request})
        self.shift = bureau.open_shift()
        self.folder = folder
        self.reader = ReaderHost(SETUP)
        self.vends = self.desk_of(CLERK)
        self.slot = Slot(pcsc.user.port)

    def desk_of(self, staff_no: str) -> Vends:
        """Somebody at this reader."""
        engine = self.bureau.engine(staff_no)
        posting = Posting(engine, PendingStore(self.folder / "pending", staff_no), pauses_s=())
        return Vends(engine, posting, CardDesk(self.reader), staff_no)

    def insert(self, card: FaultyCard | CpuCard) -> None:
        """Put a card in, and wait until the desk sees it."""
        before = self.vends.slot().insertion
        self.slot.insert(card)
        wait_for(lambda: self.vends.slot().state is SlotState.CARD and self.vends.slot().insertion > before)

    def remove(self) -> None:
        """Take it out, and wait until everybody noticed."""
        self.slot.remove()
        wait_for(lambda: self.vends.slot().state is SlotState.EMPTY)

    def sell(self, amount_fen: int = 10_000) -> VendOutcome:
        """Sell on the card that is in."""
        seen = self.vends.look()
        assert seen.books is not None
        request = self.order_for(seen, seen.books, VendKind.PURCHASE, amount_fen)
        return self.vends.sell(request, lambda _step: None)

    def order_for(
        self, seen: CardSeen, books: CardBooks, kind: VendKind, amount_fen: int = 10_000
    ) -> SellVend:
        """The next vend of an account on the card that was seen, for cash."""
        return SellVend(
            uuid4(),
            self.shift,
            books.account_no,
            books.version,
            books.meter_no,
            seen.card.serial,
            seen.card.profile,
            books.vend_count + 1,
            amount_fen,
            kind,
            (cash(amount_fen, amount_fen),),
        )

    def taken_fen(self) -> int:
        """Money taken for power."""
        query = "SELECT coalesce(sum(amount_fen), 0) FROM counter.vend WHERE state IN ('written', 'pending', 'in_doubt')"
        return int(self.bureau.value(query))

    def in_doubt_fen(self) -> int:
        """What is listed."""
        return sum(vend.amount_fen for vend in self.vends.in_doubt())

    def loaded_fen(self) -> int:
        """What the meter took."""
        return self.meter.loaded_fen - self.loaded_before_fen

    def close(self) -> None:
        """Give everything back."""
        self.slot.remove()
        self.reader.close()


@pytest.fixture
def hall(bureau: Bureau, pcsc: Stack, tmp_path: Path) -> Iterator[Hall]:
    """At the counter; afterwards the ledger is right."""
    made = Hall(bureau, pcsc, tmp_path)
    yield made
    made.close()
    assert verify(bureau.engine("t40001")).finding is None


def test_sold_loaded_and_sold_again(hall: Hall) -> None:
    for turn in range(1, 4):
        hall.insert(hall.card)
        outcome = hall.sell(10_000 + turn)
        assert outcome.state is VendState.WRITTEN, outcome.problem
        hall.remove()
        assert hall.meter.insert(hall.card.card) is Outcome.LOADED
        assert hall.loaded_fen() == hall.taken_fen()
    assert hall.in_doubt_fen() == 0
    assert hall.meter.vend_count == BEGUN + 3


def commands_of_a_sale(hall: Hall) -> int:
    """How many commands the write of a sale sends; the meter takes it, so that everything is as before."""
    hall.insert(hall.card)
    hall.vends.look()
    hall.card.count_from_here()
    assert hall.sell().state is VendState.WRITTEN
    count = len(hall.card.sent)
    hall.remove()
    assert hall.meter.insert(hall.card.card) is Outcome.LOADED
    assert 0 < count < COMMANDS_MAX
    return count


FAULTS: tuple[Callable[[], Fault], ...] = (
    lambda: torn_before,
    lambda: torn_after(0.5),
    lambda: torn_after_bytes(3),
    lambda: reply_lost,
)


@pytest.mark.parametrize("make_fault", FAULTS, ids=["before", "half", "three bytes", "reply lost"])
def test_torn_at_every_command_the_same_card_finishes_it_once(
    hall: Hall, make_fault: Callable[[], Fault]
) -> None:
    """Every command of the look and the sale, one after another, on one card and one meter."""
    for index in range(commands_of_a_sale(hall)):
        taken_before_fen = hall.taken_fen()
        hall.insert(hall.card)
        hall.card.count_from_here()
        hall.card.at(index, make_fault())
        outcome = torn_sale(hall)
        hall.remove()
        hall.card.count_from_here()
        if outcome is None:
            assert hall.taken_fen() == taken_before_fen, "torn before the money was taken"
            continue
        assert hall.taken_fen() == taken_before_fen + 10_000
        if outcome.state is not VendState.WRITTEN:
            assert hall.in_doubt_fen() == 10_000
            hall.insert(CpuCard(OTHER_SERIAL))
            with pytest.raises(Refusal):
                hall.vends.resume(outcome.vend_id, lambda _step: None)
            hall.remove()
            hall.insert(hall.card)
            again = hall.desk_of("t10002").resume(outcome.vend_id, lambda _step: None)
            assert again.state is VendState.WRITTEN, again.problem
            hall.remove()
        assert hall.in_doubt_fen() == 0
        assert hall.meter.insert(hall.card.card) is Outcome.LOADED
        assert hall.loaded_fen() == hall.taken_fen()


@pytest.mark.parametrize(("file", "count"), [("81", 43), ("85", 3)])
def test_a_file_torn_in_the_middle_is_written_again_with_what_the_card_had_beside_the_credit(
    hall: Hall, file: str, count: int
) -> None:
    """Ratios decide what a customer pays: they are never lost with a torn file."""
    card = hall.card.card
    card.put("81", bytes(Parameters(ACCOUNT, METER, card_type=REPLACEMENT, user_type=4, ct=120, pt=100)))
    hall.meter.insert(card)
    report = WriteBack(ACCOUNT, METER, remaining_fen=1, vend_count=BEGUN, user_type=4, ct=120, pt=100)
    card.put("85", bytes(report))
    hall.insert(hall.card)
    hall.vends.look()
    hall.card.count_from_here()

    def torn(faulty: FaultyCard, apdu: bytes) -> bytes:
        if apdu[:3] == bytes.fromhex(f"04D6{file}"):
            return torn_after_bytes(count)(faulty, apdu)
        return faulty.card.answer(apdu)

    for index in range(COMMANDS_MAX):
        hall.card.at(index, torn)
    outcome = hall.sell()
    assert outcome.state is VendState.IN_DOUBT
    hall.remove()
    hall.card.count_from_here()
    hall.insert(hall.card)
    with pytest.raises(Refusal, match=r"broken off|中途"):
        hall.vends.look()
    assert hall.vends.resume(outcome.vend_id, lambda _step: None).state is VendState.WRITTEN
    hall.remove()
    told = Parameters.of(card.content("81"))
    assert told is not None
    assert (told.user_type, told.ct, told.pt) == (4, 120, 100)
    assert hall.meter.insert(card) is Outcome.LOADED
    assert hall.loaded_fen() == hall.taken_fen()


def torn_sale(hall: Hall) -> VendOutcome | None:
    """Sell on a card that will be torn; None when it was torn before the sale was asked for."""
    try:
        return hall.sell()
    except Refusal:
        return None


def test_the_service_dies_between_the_intent_and_the_proof(hall: Hall, pcsc: Stack) -> None:
    """The daemon is killed while the card is written; it starts again, the card is read, and it is known."""
    hall.insert(hall.card)
    hall.vends.look()
    hall.card.count_from_here()
    killed: list[bool] = []

    def kill(card: FaultyCard, apdu: bytes) -> bytes:
        killed.append(True)
        pcsc.kill()
        return card.card.answer(apdu)

    hall.card.at(18, kill)
    outcome = hall.sell()
    assert killed
    assert outcome.state is not VendState.WRITTEN
    pcsc.start_again()
    hall.slot.remove()
    wait_for(lambda: hall.vends.slot().state is SlotState.EMPTY)
    hall.insert(hall.card)
    assert hall.vends.resume(outcome.vend_id, lambda _step: None).state is VendState.WRITTEN
    hall.remove()
    assert hall.meter.insert(hall.card.card) is Outcome.LOADED
    assert hall.loaded_fen() == hall.taken_fen()


def test_what_no_meter_took_is_undone_on_the_card_and_in_the_books(hall: Hall) -> None:
    hall.insert(hall.card)
    outcome = hall.sell()
    hall.vends.undo(outcome.vend_id, uuid4(), hall.shift, "客户不要了")
    assert hall.taken_fen() == 0
    hall.remove()
    assert hall.meter.insert(hall.card.card) is Outcome.PARAMETERS
    assert hall.loaded_fen() == 0
    hall.insert(hall.card)
    seen = hall.vends.look()
    assert seen.books is not None
    assert seen.books.meaning is CardMeaning.READY
    assert hall.sell(6_000).state is VendState.WRITTEN
    hall.remove()
    assert hall.meter.insert(hall.card.card) is Outcome.LOADED
    assert hall.loaded_fen() == 6_000 == hall.taken_fen()


def test_a_card_is_opened_for_a_customer_who_has_none(hall: Hall) -> None:
    """A blank card; its meter takes the first card that opens it."""
    account, meter_no = "0330100002", "250366809002"
    hall.bureau.add_account(account, meter_no=meter_no, payment_mode="card")
    blank = CpuCard(OTHER_SERIAL)
    hall.insert(blank)
    seen = hall.vends.look()
    assert seen.books is None
    books = hall.vends.books(account)
    assert books is not None
    outcome = hall.vends.sell(hall.order_for(seen, books, VendKind.OPENING), lambda _step: None)
    assert outcome.state is VendState.WRITTEN, outcome.problem
    hall.remove()
    meter = Meter(meter_no, account)
    assert meter.insert(blank) is Outcome.LOADED
    assert meter.loaded_fen == 10_000
    hall.insert(blank)
    again = hall.vends.look()
    assert again.books is not None
    assert again.books.meaning is CardMeaning.READY


def test_a_lost_card_is_replaced_and_the_old_one_is_worth_nothing(hall: Hall) -> None:
    """The new card gets the next count and is taken by the meter; the old one is taken nowhere any more."""
    new = CpuCard(OTHER_SERIAL)
    hall.insert(new)
    seen = hall.vends.look()
    books = hall.vends.books(ACCOUNT)
    assert books is not None
    outcome = hall.vends.sell(hall.order_for(seen, books, VendKind.REPLACEMENT), lambda _step: None)
    assert outcome.state is VendState.WRITTEN, outcome.problem
    hall.remove()
    assert hall.meter.insert(new) is Outcome.LOADED
    assert hall.loaded_fen() == 10_000 == hall.taken_fen()
    hall.insert(hall.card)
    with pytest.raises(Refusal):
        hall.sell()
    hall.remove()
    assert hall.meter.insert(hall.card.card) is Outcome.FOREIGN


PLACES = (
    "begun",
    "connect",
    "authenticate",
    "parameters",
    "wallet",
    "clear_writeback",
    "read_back",
    "compare",
    "written",
)


@pytest.mark.parametrize("place", PLACES)
def test_a_desk_that_was_killed_finishes_its_vend_when_it_is_back(hall: Hall, place: str) -> None:
    """Killed with SIGKILL at each step: the vend is in the database, the truth on the card."""
    hall.reader.close()
    hall.slot.insert(hall.card)
    hall.pcsc.user.wait_present()
    died = subprocess.run(
        [
            *(sys.executable, "-m", "tests.cards.killed_desk"),
            *(hall.bureau.url, str(hall.folder), str(hall.shift), SETUP.reader, place),
        ],
        check=False,
        timeout=60,
    )
    assert died.returncode == -signal.SIGKILL
    hall.pcsc.user.wait_free()
    hall.slot.remove()
    hall.pcsc.user.wait_empty()
    hall.reader = ReaderHost(SETUP)
    hall.vends = hall.desk_of(CLERK)
    (unfinished,) = hall.vends.unfinished()
    assert (unfinished.amount_fen, hall.in_doubt_fen(), hall.taken_fen()) == (10_000, 10_000, 10_000)
    hall.insert(hall.card)
    seen = hall.vends.look()
    assert seen.books is not None
    assert seen.books.open_vend is not None
    assert hall.vends.resume(unfinished.vend_id, lambda _step: None).state is VendState.WRITTEN
    assert hall.vends.unfinished() == ()
    hall.remove()
    assert hall.meter.insert(hall.card.card) is Outcome.LOADED
    assert hall.loaded_fen() == hall.taken_fen()
