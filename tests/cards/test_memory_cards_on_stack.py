"""Memory cards on the real PC/SC service: the reader's process, pseudo-commands, cards that are torn out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cardio.contents import CardType
from cardio.errors import AccessRefused, CardError, CardLost, CardSwapped, LastTry
from cardio.reader import ReaderState
from cardio.setup import ReaderSetup
from tests.cards.card_orders import order
from tests.cards.faults import Fault, FaultyCard, reply_lost, torn_after, torn_before
from tests.cards.hosting import Desk, desk_with
from tests.cards.sim_card import DEMO_MASTERS, SimulatedCard
from tests.cards.sim_meter import Meter, Outcome
from tests.cards.sim_mifare import MifareCard
from tests.cards.sim_sle4442 import MemoryCard
from tests.cards.stack import Stack
from tests.cards.test_opening import inserted

SETUP = ReaderSetup(reader="* 00 00", exchange_s=20.0)
CARDS: dict[str, Callable[[], SimulatedCard]] = {
    "A213109101020304": lambda: MemoryCard(bytes.fromhex("01020304")),
    "0A0B0C0D": lambda: MifareCard(bytes.fromhex("0A0B0C0D")),
}
every_card = pytest.mark.parametrize("serial", CARDS)


@every_card
def test_opened_loaded_and_sold_again(pcsc: Stack, serial: str) -> None:
    card, meter = CARDS[serial](), Meter("000250366809")
    with desk_with(SETUP) as desk:
        for count, kind in ((1, CardType.OPENING), (2, CardType.PURCHASE), (3, CardType.PURCHASE)):
            wanted = order(serial=serial, vend_count=count, amount_fen=10_000 + count, card_type=kind)
            with inserted(pcsc, card):
                assert desk.until(ReaderState.CARD).state is ReaderState.CARD
                assert desk.host.write(wanted, desk.steps.append).vend_count == count
            assert meter.insert(card) is Outcome.LOADED
        with inserted(pcsc, card):
            report = desk.host.read().writeback
        assert report is not None
        assert (report.vend_count, report.remaining_fen) == (3, 30_006)


@every_card
@pytest.mark.parametrize(
    "tear", [torn_before, torn_after(0.5), reply_lost], ids=["before", "half", "reply lost"]
)
def test_torn_at_any_command_it_says_rightly_whether_it_may_have_changed_and_is_mended(
    pcsc: Stack, serial: str, tear: Fault
) -> None:
    wanted = order(serial=serial)
    with desk_with(SETUP) as desk:
        for index in range(commands_of_a_sale(pcsc, desk, serial)):
            card = CARDS[serial]()
            before = files(card)
            with inserted(pcsc, FaultyCard(card).at(index, tear)):
                with pytest.raises(CardError) as raised:
                    desk.host.write(wanted, desk.steps.append)
                assert isinstance(raised.value, CardLost)
                assert raised.value.maybe_written or before == files(card), f"at command {index}"
                pcsc.user.wait_empty()
            with inserted(pcsc, card):
                assert desk.host.write(wanted, desk.steps.append).vend_count == 9, f"at command {index}"


@every_card
def test_another_card_put_in_after_a_tear_is_not_written(pcsc: Stack, serial: str) -> None:
    other: SimulatedCard = MemoryCard(bytes(4)) if len(serial) > 8 else MifareCard(bytes(4))
    before = files(other)
    with desk_with(SETUP) as desk:
        last = commands_of_a_sale(pcsc, desk, serial) - 1
        with inserted(pcsc, FaultyCard(CARDS[serial]()).at(last, torn_before)):
            assert desk.fault(CardLost, lambda: desk.host.write(order(serial=serial), desk.steps.append))
            pcsc.user.wait_empty()
        with inserted(pcsc, other):
            assert not desk.fault(
                CardSwapped, lambda: desk.host.write(order(serial=serial), desk.steps.append)
            )
    assert before == files(other)


def test_a_wrong_code_is_presented_once_and_the_last_try_of_a_card_never_used(pcsc: Stack) -> None:
    card = MemoryCard(bytes.fromhex("01020304"), masters={**DEMO_MASTERS, "82": bytes(16)})
    wanted = order(serial="A213109101020304")
    for left, kind in ((2, AccessRefused), (1, AccessRefused), (1, LastTry)):
        with desk_with(SETUP) as desk, inserted(pcsc, card):
            for _again in range(3):
                assert not desk.fault(kind, lambda: desk.host.write(wanted, desk.steps.append))
        assert card.tries_left == left
    assert card.tries == [("code", False)] * 2


def commands_of_a_sale(pcsc: Stack, desk: Desk, serial: str) -> int:
    """How many commands a sale sends."""
    card = FaultyCard(CARDS[serial]())
    with inserted(pcsc, card):
        desk.host.write(order(serial=serial), desk.steps.append)
    return len(card.commands)


def files(card: SimulatedCard) -> list[bytes]:
    """What stands on it."""
    return [card.content(name) for name in ("81", "82", "85")]
