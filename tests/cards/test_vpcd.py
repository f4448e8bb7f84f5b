"""A simulated card in the slot of the real PC/SC service: seen, asked, torn, swapped, kept over a restart."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from smartcard import scard

from tests.cards import faults, stack
from tests.cards.faults import FaultyCard
from tests.cards.sim_cpu import ATR, CpuCard
from tests.cards.vpcd import Slot

SELECT, SERIAL = bytes.fromhex("00A4000002DF01"), bytes.fromhex("00B0990108")
EVERY_PROTOCOL = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1


@contextmanager
def connected(reader: str) -> Iterator[tuple[int, int]]:
    """A handle and its protocol, by the service's own calls."""
    with stack._context() as context:
        hresult, handle, protocol = scard.SCardConnect(
            context, reader, scard.SCARD_SHARE_EXCLUSIVE, EVERY_PROTOCOL
        )
        assert hresult == scard.SCARD_S_SUCCESS, hex(hresult)
        try:
            yield handle, protocol
        finally:
            scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)


def transmit(link: tuple[int, int], apdu: bytes) -> tuple[int, bytes]:
    hresult, answer = scard.SCardTransmit(link[0], link[1], list(apdu))
    return hresult, bytes(answer)


def card(number: int) -> FaultyCard:
    return FaultyCard(CpuCard(number.to_bytes(8)))


def test_a_card_answers_through_the_service(pcsc: stack.Stack) -> None:
    with Slot(pcsc.user.port) as slot:
        slot.insert(card(1))
        pcsc.user.wait_present()
        with connected(pcsc.user.reader) as link:
            assert bytes(scard.SCardStatus(link[0])[4]) == ATR
            assert transmit(link, SELECT) == (0, b"\x90\x00")
            assert transmit(link, SERIAL) == (0, (1).to_bytes(8) + b"\x90\x00")
    pcsc.user.wait_empty()


def test_two_hundred_commands_take_no_delayed_acknowledgement(pcsc: stack.Stack) -> None:
    with Slot(pcsc.user.port) as slot:
        slot.insert(card(1))
        pcsc.user.wait_present()
        with connected(pcsc.user.reader) as link:
            began = time.perf_counter()
            assert {transmit(link, SERIAL)[0] for _ in range(200)} == {0}
            assert time.perf_counter() - began < 200 * 0.040


def test_a_torn_card_is_out_and_comes_back_with_its_memory(pcsc: stack.Stack) -> None:
    plastic = card(1).at(1, faults.reply_lost)
    with Slot(pcsc.user.port) as slot:
        slot.insert(plastic)
        pcsc.user.wait_present()
        with connected(pcsc.user.reader) as link:
            transmit(link, SELECT)
            assert transmit(link, SERIAL)[1] == b""
            assert slot.wait_until_out()
            assert not slot.occupied
        pcsc.user.wait_empty()
        slot.insert(plastic)
        pcsc.user.wait_present()
        with connected(pcsc.user.reader) as link:
            assert transmit(link, SERIAL) == (0, (1).to_bytes(8) + b"\x90\x00")
    assert plastic.commands == [SELECT, SERIAL, SERIAL]


def test_a_swapped_card_is_another_one(pcsc: stack.Stack) -> None:
    with Slot(pcsc.user.port) as slot:
        for number in (1, 2):
            slot.swap(card(number))
            pcsc.user.wait_present()
            with connected(pcsc.user.reader) as link:
                assert transmit(link, SERIAL) == (0, number.to_bytes(8) + b"\x90\x00")
            slot.remove()
            pcsc.user.wait_empty()


def test_a_card_stays_in_while_the_service_dies_and_comes_back(pcsc: stack.Stack) -> None:
    with Slot(pcsc.user.port) as slot:
        slot.insert(card(1))
        pcsc.user.wait_present()
        pcsc.kill()
        assert slot.occupied
        pcsc.start_again()
        pcsc.user.wait_present()
        with connected(pcsc.user.reader) as link:
            assert transmit(link, SERIAL) == (0, (1).to_bytes(8) + b"\x90\x00")


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (faults.answers_one_byte, None),
        (faults.truncated, bytes(4) + b"\x90\x00"),
        (faults.doubled, ((1).to_bytes(8) + b"\x90\x00") * 2),
        (faults.late(0.2), (1).to_bytes(8) + b"\x90\x00"),
        (faults.refused(0x9406), b"\x94\x06"),
    ],
)
def test_what_a_faulty_card_says_arrives_as_it_said_it(
    pcsc: stack.Stack, fault: faults.Fault, answer: bytes | None
) -> None:
    with Slot(pcsc.user.port) as slot:
        slot.insert(card(1).at(0, fault))
        pcsc.user.wait_present()
        with connected(pcsc.user.reader) as link:
            hresult, got = transmit(link, SERIAL)
            assert answer is None or (hresult, got) == (0, answer)
            assert len(got) < 2 or answer is not None


def test_no_thread_stays_behind(pcsc: stack.Stack) -> None:
    before = threading.active_count()
    with Slot(pcsc.user.port) as slot:
        for number in range(5):
            slot.insert(card(number))
            pcsc.user.wait_present()
            slot.remove()
            pcsc.user.wait_empty()
    assert threading.active_count() == before
