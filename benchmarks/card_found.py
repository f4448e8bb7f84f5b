"""How soon a customer's account is found by the card: from the PC/SC service's notice to card and books.

The reader is virtual and the card simulated, both from the tests, at the pace of a real card; everything
between is real.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.measure import Measure, spread
from benchmarks.stage import Stage
from cardio.host import ReaderHost
from cardio.reader import ReaderEvent, ReaderState
from cardio.setup import ReaderSetup
from counter.services.vend_views import card_books
from db.queries import vends
from tests.cards import stack
from tests.cards.faults import FaultyCard
from tests.cards.sim_cpu import CpuCard
from tests.cards.sim_meter import in_use
from tests.cards.vpcd import Slot

LOOKS, ACCOUNTS = 40, 4_000
CARD_S = 0.005
"""What a CPU card takes for a command at the least."""
FOUND_MS_MAX = 150.0
DATABASE = "card_found"
A_CUSTOMER = "SELECT account_no FROM counter.account WHERE status = 'active' ORDER BY account_no LIMIT 1"


class PacedCard(FaultyCard):
    """A card that takes its time for each command."""

    def answer(self, apdu: bytes) -> bytes:
        """Answer, but not at once."""
        time.sleep(CARD_S)
        return super().answer(apdu)


def found(stage: Stage) -> Iterator[Measure]:
    """A card is put in again and again, and its account is read."""
    stage.filled(DATABASE, stage.demonstration(ACCOUNTS, bills_per_account=1)).dispose()
    card = PacedCard(CpuCard(bytes.fromhex("1122334455667788")))
    in_use(card.card, str(stage.ask(DATABASE, A_CUSTOMER)), "250366809001", count=9, amount_fen=5_000)
    stack.choose_socket()
    with stack.running() as service, Slot(service.user.port) as slot:
        times_ms = looks(stage, service, slot, card)
    details = spread(times_ms)
    yield Measure(
        "card_to_books_ms",
        details["p95"],
        "ms",
        FOUND_MS_MAX,
        "the service's notice of a card of 5 ms a command; read whole and compared with the books",
        details=details,
    )


def looks(stage: Stage, service: stack.Stack, slot: Slot, card: PacedCard) -> list[float]:
    """The times in milliseconds; a clerk's process and reader, one after the other."""
    noticed: list[float] = []

    def heard(event: ReaderEvent) -> None:
        if event.state is ReaderState.CARD:
            noticed.append(time.perf_counter())

    engine = stage.engine(DATABASE)
    host = ReaderHost(ReaderSetup(reader=service.user.reader))
    times_ms = []
    try:
        host.watch(heard)
        for _look in range(LOOKS + 1):
            slot.remove()
            service.user.wait_empty()
            seen = len(noticed)
            slot.insert(card)
            while len(noticed) == seen:
                time.sleep(0.0005)
            contents = host.read()
            with engine.connect() as connection:
                row = vends.books(connection, contents.account_no)
            assert row is not None, "the card is a customer's"
            card_books(row, contents)
            times_ms.append((time.perf_counter() - noticed[-1]) * 1_000)
    finally:
        host.close()
        engine.dispose()
    return times_ms[1:]  # the first one starts the reader's process
