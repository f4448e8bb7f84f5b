"""Who signed in, and where they work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class StaffRow:
    """The member of staff of this login."""

    staff_no: str
    name: str
    duty: str
    hall_no: int
    hall_name: str


@dataclass(frozen=True, slots=True)
class TillRow:
    """A till of the own hall, and who holds it."""

    till_no: int
    name: str
    held_by: str


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """The open shift of this login."""

    shift_id: int
    till_no: int
    till_name: str
    business_date: date
    opened_at: datetime
    float_fen: int


def me(connection: Connection) -> StaffRow | None:
    """The active member of staff that this connection is signed in as."""
    row = connection.execute(
        text(
            "SELECT s.staff_no, s.name, s.duty, s.hall_no, h.name FROM counter.staff s"
            " JOIN counter.hall h USING (hall_no) WHERE s.staff_no = CAST(session_user AS text) AND s.active"
        )
    ).one_or_none()
    return StaffRow(*row) if row else None


def business_date(connection: Connection) -> date:
    """The bureau's date."""
    today: date = connection.execute(text("SELECT counter.business_date()")).scalar_one()
    return today


def tills(connection: Connection) -> tuple[TillRow, ...]:
    """The desk tills of the own hall in order."""
    rows = connection.execute(
        text(
            "SELECT t.till_no, t.name, coalesce(p.name, '') FROM counter.till t"
            " LEFT JOIN counter.shift s ON s.shift_id = t.shift_id"
            " LEFT JOIN counter.staff p ON p.staff_no = s.staff_no"
            " WHERE t.kind = 'desk' AND t.hall_no = (SELECT counter.my_hall()) ORDER BY t.till_no"
        )
    )
    return tuple(TillRow(*row) for row in rows)


def open_shift_of_me(connection: Connection) -> ShiftRow | None:
    """The shift that this login has open."""
    row = connection.execute(
        text(
            "SELECT s.shift_id, s.till_no, t.name, s.business_date, s.opened_at, s.float_fen"
            " FROM counter.shift s JOIN counter.till t USING (till_no)"
            " WHERE s.staff_no = CAST(session_user AS text) AND s.closed_at IS NULL"
        )
    ).one_or_none()
    return ShiftRow(*row) if row else None
