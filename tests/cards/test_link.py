"""The link on the real service: every fault by its own name, and nothing sent twice."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cardio.apdu import Command, Response
from cardio.errors import (
    CardError,
    CardLost,
    CardMute,
    Garbled,
    NoCard,
    NoReader,
    NoService,
    ReaderBusy,
)
from cardio.link import pcsc as link_module
from cardio.link.pcsc import PcscLink
from tests.cards.other_program import HOLDER, NUMBER, READ, SELECT, WRITE, another_program
from tests.cards.stack import Stack
from tests.cards.stub_card import StubCard

LET_GO_AFTER_S = 4.0
"""A little less than the grace that the service gives a card before it takes its power away."""


@pytest.fixture
def card(pcsc: Stack) -> Iterator[StubCard]:
    """A card in the user's slot, seen by the service."""
    with StubCard(pcsc.user.port) as plugged:
        pcsc.user.wait_present()
        yield plugged


def test_a_card_answers_and_stays_powered_without_a_reset_after_the_link_is_closed(
    pcsc: Stack, card: StubCard
) -> None:
    before = after = closed = 0.0
    for _again in range(4):  # the service itself lets a card go that nobody has used for some seconds
        with PcscLink(pcsc.user.reader) as link:
            assert (card.atr, pcsc.user.reader) == (link.atr, link.reader)
            assert link.send(SELECT) == Response(b"", 0x9000)
            assert link.send(WRITE) == Response(b"", 0x9000)
            before, closed = card.resets, time.monotonic()
        del link
        gc.collect()
        with PcscLink(pcsc.user.reader) as link:
            assert link.send(READ) == Response(bytes(range(8)), 0x9000)
            after = card.resets
        if time.monotonic() - closed < LET_GO_AFTER_S:
            break
    assert after == before


def test_the_readers_are_named(pcsc: Stack) -> None:
    assert link_module.readers() == [pcsc.user.reader, pcsc.sam.reader]


def test_an_empty_slot_is_said(pcsc: Stack) -> None:
    with pytest.raises(NoCard):
        PcscLink(pcsc.user.reader)


def test_a_reader_that_is_not_there_is_said(pcsc: Stack) -> None:
    with pytest.raises(NoReader):
        PcscLink("Nobody's reader 00 00")


def test_a_service_that_is_not_there_is_said(pcsc: Stack) -> None:
    pcsc.stop()
    with pytest.raises(NoService):
        link_module.readers()
    with pytest.raises(NoService):
        PcscLink(pcsc.user.reader)


@pytest.mark.parametrize("share", ["EXCLUSIVE", "SHARED"])
def test_a_card_that_another_program_holds_is_busy_at_once_and_free_when_that_ends(
    pcsc: Stack, card: StubCard, share: str
) -> None:
    with another_program(pcsc.user.reader, share), pytest.raises(ReaderBusy):
        PcscLink(pcsc.user.reader)
    with PcscLink(pcsc.user.reader) as link:
        assert link.send(SELECT).ok


def test_no_other_program_gets_at_a_card_while_a_link_is_open(pcsc: Stack, card: StubCard) -> None:
    with PcscLink(pcsc.user.reader) as link:
        held = [sys.executable, "-c", HOLDER, pcsc.user.reader, "SHARED"]
        outcome = subprocess.run(held, capture_output=True, text=True, input="", check=False)
        assert "0x8010000b" in outcome.stderr
        assert link.send(SELECT).ok


@pytest.mark.parametrize(
    "atr",
    [b"\x3b", bytes.fromhex("00112233"), bytes.fromhex("3B800E8E")],
    ids=["cut", "nonsense", "wrong protocol"],
)
def test_a_card_without_a_good_answer_to_reset_is_mute(pcsc: Stack, atr: bytes) -> None:
    with StubCard(pcsc.user.port, atr=atr):
        pcsc.user.wait_present()
        with pytest.raises(CardMute):
            PcscLink(pcsc.user.reader)


def _torn_before(card: StubCard, _command: bytes) -> bytes | None:
    return None


def _reply_lost(card: StubCard, command: bytes) -> bytes | None:
    card.ordinary(command)
    return None


@pytest.mark.parametrize(
    ("tear", "left"), [(_torn_before, bytes(8)), (_reply_lost, bytes(range(8)))], ids=["torn", "reply lost"]
)
def test_a_card_torn_out_in_a_write_is_lost_and_may_have_been_written(
    pcsc: Stack, card: StubCard, tear: Callable[[StubCard, bytes], bytes | None], left: bytes
) -> None:
    with PcscLink(pcsc.user.reader) as link:
        card.answer = lambda command: tear(card, command)
        with pytest.raises(CardLost) as lost:
            link.send(WRITE)
        assert (True, left) == (lost.value.maybe_written, card.record)
        with pytest.raises(CardLost) as again:
            link.send(WRITE)
        assert not again.value.maybe_written
    assert [bytes(WRITE)] == card.heard


