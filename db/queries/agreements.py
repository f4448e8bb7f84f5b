"""Instalment agreements, reconnection tasks and the history of a balance, as frozen rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement with its plan in the order of its dates, and what was paid under it."""

    agreement_id: UUID
    account_no: str
    account_name: str
    period: int
    expected_kwh: int
    reason: str
    paid_fen: int
    ended: bool
    billed: bool
    due_dates: tuple[date, ...]
    amounts_fen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BasisRow:
    """The last month of an account, and the bureau's rules."""

    last_kwh: int
    last_fen: int
    large_kwh: int
    least: int
    every_days: int
    today: date
    risk_customer: bool


@dataclass(frozen=True, slots=True)
class TaskRow:
    """An open reconnection task."""

    journal_id: int
    account_no: str
    account_name: str
    address: str
    phone: str
    meter_no: str
    raised_at: datetime
    due_at: datetime
    overdue: bool
    hall_no: int


_AGREEMENTS = (
    "SELECT g.agreement_id, g.account_no, a.name, g.period, g.expected_kwh, g.reason,"
    " coalesce((SELECT sum(p.amount_fen) FROM counter.instalment_payment p"
    "  WHERE p.agreement_id = g.agreement_id), 0)::bigint, e.agreement_id IS NOT NULL,"
    " EXISTS (SELECT FROM counter.bill b WHERE b.account_no = g.account_no AND b.period = g.period),"
    " array_agg(i.due_date ORDER BY i.number), array_agg(i.amount_fen ORDER BY i.number)"
    " FROM counter.instalment_agreement g JOIN counter.account a USING (account_no)"
    " JOIN counter.instalment i USING (agreement_id)"
    " LEFT JOIN counter.instalment_end e USING (agreement_id) {where}"
    " GROUP BY g.agreement_id, a.name, e.agreement_id ORDER BY g.period DESC, g.agreed_at DESC"
)
_OPEN = (
    " AND e.agreement_id IS NULL AND NOT EXISTS (SELECT FROM counter.bill b"
    " WHERE b.account_no = g.account_no AND b.period = g.period)"
)


def of_account(
    connection: Connection, account_no: str, *, only_open: bool = False
) -> tuple[AgreementRow, ...]:
    """The agreements of an account, the newest month first."""
    where = "WHERE g.account_no = :account_no" + (_OPEN if only_open else "")
    return _rows(connection.execute(text(_AGREEMENTS.format(where=where)), {"account_no": account_no}).all())


def open_of_my_hall(connection: Connection) -> tuple[AgreementRow, ...]:
    """The open agreements of the accounts of the caller's hall."""
    where = "WHERE a.hall_no = (SELECT counter.my_hall())" + _OPEN
    return _rows(connection.execute(text(_AGREEMENTS.format(where=where))).all())


def _rows(rows: Sequence[Row[Any]]) -> tuple[AgreementRow, ...]:
    return tuple(AgreementRow(*[*row[:9], tuple(row[9]), tuple(row[10])]) for row in map(list, rows))


def basis(connection: Connection, account_no: str) -> BasisRow:
    """What a new agreement of an account starts from."""
    row = connection.execute(
        text(
            "SELECT coalesce(l.kwh, 0), coalesce(l.fen, 0), u.instalment_large_kwh, u.instalment_least,"
            " u.instalment_every_days, counter.business_date(), a.risk_customer FROM counter.bureau u"
            " JOIN counter.account a ON a.account_no = :account_no CROSS JOIN LATERAL ("
            " SELECT sum(b.kwh)::bigint AS kwh, sum(b.principal_fen)::bigint AS fen FROM counter.bill b"
            " WHERE b.account_no = :account_no AND b.period ="
            " (SELECT max(x.period) FROM counter.bill x WHERE x.account_no = :account_no)) l"
        ),
        {"account_no": account_no},
    ).one()
    return BasisRow(*row)


def open_tasks(connection: Connection, hall_no: int | None = None) -> tuple[TaskRow, ...]:
    """The open tasks of a hall, or of all, by deadline."""
    rows = connection.execute(
        text(
            "SELECT t.journal_id, t.account_no, a.name, a.address, coalesce(a.phone, ''),"
            " coalesce(a.meter_no, ''), t.raised_at, t.due_at, t.due_at < clock_timestamp(), t.hall_no"
            " FROM counter.reconnection_task t JOIN counter.account a USING (account_no)"
            " WHERE t.done_at IS NULL AND t.cancelled_by IS NULL"
            " AND (CAST(:hall_no AS smallint) IS NULL OR t.hall_no = :hall_no) ORDER BY t.due_at, t.account_no"
        ),
        {"hall_no": hall_no},
    )
    return tuple(TaskRow(*row) for row in rows)


def count_tasks(connection: Connection, hall_no: int) -> int:
    """How many open tasks a hall has; an index of only the open ones answers it."""
    query = (
        "SELECT count(*) FROM counter.reconnection_task"
        " WHERE hall_no = :hall_no AND done_at IS NULL AND cancelled_by IS NULL"
    )
    return int(connection.execute(text(query), {"hall_no": hall_no}).scalar_one())


def balance_history(connection: Connection, account_no: str, most: int) -> Sequence[Row[Any]]:
    """What moved a balance, newest first, in the order of the fields of ``BalanceMove``."""
    query = "SELECT * FROM counter.account_balance_history(:account_no, :most)"
    return connection.execute(text(query), {"account_no": account_no, "most": most}).all()
