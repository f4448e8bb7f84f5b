"""The demonstration's reader: cards come and go, tear, wear out, and go home to their meters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cardio.contents import CardType, Step, VendOrder
from cardio.errors import CardLost, CardMute, CardSwapped, NoCard
from cardio.reader import Reader, ReaderEvent, ReaderState
from cardio.simulator import HOLDERS, Holder, MeterAnswer, SimulatedReader, serial_of, stock

ACCOUNTS = [Holder(f"010000{n:04d}", f"33000000{n:04d}", 4) for n in range(len(HOLDERS))]


@pytest.fixture
def reader(tmp_path: Path) -> SimulatedReader:
    """A drawer at its beginning."""
    return made(tmp_path)


def made(folder: Path) -> SimulatedReader:
    """The reader of this folder, quick."""
    return SimulatedReader(folder / "drawer.json", stock(ACCOUNTS), step_s=0)


def order(reader: SimulatedReader, kind: str, **changes: object) -> VendOrder:
    """The next vend of 50.00 on a card of the drawer."""
    card = next(each for each in reader.cards if each.card_id == kind)
    plain = VendOrder(
        card.serial, card.account_no, card.meter_no, CardType.PURCHASE, 5_000, card.vend_count + 1
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def nothing(_step: Step) -> None:
    """Nobody watches the steps."""


def test_it_is_a_reader_and_says_that_it_is_simulated(reader: SimulatedReader) -> None:
    as_reader: Reader = reader
    assert (as_reader.simulated, as_reader.demonstration_keys) == (True, True)


def test_every_insertion_is_heard_with_another_number(reader: SimulatedReader) -> None:
    heard: list[ReaderEvent] = []
    end = reader.watch(heard.append)
    reader.insert("in_use")
    reader.pull()
    reader.insert("in_use")
    reader.insert("worn_out")
    end()
    reader.pull()
    assert [(event.state, event.insertion) for event in heard] == [
        (ReaderState.EMPTY, 0),
        (ReaderState.CARD, 1),
        (ReaderState.EMPTY, 1),
        (ReaderState.CARD, 2),
        (ReaderState.EMPTY, 2),
        (ReaderState.MUTE, 3),
    ]


def test_a_card_is_written_goes_home_and_is_sold_again(reader: SimulatedReader) -> None:
    reader.insert("in_use")
    steps: list[Step] = []
    written = reader.write(order(reader, "in_use"), steps.append)
    assert steps == list(Step)
    assert (written.wallet_fen, written.vend_count, written.writeback) == (5_000, 5, None)
    assert reader.take_home("in_use") is MeterAnswer.CREDITED
    assert reader.take_home("in_use") is MeterAnswer.PARAMETERS
    reader.insert("in_use")
    back = reader.read().writeback
    assert back is not None
    assert back.vend_count == 5


def test_an_empty_slot_a_worn_out_card_and_another_card_are_told_before_anything_is_written(
    reader: SimulatedReader,
) -> None:
    with pytest.raises(NoCard):
        reader.read()
    reader.insert("worn_out")
    with pytest.raises(CardMute):
        reader.read()
    reader.insert("in_use")
    before = reader.cards
    with pytest.raises(CardSwapped):
        reader.write(order(reader, "not_inserted"), nothing)
    assert reader.cards == before


@pytest.mark.parametrize("at", list(Step))
def test_a_card_pulled_in_a_step_stays_as_far_as_it_had_come(reader: SimulatedReader, at: Step) -> None:
    reader.insert("in_use")

    def on_step(step: Step) -> None:
        if step is at:
            reader.pull()

    with pytest.raises(CardLost) as caught:
        reader.write(order(reader, "in_use"), on_step)
    assert caught.value.maybe_written == (list(Step).index(at) > list(Step).index(Step.PARAMETERS))
    card = next(each for each in reader.cards if each.card_id == "in_use")
    assert card.vend_count == (5 if list(Step).index(at) > list(Step).index(Step.WALLET) else 4)


def test_a_torn_card_fails_once_and_is_written_the_second_time(reader: SimulatedReader) -> None:
    reader.insert("torn")
    vend = order(reader, "torn")
    with pytest.raises(CardLost) as caught:
        reader.write(vend, nothing)
    assert caught.value.maybe_written
    assert reader.in_reader == ""
    reader.insert("torn")
    assert reader.read().vend_count == 4
    assert reader.write(vend, nothing).vend_count == 5


def test_the_drawer_survives_a_restart_also_with_a_card_in_the_slot(tmp_path: Path) -> None:
    first = made(tmp_path)
    first.insert("in_use")
    first.write(order(first, "in_use"), nothing)
    again = made(tmp_path)
    assert again.in_reader == "in_use"
    assert again.read().vend_count == 5
    assert again.cards == first.cards


@pytest.mark.parametrize("rubbish", ["", "[]", "{}", '{"cards": [{}], "meters": [], "in_reader": ""}', "\0"])
def test_a_file_that_is_none_is_a_drawer_at_its_beginning(tmp_path: Path, rubbish: str) -> None:
    (tmp_path / "drawer.json").write_text(rubbish)
    assert made(tmp_path).cards == tuple(stock(ACCOUNTS).cards.values())


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("in_use", MeterAnswer.PARAMETERS),
        ("not_inserted", MeterAnswer.CREDITED),
        ("booking_lost", MeterAnswer.CREDITED),
        ("worn_out", MeterAnswer.NOT_READ),
        ("new", MeterAnswer.OTHER_METER),
    ],
)
def test_a_meter_takes_each_card_as_its_rule_says(
    reader: SimulatedReader, kind: str, answer: MeterAnswer
) -> None:
    assert reader.take_home(kind) is answer


def test_a_meter_gives_no_credit_twice_nor_for_a_card_that_is_two_ahead(reader: SimulatedReader) -> None:
    reader.insert("in_use")
    reader.write(order(reader, "in_use", vend_count=6), nothing)
    assert reader.take_home("in_use") is MeterAnswer.TOO_FAR
    reader.insert("not_inserted")
    assert reader.take_home("not_inserted") is MeterAnswer.CREDITED
    loaded = reader.meters["330000000001"].loaded_fen
    assert reader.take_home("not_inserted") is MeterAnswer.PARAMETERS
    assert reader.meters["330000000001"].loaded_fen == loaded


def test_an_old_card_and_one_with_a_write_back_get_no_credit(reader: SimulatedReader) -> None:
    reader.insert("in_use")
    reader.write(order(reader, "in_use", vend_count=2), nothing)
    assert reader.take_home("in_use") is MeterAnswer.OLD_CARD
    assert serial_of("new") != serial_of("in_use")
