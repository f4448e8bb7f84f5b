"""The database's part of an import: staging by COPY, checks over all lines at once, and the booking.

Everything runs in the caller's one transaction. A check gives (line, column, reason, found) in the order
of the lines from a cursor on the server, so that a file of nothing but mistakes needs no memory either.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, text

FETCHED_AT_ONCE = 1_000

_DUPLICATE_ACCOUNTS = """
    SELECT s.line_no, 'account_no', 'duplicate_account', s.account_no
      FROM (SELECT account_no, min(line_no) AS first_line FROM counter.account_staging
             WHERE account_no IS NOT NULL GROUP BY account_no HAVING count(*) > 1) d
      JOIN counter.account_staging s USING (account_no)
     WHERE s.line_no > d.first_line ORDER BY s.line_no
"""
_BILL_CONFLICTS = """
    SELECT * FROM (
        SELECT s.line_no, 'account_no', 'unknown_account', s.account_no
          FROM counter.bill_staging s
         WHERE s.account_no IS NOT NULL
           AND NOT EXISTS (SELECT FROM counter.account a WHERE a.account_no = s.account_no)
        UNION ALL
        SELECT s.line_no, 'period', 'duplicate_bill', concat_ws(' ', s.account_no, s.period, s.part)
          FROM (SELECT account_no, period, part, min(line_no) AS first_line FROM counter.bill_staging
                 WHERE account_no IS NOT NULL GROUP BY account_no, period, part HAVING count(*) > 1) d
          JOIN counter.bill_staging f ON f.line_no = d.first_line
          JOIN counter.bill_staging s ON (s.account_no, s.period, s.part) = (d.account_no, d.period, d.part)
         WHERE s.line_no > d.first_line
           AND (s.kwh, s.amount, s.due_date) IS DISTINCT FROM (f.kwh, f.amount, f.due_date)
        UNION ALL
        SELECT s.line_no, 'amount', 'billed_otherwise',
               concat_ws(' ', b.principal_fen / 100 || '.' || lpad((b.principal_fen % 100)::text, 2, '0'),
                         b.kwh, b.due_date)
          FROM counter.bill_staging s
          JOIN counter.bill b ON b.account_no = s.account_no AND b.period = s.period::integer
                             AND b.part = s.part::smallint
         WHERE (b.principal_fen, b.kwh, b.due_date)
               IS DISTINCT FROM (replace(s.amount, '.', '')::bigint, s.kwh::integer, s.due_date::date)
           AND num_nulls(s.kwh, s.amount, s.due_date) = 0
    ) AS conflict ORDER BY 1
"""
_CHECKS = {"account_staging": _DUPLICATE_ACCOUNTS, "bill_staging": _BILL_CONFLICTS}
_LOADERS = {"account_staging": "load_accounts", "bill_staging": "load_bills"}

Conflict = tuple[int, str, str, str]


class StagingCopy:
    """An open COPY into a staging table, which takes finished rows as text."""

    def __init__(self, copy: psycopg.Copy) -> None:
        """Wrap psycopg's COPY, so that no other layer sees it."""
        self._copy = copy

    def write(self, rows: str) -> None:
        """Send rows in COPY's text form, each with its line end."""
        self._copy.write(rows)


def begin(connection: Connection) -> None:
    """Take the bureau's import lock and empty the staging tables; DBAPIError CN016 while another holds it."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL work_mem = '64MB'"))
    connection.execute(text("SET LOCAL jit = off"))
    connection.execute(text("SELECT counter.begin_import()"))


def halls(connection: Connection) -> dict[int, str]:
    """The name of each hall by its number."""
    rows = connection.execute(text("SELECT hall_no, name FROM counter.hall"))
    return {row[0]: row[1] for row in rows}


@contextmanager
def staging(connection: Connection, table: str, columns: Sequence[str]) -> Iterator[StagingCopy]:
    """A COPY into a staging table, finished when the block ends and given up when it raises."""
    command = SQL("COPY counter.{} ({}) FROM STDIN").format(
        Identifier(table), SQL(", ").join(map(Identifier, ("line_no", *columns)))
    )
    with _driver(connection).cursor() as cursor, cursor.copy(command) as copy:
        yield StagingCopy(copy)


def conflicts(connection: Connection, table: str) -> Iterator[Conflict]:
    """What is wrong between the staged lines, or between them and what is already there."""
    with _driver(connection).cursor("import_conflicts") as cursor:
        cursor.itersize = FETCHED_AT_ONCE
        cursor.execute(_CHECKS[table])
        yield from cast("Iterator[Conflict]", cursor)


def load(connection: Connection, table: str, request_id: UUID, file_hash: str) -> dict[str, int]:
    """Book the staged lines; the counts that the database gives (lines, added, …)."""
    request = json.dumps({"request_id": str(request_id), "file_hash": file_hash})
    statement = text(f"SELECT counter.{_LOADERS[table]}(CAST(:request AS jsonb))")
    return cast("dict[str, int]", connection.execute(statement, {"request": request}).scalar_one())


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    """The psycopg connection underneath, in the same transaction."""
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)
