"""The bank side in the evening of a day: open lines and items, balances, settlements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of a statement that is not used up; ``state`` and ``note`` are of its last break event."""

    line_id: int
    bank_account_no: str
    booked: date
    amount_fen: int
    open_fen: int
    reference: str
    words: str
    party: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What the books expect and no statement has shown."""

    item_id: int
    kind: str
    ledger_account: str
    hall_no: int
    hall_name: str
    business_date: date
    amount_fen: int
    open_fen: int
    reference: str
    payer: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class BankBalance:
    """A bank account by its statements; ``balance_fen`` is None before the first."""

    bank_account_no: str
    bank_name: str
    through: date | None
    balance_fen: int | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """A file of an acquirer on its three levels.

    ``unmatched`` lines have no slip; ``contract_fee_fen`` is what the contracts give; ``uncredited_fen`` is
    what of the net the bank has not shown.
    """

    statement_id: int
    merchant: str
    settled: date
    lines: int
    gross_fen: int
    fee_fen: int
    net_fen: int
    unmatched: int
    unmatched_fen: int
    contract_fee_fen: int
    uncredited_fen: int


def collect(connection: Connection) -> None:
    """Take in what the books expect of banks since it was last asked."""
    connection.execute(text("SELECT counter.collect_items()"))


def open_lines(connection: Connection, kind: str, as_of: date) -> tuple[OpenLine, ...]:
    """Of all accounts of this kind (bank, acquirer), the oldest first."""
    query = text("SELECT * FROM counter.lines_open_at(:kind, :as_of)")
    return tuple(OpenLine(*row) for row in connection.execute(query, {"kind": kind, "as_of": as_of}))


def open_items(connection: Connection, as_of: date) -> tuple[OpenItem, ...]:
    """Of all halls, the oldest first."""
    query = text("SELECT * FROM counter.items_open_at(:as_of)")
    return tuple(OpenItem(*row) for row in connection.execute(query, {"as_of": as_of}))


def balances(connection: Connection, as_of: date) -> tuple[BankBalance, ...]:
    """Of each bank account."""
    query = text("SELECT * FROM counter.balances_at(:as_of)")
    return tuple(BankBalance(*row) for row in connection.execute(query, {"as_of": as_of}))


def books(connection: Connection, as_of: date) -> dict[str, int]:
    """The balance of each ledger account of the bank side, debit positive."""
    query = text("SELECT * FROM counter.books_at(:as_of)")
    return {row[0]: row[1] for row in connection.execute(query, {"as_of": as_of})}


def settlements(connection: Connection, since: date, until: date) -> tuple[Settlement, ...]:
    """The acquirers' files of these days."""
    query = text("SELECT * FROM counter.settlements(:since, :until)")
    rows = connection.execute(query, {"since": since, "until": until})
    return tuple(Settlement(*row) for row in rows)
