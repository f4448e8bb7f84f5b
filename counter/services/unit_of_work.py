"""One transaction around one use case, with the server's errors turned into sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from db.errors import translate, unreachable


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Commit at the end; raises ``Refusal`` or ``Fault``, and then nothing was saved."""
    try:
        with engine.begin() as connection:
            yield connection
    except PoolTimeoutError as error:
        raise unreachable() from error
    except DBAPIError as error:
        raise translate(error) from error
