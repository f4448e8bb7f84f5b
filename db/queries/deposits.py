"""What waits to be banked, how long it has waited, and the slips that were made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A part (cash, cheque, pos) of a closed shift of the own hall that is on no slip."""

    shift_id: int
    part: str
    amount_fen: int
    pieces: int
    till_name: str
    business_date: date
    closed_at: datetime
    closed_by: str


@dataclass(frozen=True, slots=True)
class DrawerRow:
    """An open shift: ``cash_fen`` is in its drawer by the books, ``safe_fen`` went from there to the safe."""

    till_name: str
    staff_name: str
    business_date: date
    float_fen: int
    cash_fen: int
    safe_fen: int


@dataclass(frozen=True, slots=True)
class RulesRow:
    """The rules of the day and the hall's clock."""

    now: datetime
    business_date: date
    local_time: time
    cash_ceiling_fen: int
    deposit_by: time


@dataclass(frozen=True, slots=True)
class BankAccountRow:
    """Where deposits can go."""

    bank_account_no: str
    bank_name: str
    holder: str


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A deposit slip of the own hall."""

    slip_no: str
    business_date: date
    made_at: datetime
    made_by: str
    carried_by: str
    seal_no: str
    bank_name: str
    bank_account_no: str
    holder: str
    cash_fen: int
    cheques_fen: int
    pos_fen: int
    note: str
    journal_id: int
    payee: str
    hall_name: str


@dataclass(frozen=True, slots=True)
class SlipShiftRow:
    """What of one shift is on a slip."""

    till_name: str
    staff_name: str
    closed_at: datetime
    z_no: int
    cash_fen: int
    cheques_fen: int
    pos_fen: int


@dataclass(frozen=True, slots=True)
class SlipDocumentRow:
    """A cheque or POS slip that is on a deposit slip."""

    kind: str
    reference: str
    payer: str
    dated: str
    taken_on: date
    amount_fen: int


_WAITING = """
    SELECT w.shift_id, w.part, w.amount_fen, w.pieces, t.name, s.business_date, s.closed_at,
           coalesce(p.name, c.closed_by)
      FROM counter.waiting_parts(counter.my_hall()) AS w
      JOIN counter.shift s USING (shift_id) JOIN counter.till t USING (till_no)
      JOIN counter.shift_closing c ON c.shift_id = w.shift_id
      LEFT JOIN counter.staff p ON p.staff_no = c.closed_by
     WHERE w.amount_fen <> 0
     ORDER BY s.business_date, s.closed_at, w.shift_id, array_position(ARRAY['cash', 'cheque', 'pos'], w.part)
"""
_DRAWERS = """
    SELECT t.name, coalesce(p.name, s.staff_no), s.business_date, s.float_fen, t.cash_fen,
           coalesce((SELECT sum(g.amount_fen) FROM counter.cash_movement m JOIN counter.posting g USING (journal_id)
                      WHERE m.shift_id = s.shift_id AND g.ledger_account = 'undeposited_cash'), 0)::bigint
      FROM counter.till t JOIN counter.shift s USING (shift_id)
      LEFT JOIN counter.staff p ON p.staff_no = s.staff_no
     WHERE t.hall_no = counter.my_hall() AND t.kind = 'desk' ORDER BY t.till_no
"""
_RULES = """
    SELECT clock_timestamp(), counter.business_date(), (clock_timestamp() AT TIME ZONE b.timezone)::time,
           r.cash_ceiling_fen, least(r.deposit_by, TIME '23:59:59')
      FROM counter.bureau b, counter.till_policy r
     WHERE r.valid_from <= counter.business_date() ORDER BY r.valid_from DESC LIMIT 1
"""
_SLIPS = """
    SELECT counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), j.business_date, j.recorded_at,
           coalesce(p.name, j.staff_no), d.carried_by, d.seal_no, a.bank_name, a.bank_account_no, a.holder, d.cash_fen,
           d.cheques_fen, d.pos_fen, coalesce(n.reason, ''), d.journal_id, b.payee, h.name
      FROM counter.deposit d JOIN counter.journal j USING (journal_id)
      JOIN counter.bank_account a USING (bank_account_no) JOIN counter.hall h ON h.hall_no = d.hall_no
     CROSS JOIN counter.bureau b
      LEFT JOIN counter.staff p ON p.staff_no = j.staff_no
      LEFT JOIN counter.journal_note n ON n.journal_id = d.journal_id
     WHERE d.hall_no = counter.my_hall()
