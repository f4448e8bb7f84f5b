"""The monitor on the real service: cards, readers and the service itself come and go."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from cardio.link.pcsc import PcscLink
from cardio.monitor import BUSY_S, Monitor
from cardio.reader import ReaderEvent, ReaderState
from cardio.setup import ReaderSetup, chosen, fits
from tests.cards.other_program import NUMBER, another_program
from tests.cards.stack import WAIT_S, Stack
from tests.cards.stub_card import ATR, StubCard

SAM_ATR: Final = bytes.fromhex("3B680000") + b"SAM-STUB"
USER: Final = ReaderSetup(reader="* 00 00")
BOTH: Final = ReaderSetup(reader="* 00 00", sam="* 00 01")


class Ear:
    """What the monitor said, in order."""

    def __init__(self, monitor: Monitor, heard: queue.Queue[ReaderEvent]) -> None:
        self.monitor, self._heard = monitor, heard

    def next(self) -> ReaderEvent:
        """The next event; fails when none comes."""
        return self._heard.get(timeout=WAIT_S)

    def states(self, *wanted: ReaderState) -> None:
        """Exactly these states come, in this order."""
        assert list(wanted) == [self.next().state for _state in wanted]

    def silent(self, seconds: float) -> bool:
        """Whether nothing more is said for so long."""
        time.sleep(seconds)
        return self._heard.empty()


@contextmanager
def listening(setup: ReaderSetup, is_user_card: Callable[[bytes], bool] = ATR.__eq__) -> Iterator[Ear]:
    """A monitor that runs."""
    heard: queue.Queue[ReaderEvent] = queue.Queue()
    monitor = Monitor(setup, heard.put, is_user_card)
    thread = threading.Thread(target=monitor.run, name="monitor")
    thread.start()
    try:
        yield Ear(monitor, heard)
    finally:
        monitor.stop()
        thread.join(WAIT_S)
        assert not thread.is_alive()


def test_a_card_that_comes_and_goes_is_told_with_its_insertion(pcsc: Stack) -> None:
    with listening(USER) as ear:
        assert ReaderEvent(ReaderState.EMPTY, pcsc.user.reader, 0) == ear.next()
        for insertion in (1, 2):
            with StubCard(pcsc.user.port):
                assert ReaderEvent(ReaderState.CARD, pcsc.user.reader, insertion) == ear.next()
            assert ReaderEvent(ReaderState.EMPTY, pcsc.user.reader, insertion) == ear.next()


def test_a_card_that_is_in_already_is_told_at_once(pcsc: Stack) -> None:
    with StubCard(pcsc.user.port):
        pcsc.user.wait_present()
        with listening(USER) as ear:
            assert ReaderEvent(ReaderState.CARD, pcsc.user.reader, 1) == ear.next()


def test_a_mute_card_is_told(pcsc: Stack) -> None:
    with listening(USER) as ear:
        ear.states(ReaderState.EMPTY)
        with StubCard(pcsc.user.port, atr=bytes.fromhex("00112233")):
            ear.states(ReaderState.MUTE)


def test_a_missing_reader_is_told_and_everything_else_goes_on(pcsc: Stack) -> None:
    with listening(ReaderSetup(reader="Nobody's")) as ear, StubCard(pcsc.user.port):
        assert ReaderEvent(ReaderState.NO_READER) == ear.next()
        assert ear.silent(0.1)


@pytest.mark.parametrize("end", [Stack.kill, Stack.stop])
def test_the_death_and_return_of_the_service_are_told_and_a_card_is_another_insertion(
    pcsc: Stack, end: Callable[[Stack], None]
) -> None:
    with listening(USER) as ear:
        ear.states(ReaderState.EMPTY)
        with StubCard(pcsc.user.port):
            ear.states(ReaderState.CARD)
            end(pcsc)
            assert ReaderEvent(ReaderState.NO_SERVICE, "", 1) == ear.next()
        pcsc.start_again()
        seen = ear.next()
        if seen.state is ReaderState.NO_READER:  # the service answers before it has its readers
            seen = ear.next()
        assert ReaderEvent(ReaderState.EMPTY, pcsc.user.reader, 1) == seen
        with StubCard(pcsc.user.port):
            assert ReaderEvent(ReaderState.CARD, pcsc.user.reader, 2) == ear.next()


def test_a_service_that_comes_after_the_program_is_found(pcsc: Stack) -> None:
    pcsc.stop()
    with listening(USER) as ear:
        ear.states(ReaderState.NO_SERVICE)
        pcsc.start_again()
        while ear.next().state is not ReaderState.EMPTY:
            pass


def test_a_reader_that_goes_is_told_and_found_again_when_it_is_plugged_in(pcsc: Stack) -> None:
    with listening(USER) as ear:
        ear.states(ReaderState.EMPTY)
        pcsc.kill()
        ear.states(ReaderState.NO_SERVICE)
        pcsc.start_bare()
        ear.states(ReaderState.NO_READER)
        pcsc.kill()
        ear.states(ReaderState.NO_SERVICE)
        pcsc.start_plugged()
        while ear.next().state is not ReaderState.EMPTY:
            pass
        with StubCard(pcsc.user.port):
            ear.states(ReaderState.CARD)


def test_a_missing_sam_is_told_while_no_card_is_in_and_is_no_obstacle_to_one(pcsc: Stack) -> None:
    with listening(BOTH) as ear:
        ear.states(ReaderState.NO_SAM)
        with StubCard(pcsc.sam.port, atr=SAM_ATR):
            ear.states(ReaderState.EMPTY)
        ear.states(ReaderState.NO_SAM)
        with StubCard(pcsc.user.port):
            ear.states(ReaderState.CARD)
        ear.states(ReaderState.NO_SAM)


def test_a_user_card_in_the_slot_of_the_sam_is_told(pcsc: Stack) -> None:
    with listening(BOTH) as ear:
        assert not ear.next().wrong_slot
        with StubCard(pcsc.sam.port):
            assert ReaderEvent(ReaderState.NO_SAM, pcsc.user.reader, 0, wrong_slot=True) == ear.next()
        assert not ear.next().wrong_slot


def test_a_card_that_another_program_keeps_is_busy_and_free_again_when_that_ends(pcsc: Stack) -> None:
    with listening(USER) as ear:
        ear.states(ReaderState.EMPTY)
        with StubCard(pcsc.user.port):
            ear.states(ReaderState.CARD)
            with another_program(pcsc.user.reader, "SHARED"):
                ear.states(ReaderState.BUSY)
            ear.states(ReaderState.CARD)


def test_our_own_work_with_a_card_is_not_told_as_busy(pcsc: Stack) -> None:
    with listening(USER) as ear:
        ear.states(ReaderState.EMPTY)
        with StubCard(pcsc.user.port):
            ear.states(ReaderState.CARD)
            for seconds in (0.25, 0.25, 3 * BUSY_S):
                with ear.monitor.own_work(), PcscLink(pcsc.user.reader) as link:
                    assert link.send(NUMBER).ok
                    time.sleep(seconds)
            assert ear.silent(0.6)


def test_a_swap_between_two_looks_of_the_monitor_is_another_insertion(pcsc: Stack) -> None:
    with listening(USER) as ear:
        ear.states(ReaderState.EMPTY)
        last = 0
        for _card in range(20):
            with StubCard(pcsc.user.port):
                pcsc.user.wait_present()
            pcsc.user.wait_empty()
        while (event := ear.next()).insertion < 20:
            assert event.insertion >= last
            last = event.insertion


def test_without_the_shim_a_card_is_told_within_the_pace_of_the_service(slow_pcsc: Stack) -> None:
    with listening(USER) as ear:
        ear.states(ReaderState.EMPTY)
        with StubCard(slow_pcsc.user.port):
            ear.states(ReaderState.CARD)
        ear.states(ReaderState.EMPTY)


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("acr38", "ACS ACR38U-CCID 00 00", True),
        ("* 00 00", "ACS ACR38U-CCID 00 00", True),
        ("* 00 01", "ACS ACR38U-CCID 00 00", False),
        ("Reader [CCID] *", "Gemalto Reader [CCID] 00 00", False),
        ("*[CCID]*", "Gemalto Reader [CCID] 00 00", True),
        ("[CCID]", "Gemalto Reader [CCID] 00 00", True),
    ],
)
def test_a_reader_is_meant_by_a_part_of_its_name_or_a_pattern(
    pattern: str, name: str, *, expected: bool
) -> None:
    assert expected == fits(pattern, name)


def test_the_reader_for_cards_is_never_the_one_of_the_sam() -> None:
    names = ["Twin 00 00", "Twin 00 01"]
    assert chosen(ReaderSetup(sam="* 00 00"), names) == ("Twin 00 01", "Twin 00 00")
    assert chosen(ReaderSetup(), names) == ("Twin 00 00", "")
    assert chosen(ReaderSetup(reader="* 00 00", sam="* 00 00"), names) == ("", "Twin 00 00")
    assert chosen(ReaderSetup(), []) == ("", "")
