"""Sales of tokens, and what a sale has to know of an account; one SELECT each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text


@dataclass(frozen=True, slots=True)
class TokenVendRow:
    """One sale; ``token`` is empty while there is none, ``note`` that of its last event.

    ``state`` is pending, in_doubt, issued, refused or undone.
    """

    vend_id: UUID
    account_no: str
    account_name: str
    meter_no: str
    amount_fen: int
    state: str
    token: str = field(repr=False)
    receipt_no: str
    staff_no: str
    staff_name: str
    hall_no: int
    hall_name: str
    began_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class TokenBooksRow:
    """An account that pays by tokens; ``limit_fen`` is the most that may be sold at once today."""

    account_no: str
    account_name: str
    meter_no: str
    version: int
    limit_fen: int
    prepaid_fen: int
    arrears_fen: int
    last_vends: tuple[TokenVendRow, ...] = ()


_BOOKS = """
    SELECT a.account_no, a.name, coalesce(a.meter_no, ''), b.version, counter.vend_limit_fen(counter.business_date()),
           b.prepaid_fen, b.arrears_fen, v.*
      FROM counter.account a JOIN counter.account_balance b USING (account_no)
      LEFT JOIN LATERAL counter.account_token_vends(a.account_no, :most) v ON true
     WHERE a.account_no = :account_no AND (a.payment_mode = 'token' OR v.vend_id IS NOT NULL)
"""
_HEAD = 7
"""Columns of the account before those of a sale."""


def books(connection: Connection, account_no: str, most: int = 10) -> TokenBooksRow | None:
    """The account with its last ``most`` sales, newest first; None when tokens are not for it."""
    rows = connection.execute(text(_BOOKS), {"account_no": account_no, "most": most}).all()
    if not rows:
        return None
    sold = tuple(TokenVendRow(*row[_HEAD:]) for row in rows if row[_HEAD] is not None)
    return TokenBooksRow(*[*rows[0][:_HEAD], sold])


def unsettled(connection: Connection) -> tuple[TokenVendRow, ...]:
    """What has no token yet in the caller's hall, the oldest first; all halls for an auditor."""
    return _vends(connection.execute(text("SELECT * FROM counter.unsettled_token_vends()")))


def vend(connection: Connection, vend_id: UUID) -> TokenVendRow | None:
    """One sale, whichever hall made it; None when there is none."""
    query = text("SELECT * FROM counter.told_token_vend_of(:vend_id)")
    return next(iter(_vends(connection.execute(query, {"vend_id": vend_id}))), None)


def _vends(rows: Iterable[Row[Any]]) -> tuple[TokenVendRow, ...]:
    return tuple(TokenVendRow(*list(row)) for row in rows)
