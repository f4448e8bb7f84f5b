"""What a connection that was refused means: a wrong password, a locked role, or no server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError

from counter.errors import CounterError, SignInRefused
from counter.i18n import _
from counter.services.unit_of_work import transaction
from db.engine import make_engine
from db.errors import state_of, translate
from db.queries import people

STAFF_NO_MAX: Final = 32


def prove(url: URL) -> None:
    """Connect once with a password; raises SignInRefused or ServerUnreachable."""
    engine = make_engine(url, pool_size=1)
    try:
        with transaction(engine):
            pass
    except CounterError as error:
        raise connect_failed(error.__cause__ or error, url) from error
    finally:
        engine.dispose()


@contextmanager
def signed_in_as(engine: Engine, staff_no: str, password: str) -> Iterator[Engine]:
    """A second sign-in on the server of ``engine``, for one signature; it ends with the block.

    Raises SignInRefused or ServerUnreachable before the block runs; the password is kept nowhere.
    """
    login = staff_no.strip().lower()
    if not login or not password or len(login) > STAFF_NO_MAX or "\0" in login + password:
        raise wrong_number_or_password()
    url = engine.url.set(username=login, password=password)
    signing = make_engine(url, pool_size=1)
    try:
        try:
            with transaction(signing) as connection:
                people.me(connection)
        except CounterError as error:
            raise connect_failed(error.__cause__ or error, url) from error
        yield signing
    finally:
        signing.dispose()


def connect_failed(error: BaseException, url: URL) -> CounterError:
    """Tell a refused password from a server that is not there.

    libpq gives no code for a refused connection and its words follow the server's language, so the server
    is asked whether it accepts connections at all.
    """
    if state_of(error) or not isinstance(error, DBAPIError):
        return translate(error)
    words = str(error.orig)
    if "not permitted to log in" in words:
        return locked()
    nobody = URL.create("postgresql", None, None, url.host, url.port, url.database, url.query)
    answers = psycopg.pq.PGconn.ping(nobody.render_as_string().encode()) == psycopg.pq.Ping.OK
    if any(told in words for told in ("too many", "remaining connection slots", 'database "')):
        return translate(error)
    return wrong_number_or_password() if answers else translate(error)


def wrong_number_or_password() -> SignInRefused:
    """Which of the two is wrong is for nobody to learn."""
    return SignInRefused(
        _("The staff number or the password is wrong."),
        _("You are not signed in."),
        _("Type both again; look at Caps Lock and the input method."),
    )


def locked() -> SignInRefused:
    """The role may not log in any more."""
    return SignInRefused(
        _("This staff number is locked."),
        _("You are not signed in."),
        _("Ask the administrator to unlock it."),
    )
