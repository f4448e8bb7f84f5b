"""Sales onto prepaid cards, and what the books know of an account's card; one SELECT each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

UNSETTLED = frozenset({"pending", "in_doubt"})
"""States in which something has still to happen."""


@dataclass(frozen=True, slots=True)
class VendRow:
    """One sale; the last five are what its payment was answered with. ``note`` is that of its last event.

    ``kind`` is opening, purchase, replacement or booking; ``state`` pending, in_doubt, written or undone.
    """

    vend_id: UUID
    account_no: str
    account_name: str
    meter_no: str
    card_serial: str
    profile: str
    vend_count: int
    amount_fen: int
    kind: str
    state: str
    receipt_no: str
    staff_no: str
    staff_name: str
    hall_no: int
    hall_name: str
    began_at: datetime
    changed_at: datetime
    note: str
    journal_id: int
    change_fen: int
    prepaid_after_fen: int
    arrears_after_fen: int

    @property
    def is_open(self) -> bool:
        """Whether it is not settled, and so stands in the way of another."""
        return self.state in UNSETTLED


@dataclass(frozen=True, slots=True)
class BooksRow:
    """What the books know of an account's card; ``card_serial`` is empty without one in use.

    ``meter_no`` is empty for an account without a meter; ``counted_meter_no`` is the one that ``vend_count``,
    the last count booked, belongs to, empty before the first sale. ``limit_fen`` is the most that may be
    sold at once today.
    """

    account_no: str
    account_name: str
    meter_no: str
    counted_meter_no: str
    version: int
    vend_count: int
    card_serial: str
    profile: str
    prepaid_fen: int
    arrears_fen: int
    limit_fen: int
    disconnected: bool
    closed: bool
    last_vends: tuple[VendRow, ...] = ()

    @property
    def open_vend(self) -> VendRow | None:
        """The one that is not settled; an account has never two."""
        return next((sold for sold in self.last_vends if sold.is_open), None)

    @property
    def last_booked(self) -> VendRow | None:
        """The sale that the books' count is of; None where they began with it, or the meter is a new one."""
        return next(
            (
                sold
                for sold in self.last_vends
                if sold.state != "undone"
                and (sold.meter_no, sold.vend_count) == (self.meter_no, self.vend_count)
            ),
            None,
        )


_BOOKS = """
    SELECT a.account_no, a.name, coalesce(a.meter_no, ''), coalesce(m.meter_no, ''), b.version,
           coalesce(m.vend_count, 0), coalesce(c.card_serial, ''), coalesce(c.profile, ''), b.prepaid_fen, b.arrears_fen,
           counter.vend_limit_fen(counter.business_date()), a.disconnected, a.status = 'closed', v.*
      FROM counter.account a JOIN counter.account_balance b USING (account_no)
      LEFT JOIN counter.meter_count m USING (account_no)
      LEFT JOIN counter.meter_card c ON c.account_no = a.account_no AND c.status = 'active'
      LEFT JOIN LATERAL counter.account_vends(a.account_no, :most) v ON true
     WHERE a.account_no = ANY(:numbers)
     ORDER BY a.account_no COLLATE "C" DESC, v.began_at DESC
"""
_DIGITS = 12
_HEAD = 13
"""Columns of the books before those of a vend."""


def books(connection: Connection, account_no: str, most: int = 10) -> BooksRow | None:
    """The account with its last ``most`` sales, newest first; None when there is no such account.

    A card has room for 12 digits and none for the zeros in front, so any number of them fits.
    """
    numbers = [account_no, *(account_no.lstrip("0").zfill(width) for width in range(1, _DIGITS + 1))]
    rows = connection.execute(text(_BOOKS), {"numbers": numbers, "most": most}).all()
    if not rows:
        return None
    rows = [row for row in rows if row[0] == rows[0][0]]
    sold = tuple(VendRow(*row[_HEAD:]) for row in rows if row[_HEAD] is not None)
    return BooksRow(*[*rows[0][:_HEAD], sold])


def in_doubt(connection: Connection) -> tuple[VendRow, ...]:
    """What is not settled in the caller's hall, the oldest first; all halls for an auditor."""
    return _vends(connection.execute(text("SELECT * FROM counter.unsettled_vends()")))


def unsettled(connection: Connection, staff_no: str) -> tuple[VendRow, ...]:
    """What this member of staff sold and is not settled, the oldest first."""
    query = text("SELECT * FROM counter.unsettled_vends() WHERE staff_no = :staff_no")
    return _vends(connection.execute(query, {"staff_no": staff_no}))


def vend(connection: Connection, vend_id: UUID) -> VendRow | None:
    """One sale, whichever hall made it; None when there is none."""
    query = text("SELECT * FROM counter.told_vend_of(:vend_id)")
    return next(iter(_vends(connection.execute(query, {"vend_id": vend_id}))), None)


def undo(connection: Connection, request: Mapping[str, Any]) -> None:
    """Take a sale back in the caller's transaction; raises the refusals of the function."""
    query = text("SELECT counter.undo_vend(CAST(:request AS jsonb))")
    connection.execute(query, {"request": json.dumps(request)})


def _vends(rows: Iterable[Row[Any]]) -> tuple[VendRow, ...]:
    return tuple(VendRow(*list(row)) for row in rows)
