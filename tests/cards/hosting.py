"""A desk with the reader's process, as its tests use it."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from cardio.contents import CardType, Step, VendOrder
from cardio.errors import (
    CardError,
)
from cardio.host import ReaderHost
from cardio.profiles import KeySource
from cardio.reader import ReaderEvent, ReaderState
from cardio.setup import KeySetup, ReaderSetup
from tests.cards.stack import WAIT_S

SERIAL = "00B0990108000001"
ORDER = VendOrder(SERIAL, "1", "2", CardType.PURCHASE, 10_000, 9)
SETUP = ReaderSetup(
    reader="* 00 00",
    sam="",
    keys=KeySetup(KeySource.SAM),
    exchange_s=20.0,
    opener="tests.cards.stub_family:StubOpening",
)


class Desk:
    """A host, what it said, and the steps that were shown."""

    def __init__(self, setup: ReaderSetup) -> None:
        self.heard: queue.Queue[ReaderEvent] = queue.Queue()
        self.steps: list[Step] = []
        self.host = ReaderHost(setup)
        self.leave = self.host.watch(self.heard.put)

    def until(self, state: ReaderState) -> ReaderEvent:
        """Hear until this state comes; fails when nothing comes any more."""
        while (event := self.heard.get(timeout=WAIT_S)).state is not state:
            pass
        return event

    @contextmanager
    def impatient(self, exchange_s: float = 1.5) -> Iterator[None]:
        """For a while no exchange may take longer; else a busy machine has all the time that it wants."""
        patient = self.host._setup
        self.host._setup = replace(patient, exchange_s=exchange_s)
        try:
            yield
        finally:
            self.host._setup = patient

    def write(self, order: VendOrder = ORDER) -> int:
        """The count on the card afterwards."""
        return self.host.write(order, self.steps.append).vend_count

    def fault(self, kind: type[CardError], work: Callable[[], object]) -> bool:
        """The work ends in this fault; whether something may have been written."""
        with pytest.raises(kind) as raised:
            work()
        assert type(raised.value) is kind
        return raised.value.maybe_written


@contextmanager
def desk_with(setup: ReaderSetup = SETUP) -> Iterator[Desk]:
    desk = Desk(setup)
    try:
        yield desk
    finally:
        desk.host.close()


def is_alive(pid: int) -> bool:
    """Whether the process runs (one that ended and was not fetched does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
