"""What the tries of one request come to, when each of them may end in another way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from counter.errors import CounterError, OutcomeUnknown, ServerUnreachable, StaleServer
from counter.services.once import post_once

LOST = psycopg.OperationalError("the connection is lost")
NO_CONNECTION = OperationalError("", {}, psycopg.OperationalError("connection refused"))
NO_LOGIN = OperationalError("", {}, psycopg.errors.InvalidAuthorizationSpecification("no login"))
OLD_COPY = StaleServer("an old copy")


def answers(monkeypatch: pytest.MonkeyPatch, *endings: Exception) -> None:
    """Let each try end in turn like this."""
    coming: Iterator[Exception] = iter(endings)

    def call(*_arguments: Any) -> None:
        raise next(coming)

    monkeypatch.setattr("counter.services.once.payments.call", call)


@pytest.mark.parametrize(
    ("endings", "outcome"),
    [
        ([LOST, LOST], OutcomeUnknown),
        ([LOST, NO_CONNECTION], OutcomeUnknown),
        ([NO_CONNECTION, LOST], OutcomeUnknown),
        ([LOST, OLD_COPY], OutcomeUnknown),
        ([LOST, NO_LOGIN], OutcomeUnknown),
        ([NO_CONNECTION, NO_CONNECTION], ServerUnreachable),
        ([NO_CONNECTION, OLD_COPY], StaleServer),
    ],
)
def test_what_was_sent_once_is_unknown_until_the_ledger_answers(
    monkeypatch: pytest.MonkeyPatch, endings: list[Exception], outcome: type[CounterError]
) -> None:
    """A refused connection after a lost reply does not say that nothing was saved."""
    answers(monkeypatch, *endings)
    with pytest.raises(CounterError) as raised:
        post_once(cast("Engine", None), "post_payment", {}, pauses_s=(0,))
    assert type(raised.value) is outcome
