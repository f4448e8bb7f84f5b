"""The whole way on the real service: the program, its reader's process, PC/SC, a card and a module with keys.

The card is the simulated CPU card, which checks keys, MACs and rights as the plastic does.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from cardio.contents import CardContents
from cardio.errors import (
    AccessRefused,
    CardError,
    CardLost,
    CardSwapped,
    KeysMissing,
    ReaderError,
    UnknownCard,
)
from cardio.link.replay import ReplayLink
from cardio.profiles import KeySource
from cardio.reader import ReaderState
from cardio.setup import KeySetup, ReaderSetup
from tests.cards import softhsm
from tests.cards.card_orders import ORDER
from tests.cards.faults import FaultyCard, done_but_says, never, reply_lost, torn_after, torn_before
from tests.cards.hosting import Desk, desk_with
from tests.cards.sim_card import DEMO_MASTERS, SimulatedCard
from tests.cards.sim_cpu import CpuCard
from tests.cards.sim_sam import Sam
from tests.cards.stack import Slot as Place
from tests.cards.stack import Stack
from tests.cards.vpcd import Slot

SERIAL = bytes.fromhex(ORDER.serial)
DEMO = ReaderSetup(reader="* 00 00", exchange_s=20.0)
SAM = replace(DEMO, sam="* 00 01", keys=KeySetup(KeySource.SAM))


@contextmanager
def inserted(pcsc: Stack, card: SimulatedCard | FaultyCard) -> Iterator[Slot]:
    """A card in the user's slot, seen by the service."""
    with Slot(pcsc.user.port) as slot:
        put_in(slot, card, pcsc.user)
        yield slot
    pcsc.user.wait_empty()


@contextmanager
def module_in(pcsc: Stack, sam: Sam | FaultyCard) -> Iterator[Slot]:
    """A module in its slot, seen by the service."""
    with Slot(pcsc.sam.port) as slot:
        put_in(slot, sam, pcsc.sam)
        yield slot


def put_in(slot: Slot, card: SimulatedCard | FaultyCard, place: Place) -> None:
    """As a clerk does: again, when the reader does not see it.

    A service that is still busy with the connection of a process that died can miss an insertion.
    """
    for _attempt in range(5):
        slot.insert(card)
        if place.sees_card():
            return
    raise AssertionError("the card is never seen")


def files(card: CpuCard) -> tuple[bytes, ...]:
    return tuple(card.content(name) for name in ("81", "82", "85"))


def sold(contents: CardContents) -> bool:
    """Whether the order stands on the card."""
    return (contents.vend_count, contents.wallet_fen, contents.writeback) == (
        ORDER.vend_count,
        ORDER.amount_fen,
        None,
    )


def test_a_card_is_sold_onto_with_demonstration_keys_which_are_said_to_be_that(pcsc: Stack) -> None:
    with desk_with(DEMO) as desk, inserted(pcsc, CpuCard(SERIAL)):
        assert sold(desk.host.write(ORDER, desk.steps.append))
        assert sold(desk.host.read())
        assert desk.host.demonstration_keys
        assert (pcsc.user.reader, "stategrid-demo", ORDER.serial) == (
            desk.host.probe()[0],
            *desk.host.probe()[2:],
        )


def test_a_card_is_sold_onto_with_the_keys_of_the_module_in_the_second_slot(pcsc: Stack) -> None:
    with desk_with(SAM) as desk, module_in(pcsc, Sam()), inserted(pcsc, CpuCard(SERIAL)):
        assert sold(desk.host.write(ORDER, desk.steps.append))
        assert sold(desk.host.write(ORDER, desk.steps.append))
        assert desk.host.demonstration_keys  # its masters are the published ones, and that was found out


