"""One session of a member of staff on a bare connection, as psql would have it: it survives being killed.

A request whose connection died is sent again with the same id until it is answered, as the program does.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import psycopg

from tests.bureau import Bureau

TRIES = 12
_AGAIN = ("40001", "40P01", "55P03")
_GONE = ("57P01", "57P02", "57P03", "08")


class Refused(Exception):
    """The database said no; ``state`` is why."""

    def __init__(self, error: psycopg.Error) -> None:
        """Keep state, constraint and words."""
        super().__init__(str(error))
        self.state = error.sqlstate or ""
        self.constraint = error.diag.constraint_name or ""


class Session:
    """Somebody at work; ``backend_pid`` is what a killer needs to know."""

    def __init__(self, bureau: Bureau, staff_no: str) -> None:
        """Connect as ``staff_no``."""
        self.staff_no = staff_no
        self.kills = 0
        self._bureau = bureau
        self._connection = bureau.psql(staff_no)

    @property
    def backend_pid(self) -> int:
        """The server's process behind this session, 0 while there is none."""
        with contextlib.suppress(psycopg.Error):
            return self._connection.info.backend_pid
        return 0

    def post(self, function: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer of a money function; raises Refused."""
        return dict(self._run(f"SELECT counter.{function}(%s)", [json.dumps(dict(request))])[0][0])

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What this login may read."""
        return self._run(query, list(values))

    def _run(self, query: str, values: list[object]) -> list[tuple[Any, ...]]:
        for attempt in range(TRIES):
            try:
                return self._connection.execute(query, values).fetchall()
            except psycopg.Error as error:
                state = error.sqlstate or ""
                gone = isinstance(error, psycopg.OperationalError) and (not state or state.startswith(_GONE))
                if not gone and state not in _AGAIN:
                    raise Refused(error) from None
                time.sleep(0.01 * attempt)
                if gone:
                    self._reconnect()
        raise AssertionError(f"no answer in {TRIES} tries: {query}")

    def _reconnect(self) -> None:
        self.kills += 1
        self._connection.close()
        self._connection = self._bureau.psql(self.staff_no)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


Step = Callable[[], None]


def request_id() -> str:
    """A new one, as a form makes it when it opens."""
    return str(uuid4())
