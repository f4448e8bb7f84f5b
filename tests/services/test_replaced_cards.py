"""A new card for a lost one: it gets what was on the other, and no meter loads anything twice."""

from __future__ import annotations

from uuid import uuid4

import pytest

from counter.domain.vends import CardMeaning, VendState
from counter.errors import Refusal
from counter.services.ports.vends import HomeResult
from tests.services.test_vends import HOLDERS, Counter, counter

__all__ = ["counter"]
ACCOUNT = HOLDERS[0].account_no


def replaced(counter: Counter, *, pull_at: str = "") -> None:
    """A blank card becomes that of the first customer."""
    counter.reader.insert("new")

    def step(name: str) -> None:
        if name == pull_at:
            counter.reader.pull()

    counter.vends.replace_card(ACCOUNT, uuid4(), "卡片遗失", step)


def test_what_was_not_loaded_is_loaded_from_the_new_card(counter: Counter) -> None:
    """The last count with its amount; then the next sale."""
    counter.sell()
    replaced(counter)
    assert (counter.card("new").vend_count, counter.card("new").wallet_fen) == (10, 10_000)
    assert counter.reader.take_home("new").value == HomeResult.CREDITED.value
    assert counter.loaded_fen() == 10_000
    assert counter.sell("new", 5_000).state is VendState.WRITTEN
    assert counter.reader.take_home("new").value == HomeResult.CREDITED.value
    assert 15_000 == counter.loaded_fen() == counter.vended_fen()


def test_what_was_loaded_is_not_loaded_again(counter: Counter) -> None:
    """The meter takes the count and no credit, and the old card is worth nothing."""
    counter.sell()
    counter.reader.take_home("in_use")
    replaced(counter)
    assert counter.reader.take_home("new").value == HomeResult.PARAMETERS.value
    assert counter.loaded_fen() == 10_000
    counter.reader.insert("in_use")
    with pytest.raises(Refusal):
        counter.vends.sell(counter.request(counter.vends.look()), counter.steps.append)


def test_it_settles_what_the_lost_card_left_in_doubt(counter: Counter) -> None:
    """Written on the new one, whatever is on the old one."""
    outcome = counter.sell(pull_at="read_back")
    assert outcome.state is VendState.IN_DOUBT
    replaced(counter)
    assert counter.vends.in_doubt() == ()
    assert (counter.in_flight_fen(), counter.vended_fen()) == (0, 10_000)
    assert counter.reader.take_home("in_use").value == HomeResult.CREDITED.value
    assert counter.reader.take_home("new").value == HomeResult.PARAMETERS.value
    assert counter.loaded_fen() == 10_000


@pytest.mark.parametrize("step", ["parameters", "wallet", "clear_writeback", "read_back"])
def test_pulled_while_it_is_written_it_is_asked_again(counter: Counter, step: str) -> None:
    """The books know the card; the same is written on it again."""
    counter.sell()
    with pytest.raises(Refusal):
        replaced(counter, pull_at=step)
    replaced(counter)
    assert counter.reader.take_home("new").value == HomeResult.CREDITED.value
    assert 10_000 == counter.loaded_fen() == counter.vended_fen()


@pytest.mark.parametrize("kind", ["in_use", "new"])
def test_what_may_be_in_the_meter_from_either_card_is_not_undone(counter: Counter, kind: str) -> None:
    """The new card looks as if nobody had loaded it, but the meter has."""
    outcome = counter.sell()
    counter.reader.take_home("in_use")
    replaced(counter)
    seen = counter.vends.look()
    assert seen.books is not None
    assert seen.books.meaning is CardMeaning.NOT_INSERTED
    counter.reader.insert(kind)
    with pytest.raises(Refusal):
        counter.vends.undo(outcome.vend_id, uuid4(), counter.shift, "客户不要了")
    assert counter.vended_fen() == 10_000


def test_a_card_of_somebody_else_replaces_nothing(counter: Counter) -> None:
    """And it is not written."""
    before = counter.card("not_inserted")
    counter.reader.insert("not_inserted")
    with pytest.raises(Refusal):
        counter.vends.replace_card(ACCOUNT, uuid4(), "卡片遗失", counter.steps.append)
    assert counter.card("not_inserted") == before
