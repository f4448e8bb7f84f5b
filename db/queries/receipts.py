"""Everything that a receipt says, as it was when its number was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class ReceiptBill:
    """What the payment settled of one bill."""

    period: int
    part: int
    kwh: int
    principal_fen: int
    late_fee_fen: int


@dataclass(frozen=True, slots=True)
class ReceiptTender:
    """How a part of the money was handed over."""

    kind: str
    amount_fen: int
    received_fen: int | None
    details: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One receipt with its lines; ``paid_at`` is the bureau's local time."""

    journal_id: int
    receipt_no: str
    business_date: date
    paid_at: datetime
    payee: str
    hall_name: str
    till_name: str
    staff_name: str
    account_no: str
    account_name: str
    address: str
    meter_no: str
    total_fen: int
    prepaid_in_fen: int
    prepaid_after_fen: int
    arrears_after_fen: int
    chain_hash: str
    printed: bool
    bills: tuple[ReceiptBill, ...] = ()
    tenders: tuple[ReceiptTender, ...] = ()


def receipt_key(receipt_no: str) -> tuple[int, date, int]:
    """Till, business date and serial of a receipt number; raises ValueError for anything else."""
    till, day, serial = receipt_no.split("-")
    return int(till), datetime.strptime(day, "%y%m%d").date(), int(serial)  # noqa: DTZ007  (a date)


def receipt(connection: Connection, receipt_no: str) -> ReceiptRow | None:
    """The receipt of this number, when this login may see it."""
    till_no, day, serial = receipt_key(receipt_no)
    row = connection.execute(
        text(
            "SELECT j.journal_id, counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), j.business_date,"
            " j.recorded_at AT TIME ZONE u.timezone, u.payee, h.name, t.name, coalesce(p.name, j.staff_no),"
            " r.account_no, r.account_name, r.address, coalesce(r.meter_no, ''), r.total_fen,"
            " r.prepaid_after_fen - r.prepaid_before_fen, r.prepaid_after_fen, r.arrears_after_fen,"
            " encode(j.hash, 'hex'), EXISTS (SELECT FROM counter.receipt_print x"
            " WHERE x.journal_id = j.journal_id AND x.outcome <> 'failed')"
            " FROM counter.journal j JOIN counter.receipt r USING (journal_id)"
            " JOIN counter.hall h ON h.hall_no = j.hall_no JOIN counter.till t ON t.till_no = j.till_no"
            " LEFT JOIN counter.staff p ON p.staff_no = j.staff_no CROSS JOIN counter.bureau u"
            " WHERE j.till_no = :till_no AND j.business_date = :day AND j.receipt_serial = :serial"
        ),
        {"till_no": till_no, "day": day, "serial": serial},
    ).one_or_none()
    if row is None:
        return None
    values = [*row, _bills(connection, row[0]), _tenders(connection, row[0])]
    return ReceiptRow(*values)


def _bills(connection: Connection, journal_id: int) -> tuple[ReceiptBill, ...]:
    rows = connection.execute(
        text(
            "SELECT p.period, p.part, b.kwh,"
            " coalesce(-sum(p.amount_fen) FILTER (WHERE p.ledger_account = 'receivable'), 0),"
            " coalesce(-sum(p.amount_fen) FILTER (WHERE p.ledger_account = 'late_fee_income'), 0)"
            " FROM counter.posting p JOIN counter.bill b USING (account_no, period, part)"
            " WHERE p.journal_id = :journal_id GROUP BY p.period, p.part, b.kwh, b.due_date"
            " ORDER BY b.due_date, p.period, p.part"
        ),
        {"journal_id": journal_id},
    )
    return tuple(ReceiptBill(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in rows)


def _tenders(connection: Connection, journal_id: int) -> tuple[ReceiptTender, ...]:
    rows = connection.execute(
        text(
            "SELECT kind, amount_fen, received_fen, details FROM counter.tender"
            " WHERE journal_id = :journal_id ORDER BY line"
        ),
        {"journal_id": journal_id},
    )
    return tuple(ReceiptTender(*row) for row in rows)
