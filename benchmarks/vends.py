"""A vend on the PC/SC stack: what our own code adds to the card's time, and how soon an account is found.

The reader is virtual and the card simulated, both from the tests; everything between is real.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from statistics import median

from benchmarks.measure import Measure, rounded, spread
from benchmarks.stage import Stage
from cardio.host import ReaderHost
from cardio.reader import ReaderEvent, ReaderState
from cardio.setup import ReaderSetup
from counter.services.vend_views import card_books
from db.queries import vends
from tests.cards import stack
from tests.cards.card_orders import ORDER
from tests.cards.faults import FaultyCard
from tests.cards.sim_cpu import CpuCard
from tests.cards.vpcd import Slot

stack.choose_socket()

SALES, LOOKS, ACCOUNTS = 40, 40, 4_000
CARD_MS = 5.0
"""What a CPU card takes for a command at the least; a write takes it longer."""
OWN_PERCENT_MAX, FOUND_MS_MAX = 15.0, 150.0
SETUP = ReaderSetup(reader="* 00 00", exchange_s=5.0)
DATABASE = "vends"


class PacedCard(FaultyCard):
    """A card that takes its time for each command."""

    pause_s = 0.0

    def answer(self, apdu: bytes) -> bytes:
        """Answer, but not at once."""
        time.sleep(self.pause_s)
        return super().answer(apdu)


class Parrot(PacedCard):
    """Answers as the card did, whatever it is asked: raw commands carry cryptograms of another session."""

    replies: tuple[bytes, ...] = ()

    def answer(self, apdu: bytes) -> bytes:
        """The next of the recorded answers, over and over."""
        time.sleep(self.pause_s)
        self.commands.append(apdu)
        return self.replies[(len(self.commands) - 1) % len(self.replies)]


def vend(stage: Stage) -> Iterator[Measure]:
    """Own code beside the card's time, for a card that answers at once and for one at a card's pace."""
    card = PacedCard(CpuCard(bytes.fromhex(ORDER.serial)))
    with stack.running() as service, Slot(service.user.port) as slot:
        slot.insert(card)
        service.user.wait_present()
        for pause_ms in (CARD_MS, 0.0):
            card.pause_s = pause_ms / 1_000
            yield own_code(service, slot, card, pause_ms)
        card.pause_s = CARD_MS / 1_000
        yield found(stage, service, slot, card)


def own_code(service: stack.Stack, slot: Slot, card: PacedCard, pause_ms: float) -> Measure:
    """Sales through the reader's process, against the same commands sent raw."""
    host = ReaderHost(SETUP)
    try:
        host.write(ORDER, lambda _step: None)
        whole_ms = [timed_ms(partial(sale, host, card, number)) for number in range(SALES)]
    finally:
        host.close()
    commands = [bytes(command) for command in card.sent]
    parrot = Parrot(card.card)
    parrot.pause_s = card.pause_s
    parrot.replies = tuple(reply or b"" for reply in card.answers[-len(commands) :])
    put_in(service, slot, parrot)
    raw_ms = [timed_ms(partial(raw, commands)) for _time in range(SALES)]
    put_in(service, slot, card)
    own = median(whole_ms) - median(raw_ms)
    return Measure(
        "vend_own_code_percent" if pause_ms else "vend_own_code_percent_instant_card",
        100 * own / median(raw_ms),
        "%",
        OWN_PERCENT_MAX,
        f"the same {len(commands)} commands sent raw by pyscard, a card of {pause_ms:g} ms a command",
        details={"vend_ms": rounded(median(whole_ms)), "raw_ms": rounded(median(raw_ms))},
    )


def put_in(service: stack.Stack, slot: Slot, card: FaultyCard) -> None:
    """Another card into the slot."""
    slot.remove()
    service.user.wait_empty()
    slot.insert(card)
    service.user.wait_present()


def sale(host: ReaderHost, card: PacedCard, number: int) -> None:
    """One more vend on the card."""
    card.count_from_here()
    host.write(replace(ORDER, vend_count=ORDER.vend_count + 1 + number), lambda _step: None)


def raw(commands: list[bytes]) -> None:
    """The same commands by pyscard alone."""
    from smartcard.scard import SCARD_LEAVE_CARD
    from smartcard.System import readers

    connection = readers()[0].createConnection()
    connection.connect(disposition=SCARD_LEAVE_CARD)
    for command in commands:
        connection.transmit(list(command))
    connection.disconnect()


def found(stage: Stage, service: stack.Stack, slot: Slot, card: PacedCard) -> Measure:
    """From the notice of the PC/SC service to the card beside the books."""
    stage.filled(DATABASE, stage.demonstration(ACCOUNTS, bills_per_account=1)).dispose()
    engine = stage.engine(DATABASE)
    noticed: list[float] = []

    def heard(event: ReaderEvent) -> None:
        if event.state is ReaderState.CARD:
            noticed.append(time.perf_counter())

    host = ReaderHost(SETUP)
    times_ms = []
    try:
        host.watch(heard)
        for _look in range(LOOKS):
            slot.remove()
            service.user.wait_empty()
            seen = len(noticed)
            slot.insert(card)
            while len(noticed) == seen:
                time.sleep(0.0005)
            contents = host.read()
            with engine.connect() as connection:
                row = vends.books(connection, contents.account_no)
            if row is not None:
                card_books(row, contents)
            times_ms.append((time.perf_counter() - noticed[-1]) * 1_000)
    finally:
        host.close()
        engine.dispose()
    details = spread(times_ms)
    return Measure(
        "card_to_books_ms",
        details["p95"],
        "ms",
        FOUND_MS_MAX,
        "the service's notice of a card; read whole and compared with the books",
        details=details,
    )


def timed_ms(work: Callable[[], None]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1_000
