"""A vend that is taken back while the card is torn out: money in the books = money in meters, always."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from counter.domain.vends import CardMeaning, VendState
from counter.errors import CounterError
from tests.cards.faults import Fault, reply_lost, torn_after, torn_after_bytes, torn_before
from tests.cards.sim_meter import Outcome
from tests.cards.test_vend_on_stack import BEGUN, Hall, hall

__all__ = ("hall",)  # the fixture

FAULTS: dict[str, Callable[[], Fault]] = {
    "before": lambda: torn_before,
    "half": lambda: torn_after(0.5),
    "three bytes": lambda: torn_after_bytes(3),
    "reply lost": lambda: reply_lost,
}


@pytest.mark.parametrize("make_fault", FAULTS.values(), ids=list(FAULTS))
def test_taken_back_and_torn_at_every_command_it_is_taken_back_once(
    hall: Hall, make_fault: Callable[[], Fault]
) -> None:
    for index in range(commands_of_taking_back(hall)):
        hall.insert(hall.card)
        outcome = hall.sell()
        hall.card.count_from_here()
        hall.card.at(index, make_fault())
        with pytest.raises(CounterError):
            take_back(hall, outcome.vend_id)
        hall.remove()
        hall.card.count_from_here()
        assert hall.taken_fen() == 10_000, f"torn at command {index}"
        hall.insert(hall.card)
        take_back(hall, outcome.vend_id)
        assert hall.taken_fen() == 0
        hall.remove()
        assert hall.meter.insert(hall.card.card) is not Outcome.LOADED
        assert (hall.loaded_fen(), hall.meter.vend_count) == (0, BEGUN)
        hall.insert(hall.card)
        seen = hall.vends.look()
        assert seen.books is not None
        assert seen.books.meaning is CardMeaning.READY, f"torn at command {index}"
        hall.remove()


@pytest.mark.parametrize("make_fault", list(FAULTS.values())[2:], ids=list(FAULTS)[2:])
def test_taken_back_and_torn_and_carried_home_it_is_loaded_whole_or_not_at_all(
    hall: Hall, make_fault: Callable[[], Fault]
) -> None:
    sold = 0
    for index in range(commands_of_taking_back(hall)):
        hall.insert(hall.card)
        outcome = hall.sell()
        assert outcome.state is VendState.WRITTEN, outcome.problem
        hall.card.count_from_here()
        hall.card.at(index, make_fault())
        with pytest.raises(CounterError):
            take_back(hall, outcome.vend_id)
        hall.remove()
        hall.card.count_from_here()
        hall.meter.insert(hall.card.card)
        loaded = hall.loaded_fen() - sold
        assert loaded in {0, 10_000}, f"torn at command {index}"
        hall.insert(hall.card)
        if loaded:
            with pytest.raises(CounterError):
                take_back(hall, outcome.vend_id)
            sold += 10_000
        else:
            take_back(hall, outcome.vend_id)
        hall.remove()
        assert (hall.taken_fen(), hall.loaded_fen()) == (sold, sold), f"torn at command {index}"
        hall.meter.insert(hall.card.card)
        assert hall.loaded_fen() == sold, f"torn at command {index}"


def commands_of_taking_back(hall: Hall) -> int:
    """How many commands it sends; the card is ready for a sale afterwards."""
    hall.insert(hall.card)
    outcome = hall.sell()
    hall.card.count_from_here()
    take_back(hall, outcome.vend_id)
    count = len(hall.card.sent)
    hall.remove()
    hall.meter.insert(hall.card.card)
    return count


def take_back(hall: Hall, vend_id: object) -> None:
    """As the clerk does it."""
    hall.vends.undo(vend_id, uuid4(), hall.shift, "客户不要了")  # type: ignore[arg-type]
