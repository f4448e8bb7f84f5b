"""Fresh copies of a template database, made one ahead: the next one comes to be while a test still runs."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from typing import Final

import psycopg

from db.engine import address

_numbers: Final = count()


class Copies:
    """Copies of one template; whoever is connected to one that was given back loses the connection."""

    def __init__(self, server_url: str, template: str) -> None:
        """``server_url`` signs in as a superuser; nothing is made before the first is taken."""
        self._dsn = address(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._template = template
        self._maker = ThreadPoolExecutor(1, "copies of the template")
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None
        self._next: Future[str] | None = None
        self._kept: set[str] = set()

    def take(self) -> str:
        """The name of a fresh one; the next is begun."""
        ready = self._next or self._maker.submit(self._make)
        name = ready.result()
        self._next = self._maker.submit(self._make)
        return name

    def give_back(self, name: str) -> None:
        """Drop it, without waiting for that."""
        self._maker.submit(self._drop, name)

    def close(self) -> None:
        """Drop what is left."""
        self._maker.shutdown(cancel_futures=True)
        for name in tuple(self._kept):
            with suppress(psycopg.Error):
                self._drop(name)
        if self._connection is not None:
            self._connection.close()

    def _make(self) -> str:
        name = f"{self._template}_{next(_numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        self._kept.add(name)
        return name

    def _drop(self, name: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._kept.discard(name)

    def _run(self, statement: str) -> None:
        """On a connection that stays open."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._dsn, autocommit=True)
        self._connection.execute(statement)
