"""One account with everything that a desk shows of it, in one snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from counter.domain.late_fee import BillState, LateFeePolicy


@dataclass(frozen=True, slots=True)
class AccountRow:
    """Master data and balance; ``version`` rises with every posting."""

    account_no: str
    version: int
    prepaid_fen: int
    name: str
    address: str
    hall_name: str
    phone: str
    meter_no: str
    customer_class: str
    payment_mode: str
    tenant: bool
    hardship: bool
    disconnected: bool
    corporate_bank: bool
    risk_customer: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment of an account's or a shift's history."""

    receipt_no: str
    recorded_at: datetime
    account_no: str
    account_name: str
    total_fen: int
    hall_name: str
    staff_name: str
    tenders: tuple[str, ...]
    printed: bool
    reversed_by: str


def account(connection: Connection, account_no: str) -> AccountRow | None:
    """The account, or None."""
    row = connection.execute(
        text(
            "SELECT a.account_no, b.version, b.prepaid_fen, a.name, a.address, h.name,"
            " coalesce(a.phone, ''), coalesce(a.meter_no, ''), a.customer_class, a.payment_mode,"
            " a.tenant, a.hardship, a.disconnected, a.corporate_bank, a.risk_customer,"
            " a.status = 'closed'"
            " FROM counter.account a JOIN counter.account_balance b USING (account_no)"
            " JOIN counter.hall h USING (hall_no) WHERE a.account_no = :account_no"
        ),
        {"account_no": account_no},
    ).one_or_none()
    return AccountRow(*row) if row else None


def open_bills(connection: Connection, account_no: str) -> tuple[BillState, ...]:
    """The bills that still owe principal, or a late fee that was put off, oldest first."""
    rows = connection.execute(
        text(
            "SELECT account_no, period, part, kwh, principal_fen, principal_paid_fen, late_fee_paid_fen,"
            " late_fee_accrued_fen, late_fee_through, due_date, late_fee_waived_fen, late_fee_deferred_until"
            " FROM counter.bill WHERE account_no = :account_no AND (principal_paid_fen < principal_fen"
            " OR late_fee_deferred_until IS NOT NULL AND late_fee_paid_fen + late_fee_waived_fen < late_fee_accrued_fen)"
            " ORDER BY due_date, period, part"
        ),
        {"account_no": account_no},
    )
    return tuple(BillState(bill_no(row[0], row[1], row[2]), row[0], row[1], *row[3:]) for row in rows)


def bill_no(account_no: str, period: int, part: int) -> str:
    """A bill's number as everybody says it: account, period, part."""
    return f"{account_no}-{period}-{part}"


def bill_key(number: str) -> tuple[str, int, int]:
    """Account, period and part of a bill's number; raises ValueError for anything else."""
    account_no, period, part = number.split("-")
    return account_no, int(period), int(part)


def late_fee_policies(connection: Connection) -> tuple[LateFeePolicy, ...]:
    """Every policy there is; a handful."""
    rows = connection.execute(
        text(
            "SELECT customer_class, valid_from, rate_same_year_ppm, rate_earlier_year_ppm, minimum_fen"
            " FROM counter.late_fee_policy"
        )
    )
    return tuple(LateFeePolicy(*row) for row in rows)


def payment_policy(
    connection: Connection, owner: AccountRow, on_date: date
) -> tuple[tuple[str, ...], tuple[str, ...], bool, bool]:
    """Tenders that are taken, those that need a supervisor, cash of firms, slips; nothing without a rule."""
    row = connection.execute(
        text(
            "SELECT ARRAY(SELECT k.kind FROM counter.tender_kind k WHERE k.active AND k.kind = ANY (r.tenders)"
            " ORDER BY k.position), r.approval_tenders, r.corporate_cash_approval, r.slip_counts"
            " FROM counter.payment_policy r WHERE r.customer_class = :class AND r.payment_mode = :mode"
            " AND r.valid_from <= :day ORDER BY r.valid_from DESC LIMIT 1"
        ),
        {"class": owner.customer_class, "mode": owner.payment_mode, "day": on_date},
    ).one_or_none()
    return (tuple(row[0]), tuple(row[1]), row[2], row[3]) if row else ((), (), True, False)


def payments(connection: Connection, account_no: str, most: int) -> tuple[PaymentRow, ...]:
    """The last payments of an account, wherever they were taken."""
    rows = connection.execute(
        text("SELECT * FROM counter.account_payments(:account_no, :most)"),
        {"account_no": account_no, "most": most},
    )
    return payment_rows(rows)


def payment_rows(rows: Iterable[Row[Any]]) -> tuple[PaymentRow, ...]:
    """Rows of the history with their tenders as a tuple."""
    history = ([*row] for row in rows)
    return tuple(PaymentRow(*[*row[:7], tuple(row[7]), *row[8:]]) for row in history)
