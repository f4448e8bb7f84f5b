"""Files of banks and acquirers: sending one to the ledger, and what is in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from db.queries.payments import call_with


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account with how far its statements are in."""

    bank_account_no: str
    bank_name: str
    holder: str
    kind: str
    currency: str
    closing_fen: int | None
    through: date | None
    lines: int
    open_lines: int


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One account of one file."""

    statement_id: int
    bank_account_no: str
    kind: str
    number: str
    opening_date: date
    closing_date: date
    opening_fen: int | None
    closing_fen: int | None
    balance_source: str
    lines_in_file: int
    lines_new: int
    file_name: str
    format: str
    staff_name: str
    recorded_at: datetime


_ACCOUNTS = """
    SELECT a.bank_account_no, a.bank_name, a.holder, a.kind, a.currency, a.closing_fen, a.through, a.last_seq,
           (SELECT count(*) FROM counter.statement_line l
             WHERE l.bank_account_no = a.bank_account_no AND l.open_fen <> 0)
      FROM counter.bank_account a WHERE a.active ORDER BY a.kind = 'acquirer', a.bank_account_no
"""
_STATEMENTS = """
    SELECT s.statement_id, s.bank_account_no, a.kind, s.number, s.opening_date, s.closing_date, s.opening_fen, s.closing_fen,
           s.balance_source, s.lines_in_file, s.lines_new, f.name, f.format, coalesce(p.name, f.staff_no), f.recorded_at
      FROM counter.statement s JOIN counter.bank_file f USING (file_id) JOIN counter.bank_account a USING (bank_account_no)
      LEFT JOIN counter.staff p ON p.staff_no = f.staff_no
     ORDER BY s.statement_id DESC LIMIT :limit
"""


def send_file(engine: Engine, request: str, content: bytes) -> Any:
    """One call of ``import_statement``; raises as ``payments.call``. ``request`` is JSON."""
    return call_with(engine, "SELECT counter.import_statement(%s, %b)", [request, content])


def accounts(connection: Connection) -> tuple[AccountRow, ...]:
    """The accounts in use, banks before acquirers."""
    return tuple(AccountRow(*row) for row in connection.execute(text(_ACCOUNTS)))


def statements(connection: Connection, limit: int) -> tuple[StatementRow, ...]:
    """What was taken over, the newest first."""
    return tuple(StatementRow(*row) for row in connection.execute(text(_STATEMENTS), {"limit": limit}))
