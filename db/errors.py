"""From the server's refusal to the sentence that the clerk needs.

The functions refuse with states of their own (``CN…``) and facts as JSON; constraints are known by name;
everything else is told apart only as far as somebody decides differently on it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from counter.errors import (
    CounterError,
    Refusal,
    ServerUnreachable,
)
from counter.i18n import N_, _
from db.sentences import SENTENCES, Sentences

RETRYABLE = frozenset({"40001", "40P01", "55P03"})
"""Serialization failure, deadlock, lock timeout: the same request may be sent again with the same id."""

Facts = Mapping[str, Any]


def cause(error: BaseException) -> psycopg.Error | None:
    """The driver's own error behind SQLAlchemy's."""
    if isinstance(error, DBAPIError):
        return error.orig if isinstance(error.orig, psycopg.Error) else None
    return error if isinstance(error, psycopg.Error) else None


def state_of(error: BaseException) -> str:
    """The five-character state of the server, or nothing when the connection failed."""
    found = cause(error)
    return (found.sqlstate or "") if found else ""


def is_retryable(error: BaseException) -> bool:
    """Whether the server rolled back and asks for another try."""
    return state_of(error) in RETRYABLE


def connection_lost(error: BaseException) -> bool:
    """Whether the server did not answer, so that the outcome of a write is open."""
    state = state_of(error)
    if state:
        return state.startswith(("08", "57P"))
    return isinstance(cause(error), (psycopg.OperationalError, psycopg.InterfaceError))


def translate(error: BaseException) -> CounterError:
    """The refusal or fault to show for an error of the server; nothing was saved in each of them."""
    found = cause(error)
    if found is None or connection_lost(error):
        return unreachable()
    by_constraint = SENTENCES.get(found.diag.constraint_name or "")
    facts = defaultdict(str, _facts(found), state=found.sqlstate or "?")
    by_step = SENTENCES.get(f"{found.sqlstate}:{facts['step']}")
    return _told(by_constraint or by_step or SENTENCES.get(found.sqlstate or "", _UNEXPECTED), facts)


def refusal(state: str, facts: Facts) -> CounterError:
    """What the server would say to this, said before it is asked."""
    return _told(SENTENCES[state], defaultdict(str, facts))


def _told(told: Sentences, facts: Facts) -> CounterError:
    kind, *sentences = told
    return kind(*(_(sentence).format_map(facts) for sentence in sentences))


def unreachable() -> ServerUnreachable:
    """No server: nothing was sent."""
    return ServerUnreachable(
        _("The server cannot be reached."),
        _("Nothing was sent and nothing was saved."),
        _("Check the network; the program tries again by itself."),
    )


def _facts(error: psycopg.Error) -> Facts:
    try:
        facts = json.loads(error.diag.message_detail or "{}")
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


_UNEXPECTED: Sentences = (
    Refusal,
    N_("The server refused this."),
    N_("Nothing was saved. The server's code is {state}."),
    N_("Try once more; if it happens again, tell the administrator this code."),
)
