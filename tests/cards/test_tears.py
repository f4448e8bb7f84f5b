"""Torn at every command of a vend: the money booked is on the card, in the meter, or listed as in doubt.

Afterwards the same card finishes the vend, another card is refused untouched, and the meter has loaded what
was paid, once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from cardio.contents import Step
from cardio.errors import CardError
from counter.domain.vends import VendState
from tests.cards import faults
from tests.cards.faults import Fault, FaultyCard
from tests.cards.model_desk import Desk, DirectReader, PcscReader, Refused, money_is_whole
from tests.cards.sim_card import SimulatedCard
from tests.cards.sim_cpu import CpuCard
from tests.cards.sim_meter import Meter, Outcome, in_use
from tests.cards.sim_mifare import MifareCard
from tests.cards.sim_sle4442 import MemoryCard
from tests.cards.stack import Stack
from tests.cards.vpcd import Slot

ACCOUNT, METER_NO = "200010078288", "100250366809"
LAST_SOLD_FEN, SOLD_FEN = 6_000, 12_345

FAMILIES: dict[str, Callable[[int], SimulatedCard]] = {
    "cpu": lambda number: CpuCard(number.to_bytes(8)),
    "sle4442": lambda number: MemoryCard(number.to_bytes(4)),
    "mifare": lambda number: MifareCard(number.to_bytes(4)),
}
TEARS: dict[str, Fault] = {
    "before": faults.torn_before,
    "half": faults.torn_after(0.5),
    "reply lost": faults.reply_lost,
}


@dataclass(slots=True)
class Scene:
    """A card that came back from its meter, its account's desk, and the meter at home."""

    desk: Desk
    card: SimulatedCard
    faulty: FaultyCard
    meter: Meter

    def check(self) -> None:
        money_is_whole(self.desk, self.card, self.meter, LAST_SOLD_FEN)
        assert all(accepted for _name, accepted in self.card.tries)

    def go_home(self) -> Outcome:
        """The customer tries the card, whatever the desk says."""
        outcome = self.meter.insert(self.card)
        self.check()
        return outcome


def scene(family: str, last_count: int = 9) -> Scene:
    card = FAMILIES[family](1)
    meter = in_use(card, ACCOUNT, METER_NO, count=last_count, amount_fen=LAST_SOLD_FEN)
    return Scene(Desk(ACCOUNT, METER_NO, last_count), card, FaultyCard(card), meter)


def commands_of_a_sale(family: str) -> list[bytes]:
    """What goes over the contacts when nothing goes wrong."""
    quiet = scene(family)
    quiet.desk.sell(DirectReader(quiet.faulty), SOLD_FEN)
    return quiet.faulty.commands


SALES = {family: commands_of_a_sale(family) for family in FAMILIES}
INSTANTS = [(family, index) for family, commands in SALES.items() for index in range(len(commands))]


def finish(torn: Scene, reader: DirectReader | PcscReader) -> None:
    """The same card is in again: at most one more go, then home, and another sale on the same card."""
    if not torn.desk.vends:
        torn.desk.sell(reader, SOLD_FEN)
    elif torn.desk.unsettled:
        assert torn.desk.resume(reader) is VendState.WRITTEN
    torn.check()
    torn.go_home()
    assert torn.meter.loaded_fen == LAST_SOLD_FEN + SOLD_FEN
    torn.desk.sell(reader, SOLD_FEN + 1)
    assert torn.go_home() is Outcome.LOADED
    assert torn.meter.loaded_fen == LAST_SOLD_FEN + 2 * SOLD_FEN + 1
    assert [vend.state for vend in torn.desk.vends] == [VendState.WRITTEN] * 2


def sell_torn(torn: Scene, reader: DirectReader | PcscReader) -> None:
    """A sale that the tear ends: before the books know of it, or with a vend that is open."""
    fault = fault_of(lambda: torn.desk.sell(reader, SOLD_FEN))
    assert fault is None or not (fault.maybe_written or torn.desk.vends)
    torn.check()


def fault_of(do: Callable[[], object]) -> CardError | None:
    """What a card did to a piece of work, None for nothing."""
    try:
        do()
    except CardError as fault:
        return fault
    return None


# --- every command, without a reader between -------------------------------------------------------------


@pytest.mark.parametrize("tear", TEARS)
@pytest.mark.parametrize(("family", "index"), INSTANTS)
def test_torn_and_put_back_the_vend_is_finished_once(family: str, index: int, tear: str) -> None:
    torn = scene(family)
    torn.faulty.at(index, TEARS[tear])
    reader = DirectReader(torn.faulty)
    sell_torn(torn, reader)
    finish(torn, reader)


@pytest.mark.parametrize("tear", TEARS)
@pytest.mark.parametrize(("family", "index"), INSTANTS)
def test_torn_and_taken_home_first_the_meter_loads_it_once_or_not_at_all(
    family: str, index: int, tear: str
) -> None:
    torn = scene(family)
    torn.faulty.at(index, TEARS[tear])
    reader = DirectReader(torn.faulty)
    sell_torn(torn, reader)
    for _time in range(2):
        torn.go_home()
    finish(torn, reader)


