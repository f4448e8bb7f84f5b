"""A write that happens once: sent again with the same request id until there is an answer.

Three endings: the server's answer, a refusal (nothing was saved), or unknown, when the request may have
arrived and no answer came. Unknown is never guessed at; it is asked for again by the id.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from counter.errors import OutcomeUnknown, StaleServer
from counter.i18n import _
from db.errors import connection_lost, is_retryable, translate, unreachable
from db.queries import payments

RETRY_PAUSES_S: Final = (0.1, 0.4, 1.0, 2.0)
"""Waits before the same request is sent again; a deadlock needs the first, a failing-over server all."""

_NO_ANSWER = (PoolTimeoutError, DBAPIError, psycopg.Error, payments.UnsureCommitError)


def post_once(
    engine: Engine, function: str, body: Mapping[str, Any], pauses_s: Sequence[float] = RETRY_PAUSES_S
) -> Any:
    """The answer of a money function; raises Refusal, ServerUnreachable, StaleServer or OutcomeUnknown."""
    return ask_once(lambda: payments.call(engine, function, body), pauses_s)


def ask_once(ask: Callable[[], Any], pauses_s: Sequence[float] = RETRY_PAUSES_S) -> Any:
    """The answer of whatever ``ask`` sends, always under the same request id; raises as ``post_once``.

    A connection that is refused says nothing of what an earlier try may have done.
    """
    sent = False
    for pause_s in (*pauses_s, None):
        try:
            return ask()
        except _NO_ANSWER as error:
            if not worth_another_try(error):
                raise (outcome_unknown() if sent and never_sent(error) else translate(error)) from error
            sent = sent or not never_sent(error)
            if pause_s is None:
                raise (outcome_unknown() if sent else unreachable()) from error
        except StaleServer as error:
            if sent:
                raise outcome_unknown() from error
            raise
        time.sleep(pause_s)
    raise AssertionError("the last try returns or raises")


def worth_another_try(error: Exception) -> bool:
    """Whether the same request may be sent again: no answer, an unsure one, or the server asks for it."""
    unsure = isinstance(error, (PoolTimeoutError, payments.UnsureCommitError))
    return unsure or connection_lost(error) or is_retryable(error)


def never_sent(error: Exception) -> bool:
    """Whether the request certainly did nothing in this try: no connection was had, or it was rolled back."""
    return isinstance(error, (PoolTimeoutError, DBAPIError)) or is_retryable(error)


def outcome_unknown() -> OutcomeUnknown:
    """Sent, but no reply came."""
    return OutcomeUnknown(
        _("It is not known whether this was posted."),
        _("The server stopped answering after it was sent. It is kept on this desk and can be asked for."),
        _("Do not do it a second time: ask again as soon as the server answers."),
    )
