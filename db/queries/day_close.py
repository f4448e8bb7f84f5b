"""Days and months of a hall: the checklist as the server makes it, and what was signed at closings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """A closed day of the own hall, with the month that it is in closed or not."""

    business_date: date
    closed_at: datetime
    staff_name: str
    journals: int
    month_closed: bool


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """Everything that was signed with a day, and where it was."""

    business_date: date
    closed_at: datetime
    staff_name: str
    journals: int
    payee: str
    hall_no: int
    hall_name: str
    totals: Mapping[str, Any]
    heads: Mapping[str, Any]
    checklist: list[Mapping[str, Any]]
    bank: Mapping[str, Any]
    made_at: datetime
    past_date: date | None
    past_heads: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """How a shift of the day ended."""

    z_no: int
    till_name: str
    staff_name: str
    counted_fen: int
    over_fen: int


@dataclass(frozen=True, slots=True)
class ReceiptsRow:
    """The receipts of a till in the day: the first and the last number, and how many."""

    till_name: str
    first_no: str
    last_no: str
    count: int


_SUMMARY = """
    SELECT c.business_date, c.closed_at, coalesce(p.name, c.staff_no), c.journals, b.payee, h.hall_no, h.name, c.totals, c.heads,
           c.checklist, c.bank, clock_timestamp(), l.business_date, l.heads
      FROM counter.day_closing c JOIN counter.hall h USING (hall_no) CROSS JOIN counter.bureau b
      LEFT JOIN counter.staff p ON p.staff_no = c.staff_no
      LEFT JOIN LATERAL (SELECT d.business_date, d.heads FROM counter.day_closing d
                          WHERE d.hall_no = c.hall_no AND d.business_date < c.business_date
                          ORDER BY d.business_date DESC LIMIT 1) l ON true
     WHERE c.hall_no = counter.my_hall() AND c.business_date = :day
"""
_IN_DAY = """
      FROM counter.hall_journals(counter.my_hall(), CAST(:heads AS jsonb), :first, :day) AS j
"""


def checklist(connection: Connection, hall_no: int, day: date | None, *, proven: bool) -> Mapping[str, Any]:
    """A day as it stands, after a look at what is new in the books; without one, the next to be closed."""
    collect = "SELECT counter.collect_items(false) WHERE has_function_privilege(:name, 'EXECUTE')"
    connection.execute(text(collect), {"name": "counter.collect_items(boolean)"})
    query = text("SELECT counter.day_checklist(CAST(:hall AS smallint), CAST(:day AS date), :proven)")
    row = connection.execute(query, {"hall": hall_no, "day": day, "proven": proven}).scalar_one()
    assert isinstance(row, Mapping), row
    return row


def closings(connection: Connection, limit: int) -> tuple[ClosingRow, ...]:
    """The last closed days of the own hall, the newest first."""
    query = text(
        "SELECT c.business_date, c.closed_at, coalesce(p.name, c.staff_no), c.journals, m.month IS NOT NULL"
        " FROM counter.day_closing c LEFT JOIN counter.staff p ON p.staff_no = c.staff_no"
        " LEFT JOIN counter.month_closing m ON m.hall_no = c.hall_no"
        " AND m.month = date_trunc('month', c.business_date)::date"
        " WHERE c.hall_no = counter.my_hall() ORDER BY c.business_date DESC LIMIT :limit"
    )
    return tuple(ClosingRow(*row) for row in connection.execute(query, {"limit": limit}))


def summary(connection: Connection, day: date) -> SummaryRow | None:
    """What was signed for a day of the own hall, if it is closed."""
    row = connection.execute(text(_SUMMARY), {"day": day}).one_or_none()
    return SummaryRow(*row) if row else None


def _of_day(row: SummaryRow) -> dict[str, Any]:
    """Where the journals of a closed day begin."""
    first = date.fromordinal(row.past_date.toordinal() + 1) if row.past_date else row.business_date
    return {"heads": json.dumps(row.past_heads or {}), "first": first, "day": row.business_date}


def takings(connection: Connection, row: SummaryRow) -> list[Any]:
    """Tender, how often, how much came in."""
    query = (
        f"SELECT t.kind, count(*), sum(t.amount_fen)::bigint {_IN_DAY}"
        " JOIN counter.tender t USING (journal_id) LEFT JOIN counter.tender_kind k ON k.kind = t.kind"
        " WHERE j.kind IN ('payment', 'card_sale', 'vend') GROUP BY t.kind, k.position ORDER BY k.position"
    )
    return list(connection.execute(text(query), _of_day(row)))


def given_back(connection: Connection, row: SummaryRow) -> dict[str, tuple[int, int]]:
    """By kind of journal, reversal or refund: how often, and how much went out again."""
    query = (
        f"SELECT j.kind::text, count(*), (-sum(r.total_fen))::bigint {_IN_DAY}"
        " JOIN counter.receipt r USING (journal_id) WHERE j.kind IN ('reversal', 'refund') GROUP BY j.kind"
    )
    return {kind: (count, fen) for kind, count, fen in connection.execute(text(query), _of_day(row))}


def receipts(connection: Connection, row: SummaryRow) -> tuple[ReceiptsRow, ...]:
    """Till by till."""
    query = (
        "SELECT t.name, counter.receipt_no(j.till_no, j.business_date, min(j.receipt_serial)),"
        f" counter.receipt_no(j.till_no, j.business_date, max(j.receipt_serial)), count(*) {_IN_DAY}"
        " JOIN counter.till t USING (till_no) WHERE j.receipt_serial IS NOT NULL"
        " GROUP BY j.till_no, t.name, j.business_date ORDER BY j.till_no, j.business_date"
    )
    return tuple(ReceiptsRow(*found) for found in connection.execute(text(query), _of_day(row)))


def deposits(connection: Connection, row: SummaryRow) -> list[Any]:
    """Slip, carrier, how much of cash, cheques and POS."""
    query = (
        "SELECT counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), d.carried_by,"
        f" d.cash_fen + d.cheques_fen + d.pos_fen {_IN_DAY} JOIN counter.deposit d USING (journal_id)"
        " ORDER BY j.journal_id"
    )
    return list(connection.execute(text(query), _of_day(row)))


def shifts(connection: Connection, row: SummaryRow) -> tuple[ShiftRow, ...]:
    """The shifts of the day and how they were counted."""
    query = (
        "SELECT c.z_no, t.name, coalesce(p.name, s.staff_no), c.counted_fen, c.counted_fen - c.expected_fen"
        " FROM counter.shift s JOIN counter.shift_closing c USING (shift_id) JOIN counter.till t USING (till_no)"
        " LEFT JOIN counter.staff p ON p.staff_no = s.staff_no"
        " WHERE s.hall_no = counter.my_hall() AND s.business_date BETWEEN :first AND :day"
        " ORDER BY t.till_no, c.z_no"
    )
    parameters = {name: value for name, value in _of_day(row).items() if name != "heads"}
    return tuple(ShiftRow(*found) for found in connection.execute(text(query), parameters))


def heads(connection: Connection, row: SummaryRow) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """The tills of the hall by number: name, and where its chain stood with the day."""
    query = text("SELECT till_no, name FROM counter.till WHERE hall_no = counter.my_hall() ORDER BY till_no")
    tills = connection.execute(query).all()
    return tuple(
        (f"{number} {name}", row.heads[str(number)]) for number, name in tills if str(number) in row.heads
    )
