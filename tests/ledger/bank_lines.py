"""Lines of a bank and of an acquirer, put into a bureau by hand, as the import would have booked them."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from tests.bureau import Bureau

BANK, MERCHANT = "3301040160001234567", "898330148160001"
PAYER, PAYER_ACCOUNT = "杭州西湖餐饮有限公司", "6222020200012345"


class BankLines:
    """A bank's and an acquirer's account; lines are added one by one, each in a statement of its own."""

    def __init__(self, bureau: Bureau) -> None:
        """Make the accounts; their statements are in up to yesterday."""
        self.bureau = bureau
        self.today: date = bureau.value("SELECT counter.business_date()")
        self._number = 0
        with bureau.psql() as connection:
            connection.execute(
                "INSERT INTO counter.bank_account (bank_account_no, bank_name, holder, kind, through)"
                " VALUES (%s, '工商银行', '供电局', 'bank', %s), (%s, '银联商务', '供电局', 'acquirer', %s)"
                " ON CONFLICT DO NOTHING",
                [BANK, self.day(1), MERCHANT, self.day(1)],
            )

    def day(self, ago: int) -> date:
        """So many days ago."""
        return self.today - timedelta(days=ago)

    def add(self, amount_fen: int, *, ago: int = 1, account: str = BANK, **more: Any) -> int:
        """One line; its id. ``more`` are columns of the line."""
        self._number += 1
        values: dict[str, Any] = {
            "bank_account_no": account,
            "seq": self.bureau.value(
                "SELECT coalesce(max(seq), 0) + 1 FROM counter.statement_line WHERE bank_account_no = %s",
                account,
            ),
            "booked": self.day(ago),
            "amount_fen": amount_fen,
            "open_fen": amount_fen,
            "file_line": 1,
            "occurrence": 1,
            **more,
        }
        values["statement_id"] = self._statement(account, values["booked"])
        columns, marks = ", ".join(values), ", ".join(["%s"] * len(values))
        insert = f"INSERT INTO counter.statement_line ({columns}) VALUES ({marks}) RETURNING line_id"
        return int(self.bureau.value(insert, *values.values()))

    def _statement(self, account: str, day: date) -> int:
        """A statement in a file of its own."""
        file_id = uuid4()
        digest = hashlib.sha256(file_id.bytes).digest()
        self.bureau.value(
            "INSERT INTO counter.bank_file (file_id, request_hash, digest, name, kind, format, encoding, size_bytes,"
            " content, staff_no, hall_no) VALUES (%s, %s, %s, 'x.csv', 'statement', 'csv', 'utf-8', 1, 'x', 't20001', 1)"
            " RETURNING 1",
            file_id,
            digest,
            digest,
        )
        return int(
            self.bureau.value(
                "INSERT INTO counter.statement (file_id, bank_account_no, opening_date, closing_date, balance_source,"
                " lines_in_file, lines_new) VALUES (%s, %s, %s, %s, 'file', 1, 1) RETURNING statement_id",
                file_id,
                account,
                day,
                day,
            )
        )

    def age_journal(self, journal_id: int, days: int) -> None:
        """As if it had been posted so many days earlier; only the tests can do that."""
        with self.bureau.psql() as connection:
            connection.execute("ALTER TABLE counter.journal DISABLE TRIGGER refuse_row_change")
            connection.execute(
                "UPDATE counter.journal SET business_date = business_date - %s WHERE journal_id = %s",
                [days, journal_id],
            )
            connection.execute("ALTER TABLE counter.journal ENABLE ALWAYS TRIGGER refuse_row_change")

    def open_fen(self, line_id: int) -> int:
        """What of a line is open."""
        return int(
            self.bureau.value("SELECT open_fen FROM counter.statement_line WHERE line_id = %s", line_id)
        )
