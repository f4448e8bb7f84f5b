"""A PC/SC service for each test that asks for one. The place of its socket is chosen before all else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from cardio.reader import ReaderState
from tests.cards import stack
from tests.cards.hosting import SERIAL, Desk, desk_with
from tests.cards.stub_card import StubCard

stack.choose_socket()


@pytest.fixture(scope="session", autouse=True)
def _tidy() -> Iterator[None]:
    """Take the folder away at the end: a worker of several ends without a farewell."""
    yield
    shutil.rmtree(stack.home(), ignore_errors=True)


@pytest.fixture
def pcsc() -> Iterator[stack.Stack]:
    """The real service with two empty virtual readers, noticing cards within milliseconds."""
    with stack.running() as service:
        yield service


@pytest.fixture
def slow_pcsc() -> Iterator[stack.Stack]:
    """The same as it runs in a hall: it looks for cards every 400 ms."""
    with stack.running(fast=False) as service:
        yield service


@pytest.fixture
def desk(pcsc: stack.Stack) -> Iterator[Desk]:
    """A desk with an empty reader."""
    with desk_with() as made:
        made.until(ReaderState.EMPTY)
        yield made


@pytest.fixture
def card(pcsc: stack.Stack, desk: Desk) -> Iterator[StubCard]:
    """A card in it, told."""
    with StubCard(pcsc.user.port, serial=SERIAL) as plugged:
        desk.until(ReaderState.CARD)
        yield plugged
