"""Sell, take the card home, sell again: money on cards and in meters, whatever tears in between.

At every command of every operation the card is torn out, before it, in the middle of its bytes, or with the
reply lost; the customer then walks home with it, or comes back to the desk at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cardio.contents import CardType, VendOrder
from cardio.errors import CardError, CardLost
from cardio.families import open_card
from cardio.keys.demonstration import DemonstrationKeys
from cardio.link.fake import FakeLink
from tests.cards.card_orders import PROFILES, order
from tests.cards.faults import FaultyCard, reply_lost, torn_after, torn_after_bytes, torn_before
from tests.cards.sim_card import SimulatedCard, Torn
from tests.cards.sim_cpu import CpuCard
from tests.cards.sim_meter import Meter, Outcome
from tests.cards.sim_mifare import MifareCard
from tests.cards.sim_sle4442 import MemoryCard

CARDS: dict[str, Callable[[], SimulatedCard]] = {
    "1122334455667788": lambda: CpuCard(bytes.fromhex("1122334455667788")),
    "A213109101020304": lambda: MemoryCard(bytes.fromhex("01020304")),
    "0A0B0C0D": lambda: MifareCard(bytes.fromhex("0A0B0C0D")),
}
TEARS = {
    "before": torn_before,
    "first byte": torn_after_bytes(1),
    "third byte": torn_after_bytes(3),
    "sixth byte": torn_after_bytes(6),
    "half": torn_after(0.5),
    "reply lost": reply_lost,
}
every_card = pytest.mark.parametrize("serial", CARDS)
FEW_TEARS = {name: TEARS[name] for name in ("before", "third byte", "reply lost")}
every_tear = pytest.mark.parametrize("tear", TEARS.values(), ids=list(TEARS))


def write(card: FaultyCard, wanted: VendOrder) -> bool:
    """As the desk does on a card that was put in; whether it was proven written."""

    def answer(command: bytes) -> bytes:
        try:
            return card.answer(command)
        except Torn as torn:
            raise CardLost(str(torn)) from None

    link = FakeLink(answer, atr=card.power_on(), reader="ACS ACR38U")
    try:
        open_card(link, PROFILES, DemonstrationKeys()).write(wanted, lambda _step: None)
    except CardError:
        return False
    finally:
        card.power_off()
    return True


def sale(serial: str, count: int, **changes: Any) -> VendOrder:
    """A vend of the account; the amount tells the count, and has four bytes that differ."""
    return order(serial=serial, vend_count=count, amount_fen=0x01020300 + count, **changes)


def at_home(serial: str, counts: int = 1) -> tuple[FaultyCard, Meter]:
    """A card with as many vends, each loaded by its meter."""
    card, meter = FaultyCard(CARDS[serial]()), Meter("000250366809")
    for count in range(1, counts + 1):
        kind = CardType.OPENING if count == 1 else CardType.PURCHASE
        assert write(card, sale(serial, count, card_type=kind))
        assert meter.insert(card.card) is Outcome.LOADED
        meter.use(meter.remaining_fen)
    return card, meter


def commands_of(serial: str, counts: int, *wanted: VendOrder) -> int:
    """How many commands the last of some writes takes."""
    card, _meter = at_home(serial, counts)
    for one in wanted:
        card.count_from_here()
        assert write(card, one)
    return len(card.sent)


@every_card
def test_ten_vends_are_loaded_ten_times(serial: str) -> None:
    _card, meter = at_home(serial, 10)
    assert [(credit.vend_count, credit.amount_fen) for credit in meter.loaded] == [
        (count, 0x01020300 + count) for count in range(1, 11)
    ]


@every_card
@every_tear
def test_a_vend_torn_at_any_command_is_loaded_whole_or_not_at_all_and_once_when_it_is_finished(
    serial: str, tear: Any
) -> None:
    wanted = sale(serial, 2)
    for index in range(commands_of(serial, 1, wanted)):
        for home_first in (False, True):
            card, meter = at_home(serial, 1)
            card.count_from_here()
            card.at(index, tear)
            write(card, wanted)
            if home_first:
                meter.insert(card.card)
                assert meter.loaded_fen in {0x01020301, 0x01020301 + wanted.amount_fen}, f"at {index}"
            if meter.vend_count < wanted.vend_count:
                assert write(card, wanted)
                assert meter.insert(card.card) is Outcome.LOADED
            assert meter.loaded_fen == 0x01020301 + wanted.amount_fen, f"at {index}"


@every_card
@every_tear
def test_a_credit_taken_back_and_torn_is_loaded_whole_or_never(serial: str, tear: Any) -> None:
    wanted, undone = sale(serial, 2), order(serial=serial, vend_count=1, amount_fen=0)
    for index in range(commands_of(serial, 1, wanted, undone)):
        for home_first in (False, True):
            card, meter = at_home(serial, 1)
            assert write(card, wanted)
            card.count_from_here()
            card.at(index, tear)
            write(card, undone)
            if home_first:
                meter.insert(card.card)
                assert meter.loaded_fen in {0x01020301, 0x01020301 + wanted.amount_fen}, f"at {index}"
                assert [credit.vend_count for credit in meter.loaded] in ([1], [1, 2])
            if meter.vend_count < wanted.vend_count:
                assert write(card, undone)
                assert meter.insert(card.card) is not Outcome.LOADED
                assert meter.loaded_fen == 0x01020301, f"at {index}"
                assert write(card, wanted)
                assert meter.insert(card.card) is Outcome.LOADED


@every_card
@pytest.mark.parametrize("tear", FEW_TEARS.values(), ids=list(FEW_TEARS))
def test_a_card_that_is_opened_and_torn_is_opened_once(serial: str, tear: Any) -> None:
    wanted = sale(serial, 1, card_type=CardType.OPENING)
    for index in range(commands_of(serial, 0, wanted)):
        card, meter = at_home(serial, 0)
        card.at(index, tear)
        write(card, wanted)
        meter.insert(card.card)
        assert meter.loaded_fen in {0, wanted.amount_fen}, f"at {index}"
        if not meter.vend_count:
            assert write(card, wanted)
            assert meter.insert(card.card) is Outcome.LOADED
        assert meter.loaded_fen == wanted.amount_fen, f"at {index}"


def test_counts_that_carry_over_are_never_loaded_by_a_torn_write() -> None:
    serial = "1122334455667788"
    for index in range(commands_of(serial, 1, sale(serial, 2))):
        for torn in (1, 5, 6, 7):
            card, meter = at_home(serial, 1)
            assert write(card, sale(serial, 0x00FF))
            meter.vend_count = 0x00FF
            card.count_from_here()
            card.at(index, torn_after_bytes(torn))
            write(card, sale(serial, 0x0100))
            before = len(meter.loaded)
            meter.insert(card.card)
            assert [credit.amount_fen for credit in meter.loaded[before:]] in ([], [0x01020400])
