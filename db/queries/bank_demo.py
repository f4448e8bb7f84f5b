"""What the demonstration's bank and acquirer have not shown yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class BankRow:
    """An account; ``lines`` are those that came in so far."""

    bank_account_no: str
    bank_name: str
    kind: str
    closing_fen: int | None
    lines: int


@dataclass(frozen=True, slots=True)
class AwaitedRow:
    """An item of the books; ``taken_at`` is when, by the clock of the halls."""

    item_id: int
    kind: str
    bank_account_no: str | None
    open_fen: int
    reference: str
    payer: str
    payer_account: str
    terminal: str
    batch: str
    trace: str
    taken_at: datetime


_BANKS = """
    SELECT bank_account_no, bank_name, kind, closing_fen, last_seq FROM counter.bank_account
     WHERE active ORDER BY kind DESC, bank_account_no
"""
_ITEMS = """
    SELECT i.item_id, i.kind, i.bank_account_no, i.open_fen,
           coalesce(s.bank_account_no, i.reference), i.payer, i.payer_account, i.terminal,
           i.batch, i.trace, j.recorded_at AT TIME ZONE b.timezone
      FROM counter.book_item i JOIN counter.journal j USING (journal_id) CROSS JOIN counter.bureau b
      LEFT JOIN counter.statement s ON s.statement_id = i.statement_id
     WHERE i.open_fen = i.amount_fen AND NOT i.withdrawn
"""
_AWAITED = f"""{_ITEMS} AND i.kind IN ('cash_deposit', 'cheque', 'transfer', 'refund', 'settlement')
       AND NOT EXISTS (SELECT FROM counter.statement_line l
                        WHERE l.reference = CASE i.kind WHEN 'transfer' THEN i.reference
                                                        ELSE 'D' || lpad(i.item_id::text, 9, '0') END)
     ORDER BY i.item_id
"""
_SLIPS = f"""{_ITEMS} AND i.kind = 'pos'
       AND NOT EXISTS (SELECT FROM counter.statement_line l
                        WHERE (l.terminal, l.batch, l.trace) = (i.terminal, i.batch, i.trace))
     ORDER BY i.item_id
"""


def collect(connection: Connection) -> None:
    """Take in what is new in the books."""
    connection.execute(text("SELECT counter.collect_items()"))


def banks(connection: Connection) -> tuple[BankRow, ...]:
    """Banks by number, then acquirers."""
    return tuple(BankRow(*row) for row in connection.execute(text(_BANKS)))


def awaited(connection: Connection) -> tuple[AwaitedRow, ...]:
    """What banks are to show, and no line of theirs is about."""
    return tuple(AwaitedRow(*row) for row in connection.execute(text(_AWAITED)))


def slips(connection: Connection) -> tuple[AwaitedRow, ...]:
    """Card slips that no file of an acquirer has."""
    return tuple(AwaitedRow(*row) for row in connection.execute(text(_SLIPS)))


def today(connection: Connection) -> date:
    """The hall's date."""
    day: date = connection.execute(text("SELECT counter.business_date()")).scalar_one()
    return day
