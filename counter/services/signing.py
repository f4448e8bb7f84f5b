"""Signing in is connecting: the staff number is the login role, the password is the server's to check.

One door for all of it, and what a connection that was refused means: a wrong password, a locked role, or
no server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from sqlalchemy import URL, Engine, event
from sqlalchemy.exc import DBAPIError

from counter.errors import CounterError, SignInRefused
from counter.i18n import _
from counter.services.epoch import EpochWatch
from counter.services.ports import Duty, StaffMember
from counter.services.unit_of_work import transaction
from db.engine import as_login, make_engine
from db.errors import state_of, translate
from db.queries import people

STAFF_NO_MAX: Final = 32


@dataclass(frozen=True, slots=True)
class Door:
    """The one way to a server, for everybody who connects from this desk, for a day or for one signature.

    Every connection first proves that the server is no old copy, and times come in the bureau's zone.
    """

    database_url: str = field(repr=False)
    epochs: EpochWatch

    def sign_in(self, staff_no: str, password: str, *, pool_size: int = 3) -> tuple[Engine, StaffMember]:
        """An engine of this member of staff; raises SignInRefused, ServerUnreachable or StaleServer.

        The password is handed to the server and kept nowhere but in the engine.
        """
        url = as_login(self.database_url, login_of(staff_no, password), password)
        engine = make_engine(url, pool_size=pool_size)
        watch(engine, self.epochs)
        try:
            return engine, identify(engine, url)
        except BaseException:
            engine.dispose()
            raise

    @contextmanager
    def signed_in_as(self, staff_no: str, password: str) -> Iterator[Engine]:
        """A second sign-in for one signature, which ends with the block; raises as ``sign_in`` does."""
        engine, _staff = self.sign_in(staff_no, password, pool_size=1)
        try:
            yield engine
        finally:
            engine.dispose()

    def prove(self, staff_no: str, password: str) -> None:
        """Connect once with a password; raises as ``sign_in`` does."""
        with self.signed_in_as(staff_no, password):
            pass


def login_of(staff_no: str, password: str) -> str:
    """The login role of a staff number as typed; raises SignInRefused for what can be none."""
    login = staff_no.strip().lower()
    if not login or not password or len(login) > STAFF_NO_MAX or "\0" in login + password:
        raise wrong_number_or_password()
    return login


def identify(engine: Engine, url: URL) -> StaffMember:
    """Who this login is; refused for a role that is no active member of staff."""
    try:
        with transaction(engine) as connection:
            row = people.me(connection)
    except CounterError as error:
        if error.__cause__ is not None:
            raise connect_failed(error.__cause__, url) from error
        raise
    if row is None:
        raise SignInRefused(
            _("This login is not staff of the bureau."),
            _("You are not signed in."),
            _("Ask the administrator to enter you as staff."),
        )
    return StaffMember(row.staff_no, row.name, Duty(row.duty), row.hall_no, row.hall_name)


def watch(engine: Engine, epochs: EpochWatch) -> None:
    """Check the server's epoch on every new connection, first of all; times come in the bureau's zone."""

    @event.listens_for(engine, "connect")
    def check(connection: Any, _record: Any) -> None:
        query = "SELECT epoch, set_config('TimeZone', timezone, false) FROM counter.bureau"
        row = connection.execute(query).fetchone()
        connection.commit()
        epochs.check(row[0])


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