def test_a_link_never_comes_back_to_life_with_another_card(pcsc: Stack, card: StubCard) -> None:
    with PcscLink(pcsc.user.reader) as link:
        card.pull()
        pcsc.user.wait_empty()
        with StubCard(pcsc.user.port, serial="FFFFFFFFFFFFFFFF") as other:
            pcsc.user.wait_present()
            for _time in range(2):
                with pytest.raises(CardLost):
                    link.send(WRITE)
            assert other.heard == []
            link.close()
            with PcscLink(pcsc.user.reader) as fresh:
                assert fresh.send(NUMBER).data == bytes.fromhex(other.serial)


def test_a_service_killed_in_a_write_leaves_the_card_written_and_the_link_lost(
    pcsc: Stack, card: StubCard
) -> None:
    def killed_in_between(command: bytes) -> bytes:
        answer = card.ordinary(command)
        pcsc.kill()
        return answer

    with PcscLink(pcsc.user.reader) as link:
        card.answer = killed_in_between
        with pytest.raises(CardLost) as lost:
            link.send(WRITE)
        assert (True, bytes(range(8))) == (lost.value.maybe_written, card.record)
    with pytest.raises(NoService):
        PcscLink(pcsc.user.reader)
    pcsc.start_again()
    with StubCard(pcsc.user.port):
        pcsc.user.wait_present()
        with PcscLink(pcsc.user.reader) as link:
            assert link.send(SELECT).ok


def test_a_link_over_a_service_that_was_restarted_while_idle_is_lost(pcsc: Stack, card: StubCard) -> None:
    with PcscLink(pcsc.user.reader) as link:
        pcsc.kill()
        pcsc.start_again()
        with pytest.raises(CardLost):
            link.send(WRITE)
    assert card.heard == []


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (bytes.fromhex("01029000"), Garbled),
        (bytes(9) + b"\x90\x00", Garbled),
        (b"\x90", Garbled),
        (b"\x90\x00", Garbled),
        (bytes(8) + b"\x90\x00" + bytes(8) + b"\x90\x00", Garbled),
        (b"\x6c\x6c", None),
    ],
    ids=["cut, ending in 9000", "over-long", "one byte", "no data", "doubled", "6C with 108"],
)
def test_an_answer_of_the_wrong_length_is_never_taken_for_success(
    pcsc: Stack, card: StubCard, answer: bytes, fault: type[CardError] | None
) -> None:
    card.answer = lambda _command: answer
    with PcscLink(pcsc.user.reader) as link, pytest.raises(fault or Garbled):
        link.send(READ)
    assert len(card.heard) == (1 if fault else 2)


def test_what_is_left_over_of_a_garbled_answer_does_not_meet_the_next_connection(
    pcsc: Stack, card: StubCard
) -> None:
    card.answer = lambda _command: bytes(9) + b"\x90\x00"
    with PcscLink(pcsc.user.reader) as link, pytest.raises(Garbled):
        link.send(READ)
    card.answer = card.ordinary
    with PcscLink(pcsc.user.reader) as link:
        assert link.send(NUMBER).data == bytes.fromhex(card.serial)


def test_more_data_is_fetched_and_a_wrong_length_asked_again(pcsc: Stack, card: StubCard) -> None:
    answers = {
        bytes.fromhex("00B0000000"): b"\x6c\x04",
        bytes.fromhex("00B0000004"): b"\x01\x02\x61\x02",
        bytes.fromhex("00C0000002"): b"\x03\x04\x90\x00",
    }
    card.answer = lambda command: answers[command]
    with PcscLink(pcsc.user.reader) as link:
        assert link.send(Command(0, 0xB0, 0, 0, le=256)) == Response(b"\x01\x02\x03\x04", 0x9000)
    assert list(answers) == card.heard


def test_a_late_answer_is_waited_for_without_holding_up_the_rest_of_the_program(
    pcsc: Stack, card: StubCard
) -> None:
    with PcscLink(pcsc.user.reader) as link:
        card.held.clear()
        got: list[Response] = []
        waiting = threading.Thread(target=lambda: got.append(link.send(NUMBER)))
        waiting.start()
        time.sleep(0.2)
        assert (waiting.is_alive(), got) == (True, [])
        card.held.set()
        waiting.join(5.0)
        assert [Response(bytes.fromhex(card.serial), 0x9000)] == got


def test_two_hundred_cards_in_a_row_leak_no_descriptor_and_no_thread(pcsc: Stack) -> None:
    def held() -> tuple[int, int]:
        return len(list(Path(f"/proc/{os.getpid()}/fd").iterdir())), threading.active_count()

    def one(number: int) -> None:
        with StubCard(pcsc.user.port, serial=f"{number:016X}") as card:
            pcsc.user.wait_present()
            with PcscLink(pcsc.user.reader) as link:
                assert link.send(NUMBER).data.hex() == f"{number:016x}"
                if number % 3 == 0:
                    card.pull()
                    with pytest.raises(CardLost):
                        link.send(WRITE)
        pcsc.user.wait_empty()

    one(0)
    before = held()
    for number in range(1, 201):
        one(number)
    assert before == held()


def test_without_the_shim_a_card_is_read_all_the_same(slow_pcsc: Stack) -> None:
    with StubCard(slow_pcsc.user.port) as card:
        slow_pcsc.user.wait_present()
        with PcscLink(slow_pcsc.user.reader) as link:
            assert link.send(NUMBER).data == bytes.fromhex(card.serial)
