"""Posting, asking again, and what a shift has taken."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, text

from db.queries.accounts import PaymentRow, payment_rows

CANCELLED_WAIT = "01000"
"""A cancelled wait for the standby reports success with this warning: the outcome is not known."""


class UnsureCommitError(Exception):
    """The server reported success with a warning that makes it unsure."""


def call(engine: Engine, function: str, request: Mapping[str, Any]) -> Any:
    """Call a money function in one round trip of its own transaction; its answer. Raises as ``call_with``."""
    body = json.dumps(request, separators=(",", ":"))
    return call_with(engine, f"SELECT counter.{function}(%s)", [body])


def call_with(engine: Engine, query: str, values: Sequence[object]) -> Any:
    """The first value of a query of the driver's own form, in one round trip of its own transaction.

    Raises SQLAlchemy's errors while it has no connection, so that nothing was sent; the driver's own
    (``psycopg.Error``) afterwards; and ``UnsureCommitError`` when the commit was not waited for.
    """
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None, "a pooled connection has a driver connection"
        warnings: list[str] = []

        def note(diagnostic: Any) -> None:
            warnings.append(diagnostic.sqlstate or "")

        raw.add_notice_handler(note)
        try:
            row = raw.execute(query, values, prepare=True).fetchone()
        except psycopg.OperationalError:
            connection.invalidate()
            raise
        finally:
            raw.remove_notice_handler(note)
        if CANCELLED_WAIT in warnings:
            connection.invalidate()
            raise UnsureCommitError
        return row[0] if row else None


def settle(connection: Connection, request_id: UUID, shift_id: int) -> Any:
    """The answer of a request that was sent; None when it was not posted and now never will be."""
    return connection.execute(
        text("SELECT counter.settle_payment(:request_id, :shift_id)"),
        {"request_id": request_id, "shift_id": shift_id},
    ).scalar_one()


def was_posted(connection: Connection, request_id: UUID) -> bool:
    """Whether a request that is no payment was posted; when not, it never will be."""
    answer = connection.execute(
        text("SELECT counter.settle_request(:request_id)"), {"request_id": request_id}
    )
    return bool(answer.scalar_one())


_MINE = (
    "SELECT counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), j.recorded_at,"
    " coalesce(r.account_no, ''),"
    " r.account_name, r.total_fen, h.name, p.name,"
    " ARRAY(SELECT t.kind FROM counter.tender t WHERE t.journal_id = j.journal_id ORDER BY t.line),"
    " EXISTS (SELECT FROM counter.receipt_print x WHERE x.journal_id = j.journal_id AND x.outcome IN ('printed', 'saved')),"
    " coalesce((SELECT counter.receipt_no(w.till_no, w.business_date, w.receipt_serial)"
    " FROM counter.journal w WHERE w.reverses = j.journal_id), '')"
    " FROM counter.shift s JOIN counter.journal j ON j.shift_id = s.shift_id AND j.till_no = s.till_no"
    " JOIN counter.receipt r ON r.journal_id = j.journal_id"
    " JOIN counter.hall h ON h.hall_no = j.hall_no JOIN counter.staff p ON p.staff_no = j.staff_no"
    " WHERE s.staff_no = CAST(session_user AS text)"
    " AND j.journal_id BETWEEN s.shift_id AND s.till_no * 10000000000 + 9999999999"
)
"""The caller's payments; a till's journals are found by the range of their ids."""


def mine_on(connection: Connection, day: date) -> tuple[PaymentRow, ...]:
    """The caller's payments of one business date, newest first."""
    rows = connection.execute(
        text(
            f"{_MINE} AND j.business_date = :day"
            " AND s.opened_at > :day - interval '40 days' ORDER BY j.recorded_at DESC"
        ),
        {"day": day},
    )
    return payment_rows(rows)


def mine_unprinted(connection: Connection) -> tuple[PaymentRow, ...]:
    """The caller's receipts of open and recent shifts that nothing has taken yet, oldest first."""
    rows = connection.execute(
        text(
            f"{_MINE} AND s.opened_at > now() - interval '40 days' AND NOT EXISTS (SELECT FROM"
            " counter.receipt_print x WHERE x.journal_id = j.journal_id AND x.outcome IN ('printed', 'saved'))"
            " ORDER BY j.recorded_at"
        )
    )
    return payment_rows(rows)
