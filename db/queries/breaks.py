"""Breaks, through the functions that show them to whoever works on the bank side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class BreakRow:
    """One open line (``line_id``) or item (``item_id``); account numbers are masked by the database."""

    line_id: int | None
    item_id: int | None
    kind: str
    side: str
    item_kind: str
    day: date
    age_days: int
    amount_fen: int
    open_fen: int
    reference: str
    said: str
    party: str
    place: str
    account_no: str
    state: str
    owner: str
    owner_name: str
    note: str
    alarm: int
    other_line: int | None
    other_item: int | None


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """A payment that a debit line may have taken back."""

    receipt_no: str
    business_date: date
    hall_no: int
    hall_name: str
    account_no: str
    account_name: str
    kind: str
    amount_fen: int
    reference: str
    payer: str
    score: int


def listed(connection: Connection) -> tuple[BreakRow, ...]:
    """Every break, the loudest and oldest first; brings the books up to now before."""
    rows = connection.execute(text("SELECT * FROM counter.list_breaks()"))
    return tuple(BreakRow(*row) for row in rows)


def alarms(connection: Connection) -> dict[str, Any]:
    """How many are late, and which is the loudest."""
    found: dict[str, Any] = connection.execute(text("SELECT counter.break_alarms()")).scalar_one()
    return found


def returned_by(connection: Connection, line_id: int) -> tuple[ReturnedRow, ...]:
    """Payments of the amount of a debit line, the likeliest first."""
    query = text("SELECT * FROM counter.returned_payments(:line_id)")
    return tuple(ReturnedRow(*row) for row in connection.execute(query, {"line_id": line_id}))
