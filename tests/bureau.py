"""A small real bureau in a real database, for tests: sign in as anybody, add accounts and bills by hand."""

from __future__ import annotations

import json
import select
import threading
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import Engine, text

from db import admin
from db.engine import address, as_login, make_engine

PASSWORD = "right-password"
TILLS = ((101, 1), (102, 1), (103, 1), (201, 2))
STAFF = (
    ("t10001", "张敏", 1, "clerk"),
    ("t10002", "李强", 1, "clerk"),
    ("t10003", "王芳", 2, "clerk"),
    ("t20001", "赵静", 1, "cashier"),
    ("t30001", "陈刚", 1, "supervisor"),
    ("t30002", "孙丽", 2, "supervisor"),
    ("t40001", "周敏", 1, "auditor"),
    ("t50001", "吴磊", 1, "admin"),
    ("t60001", "导入", 1, "service"),
)


def furnish(engine: Engine) -> None:
    """Two halls, four tills and somebody for each duty, into a migrated database."""
    with engine.begin() as connection:
        for hall_no, hall in ((1, "城关营业厅"), (2, "河西营业厅")):
            admin.add_hall(connection, hall_no, hall)
        for till_no, hall_no in TILLS:
            admin.add_till(connection, till_no, hall_no, f"{till_no} 号台")
        for staff_no, person, hall_no, duty in STAFF:
            admin.create_staff(
                connection, staff_no, name=person, hall_no=hall_no, duty=duty, password=PASSWORD
            )


class Bureau:
    """One database with its engines; dispose it when done."""

    def __init__(self, url: str, folder: Path) -> None:
        """``url`` signs in as a superuser; ``folder`` is for the files of a desk."""
        self.url = url
        self.folder = folder
        self.admin = make_engine(url)
        self._engines: dict[str, Engine] = {}
        self._reader: psycopg.Connection[Any] | None = None
        self._callers: dict[tuple[int, str], psycopg.Connection[Any]] = {}

    def engine(self, staff_no: str) -> Engine:
        """An engine signed in as this member of staff."""
        if staff_no not in self._engines:
            self._engines[staff_no] = make_engine(as_login(self.url, staff_no, PASSWORD))
        return self._engines[staff_no]

    def psql(self, staff_no: str = "") -> psycopg.Connection[Any]:
        """A bare connection in autocommit, as psql would have; the superuser's without a number."""
        url = as_login(self.url, staff_no, PASSWORD) if staff_no else address(self.url)
        return psycopg.connect(
            url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
        )

    def call(self, staff_no: str, function: str, request: Mapping[str, Any]) -> Any:
        """One call of a money function, as the desk makes it."""
        connection = self._connected(staff_no)
        row = connection.execute(f"SELECT counter.{function}(%s)", [json.dumps(dict(request))]).fetchone()
        return row[0] if row else None

    def _connected(self, staff_no: str) -> psycopg.Connection[Any]:
        """The connection of this thread as this member of staff; another one when the server cut it."""
        key = threading.get_ident(), staff_no
        known = self._callers.get(key)
        if known is not None and not known.closed and select.select([known], [], [], 0)[0]:
            known.close()
        if known is None or known.closed:
            known = self._callers[key] = self.psql(staff_no)
        return known

    def value(self, query: str, *values: object) -> Any:
        """The first column of the first row, read as the superuser."""
        if self._reader is None or self._reader.closed:
            self._reader = self.psql()
        row = self._reader.execute(query, list(values)).fetchone()
        return row[0] if row else None

    def open_shift(self, staff_no: str = "t10001", till_no: int = 101, float_fen: int = 50_000) -> int:
        """A shift for a clerk; its id."""
        request = {"request_id": str(uuid4()), "till_no": till_no, "float_fen": float_fen}
        return int(self.call(staff_no, "open_shift", request)["shift_id"])

    def add_account(self, account_no: str, *, name: str = "王小四", hall_no: int = 1, **more: object) -> None:
        """An account through the import's own function, so that its ledger is right from the start."""
        values = {
            "line_no": 2,
            "account_no": account_no,
            "hall_no": str(hall_no),
            "name": name,
            "name_initials": "wxs",
            "address": "人民路128号金桂花园3幢2单元501室",
            "places": ["人民路", "金桂花园"],
            "tails": ["128号金桂花园3幢2单元501室", "3幢2单元501室"],
            "customer_class": "residential",
            **more,
        }
        self._import("account_staging", "load_accounts", [values])

    def add_bills(self, account_no: str, *bills: tuple[int, int, date]) -> None:
        """Bills (period, principal in fen, due date) through the import's own function."""
        rows = [
            {
                "line_no": number,
                "account_no": account_no,
                "period": str(period),
                "part": "1",
                "kwh": "100",
                "amount": f"{principal_fen // 100}.{principal_fen % 100:02d}",
                "due_date": due.isoformat(),
            }
            for number, (period, principal_fen, due) in enumerate(bills, 2)
        ]
        self._import("bill_staging", "load_bills", rows)

    def _import(self, table: str, function: str, rows: list[dict[str, Any]]) -> None:
        with self.engine("t60001").begin() as connection:
            connection.execute(text("SELECT counter.begin_import()"))
            for row in rows:
                columns, marks = ", ".join(row), ", ".join(f":{column}" for column in row)
                connection.execute(text(f"INSERT INTO counter.{table} ({columns}) VALUES ({marks})"), row)
            request = json.dumps({"request_id": str(uuid4()), "file_hash": ""})
            connection.execute(text(f"SELECT counter.{function}(CAST(:r AS jsonb))"), {"r": request})

    def payment(
        self,
        shift_id: int,
        account_no: str,
        *,
        total_fen: int = 0,
        prepaid_fen: int = 0,
        lines: Sequence[Mapping[str, Any]] = (),
        **changes: Any,
    ) -> dict[str, Any]:
        """A payment request for the account as it stands: cash, unless ``tenders`` says otherwise.

        ``received_fen`` and ``version`` are put where they belong; other ``changes`` overwrite the request.
        """
        known = self.value("SELECT version FROM counter.account_balance WHERE account_no = %s", account_no)
        account = {
            "account_no": account_no,
            "version": changes.pop("version", known),
            "prepaid_fen": prepaid_fen,
            "lines": list(lines),
        }
        received_fen = changes.pop("received_fen", total_fen)
        cash = {"kind": "cash", "amount_fen": total_fen, "received_fen": received_fen}
        return {
            "request_id": str(uuid4()),
            "shift_id": shift_id,
            "tenders": [cash],
            "accounts": [account],
            **changes,
        }

    def dispose(self) -> None:
        """Close every connection."""
        for connection in (*self._callers.values(), *([self._reader] if self._reader else [])):
            connection.close()
        for engine in (self.admin, *self._engines.values()):
            engine.dispose()