def test_a_module_with_keys_of_its_own_is_no_demonstration(pcsc: Stack) -> None:
    masters = {name: bytes(range(index, index + 16)) for index, name in enumerate(DEMO_MASTERS)}
    with desk_with(SAM) as desk, module_in(pcsc, Sam(masters)):
        with inserted(pcsc, CpuCard(SERIAL, masters=masters)):
            assert sold(desk.host.write(ORDER, desk.steps.append))
            assert not desk.host.demonstration_keys
        card = CpuCard(SERIAL)
        with inserted(pcsc, card):
            assert not desk.fault(UnknownCard, lambda: desk.host.write(ORDER, desk.steps.append))


def test_a_module_is_asked_once_whether_its_keys_are_the_published_ones_and_another_one_again(
    pcsc: Stack,
) -> None:
    masters = {name: bytes(range(index, index + 16)) for index, name in enumerate(DEMO_MASTERS)}
    first, second = FaultyCard(Sam()), FaultyCard(Sam(masters))
    with desk_with(SAM) as desk, Slot(pcsc.sam.port) as slot:
        slot.insert(first)
        pcsc.sam.wait_present()
        asked = []
        with inserted(pcsc, CpuCard(SERIAL)):
            for _time in range(3):
                first.count_from_here()
                assert sold(desk.host.write(ORDER, desk.steps.append))
                asked.append(len(first.sent))
        assert asked[0] > asked[1] == asked[2]
        assert desk.host.demonstration_keys
        slot.remove()
        pcsc.sam.wait_empty()
        slot.insert(second)
        pcsc.sam.wait_present()
        with inserted(pcsc, CpuCard(SERIAL, masters=masters)):
            assert sold(desk.host.write(ORDER, desk.steps.append))
        assert not desk.host.demonstration_keys


