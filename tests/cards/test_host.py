"""The reader in its own process, on the real service: nothing hangs, nothing is forgotten, all is told."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from cardio.contents import CardType, Step, VendOrder
from cardio.errors import (
    AccessRefused,
    CardError,
    CardLost,
    CardMute,
    CardSwapped,
    NoCard,
    NoReader,
    NoService,
    NotCompared,
    ReaderBusy,
    ReaderError,
    ReaderStuck,
)
from cardio.host import ReaderHost
from cardio.profiles import KeySource
from cardio.reader import ReaderEvent, ReaderState
from cardio.setup import KeySetup, ReaderSetup
from tests.cards.stack import Stack
from tests.cards.stub_card import StubCard
from tests.cards.test_link import another_program

SERIAL = "00B0990108000001"
ORDER = VendOrder(SERIAL, "1", "2", CardType.PURCHASE, 10_000, 9)
SETUP = ReaderSetup(
    reader="* 00 00",
    sam="",
    keys=KeySetup(KeySource.SAM),
    exchange_s=1.5,
    operation_s=20.0,
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
        """Hear until this state comes, ten seconds at most each."""
        while (event := self.heard.get(timeout=10.0)).state is not state:
            pass
        return event

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


@pytest.fixture
def desk(pcsc: Stack) -> Iterator[Desk]:
    """A desk with an empty reader."""
    with desk_with() as made:
        made.until(ReaderState.EMPTY)
        yield made


@pytest.fixture
def card(pcsc: Stack, desk: Desk) -> Iterator[StubCard]:
    """A card in it, told."""
    with StubCard(pcsc.user.port, serial=SERIAL) as plugged:
        desk.until(ReaderState.CARD)
        yield plugged


def is_alive(pid: int) -> bool:
    """Whether the process runs (one that ended and was not fetched does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_card_is_told_read_and_written_step_by_step(desk: Desk, card: StubCard) -> None:
    assert (desk.host.read().vend_count, desk.host.read().serial) == (0, SERIAL)
    assert desk.write() == 9
    assert desk.steps == [Step.CONNECT, Step.AUTHENTICATE, Step.WALLET, Step.READ_BACK]
    assert (desk.host.read().wallet_fen, desk.host.read().vend_count) == (10_000, 9)


def test_a_hearer_may_use_the_reader_and_its_own_fault_disturbs_nobody(pcsc: Stack, desk: Desk) -> None:
    read: queue.Queue[str] = queue.Queue()

    def hear(event: ReaderEvent) -> None:
        if event.state is ReaderState.CARD:
            read.put(desk.host.read().serial)
        raise ValueError

    desk.host.watch(hear)
    with StubCard(pcsc.user.port, serial=SERIAL):
        assert read.get(timeout=10.0) == SERIAL
        desk.until(ReaderState.CARD)


def test_who_comes_later_hears_the_present_state_and_who_left_hears_nothing(pcsc: Stack, desk: Desk) -> None:
    later: queue.Queue[ReaderEvent] = queue.Queue()
    desk.host.watch(later.put)
    assert ReaderState.EMPTY is later.get(timeout=5.0).state
    desk.leave()
    with StubCard(pcsc.user.port):
        assert ReaderState.CARD is later.get(timeout=5.0).state
    assert desk.heard.empty()


def test_the_readers_and_the_card_that_is_in_are_told_on_request(
    pcsc: Stack, desk: Desk, card: StubCard
) -> None:
    user, sam = desk.host.readers()
    assert (user.reader, user.atr, user.state) == (pcsc.user.reader, card.atr, ReaderState.CARD)
    assert (sam.reader, sam.atr, sam.state) == (pcsc.sam.reader, b"", ReaderState.EMPTY)
    assert (pcsc.user.reader, card.atr, "stub", SERIAL) == desk.host.probe()


@pytest.mark.parametrize("written", [False, True], ids=["torn before", "reply lost"])
def test_a_card_torn_out_in_a_write_may_have_been_written(
    pcsc: Stack, desk: Desk, card: StubCard, *, written: bool
) -> None:
    def torn(command: bytes) -> bytes | None:
        if command[1] != 0xD6:
            return card.ordinary(command)
        if written:
            card.ordinary(command)
        return None

    card.answer = torn
    assert desk.fault(CardLost, desk.write)
    desk.until(ReaderState.EMPTY)
    with StubCard(pcsc.user.port, serial=SERIAL) as back:
        back.record = card.record
        assert desk.until(ReaderState.CARD).insertion == 2
        assert (9 if written else 0) == desk.host.read().vend_count


def test_a_card_torn_out_in_a_reading_was_not_written(desk: Desk, card: StubCard) -> None:
    card.answer = lambda _command: None
    assert not desk.fault(CardLost, desk.host.read)


def test_what_is_wrong_before_the_first_write_says_that_nothing_was_written(
    pcsc: Stack, desk: Desk, card: StubCard
) -> None:
    assert not desk.fault(CardSwapped, lambda: desk.write(replace(ORDER, serial="FF" * 8)))
    with pytest.raises(AccessRefused) as refused:
        desk.write(replace(ORDER, vend_count=666))
    facts = (refused.value.sw, refused.value.tries_left, refused.value.maybe_written)
    assert facts == (0x63C1, 1, False)
    card.pull()
    desk.until(ReaderState.EMPTY)
    assert not desk.fault(NoCard, desk.write)
    with StubCard(pcsc.user.port, atr=bytes.fromhex("00112233")):
        desk.until(ReaderState.MUTE)
        assert not desk.fault(CardMute, desk.write)


def test_a_card_that_does_not_keep_what_was_written_is_told(desk: Desk, card: StubCard) -> None:
    card.answer = lambda command: b"\x90\x00" if command[1] == 0xD6 else card.ordinary(command)
    assert desk.fault(NotCompared, desk.write)


@pytest.mark.parametrize(
    ("hangs_at", "operation", "maybe_written"),
    [(0xCA, "read", False), (0xCA, "write", False), (0xD6, "write", True)],
)
def test_a_card_that_never_answers_ends_the_process_and_another_one_goes_on(
    pcsc: Stack, desk: Desk, card: StubCard, hangs_at: int, operation: str, *, maybe_written: bool
) -> None:
    def hang(command: bytes) -> bytes:
        if command[1] == hangs_at:
            card.held.clear()
        return card.ordinary(command)

    card.answer = hang
    before = desk.host.pid
    began = time.monotonic()
    work = desk.write if operation == "write" else desk.host.read
    assert maybe_written == desk.fault(ReaderStuck, work)
    assert time.monotonic() - began < 10.0
    assert (is_alive(before), is_alive(desk.host.pid)) == (False, True)
    card.pull()
    desk.until(ReaderState.EMPTY)
    with StubCard(pcsc.user.port, serial=SERIAL):
        desk.until(ReaderState.CARD)
        assert desk.write() == 9


def test_a_late_answer_is_waited_for(desk: Desk, card: StubCard) -> None:
    def late(command: bytes) -> bytes:
        time.sleep(0.9)
        return card.ordinary(command)

    card.answer = late
    assert desk.write() == 9


def test_a_reader_that_another_program_keeps_is_busy_and_serves_again_when_that_ends(
    pcsc: Stack, desk: Desk, card: StubCard
) -> None:
    with another_program(pcsc.user.reader, "EXCLUSIVE"):
        assert not desk.fault(ReaderBusy, desk.write)
        desk.until(ReaderState.BUSY)
    desk.until(ReaderState.CARD)
    assert desk.write() == 9


def test_the_service_killed_while_idle_is_told_and_found_again(
    pcsc: Stack, desk: Desk, card: StubCard
) -> None:
    pcsc.kill()
    desk.until(ReaderState.NO_SERVICE)
    assert not desk.fault(NoService, desk.host.read)
    card.pull()
    pcsc.start_again()
    desk.until(ReaderState.EMPTY)
    with StubCard(pcsc.user.port, serial=SERIAL):
        assert desk.until(ReaderState.CARD).insertion == 2
        assert desk.write() == 9


def test_the_service_killed_in_a_write_leaves_it_open_and_is_found_again(
    pcsc: Stack, desk: Desk, card: StubCard
) -> None:
    def killed(command: bytes) -> bytes:
        answer = card.ordinary(command)
        if command[1] == 0xD6:
            pcsc.kill()
        return answer

    card.answer = killed
    assert desk.fault(CardLost, desk.write)
    desk.until(ReaderState.NO_SERVICE)
    pcsc.start_again()
    with StubCard(pcsc.user.port, serial=SERIAL) as back:
        back.record = card.record
        desk.until(ReaderState.CARD)
        assert desk.host.read().vend_count == 9


def test_a_service_that_hangs_is_given_up_and_serves_again_when_it_goes_on(
    pcsc: Stack, desk: Desk, card: StubCard
) -> None:
    os.kill(pcsc.pid, signal.SIGSTOP)
    assert not desk.fault(ReaderStuck, desk.write)
    assert not desk.fault(ReaderStuck, desk.host.read)
    os.kill(pcsc.pid, signal.SIGCONT)
    assert desk.until(ReaderState.CARD).insertion == 2
    assert desk.write() == 9


def test_a_reader_that_is_plugged_in_later_is_found(pcsc: Stack, desk: Desk) -> None:
    pcsc.stop()
    pcsc.start_bare()
    desk.until(ReaderState.NO_READER)
    assert not desk.fault(NoReader, desk.write)
    pcsc.stop()
    pcsc.start_plugged()
    desk.until(ReaderState.EMPTY)
    with StubCard(pcsc.user.port, serial=SERIAL):
        desk.until(ReaderState.CARD)
        assert desk.write() == 9


def test_a_process_that_dies_in_a_write_leaves_it_open_and_another_one_goes_on(
    desk: Desk, card: StubCard
) -> None:
    before = desk.host.pid
    assert desk.fault(ReaderStuck, lambda: desk.write(replace(ORDER, vend_count=999)))
    assert desk.write() == 9
    assert before != desk.host.pid


def test_a_process_that_dies_while_idle_is_replaced_and_its_card_is_another_insertion(
    desk: Desk, card: StubCard
) -> None:
    for insertion in (2, 3):
        os.kill(desk.host.pid, signal.SIGKILL)
        assert insertion == desk.until(ReaderState.CARD).insertion
    assert desk.write() == 9


def test_a_bug_in_the_process_is_told_by_its_kind_and_place_and_by_no_value(
    desk: Desk, card: StubCard
) -> None:
    with pytest.raises(ReaderError) as raised:
        desk.write(replace(ORDER, vend_count=998))
    assert raised.value.maybe_written
    assert "ZeroDivisionError" in str(raised.value)
    assert "0123456789ABCDEF" not in str(raised.value)
    assert desk.write() == 9


def test_a_step_that_cannot_be_shown_does_not_disturb_the_write(desk: Desk, card: StubCard) -> None:
    def shown(_step: Step) -> None:
        raise ValueError

    assert desk.host.write(ORDER, shown).vend_count == 9


def test_without_a_reader_or_its_service_every_operation_says_so(pcsc: Stack) -> None:
    with desk_with(replace(SETUP, reader="Nobody's")) as desk:
        desk.until(ReaderState.NO_READER)
        assert not desk.fault(NoReader, desk.host.read)
    pcsc.stop()
    with desk_with() as desk:
        desk.until(ReaderState.NO_SERVICE)
        assert not desk.fault(NoService, desk.host.read)


def test_a_missing_sam_is_told_and_its_keys_are_known_once_it_was_used(pcsc: Stack) -> None:
    with desk_with(replace(SETUP, sam="* 00 01", keys=KeySetup(KeySource.DEMONSTRATION))) as desk:
        desk.until(ReaderState.NO_SAM)
        assert desk.host.demonstration_keys
        with StubCard(pcsc.user.port, serial="5A" + SERIAL[2:]):
            desk.until(ReaderState.CARD)
            assert not desk.fault(NoCard, desk.host.read)
            with StubCard(pcsc.sam.port):
                pcsc.sam.wait_present()
                assert desk.host.read().vend_count == 0
                assert not desk.host.demonstration_keys


def test_the_process_ends_with_the_program_however_that_ends(pcsc: Stack, tmp_path: Path) -> None:
    program = (
        "import sys\nfrom cardio.host import ReaderHost\nfrom cardio.setup import ReaderSetup\n"
        "host = ReaderHost(ReaderSetup())\nhost.watch(lambda _event: print(host.pid, flush=True))\nsys.stdin.read()"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.kill()
    deadline = time.monotonic() + 5.0
    while is_alive(child):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_closed_host_leaves_no_process_and_no_thread_and_may_be_closed_again(pcsc: Stack) -> None:
    before = threading.active_count()
    desk = Desk(SETUP)
    desk.until(ReaderState.EMPTY)
    pid = desk.host.pid
    desk.host.close()
    desk.host.close()
    assert not is_alive(pid)
    desk.fault(ReaderError, desk.host.read)
    deadline = time.monotonic() + 5.0
    while threading.active_count() > before:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_closing_in_the_middle_of_an_operation_cuts_it_off(desk: Desk, card: StubCard) -> None:
    card.held.clear()
    ended: queue.Queue[CardError] = queue.Queue()

    def work() -> None:
        try:
            desk.write()
        except CardError as error:
            ended.put(error)

    threading.Thread(target=work).start()
    while not card.heard:
        time.sleep(0.01)
    desk.host.close()
    assert not ended.get(timeout=5.0).maybe_written
    card.held.set()


def test_two_hundred_cards_in_a_row_leak_no_descriptor_and_no_thread(pcsc: Stack, desk: Desk) -> None:
    def held() -> tuple[int, ...]:
        pids = (os.getpid(), desk.host.pid)
        counts = [len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids]
        threads = len(list(Path(f"/proc/{desk.host.pid}/task").iterdir()))
        return (*counts, threads, threading.active_count())

    def one(number: int) -> None:
        with StubCard(pcsc.user.port, serial=f"{number:016X}"):
            assert desk.until(ReaderState.CARD).insertion == number
            assert desk.write(replace(ORDER, serial=f"{number:016X}", vend_count=number)) == number
        desk.until(ReaderState.EMPTY)

    one(1)
    before = held()
    for number in range(2, 202):
        one(number)
    assert before == held()


def test_a_record_of_the_exchanges_is_kept_where_one_is_wanted(pcsc: Stack, tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    with desk_with(replace(SETUP, trace=trace)) as desk, StubCard(pcsc.user.port, serial=SERIAL):
        desk.until(ReaderState.CARD)
        desk.host.read()
    assert f"> 00CA000008\n< {SERIAL}9000\n" in trace.read_text()


def test_a_record_that_cannot_be_kept_does_not_disturb(pcsc: Stack, tmp_path: Path) -> None:
    setup = replace(SETUP, trace=tmp_path / "no folder" / "trace.txt")
    with desk_with(setup) as desk, StubCard(pcsc.user.port, serial=SERIAL):
        desk.until(ReaderState.CARD)
        assert desk.host.read().serial == SERIAL


def test_a_pin_is_not_shown_by_the_setup() -> None:
    assert "1234" not in repr(ReaderSetup(keys=KeySetup(KeySource.PKCS11, "/m", "token", pin="1234")))


def test_without_the_shim_a_card_is_sold_all_the_same(slow_pcsc: Stack) -> None:
    with desk_with() as desk, StubCard(slow_pcsc.user.port, serial=SERIAL):
        desk.until(ReaderState.CARD)
        assert desk.write() == 9
