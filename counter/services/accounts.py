"""An account at a glance: master data, open bills with the late fee to today, last payments."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from counter.domain.late_fee import BillState, LateFeePolicy, late_fee_due_fen
from counter.services.agreements import as_agreement
from counter.services.ports import AccountView, BillView, PaymentPolicy, PaymentSummary
from db.queries import accounts, agreements, people
from db.queries.accounts import AccountRow, PaymentRow

LAST_PAYMENTS_MAX = 20


def read_account(connection: Connection, account_no: str, day: date | None = None) -> AccountView | None:
    """The account as one snapshot of the database has it; None when there is none.

    Late fees are those of today, or of an earlier ``day`` on which money came that is paid with now.
    """
    row = accounts.account(connection, account_no)
    if row is None:
        return None
    today = people.business_date(connection)
    if day is not None:
        today = min(day, today)
    policies = accounts.late_fee_policies(connection)
    bills = accounts.open_bills(connection, account_no)
    agreed_rows = agreements.of_account(connection, account_no, only_open=True)
    last = accounts.payments(connection, account_no, LAST_PAYMENTS_MAX)
    return AccountView(
        account_no=row.account_no,
        version=row.version,
        business_date=today,
        name=row.name,
        address=row.address,
        hall_name=row.hall_name,
        phone=row.phone,
        meter_no=row.meter_no,
        customer_class=row.customer_class,
        payment_mode=row.payment_mode,
        tenant=row.tenant,
        hardship=row.hardship,
        disconnected=row.disconnected,
        corporate_bank=row.corporate_bank,
        closed=row.closed,
        risk_customer=row.risk_customer,
        prepaid_fen=row.prepaid_fen,
        bills=tuple(_bill(bill, row, policies, today) for bill in bills),
        last_payments=tuple(map(summary, last)),
        agreements=tuple(as_agreement(agreed, today) for agreed in reversed(agreed_rows)),
        policy=PaymentPolicy(*accounts.payment_policy(connection, row, today)),
    )


def _bill(bill: BillState, owner: AccountRow, policies: tuple[LateFeePolicy, ...], today: date) -> BillView:
    return BillView(
        bill_no=bill.bill_no,
        period=bill.period,
        due_date=bill.due_date,
        days_overdue=bill.days_overdue(today),
        kwh=bill.kwh,
        principal_fen=bill.principal_fen,
        principal_open_fen=bill.principal_open_fen,
        late_fee_due_fen=late_fee_due_fen(bill, owner.customer_class, policies, today),
        late_fee_waived_fen=bill.late_fee_waived_fen,
        late_fee_deferred_until=bill.late_fee_deferred_until,
    )


def summary(row: PaymentRow) -> PaymentSummary:
    """One payment as the lists show it."""
    return PaymentSummary(
        receipt_no=row.receipt_no,
        paid_at=row.recorded_at,
        account_no=row.account_no,
        account_name=row.account_name,
        total_fen=row.total_fen,
        hall_name=row.hall_name,
        staff_name=row.staff_name,
        tenders=row.tenders,
        printed=row.printed,
        reversed_by=row.reversed_by,
    )


def phone_request(request_id: UUID, account_no: str, phone: str) -> dict[str, str]:
    """The request that keeps a phone number."""
    return {"request_id": str(request_id), "account_no": account_no, "phone": phone}