@pytest.mark.parametrize("tear", TEARS)
@pytest.mark.parametrize(("family", "index"), INSTANTS)
def test_another_card_does_not_get_the_credit_and_is_not_touched(family: str, index: int, tear: str) -> None:
    torn = scene(family)
    torn.faulty.at(index, TEARS[tear])
    sell_torn(torn, DirectReader(torn.faulty))
    if torn.desk.unsettled is None:
        return
    blank, others = FAMILIES[family](2), FAMILIES[family](3)
    in_use(others, ACCOUNT, METER_NO, count=9, amount_fen=1)
    for other in (blank, others):
        before = [other.content(name) for name in ("81", "82", "85")]
        with pytest.raises(Refused, match="another card"):
            torn.desk.resume(DirectReader(other))
        assert [other.content(name) for name in ("81", "82", "85")] == before
    torn.check()
    finish(torn, DirectReader(torn.faulty))


@pytest.mark.parametrize(("family", "index"), INSTANTS)
def test_torn_again_at_every_command_of_the_second_go(family: str, index: int) -> None:
    for second in range(2 * len(SALES[family])):
        torn = scene(family)
        torn.faulty.at(index, TEARS["half"])
        reader = DirectReader(torn.faulty)
        sell_torn(torn, reader)
        if torn.desk.unsettled is None:
            return
        torn.faulty.count_from_here()
        torn.faulty.at(second, TEARS["half"])
        fault = fault_of(lambda: torn.desk.resume(reader))  # noqa: B023 (called at once)
        assert fault is None or not fault.maybe_written
        torn.check()
        if len(torn.faulty.sent) <= second:
            break
        torn.faulty.count_from_here()
        finish(torn, reader)


def stores(family: str) -> list[tuple[int, int]]:
    """Every byte of every write of a sale: the index of the command, and how many bytes arrive."""
    quiet = scene(family)
    sizes: dict[int, int] = {}

    def note(card: FaultyCard, apdu: bytes) -> bytes:
        index = len(card.commands) - 1

        def whole(_old: bytes, new: bytes) -> bytes:
            sizes[index] = len(new)
            return new

        card.card.disturb_next_store = whole
        answer = card.card.answer(apdu)
        card.card.disturb_next_store = None
        return answer

    for index in range(len(SALES[family])):
        quiet.faulty.at(index, note)
    quiet.desk.sell(DirectReader(quiet.faulty), SOLD_FEN)
    return [(index, count) for index, size in sizes.items() for count in range(size + 1)]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("last_count", [9, 255, 65_535])
@pytest.mark.parametrize("home_first", [False, True])
def test_torn_at_every_byte_of_every_write(family: str, last_count: int, home_first: bool) -> None:
    for index, count in stores(family):
        torn = scene(family, last_count)
        torn.faulty.at(index, faults.torn_after_bytes(count))
        reader = DirectReader(torn.faulty)
        sell_torn(torn, reader)
        if home_first:
            torn.go_home()
        finish(torn, reader)


# --- every command, through the real service ---------------------------------------------------------------


@pytest.mark.parametrize("tear", TEARS)
def test_torn_at_every_command_on_the_real_stack(pcsc: Stack, tear: str) -> None:
    with Slot(pcsc.user.port) as slot:
        reader = PcscReader(pcsc.user.reader)
        for index in range(len(SALES["cpu"])):
            torn = scene("cpu")
            torn.faulty.at(index, TEARS[tear])
            slot.insert(torn.faulty)
            pcsc.user.wait_present()
            sell_torn(torn, reader)
            assert slot.wait_until_out()
            pcsc.user.wait_empty()
            slot.insert(torn.faulty)
            pcsc.user.wait_present()
            finish(torn, reader)
            slot.remove()
            pcsc.user.wait_empty()


def test_the_service_killed_at_every_command(pcsc: Stack) -> None:
    def kill(card: FaultyCard, apdu: bytes) -> bytes:
        answer = card.card.answer(apdu)
        pcsc.kill()
        return answer

    with Slot(pcsc.user.port) as slot:
        reader = PcscReader(pcsc.user.reader)
        for index in range(len(SALES["cpu"])):
            torn = scene("cpu")
            torn.faulty.at(index, kill)
            slot.insert(torn.faulty)
            pcsc.user.wait_present()
            sell_torn(torn, reader)
            pcsc.start_again()
            pcsc.user.wait_present()
            finish(torn, reader)
            slot.remove()
            pcsc.user.wait_empty()


@pytest.mark.parametrize("step", Step)
def test_a_card_swapped_at_any_step_before_the_service_looks(slow_pcsc: Stack, step: Step) -> None:
    swapped, other = scene("cpu"), scene("cpu")
    other.card = CpuCard((2).to_bytes(8))
    in_use(other.card, ACCOUNT, METER_NO, count=9, amount_fen=LAST_SOLD_FEN)
    before = other.card.content("82")
    with Slot(slow_pcsc.user.port) as slot:
        reader = PcscReader(slow_pcsc.user.reader)
        slot.insert(swapped.faulty)
        slow_pcsc.user.wait_present()
        swapped.desk.sell(
            reader, SOLD_FEN, lambda now: slot.swap(FaultyCard(other.card)) if now is step else None
        )
        swapped.check()
        assert other.card.content("82") == before
        slot.remove()
        slow_pcsc.user.wait_empty()
        slot.insert(swapped.faulty)
        slow_pcsc.user.wait_present()
        finish(swapped, reader)
