"""The reader in its own process, on the real service: nothing hangs, nothing is forgotten, all is told."""

from __future__ import annotations

import queue
from dataclasses import replace
from pathlib import Path

import pytest

from cardio.contents import Step
from cardio.errors import (
    AccessRefused,
    CardLost,
    CardMute,
    CardSwapped,
    NoCard,
    NoReader,
    NoService,
    NotCompared,
)
from cardio.profiles import KeySource
from cardio.reader import ReaderEvent, ReaderState
from cardio.setup import KeySetup, ReaderSetup
from tests.cards.hosting import ORDER, SERIAL, SETUP, Desk, desk_with
from tests.cards.stack import WAIT_S, Stack
from tests.cards.stub_card import StubCard


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
        assert read.get(timeout=WAIT_S) == SERIAL
        desk.until(ReaderState.CARD)


def test_who_comes_later_hears_the_present_state_and_who_left_hears_nothing(pcsc: Stack, desk: Desk) -> None:
    later: queue.Queue[ReaderEvent] = queue.Queue()
    desk.host.watch(later.put)
    assert ReaderState.EMPTY is later.get(timeout=WAIT_S).state
    desk.leave()
    with StubCard(pcsc.user.port):
        assert ReaderState.CARD is later.get(timeout=WAIT_S).state
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
