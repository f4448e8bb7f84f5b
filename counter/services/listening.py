"""Hearing of what others do: LISTEN on an own connection, and looking from time to time where it fails.

Invariant: whoever listens is called after every change, sooner or later, and by mere looking no faster than
once in ``POLL_S``. One thread for a session, started by the first who listens; it ends with the session.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from counter.errors import StaleServer

POLL_S = 5.0
_LOOK_S = 0.5
"""How soon the thread sees that it shall end."""

_ECHO_S = 2.0
"""How long an own notification may take; a pooler in between takes LISTEN and delivers nothing."""

Heard = Callable[[], object]


class Listener:
    """One channel of one session."""

    def __init__(self, engine: Engine, channel: str, poll_s: float = POLL_S) -> None:
        """Nobody listens yet, and no connection is had."""
        self._engine = engine
        self._channel = channel
        self._poll_s = poll_s
        self._heard: list[Heard] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, heard: Heard) -> Callable[[], None]:
        """Call ``heard`` in the thread from now on, at once for the first time; the answer takes it off."""

        def remove() -> None:
            """Call it no more."""
            with self._lock, contextlib.suppress(ValueError):
                self._heard.remove(heard)

        with self._lock:
            self._heard.append(heard)
            if self._thread is None and not self._ended.is_set():
                self._thread = threading.Thread(target=self._run, daemon=True, name="counter-listener")
                self._thread.start()
        return remove

    def close(self) -> None:
        """End the thread; it is not waited for."""
        self._ended.set()

    def _run(self) -> None:
        """Listen; when that is not possible look, wait, and try again."""
        while not self._ended.is_set():
            with contextlib.suppress(psycopg.Error, SQLAlchemyError, StaleServer):
                self._listen()
            self._tell()
            self._ended.wait(self._poll_s)

    def _listen(self) -> None:
        """Tell of every notification until the end or a fault; returns at once when none would come."""
        fairy = self._engine.raw_connection()
        connection: Any = fairy.driver_connection
        fairy.detach()  # it is never lent to anybody else
        try:
            connection.rollback()
            connection.autocommit = True
            if not hears(connection):
                return
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._channel)))
            self._tell()
            while not self._ended.is_set():
                if list(connection.notifies(timeout=_LOOK_S, stop_after=1)):
                    self._tell()
        finally:
            connection.close()

    def _tell(self) -> None:
        """Call everybody; who is gone by now does not matter."""
        with self._lock:
            listening = tuple(self._heard)
        for heard in listening:
            if not self._ended.is_set():
                with contextlib.suppress(RuntimeError):
                    heard()


def hears(connection: Any) -> bool:
    """Whether a notification sent on this connection comes back on it."""
    echo = sql.Identifier(f"counter_echo_{connection.info.backend_pid}")
    connection.execute(sql.SQL("LISTEN {}").format(echo))
    connection.execute(sql.SQL("NOTIFY {}").format(echo))
    heard = bool(list(connection.notifies(timeout=_ECHO_S, stop_after=1)))
    connection.execute(sql.SQL("UNLISTEN {}").format(echo))
    return heard
