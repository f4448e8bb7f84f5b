"""The reader's process lives and dies: it hangs, is killed, is replaced, ends with the program."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from cardio.errors import (
    CardError,
    CardLost,
    NoReader,
    NoService,
    ReaderBusy,
    ReaderError,
    ReaderStuck,
)
from cardio.reader import ReaderState
from tests.cards.hosting import ORDER, SERIAL, SETUP, Desk, desk_with, is_alive
from tests.cards.other_program import another_program
from tests.cards.stack import WAIT_S, Stack
from tests.cards.stub_card import StubCard


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
    work = desk.write if operation == "write" else desk.host.read
    with desk.impatient():
        assert maybe_written == desk.fault(ReaderStuck, work)
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
    with desk.impatient(2.0):
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
    with desk.impatient():
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
    deadline = time.monotonic() + WAIT_S
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
    deadline = time.monotonic() + WAIT_S
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
    assert not ended.get(timeout=WAIT_S).maybe_written
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


def test_without_the_shim_a_card_is_sold_all_the_same(slow_pcsc: Stack) -> None:
    with desk_with() as desk, StubCard(slow_pcsc.user.port, serial=SERIAL):
        desk.until(ReaderState.CARD)
        assert desk.write() == 9
