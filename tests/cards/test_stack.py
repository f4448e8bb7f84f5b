"""The rig itself: two readers, cards that come and go, a daemon that dies and comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cards import stack
from tests.cards.stack import Stack
from tests.cards.stub_card import StubCard


def test_the_service_shows_two_readers_and_no_card(pcsc: Stack) -> None:
    assert stack.reader_names() == [pcsc.user.reader, pcsc.sam.reader]
    pcsc.user.wait_empty()
    pcsc.sam.wait_empty()


def test_a_card_is_seen_in_the_slot_it_was_put_in_and_gone_when_pulled(pcsc: Stack) -> None:
    with StubCard(pcsc.sam.port):
        pcsc.sam.wait_present()
        pcsc.user.wait_empty()
    pcsc.sam.wait_empty()


@pytest.mark.parametrize("end", [Stack.kill, Stack.stop])
def test_the_service_comes_back_with_the_same_readers_after_its_end(
    pcsc: Stack, end: Callable[[Stack], None]
) -> None:
    before = stack.reader_names()
    end(pcsc)
    assert not stack._answers()
    pcsc.start_again()
    stack._wait(stack.reader_names, lambda found: found == before)
    with StubCard(pcsc.user.port):
        pcsc.user.wait_present()


def test_without_the_shim_the_service_polls_as_in_a_hall_and_sees_the_card_all_the_same(
    slow_pcsc: Stack,
) -> None:
    with StubCard(slow_pcsc.user.port):
        slow_pcsc.user.wait_present()
    slow_pcsc.user.wait_empty()


def test_the_service_runs_without_readers_and_with_the_same_ones_again(pcsc: Stack) -> None:
    before = stack.reader_names()
    pcsc.stop()
    pcsc.start_bare()
    assert stack.reader_names() == []
    pcsc.stop()
    pcsc.start_plugged()
    stack._wait(stack.reader_names, lambda found: found == before)
