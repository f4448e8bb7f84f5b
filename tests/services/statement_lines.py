"""Statement lines of a test, brought in by the import itself: each call is a file of one statement."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import uuid4

from tests.bureau import Bureau

BANK = "6222020200011112222"
MERCHANT = "105290045110001"


def add_accounts(bureau: Bureau) -> None:
    """One account at a bank, and one merchant."""
    with bureau.psql() as connection:
        connection.execute(
            "INSERT INTO counter.bank_account (bank_account_no, bank_name, holder, kind) VALUES"
            " (%s, '工商银行城关支行', '供电公司', 'bank'), (%s, '银联商务', '供电公司', 'acquirer')",
            [BANK, MERCHANT],
        )


def line(amount_fen: int, **more: Any) -> dict[str, Any]:
    """One line; what is not said of it is empty, and it is booked today."""
    return {"amount_fen": amount_fen, **more}


def add_lines(
    bureau: Bureau, *rows: dict[str, Any], account: str = BANK, staff_no: str = "t20001"
) -> list[int]:
    """Import these lines, whatever was in before; their ids."""
    today = str(bureau.value("SELECT counter.business_date()"))
    before = bureau.value("SELECT coalesce(max(line_id), 0) FROM counter.statement_line")
    content = uuid4().bytes
    file = {
        "name": "test",
        "digest": hashlib.sha256(content).hexdigest(),
        "kind": "settlement" if account == MERCHANT else "statement",
        "format": "csv",
        "encoding": "utf-8",
    }
    with bureau.psql(staff_no) as connection, connection.transaction():
        query = "SELECT closing_fen FROM counter.bank_account WHERE bank_account_no = %s"
        opening_fen = (connection.execute(query, [account]).fetchone() or (0,))[0] or 0
        body = {
            "request_id": str(uuid4()),
            "file": file,
            "statements": [_statement(rows, account, opening_fen, today)],
        }
        connection.execute("SELECT counter.import_statement(%s, %b)", [json.dumps(body), content])
    query = "SELECT array_agg(line_id ORDER BY line_id) FROM counter.statement_line WHERE line_id > %s AND bank_account_no = %s"
    return list(bureau.value(query, before, account))


def _statement(
    rows: tuple[dict[str, Any], ...], account: str, opening_fen: int, today: str
) -> dict[str, Any]:
    acquirer = account == MERCHANT
    days = [str(row.get("booked", today)) for row in rows]
    return {
        "bank_account_no": account,
        "currency": "CNY",
        "number": "",
        "opening_fen": None if acquirer else opening_fen,
        "closing_fen": None if acquirer else opening_fen + sum(row["amount_fen"] for row in rows),
        "opening_date": min(days),
        "closing_date": max(days),
        "balance_source": "file",
        "lines": [_row(row, number, today, acquirer=acquirer) for number, row in enumerate(rows, 1)],
    }


def _row(row: dict[str, Any], number: int, today: str, *, acquirer: bool) -> list[Any]:
    day = str(row.get("booked", today))
    told = [row.get(name, "") for name in ("reference", "text", "party", "party_account")]
    plain = [day, None, row["amount_fen"], None, *told, row.get("reversal", False), number, None]
    if not acquirer:
        return plain
    names = ("terminal", "batch", "trace", "card", "card_class")
    return [*plain, row.get("fee_fen", 0), *(row.get(name, "") for name in names), None]
