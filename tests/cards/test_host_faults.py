"""Every wrong answer at every command of a sale, through the whole real stack.

Whatever goes wrong: a success stands on the card, "nothing was written" is true, and the same card put in
again is sold onto.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from cardio.contents import CardContents, VendOrder
from cardio.errors import AccessRefused, CardError, CardSwapped, LastTry, ReaderStuck
from cardio.reader import ReaderState
from tests.cards import faults
from tests.cards.card_orders import ORDER
from tests.cards.faults import Fault, FaultyCard
from tests.cards.hosting import Desk, desk_with
from tests.cards.sim_cpu import CpuCard
from tests.cards.stack import WAIT_S, Stack
from tests.cards.test_opening import DEMO, files, inserted, sold
from tests.cards.vpcd import Slot

STATUS_WORDS = (
    0x6200, 0x6300, 0x63C2, 0x6581, 0x6700, 0x6982, 0x6983, 0x6985, 0x6987, 0x6988, 0x6A82, 0x6A86, 0x6A88,
    0x6B00, 0x9302, 0x9303, 0x9401, 0x9403, 0x9406, 0x6108, 0x6C08, 0x9007,
)  # fmt: skip
FAULTS: dict[str, Fault] = {
    "one byte": faults.answers_one_byte,
    "cut": faults.truncated,
    "over-long": faults.over_long,
    "doubled": faults.doubled,
    "lagging": faults.lagging,
    "late": faults.late(0.05),
    "stores nothing": faults.stores_nothing,
    "stores other": faults.stores_other,
    "power cycle": faults.power_cycle,
    **{f"refused {status:04X}": faults.refused(status) for status in STATUS_WORDS},
    **{f"done, says {status:04X}": faults.done_but_says(status) for status in (0x6581, 0x6988, 0x6F00)},
}


@pytest.fixture
def desk(pcsc: Stack) -> Iterator[Desk]:
    with desk_with(DEMO) as made:
        made.until(ReaderState.EMPTY)
        yield made


def order_for(card: CpuCard) -> VendOrder:
    return replace(ORDER, serial=card.serial.hex().upper())


def commands_of_a_sale(pcsc: Stack, desk: Desk) -> int:
    card = CpuCard(bytes(8))
    with inserted(pcsc, faulty := FaultyCard(card)):
        assert sold(desk.host.write(order_for(card), desk.steps.append))
    return len(faulty.commands)


def outcome(desk: Desk, card: CpuCard) -> CardContents | CardError:
    try:
        return desk.host.write(order_for(card), desk.steps.append)
    except CardError as error:
        return error


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_answer_at_any_command_is_never_a_false_success_nor_a_false_all_clear(
    pcsc: Stack, desk: Desk, name: str
) -> None:
    for index in range(commands_of_a_sale(pcsc, desk)):
        card = CpuCard((index + 1).to_bytes(8))
        before = files(card)
        with inserted(pcsc, FaultyCard(card).at(index, FAULTS[name])):
            ended = outcome(desk, card)
        place = f"{name} at command {index}: {ended!r}"
        if isinstance(ended, CardContents):
            assert sold(ended), place
        elif not ended.maybe_written:
            assert before == files(card), place
        with inserted(pcsc, card):
            again = outcome(desk, card)
            if isinstance(again, AccessRefused | LastTry):  # a card that refused a key is not asked again
                assert isinstance(ended, AccessRefused), place
                assert not again.maybe_written, place
            else:
                assert isinstance(again, CardContents), place
                assert sold(again), place


def test_an_answer_that_never_comes_at_a_write_leaves_it_open_and_the_card_is_mended(pcsc: Stack) -> None:
    with desk_with(DEMO) as desk:
        count = commands_of_a_sale(pcsc, desk)
        for index in (0, count // 2, count - 1):
            card = CpuCard((index + 1).to_bytes(8))
            before = files(card)
            with Slot(pcsc.user.port) as slot:
                slot.insert(FaultyCard(card).at(index, faults.never))
                pcsc.user.wait_present()
                with desk.impatient():
                    ended = outcome(desk, card)
                assert isinstance(ended, ReaderStuck)
                assert ended.maybe_written or before == files(card)
            pcsc.user.wait_empty()
            with inserted(pcsc, card):
                assert sold(desk.host.write(order_for(card), desk.steps.append))


def test_a_card_swapped_before_the_service_looks_is_not_written(slow_pcsc: Stack) -> None:
    first, second = CpuCard(bytes(8)), CpuCard(b"\x01" * 8)
    before = files(second)
    with desk_with(DEMO) as desk, Slot(slow_pcsc.user.port) as slot:
        slot.insert(first)
        desk.until(ReaderState.CARD)
        assert desk.host.read().serial == order_for(first).serial
        slot.swap(second)
        deadline = time.monotonic() + WAIT_S
        while not isinstance(ended := outcome(desk, first), CardSwapped):
            assert isinstance(ended, CardError)
            assert not ended.maybe_written
            assert time.monotonic() < deadline
    assert before == files(second)