def test_a_card_is_sold_onto_with_the_keys_of_a_token(
    pcsc: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    module = softhsm.make_token(tmp_path)
    keys = KeySetup(KeySource.PKCS11, module, softhsm.LABEL, softhsm.PIN)
    with desk_with(replace(DEMO, keys=keys)) as desk, inserted(pcsc, CpuCard(SERIAL)):
        assert sold(desk.host.write(ORDER, desk.steps.append))
    wrong = replace(keys, pin="000000")
    with desk_with(replace(DEMO, keys=wrong)) as desk, inserted(pcsc, CpuCard(SERIAL)):
        for _time in range(12):
            assert not desk.fault(AccessRefused, lambda: desk.host.write(ORDER, desk.steps.append))
    with desk_with(replace(DEMO, keys=keys)) as desk, inserted(pcsc, CpuCard(SERIAL)):
        assert sold(desk.host.write(ORDER, desk.steps.append))


def test_without_its_module_a_desk_reads_cards_and_says_what_is_missing_before_it_writes(pcsc: Stack) -> None:
    card = CpuCard(SERIAL)
    with desk_with(SAM) as desk:
        desk.until(ReaderState.NO_SAM)
        with inserted(pcsc, card):
            assert desk.host.read().vend_count == 0
            before = files(card)
            assert not desk.fault(KeysMissing, lambda: desk.host.write(ORDER, desk.steps.append))
            assert before == files(card)
            with module_in(pcsc, Sam()):
                assert sold(desk.host.write(ORDER, desk.steps.append))
            pcsc.sam.wait_empty()
            assert not desk.fault(KeysMissing, lambda: desk.host.write(ORDER, desk.steps.append))


@pytest.mark.parametrize("fault", [torn_before, never], ids=["pulled", "never answers"])
def test_a_module_that_fails_in_a_sale_leaves_a_card_that_is_known_to_be_whole_or_in_doubt(
    pcsc: Stack, fault: Callable[[FaultyCard, bytes], bytes]
) -> None:
    with desk_with(SAM) as desk:
        counted = FaultyCard(Sam())
        with module_in(pcsc, counted), inserted(pcsc, CpuCard(SERIAL)):
            assert sold(desk.host.write(ORDER, desk.steps.append))
        pcsc.sam.wait_empty()
        for index in range(0, len(counted.commands), 3):
            card = CpuCard(SERIAL)
            before = files(card)
            with inserted(pcsc, card):
                with module_in(pcsc, FaultyCard(Sam()).at(index, fault)):
                    ended: CardError | None = None
                    try:
                        with desk.impatient():
                            desk.host.write(ORDER, desk.steps.append)
                    except CardError as error:
                        ended = error
                    # without an error it failed when it was merely asked whose keys it has
                    assert ended is None or ended.maybe_written or before == files(card)
                pcsc.sam.wait_empty()
                with module_in(pcsc, Sam()):
                    assert sold(desk.host.write(ORDER, desk.steps.append))
                pcsc.sam.wait_empty()


def test_a_module_that_refuses_spends_no_try_of_the_card(pcsc: Stack) -> None:
    card, sam = CpuCard(SERIAL), Sam()
    sam.locked.add("external")
    with desk_with(SAM) as desk, module_in(pcsc, sam), inserted(pcsc, card):
        assert not desk.fault(AccessRefused, lambda: desk.host.write(ORDER, desk.steps.append))
        assert card.tries_left["external"] == 3


def test_readers_that_were_swapped_are_told(pcsc: Stack) -> None:
    with desk_with(SAM) as desk, Slot(pcsc.sam.port) as slot:
        assert not desk.until(ReaderState.NO_SAM).wrong_slot
        slot.insert(CpuCard(SERIAL))
        assert desk.until(ReaderState.NO_SAM).wrong_slot


def test_demonstration_keys_are_never_tried_on_a_card_that_wants_real_ones(
    pcsc: Stack, tmp_path: Path
) -> None:
    from cardio.profiles.loading import FOLDER

    text = (FOLDER / "stategrid-demo.toml").read_text(encoding="utf-8")
    assert 'source = "demonstration"' in text
    real = text.replace('source = "demonstration"', 'source = "sam"').replace("stategrid-demo", "bureau")
    (tmp_path / "bureau.toml").write_text(real.replace("demonstration = true", "demonstration = false"))
    card = CpuCard(SERIAL)
    with desk_with(replace(DEMO, profiles=tmp_path)) as desk, inserted(pcsc, card):
        assert desk.host.read().profile == "bureau"
        assert not desk.fault(KeysMissing, lambda: desk.host.write(ORDER, desk.steps.append))
        assert card.tries_left["external"] == 3
    with desk_with(replace(DEMO, profiles=tmp_path, profile="stategrid-demo")) as desk, inserted(pcsc, card):
        assert desk.host.read().profile == "stategrid-demo"
    with desk_with(replace(DEMO, profile="mifare-demo")) as desk, inserted(pcsc, card):
        desk.fault(UnknownCard, desk.host.read)


def test_a_profile_that_cannot_be_used_is_told_by_its_file(pcsc: Stack, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("nonsense = 1\n")
    with (
        desk_with(replace(DEMO, profiles=tmp_path)) as desk,
        inserted(pcsc, CpuCard(SERIAL)),
        pytest.raises(ReaderError, match=r"broken\.toml"),
    ):
        desk.host.read()


def test_the_record_of_a_sale_holds_no_secret_and_plays_again(pcsc: Stack, tmp_path: Path) -> None:
    trace, card = tmp_path / "trace.txt", FaultyCard(CpuCard(SERIAL))
    with desk_with(replace(DEMO, trace=trace)) as desk, inserted(pcsc, card):
        assert sold(desk.host.write(ORDER, desk.steps.append))
    text = trace.read_text()
    for command in card.commands:
        if command[1] in {0x82, 0x88}:
            assert command[5:13].hex().upper() not in text
        if command[0] == 0x04:
            assert command[-4:].hex().upper() not in text
    assert text.count("> 04D6") == 3
    link = ReplayLink(text.splitlines())
    assert (pcsc.user.reader, card.card.power_on()) == (link.reader, link.atr)


@pytest.mark.parametrize(
    "tear", [torn_before, torn_after(0.5), reply_lost], ids=["before", "half", "reply lost"]
)
def test_torn_at_any_command_a_sale_says_rightly_whether_the_card_may_have_changed_and_is_mended(
    pcsc: Stack, tear: Callable[[FaultyCard, bytes], bytes]
) -> None:
    with desk_with(DEMO) as desk:
        for index in range(len(_commands_of_a_sale(pcsc, desk))):
            card = CpuCard(SERIAL)
            before = files(card)
            with inserted(pcsc, FaultyCard(card).at(index, tear)):
                with pytest.raises(CardError) as raised:
                    desk.host.write(ORDER, desk.steps.append)
                assert isinstance(raised.value, CardLost)
                assert raised.value.maybe_written or before == files(card), f"at command {index}"
                pcsc.user.wait_empty()
            with inserted(pcsc, card):
                assert sold(desk.host.write(ORDER, desk.steps.append)), f"at command {index}"


def _commands_of_a_sale(pcsc: Stack, desk: Desk) -> list[bytes]:
    card = FaultyCard(CpuCard(SERIAL))
    with inserted(pcsc, card):
        assert sold(desk.host.write(ORDER, desk.steps.append))
    return card.commands


def test_another_card_put_in_after_a_tear_is_not_written(pcsc: Stack) -> None:
    other = CpuCard(bytes.fromhex("99AABBCCDDEEFF00"))
    before = files(other)
    with desk_with(DEMO) as desk:
        with inserted(pcsc, FaultyCard(CpuCard(SERIAL)).at(10, torn_before)):
            desk.fault(CardLost, lambda: desk.host.write(ORDER, desk.steps.append))
            pcsc.user.wait_empty()
        with inserted(pcsc, other):
            assert not desk.fault(CardSwapped, lambda: desk.host.write(ORDER, desk.steps.append))
    assert before == files(other)


def test_a_card_that_refuses_a_key_is_not_asked_again_to_its_last_try(pcsc: Stack) -> None:
    masters = {**DEMO_MASTERS, "external": bytes(16)}
    card = CpuCard(SERIAL, masters=masters)
    with desk_with(DEMO) as desk, inserted(pcsc, card):
        for _time in range(4):
            with pytest.raises(CardError) as raised:
                desk.host.write(ORDER, desk.steps.append)
            assert not raised.value.maybe_written
    assert card.tries_left["external"] >= 1


def test_a_status_word_that_is_no_success_is_none_even_when_the_card_did_it(pcsc: Stack) -> None:
    card = CpuCard(SERIAL)
    with desk_with(DEMO) as desk:
        commands = _commands_of_a_sale(pcsc, desk)
        wallet = next(
            index for index, command in enumerate(commands) if command[:3] == bytes.fromhex("04D682")
        )
        with inserted(pcsc, FaultyCard(card).at(wallet, done_but_says(0x6581))):
            with pytest.raises(CardError) as raised:
                desk.host.write(ORDER, desk.steps.append)
            assert raised.value.maybe_written


def test_without_the_shim_a_card_is_sold_onto_with_a_module(slow_pcsc: Stack) -> None:
    with desk_with(SAM) as desk, module_in(slow_pcsc, Sam()), inserted(slow_pcsc, CpuCard(SERIAL)):
        assert sold(desk.host.write(ORDER, desk.steps.append))


def test_what_a_card_refused_is_not_tried_again_by_the_process_after(pcsc: Stack) -> None:
    card = FaultyCard(CpuCard(SERIAL, masters={**DEMO_MASTERS, "external": bytes(16)}))
    with desk_with(DEMO) as desk, inserted(pcsc, card):
        assert desk.until(ReaderState.CARD).insertion == 1
        assert not desk.fault(AccessRefused, lambda: desk.host.write(ORDER, desk.steps.append))
        os.kill(desk.host.pid, signal.SIGKILL)
        assert desk.until(ReaderState.CARD).insertion == 2
        assert not desk.fault(AccessRefused, lambda: desk.host.write(ORDER, desk.steps.append))
    assert sum(command[1] == 0x82 for command in card.commands) == 1
