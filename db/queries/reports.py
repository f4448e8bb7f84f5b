"""The figures of reports: sums by day, tender, clerk and hour, made by the server.

What a login sees is what the row policies let it see: the own hall, or all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Place:
    """Who asks, where and when."""

    hall_no: int
    hall_name: str
    staff_name: str
    payee: str
    today: date
    now: datetime


@dataclass(frozen=True, slots=True)
class TakingRow:
    """What one member of staff took by one tender, in one business and one hour of the day.

    ``taken`` counts tenders that came in; ``amount_fen`` has what went out again taken off.
    """

    business_date: date
    hall_no: int
    business: str
    tender: str
    staff_name: str
    hour: int
    taken: int
    amount_fen: int
    back_fen: int


@dataclass(frozen=True, slots=True)
class LedgerSum:
    """Debits and credits of a ledger account on a day; both 0 or more."""

    business_date: date
    hall_no: int
    journal_kind: str
    ledger_account: str
    debit_fen: int
    credit_fen: int


@dataclass(frozen=True, slots=True)
class DepositRow:
    """A deposit slip and who made it."""

    business_date: date
    slip_no: str
    carried_by: str
    cash_fen: int
    cheques_fen: int
    pos_fen: int
    made_by: str


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Where a till's chain stood in the evening; ``head`` is hex, ``entries`` the day's own."""

    till_name: str
    entries: int
    last_receipt: str
    head: str


_PLACE = """
    SELECT h.hall_no, h.name, s.name, b.payee, counter.business_date(), clock_timestamp()
      FROM counter.staff s JOIN counter.hall h USING (hall_no) CROSS JOIN counter.bureau b
     WHERE s.staff_no = session_user::text
"""
_TAKINGS = """
    SELECT j.business_date, j.hall_no, coalesce(r.kind, j.kind)::text, t.kind, coalesce(s.name, j.staff_no),
           date_part('hour', j.recorded_at AT TIME ZONE b.timezone)::integer,
           count(*) FILTER (WHERE t.amount_fen > 0), sum(t.amount_fen)::bigint,
           -coalesce(sum(t.amount_fen) FILTER (WHERE t.amount_fen < 0), 0)::bigint
      FROM counter.journal j JOIN counter.tender t USING (journal_id) CROSS JOIN counter.bureau b
      LEFT JOIN counter.journal r ON r.journal_id = j.reverses
      LEFT JOIN counter.staff s ON s.staff_no = j.staff_no
     WHERE j.business_date BETWEEN :since AND :until AND j.kind <> 'balance_transfer'
     GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
"""
_LEDGER = """
    SELECT j.business_date, j.hall_no, j.kind::text, p.ledger_account::text,
           coalesce(sum(p.amount_fen) FILTER (WHERE p.amount_fen > 0), 0)::bigint,
           -coalesce(sum(p.amount_fen) FILTER (WHERE p.amount_fen < 0), 0)::bigint
      FROM counter.journal j JOIN counter.posting p USING (journal_id)
     WHERE j.business_date BETWEEN :since AND :until AND p.amount_fen <> 0
     GROUP BY 1, 2, 3, p.ledger_account ORDER BY 1, 2, 3, p.ledger_account
"""
_DEPOSITS = """
    SELECT j.business_date, counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), d.carried_by,
           d.cash_fen, d.cheques_fen, d.pos_fen, coalesce(s.name, j.staff_no)
      FROM counter.deposit d JOIN counter.journal j USING (journal_id)
      LEFT JOIN counter.staff s ON s.staff_no = j.staff_no
     WHERE j.business_date BETWEEN :since AND :until ORDER BY j.business_date, j.journal_id
"""
_HEADS = """
    SELECT t.name, d.entries,
           coalesce((SELECT counter.receipt_no(r.till_no, r.business_date, r.receipt_serial) FROM counter.journal r
                      WHERE r.till_no = t.till_no AND r.business_date = :day AND r.receipt_serial IS NOT NULL
                      ORDER BY r.receipt_serial DESC LIMIT 1), ''),
           encode(j.hash, 'hex')
      FROM counter.till t
     CROSS JOIN LATERAL (SELECT count(*) AS entries, max(e.journal_id) AS last FROM counter.journal e
                          WHERE e.till_no = t.till_no AND e.business_date = :day) d
      JOIN counter.journal j ON j.journal_id = d.last
     ORDER BY t.till_no
"""


def place(connection: Connection) -> Place:
    """The caller's hall and clock."""
    return Place(*connection.execute(text(_PLACE)).one())


def takings(connection: Connection, since: date, until: date) -> tuple[TakingRow, ...]:
    """What was taken, by day, business, tender, clerk and hour."""
    rows = connection.execute(text(_TAKINGS), {"since": since, "until": until})
    return tuple(TakingRow(*row) for row in rows)


def ledger_sums(connection: Connection, since: date, until: date) -> tuple[LedgerSum, ...]:
    """Debits and credits by day, hall, kind of journal and ledger account."""
    rows = connection.execute(text(_LEDGER), {"since": since, "until": until})
    return tuple(LedgerSum(*row) for row in rows)


def deposits(connection: Connection, since: date, until: date) -> tuple[DepositRow, ...]:
    """The deposit slips of these days."""
    rows = connection.execute(text(_DEPOSITS), {"since": since, "until": until})
    return tuple(DepositRow(*row) for row in rows)


def chain_heads(connection: Connection, day: date) -> tuple[ChainHead, ...]:
    """Of every till that posted on the day."""
    return tuple(ChainHead(*row) for row in connection.execute(text(_HEADS), {"day": day}))
