"""Shifts: their cash, their counts, and everything that a report of one says, in set-based statements.

A till's journals of a shift have the ids from the shift's own to that of its closing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class HallShiftRow:
    """An open or lately closed shift of the own hall."""

    shift_id: int
    till_no: int
    till_name: str
    staff_no: str
    staff_name: str
    business_date: date
    opened_at: datetime
    z_no: int


@dataclass(frozen=True, slots=True)
class ReportHeadRow:
    """What stands at the top and the bottom of a report; ``last_id`` is the last journal it may hold."""

    shift_id: int
    last_id: int
    z_no: int
    payee: str
    hall_name: str
    till_no: int
    till_name: str
    staff_name: str
    business_date: date
    opened_at: datetime
    closed_at: datetime | None
    made_at: datetime
    float_fen: int
    expected_fen: int | None
    counted_fen: int | None
    chain_head: str


def reasons(connection: Connection) -> list[tuple[str, bool]]:
    """Every active reason, and whether it brings cash in."""
    rows = connection.execute(
        text(
            "SELECT reason, direction = 'in' FROM counter.cash_movement_reason WHERE active ORDER BY position"
        )
    )
    return [(row[0], row[1]) for row in rows]


def hall_shifts(connection: Connection) -> list[HallShiftRow]:
    """Open ones first, then those of the last days, newest first."""
    rows = connection.execute(
        text(
            "SELECT s.shift_id, s.till_no, t.name, s.staff_no, coalesce(p.name, s.staff_no), s.business_date,"
            " s.opened_at, coalesce(c.z_no, 0)"
            " FROM counter.shift s JOIN counter.till t USING (till_no)"
            " LEFT JOIN counter.staff p ON p.staff_no = s.staff_no"
            " LEFT JOIN counter.shift_closing c ON c.shift_id = s.shift_id"
            " WHERE s.hall_no = (SELECT counter.my_hall())"
            " AND (s.closed_at IS NULL OR s.closed_at > now() - interval '7 days')"
            " ORDER BY s.closed_at IS NOT NULL, s.closed_at DESC, s.till_no LIMIT 200"
        )
    )
    return [HallShiftRow(*row) for row in rows]


def report_head(connection: Connection, shift_id: int) -> ReportHeadRow | None:
    """The shift of a report, when this login may see it."""
    row = connection.execute(
        text(
            "SELECT s.shift_id, coalesce(c.journal_id, s.till_no * 10000000000 + 9999999999), coalesce(c.z_no, 0),"
            " u.payee, h.name, s.till_no, t.name, coalesce(p.name, s.staff_no), s.business_date, s.opened_at,"
            " s.closed_at, clock_timestamp(), s.float_fen, c.expected_fen, c.counted_fen,"
            " encode(coalesce(j.hash, t.chain_head), 'hex')"
            " FROM counter.shift s JOIN counter.till t USING (till_no) JOIN counter.hall h ON h.hall_no = s.hall_no"
            " LEFT JOIN counter.staff p ON p.staff_no = s.staff_no"
            " LEFT JOIN counter.shift_closing c ON c.shift_id = s.shift_id"
            " LEFT JOIN counter.journal j ON j.journal_id = c.journal_id CROSS JOIN counter.bureau u"
            " WHERE s.shift_id = :shift_id"
        ),
        {"shift_id": shift_id},
    ).one_or_none()
    return ReportHeadRow(*row) if row else None


def _rows(connection: Connection, query: str, head: ReportHeadRow) -> list[Any]:
    """What a query finds among the journals of a shift."""
    return list(connection.execute(text(query), {"first": head.shift_id, "last": head.last_id}).all())


def takings(connection: Connection, head: ReportHeadRow) -> list[Any]:
    """Tender, how often, how much: of payments and of what was sold on and as cards."""
    return _rows(
        connection,
        "SELECT t.kind, count(*), sum(t.amount_fen)::bigint FROM counter.journal j"
        " JOIN counter.tender t USING (journal_id) LEFT JOIN counter.tender_kind k ON k.kind = t.kind"
        " WHERE j.journal_id BETWEEN :first AND :last AND j.kind IN ('payment', 'card_sale', 'vend')"
        " GROUP BY t.kind, k.position ORDER BY k.position",
        head,
    )


def given_back(connection: Connection, head: ReportHeadRow) -> list[Any]:
    """Kind of journal, how often, how much went out again: reversals and refunds."""
    return _rows(
        connection,
        "SELECT j.kind::text, count(*), (-sum(r.total_fen))::bigint FROM counter.journal j"
        " JOIN counter.receipt r USING (journal_id)"
        " WHERE j.journal_id BETWEEN :first AND :last AND j.kind IN ('reversal', 'refund') GROUP BY j.kind",
        head,
    )


def hours(connection: Connection, head: ReportHeadRow) -> list[Any]:
    """Hour of the hall's clock, how often, how much; as they went by: a shift may go past midnight."""
    return _rows(
        connection,
        "SELECT date_part('hour', j.recorded_at AT TIME ZONE u.timezone)::integer, count(*), sum(r.total_fen)::bigint"
        " FROM counter.journal j JOIN counter.receipt r USING (journal_id) CROSS JOIN counter.bureau u"
        " WHERE j.journal_id BETWEEN :first AND :last AND j.kind IN ('payment', 'card_sale', 'vend')"
        " GROUP BY 1 ORDER BY min(j.recorded_at)",
        head,
    )


def movements(connection: Connection, head: ReportHeadRow) -> list[Any]:
    """Cash in and out: when, how much, why, and the note."""
    return _rows(
        connection,
        "SELECT j.recorded_at, m.amount_fen, m.reason, m.note FROM counter.cash_movement m"
        " JOIN counter.journal j USING (journal_id) WHERE m.shift_id = :first AND j.journal_id <= :last"
        " ORDER BY j.journal_id",
        head,
    )


def counts(connection: Connection, head: ReportHeadRow) -> list[Any]:
    """Signed counts in order: when, by whom, the pieces, the sum."""
    return _rows(
        connection,
        "SELECT c.recorded_at, coalesce(p.name, c.counted_by), c.denominations, c.counted_fen"
        " FROM counter.shift_count c LEFT JOIN counter.staff p ON p.staff_no = c.counted_by"
        " WHERE c.shift_id = :first AND :last > 0 ORDER BY c.recorded_at, c.count_id",
        head,
    )


def receipt_range(connection: Connection, head: ReportHeadRow) -> Any:
    """First and last receipt number, and how many."""
    (row,) = _rows(
        connection,
        "SELECT coalesce(min(counter.receipt_no(j.till_no, j.business_date, j.receipt_serial)), ''),"
        " coalesce(max(counter.receipt_no(j.till_no, j.business_date, j.receipt_serial)), ''), count(*)"
        " FROM counter.journal j WHERE j.journal_id BETWEEN :first AND :last AND j.receipt_serial IS NOT NULL",
        head,
    )
    return row


def reversed_receipts(connection: Connection, head: ReportHeadRow) -> list[Any]:
    """Receipts that were reversed in this shift: number, by which, how much, why."""
    return _rows(
        connection,
        "SELECT counter.receipt_no(o.till_no, o.business_date, o.receipt_serial),"
        " counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), -r.total_fen, coalesce(n.reason, '')"
        " FROM counter.journal j JOIN counter.receipt r USING (journal_id)"
        " JOIN counter.journal o ON o.journal_id = j.reverses"
        " LEFT JOIN counter.journal_note n ON n.journal_id = j.journal_id"
        " WHERE j.journal_id BETWEEN :first AND :last AND j.kind = 'reversal' ORDER BY j.journal_id",
        head,
    )
