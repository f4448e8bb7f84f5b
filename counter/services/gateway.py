"""Signing in is connecting: the staff number is the login role, the password is the server's to check."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, event

from counter.errors import CounterError, SignInRefused
from counter.i18n import DEFAULT_LANGUAGE, _
from counter.services.desk import Desk
from counter.services.epoch import EpochWatch
from counter.services.paper import Paper
from counter.services.pending import PendingStore
from counter.services.ports import DemoStaff, Duty, StaffMember
from counter.services.posting import Posting
from counter.services.signing import STAFF_NO_MAX, connect_failed, prove, wrong_number_or_password
from counter.services.unit_of_work import transaction
from db.engine import as_login, make_engine
from db.queries import people
from receipts.press import Press


@dataclass(frozen=True, slots=True)
class ServerGateway:
    """The way into one server for one desk; ``folder`` keeps what the desk must remember."""

    database_url: str = field(repr=False)
    folder: Path
    press: Press
    receipt_language: str = DEFAULT_LANGUAGE
    demo: tuple[DemoStaff, ...] = ()

    def demo_staff(self) -> tuple[DemoStaff, ...]:
        """Sign-ins to show on the first screen; empty outside the demonstration."""
        return self.demo

    def sign_in(self, staff_no: str, password: str) -> Desk:
        """Connect as this member of staff; raises SignInRefused, ServerUnreachable or StaleServer."""
        login = staff_no.strip().lower()
        if not login or not password or len(login) > STAFF_NO_MAX or "\0" in login + password:
            raise wrong_number_or_password()
        url = as_login(self.database_url, login, password)
        engine = make_engine(url)
        watch(engine, EpochWatch(self.folder / "epoch"))
        try:
            staff = identify(engine, url)
        except BaseException:
            engine.dispose()
            raise
        return Desk(
            staff,
            engine,
            Posting(engine, PendingStore(self.folder / "pending", staff.staff_no)),
            Paper(engine, self.press, self.receipt_language),
            lambda again: prove(as_login(self.database_url, login, again)),
        )


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