"""
_SLIP_SHIFTS = """
    SELECT t.name, coalesce(p.name, s.staff_no), s.closed_at, c.z_no,
           coalesce(sum(i.amount_fen) FILTER (WHERE i.part = 'cash'), 0)::bigint,
           coalesce(sum(i.amount_fen) FILTER (WHERE i.part = 'cheque'), 0)::bigint,
           coalesce(sum(i.amount_fen) FILTER (WHERE i.part = 'pos'), 0)::bigint
      FROM counter.deposit_item i JOIN counter.shift s USING (shift_id) JOIN counter.till t USING (till_no)
      JOIN counter.shift_closing c ON c.shift_id = i.shift_id LEFT JOIN counter.staff p ON p.staff_no = s.staff_no
     WHERE i.journal_id = :journal_id
     GROUP BY s.shift_id, t.name, p.name, s.staff_no, s.closed_at, c.z_no ORDER BY s.closed_at, s.shift_id
"""
_SLIP_DOCUMENTS = """
    SELECT d.kind, d.reference, coalesce(nullif(g.details->>'payer_name', ''), nullif(g.details->>'payer', ''),
                                         r.account_name, ''),
           coalesce(g.details->>'dated', g.details->>'date', ''), j.business_date, d.amount_fen
      FROM counter.deposit_item i JOIN counter.shift_closing c USING (shift_id)
      JOIN counter.tender_document d ON d.kind = i.part AND d.journal_id BETWEEN i.shift_id AND c.journal_id
      JOIN counter.tender g ON g.journal_id = d.journal_id AND g.line = d.line
      JOIN counter.journal j ON j.journal_id = d.journal_id
      LEFT JOIN counter.receipt r ON r.journal_id = d.journal_id
      LEFT JOIN counter.journal x ON x.journal_id = d.released_by
     WHERE i.journal_id = :journal_id AND (x.journal_id IS NULL OR x.recorded_at > :made_at)
     ORDER BY d.kind, d.reference
"""


def waiting(connection: Connection) -> tuple[WaitingRow, ...]:
    """What waits in the safe of the own hall, the oldest first."""
    return tuple(WaitingRow(*row) for row in connection.execute(text(_WAITING)))


def drawers(connection: Connection) -> tuple[DrawerRow, ...]:
    """The open shifts of the own hall."""
    return tuple(DrawerRow(*row) for row in connection.execute(text(_DRAWERS)))


def rules(connection: Connection) -> RulesRow:
    """What is in force today, and what time it is in the hall."""
    return RulesRow(*connection.execute(text(_RULES)).one())


def bank_accounts(connection: Connection) -> tuple[BankAccountRow, ...]:
    """Where deposits can go, by number."""
    query = (
        "SELECT bank_account_no, bank_name, holder FROM counter.bank_account WHERE active AND kind = 'bank'"
        " ORDER BY bank_account_no"
    )
    return tuple(BankAccountRow(*row) for row in connection.execute(text(query)))


def slips(connection: Connection, limit: int) -> tuple[SlipRow, ...]:
    """The last slips of the own hall, the newest first."""
    query = f"{_SLIPS} ORDER BY d.journal_id DESC LIMIT :limit"
    return _slip_rows(connection.execute(text(query), {"limit": limit}))


def slip(connection: Connection, slip_no: str) -> SlipRow | None:
    """One slip of the own hall by its number."""
    query = f"{_SLIPS} AND counter.receipt_no(j.till_no, j.business_date, j.receipt_serial) = :slip_no"
    found = _slip_rows(connection.execute(text(query), {"slip_no": slip_no}))
    return found[0] if found else None


def slip_shifts(connection: Connection, journal_id: int) -> tuple[SlipShiftRow, ...]:
    """The shifts whose takings are on a slip."""
    rows = connection.execute(text(_SLIP_SHIFTS), {"journal_id": journal_id})
    return tuple(SlipShiftRow(*row) for row in rows)


def slip_documents(connection: Connection, journal_id: int, made_at: datetime) -> tuple[SlipDocumentRow, ...]:
    """The cheques and POS slips that a deposit slip lists: those not given back before it was made."""
    rows = connection.execute(text(_SLIP_DOCUMENTS), {"journal_id": journal_id, "made_at": made_at})
    return tuple(SlipDocumentRow(*row) for row in rows)


def _slip_rows(rows: Iterable[Any]) -> tuple[SlipRow, ...]:
    return tuple(SlipRow(*row) for row in rows)
