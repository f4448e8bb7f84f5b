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
    with _told(), engine.begin() as connection:
        yield connection


@contextmanager
def glance(engine: Engine) -> Iterator[Connection]:
    """Statements that only look, each in one round trip of its own; raises as ``transaction`` does."""
    with _told(), engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        yield connection


@contextmanager
def rehearsal(engine: Engine) -> Iterator[Connection]:
    """A transaction of which nothing is kept: what would be refused is refused; raises as above."""
    with _told(), engine.connect() as connection:
        try:
            yield connection
        finally:
            connection.rollback()


@contextmanager
def _told() -> Iterator[None]:
    """The server's errors as sentences."""
    try:
        yield
    except PoolTimeoutError as error:
        raise unreachable() from error
    except DBAPIError as error:
        raise translate(error) from error
