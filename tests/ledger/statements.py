"""Statements made by hand, and imported as the service does it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from tests.bureau import Bureau

ACCOUNT = "4400123412341234"
MERCHANT = "898330048160001"

Line = tuple[str, int, str, str]
"""Day, amount in fen, reference, text."""


def statement(
    lines: Sequence[Line], opening_fen: int, account: str = ACCOUNT, *, balances: bool = False, **changes: Any
) -> dict[str, Any]:
    """A statement that adds up."""
    rows, balance_fen = [], opening_fen
    for number, (day, amount_fen, reference, text) in enumerate(lines, 1):
        balance_fen += amount_fen
        told = balance_fen if balances else None
        rows.append([day, day, amount_fen, told, reference, text, "某某公司", "6222", False, number, None])
    days = [line[0] for line in lines] or ["2026-11-01"]
    return {
        "bank_account_no": account,
        "currency": "CNY",
        "number": "",
        "opening_fen": opening_fen,
        "closing_fen": balance_fen,
        "opening_date": min(days),
        "closing_date": max(days),
        "balance_source": "file",
        "lines": rows,
        **changes,
    }


def request(
    *statements: Mapping[str, Any], content: bytes = b"", **file: Any
) -> tuple[dict[str, Any], bytes]:
    """A request with its file."""
    content = content or uuid4().bytes
    told = {
        "name": "statement.csv",
        "digest": hashlib.sha256(content).hexdigest(),
        "kind": "statement",
        "format": "csv",
        "encoding": "utf-8",
        **file,
    }
    return {"request_id": str(uuid4()), "file": told, "statements": list(statements)}, content


def send(bureau: Bureau, asked: Mapping[str, Any], content: bytes, staff_no: str = "t20001") -> Any:
    """One call of the import, as the service makes it."""
    with bureau.psql(staff_no) as connection:
        query = "SELECT counter.import_statement(%s, %b)"
        row = connection.execute(query, [json.dumps(asked), content]).fetchone()
        return row[0] if row else None


def bring(bureau: Bureau, *statements: Mapping[str, Any], staff_no: str = "t20001", **file: Any) -> Any:
    """Import a file of its own."""
    asked, content = request(*statements, **file)
    return send(bureau, asked, content, staff_no)
