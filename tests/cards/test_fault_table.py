"""The page of faults is what comes out, for every family, and on the real stack through the process."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from cardio.host import ReaderHost
from cardio.setup import ReaderSetup
from tests.cards import fault_table, faults
from tests.cards.fault_table import (
    CARD_FAULTS,
    FAMILIES,
    LOOK,
    PAGE,
    Scene,
    instants_of,
    outcome,
    outcomes,
    page,
)
from tests.cards.faults import Fault, FaultyCard
from tests.cards.model_desk import DirectReader, Refused
from tests.cards.sim_cpu import CpuCard
from tests.cards.stack import EMPTY, PRESENT, Stack, wait_for_state
from tests.cards.vpcd import Slot

SETUP = ReaderSetup(reader="* 00 00", exchange_s=20.0)
KEPT = "kept so"
SILENT = (faults.never, faults.answers_nothing)
"""The reader waits for these as long as it may."""
ALLOWED = {
    "not sold",
    "written",
    "pending, then written",
    "in doubt, then written",
    f"pending, then {KEPT}",
    f"in doubt, then {KEPT}",
}
ABOUT_A_KEY = {
    *(f"refused: {status}" for status in ("6300", "63C1", "63C2", "6983", "6987", "6988", "9302", "9303")),
    "SAM of another company",
    "another card, unnoticed",  # which refuses the key that was made for this one
    "power gone for an instant",  # a memory card then takes no code
    "answer cut, ends in 9000",  # to the code of a memory card: locked
}
ON_THE_STACK = [name for name in CARD_FAULTS if not name.startswith("refused: ")] + [
    "refused: 6300",
    "refused: 63C1",
    "refused: 6581",
    "refused: 6988",
    "refused: 6A82",
    "refused: 9303",
]
"""The other status words differ from these in nothing that the reader or its service sees."""


def last_commands() -> dict[str, int]:
    """For each instant its last command: where something is stored, that one."""
    return {instant: index for index, instant in enumerate(instants_of("cpu"))}


# --- without a reader between -------------------------------------------------------------------------------


def test_the_page_says_what_comes_out() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(outcomes())


@pytest.mark.parametrize("home_first", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
def test_every_fault_at_every_command_leaves_the_money_whole(family: str, home_first: bool) -> None:
    for name, cells in outcomes(family, home_first=home_first).items():
        for instant, found in cells.items():
            assert found <= ALLOWED, (name, instant)
            assert instant != LOOK or found <= {"not sold", "written"}, name
            kept = any(KEPT in told for told in found)
            assert not kept or name in ABOUT_A_KEY or family == "sle4442", (name, instant)


def test_no_fault_brings_a_real_card_to_its_last_try() -> None:
    for name, instant, scene in fault_table.scenes("cpu"):
        outcome(scene, scene.reader(), lambda scene=scene: put_back(scene))  # type: ignore[misc]
        card = scene.card
        assert isinstance(card, CpuCard)
        assert min(card.tries_left.values()) >= 2, (name, instant)


def put_back(scene: Scene) -> None:
    scene.faulty.card = scene.card
    scene.faulty.count_from_here()


def test_another_card_is_refused_whatever_the_fault_was() -> None:
    for name, instant, scene in fault_table.scenes("cpu"):
        try:
            scene.desk.sell(scene.reader(), fault_table.SOLD_FEN)
        except Exception:  # noqa: BLE001, S112 (nothing was sold: the next)
            continue
        if scene.desk.unsettled is None:
            continue
        other = CpuCard((3).to_bytes(8))
        with pytest.raises(Refused, match="another card"):
            scene.desk.resume(DirectReader(other))
        assert (other.tries, other.wallets) == ([], []), (name, instant)


# --- through the reader's process and the real service --------------------------------------------------


class Counter:
    """The user's slot and the desk's reader."""

    def __init__(self, pcsc: Stack, host: ReaderHost) -> None:
        """The reader is empty."""
        self.slot, self.host, self._reader = Slot(pcsc.user.port), host, pcsc.user.reader

    def insert(self, card: FaultyCard) -> None:
        """As a clerk does: again, when the reader does not see it.

        A service that is still busy with the connection of a process that died can miss an insertion.
        """
        for _attempt in range(5):
            self.slot.insert(card)
            if self._comes(PRESENT):
                return
            self.remove()
        raise AssertionError("the card is never seen")

    def remove(self) -> None:
        """Out, if it is not out already."""
        self.slot.remove()
        self._comes(EMPTY)

    def _comes(self, bits: int) -> bool:
        """Whether the service says this of the reader within three seconds."""
        try:
            wait_for_state(self._reader, bits, seconds=3.0)
        except AssertionError:
            return False
        return True

    def put_back(self, scene: Scene) -> None:
        """Out, and in again without a fault."""
        self.remove()
        put_back(scene)
        self.insert(scene.faulty)

    def try_at(self, index: int, fault: Fault, mend: Callable[[], None] = lambda: None) -> str:
        """One sale with this fault; ``mend`` is called afterwards, before the card comes back."""
        scene = Scene(number=index + 1)
        self.insert(scene.faulty.at(index, fault))

        def put_back() -> None:
            mend()
            self.put_back(scene)

        found = outcome(scene, self.host, put_back)
        if not scene.desk.vends:
            mend()
        self.remove()
        return found


@contextmanager
def counter_with(pcsc: Stack, setup: ReaderSetup) -> Iterator[Counter]:
    host = ReaderHost(setup)
    try:
        made = Counter(pcsc, host)
        yield made
        made.slot.close()
    finally:
        host.close()


@pytest.fixture
def counter(pcsc: Stack) -> Iterator[Counter]:
    with counter_with(pcsc, SETUP) as made:
        yield made


@pytest.mark.parametrize("name", ON_THE_STACK)
def test_on_the_real_stack_the_page_is_right(pcsc: Stack, name: str) -> None:
    cells, fault = outcomes_of(name), CARD_FAULTS[name]
    setup = replace(SETUP, exchange_s=1.0) if fault in SILENT else SETUP
    with counter_with(pcsc, setup) as counter:
        for instant, index in last_commands().items():
            assert counter.try_at(index, fault) in cells[instant], instant


def outcomes_of(name: str) -> dict[str, set[str]]:
    """One line of the page."""
    return outcomes(names=(name,))[name]


def test_an_answer_three_seconds_late_is_waited_for(pcsc: Stack) -> None:
    with counter_with(pcsc, SETUP) as counter:
        assert counter.try_at(last_commands()["WALLET"], faults.late(3.0)) == "written"


def test_the_readers_process_killed_at_every_command(counter: Counter) -> None:
    def kill(card: FaultyCard, apdu: bytes) -> bytes:
        answer = card.card.answer(apdu)
        os.kill(counter.host.pid, signal.SIGKILL)
        return answer

    cells = outcomes_of("done, torn out before the answer")
    for index, instant in enumerate(instants_of("cpu")):
        assert counter.try_at(index, kill) in cells[instant], (index, instant)


def test_the_service_killed_at_every_command(counter: Counter, pcsc: Stack) -> None:
    def kill(card: FaultyCard, apdu: bytes) -> bytes:
        answer = card.card.answer(apdu)
        pcsc.kill()
        return answer

    cells = outcomes_of("done, torn out before the answer")
    for index, instant in enumerate(instants_of("cpu")):
        assert counter.try_at(index, kill, pcsc.start_again) in cells[instant], (index, instant)
