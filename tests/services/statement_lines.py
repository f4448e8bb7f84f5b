"""Statement lines put into a test's database as an import leaves them, with their journal."""

from __future__ import annotations

import json
from datetime import date
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


_INSERT = """
    WITH file AS (
        INSERT INTO counter.bank_file (file_id, request_hash, digest, name, kind, format, encoding, size_bytes, content, staff_no,
                                       hall_no)
        VALUES (%(file)s, sha256(%(seed)s), sha256(%(seed)s), 'test', 'statement', 'test', 'utf-8', 1, '', 't20001', 1)
        RETURNING file_id
    ), sheet AS (
        INSERT INTO counter.statement (file_id, bank_account_no, opening_date, closing_date, balance_source, lines_in_file,
                                       lines_new)
        SELECT file_id, %(account)s, '2026-01-01', '2026-12-31', 'person', 1, 1 FROM file RETURNING statement_id
    )
    INSERT INTO counter.statement_line (bank_account_no, seq, statement_id, booked, amount_fen, reference, text, party,
        party_account, reversal, file_line, occurrence, fee_fen, terminal, batch, trace, card_class, open_fen)
    SELECT %(account)s, coalesce((SELECT max(seq) FROM counter.statement_line WHERE bank_account_no = %(account)s), 0)
               + row_number() OVER (), s.statement_id, coalesce(r.booked, counter.business_date()), r.amount_fen,
           coalesce(r.reference, ''), coalesce(r.text, ''), coalesce(r.party, ''), coalesce(r.party_account, ''),
           coalesce(r.reversal, false), 1, 1, coalesce(r.fee_fen, 0), coalesce(r.terminal, ''), coalesce(r.batch, ''),
           coalesce(r.trace, ''), coalesce(r.card_class, ''), r.amount_fen
      FROM sheet s, jsonb_to_recordset(%(rows)s) AS r(booked date, amount_fen bigint, reference text, text text, party text,
           party_account text, reversal boolean, fee_fen bigint, terminal text, batch text, trace text, card_class text)
    RETURNING line_id
"""
_POST = """
    DO $$
    DECLARE
        drawer counter.till;
        entry counter.journal;
    BEGIN
        SELECT * INTO drawer FROM counter.till WHERE till_no = 850001 FOR UPDATE;
        entry.kind := 'statement';
        entry.request_id := gen_random_uuid();
        entry.request_hash := sha256('');
        PERFORM counter.append_journal(drawer, entry, ARRAY[{lines}]);
    END $$
"""


def add_lines(bureau: Bureau, *rows: dict[str, Any], account: str = BANK) -> list[int]:
    """Lines as they are imported, posted to the ledger; their ids."""
    named = uuid4()
    values = {"file": named, "seed": named.bytes, "account": account, "rows": json.dumps(rows, default=str)}
    acquirer = account == MERCHANT
    money_in = sum(row["amount_fen"] for row in rows if row["amount_fen"] > 0 or acquirer)
    money_out = sum(row["amount_fen"] for row in rows if row["amount_fen"] < 0 and not acquirer)
    fees = sum(row.get("fee_fen", 0) for row in rows)
    if acquirer:
        moved = {"acquirer_receivable": money_in - fees, "bank_fees": fees, "pos_unmatched": -money_in}
    else:
        moved = {
            "bank": money_in + money_out,
            "unidentified_receipts": -money_in,
            "unexplained_payments": -money_out,
        }
    lines = ", ".join(
        f"ROW('{name}', NULL, NULL, NULL, {fen})::counter.posting_line" for name, fen in moved.items()
    )
    with bureau.psql() as connection:
        found = connection.execute(_INSERT, values).fetchall()
        connection.execute(_POST.format(lines=lines))
    return [int(row[0]) for row in found]


def line(amount_fen: int, **more: Any) -> dict[str, Any]:
    """One line."""
    return {"amount_fen": amount_fen, **more}


def day(text: str) -> date:
    """A date."""
    return date.fromisoformat(text)
