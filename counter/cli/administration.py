"""The connection of a command: the configured address with its own login, or the embedded server's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from counter.config import load_settings
from counter.services.bootstrap import server
from db.engine import make_engine
from db.errors import translate


@contextmanager
def administrator() -> Iterator[Engine]:
    """An engine for one command; raises Refusal or Fault with their sentences."""
    engine = make_engine(server(load_settings(), may_embed=True).url, pool_size=1)
    try:
        yield engine
    except DBAPIError as error:
        raise translate(error) from error
    finally:
        engine.dispose()
