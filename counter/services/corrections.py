"""Reversals, refunds and balance transfers: what was wrong is corrected in the open.

They are posted by the same mechanism as payments, so a lost reply is settled in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.csv_file import write_csv
from counter.services.payments import Payments
from counter.services.ports import PaymentTaken
from counter.services.ports.corrections import (
    CAUSES,
    Barrier,
    Cause,
    Correction,
    PaymentToReverse,
    RefundBalance,
    ReversePayment,
    TransferBalance,
    VoidReceipt,
)
from counter.services.unit_of_work import transaction
from db.queries import corrections

_FUNCTIONS = {
    "reversal": "reverse_payment",
    "refund": "refund",
    "balance_transfer": "balance_transfer",
}
"""The database function of each action that a supervisor can be asked for."""
_BARRIER = 9
"""The place of the barrier in a row of ``corrections.payment``."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """The real part behind ``ports.corrections.Corrections``; exports go into ``folder``."""

    engine: Engine
    taking: Payments
    folder: Path

    def find(self, receipt_no: str) -> PaymentToReverse | None:
        """The receipt of this number in this hall; None when there is none, or this is no number."""
        try:
            with transaction(self.engine) as connection:
                row = corrections.payment(connection, receipt_no.strip())
        except ValueError:
            return None
        if row is None:
            return None
        values = [*row]
        values[_BARRIER] = Barrier(row[_BARRIER])
        return PaymentToReverse(*values)

    def subject_of(self, request: Correction) -> tuple[str, dict[str, Any]]:
        """The action that a supervisor is asked for, and the request as it is approved."""
        return as_request(request)

    def post(self, request: Correction) -> PaymentTaken:
        """Post once; raises Refusal (nothing saved), ServerUnreachable (not sent) or OutcomeUnknown."""
        action, body = as_request(request)
        return self.taking.post(_FUNCTIONS[action], body)

    def voids(self, first: date, last: date) -> tuple[VoidReceipt, ...]:
        """What was reversed in the hall from one business date to another, newest first."""
        with transaction(self.engine) as connection:
            return tuple(VoidReceipt(*row) for row in corrections.voids(connection, first, last))

    def export_voids(self, first: date, last: date) -> Path:
        """Write that list into a file of its own."""
        rows = self.voids(first, last)
        path = self.folder / f"voids-{first:%Y%m%d}-{last:%Y%m%d}-{datetime.now().astimezone():%H%M%S}.csv"
        write_csv(_void_headings(), map(_void_cells, rows), path)
        return path


def as_request(request: Correction) -> tuple[str, dict[str, Any]]:
    """Action and body as the database functions read them; what is empty is left out."""
    common: dict[str, Any] = {
        "request_id": str(request.request_id),
        "shift_id": request.shift_id,
        "reason": request.reason,
    }
    if request.approval_id:
        common["approval_id"] = str(request.approval_id)
    if isinstance(request, ReversePayment):
        return "reversal", common | _reversal(request)
    if isinstance(request, RefundBalance):
        return "refund", common | _refund(request)
    return "balance_transfer", common | _transfer(request)


def _reversal(request: ReversePayment) -> dict[str, Any]:
    payment = request.payment
    return {
        "journal_id": payment.journal_id,
        "receipt_no": payment.receipt_no,
        "account_no": payment.account_no,
        "amount_fen": payment.total_fen,
        "cause": request.cause.value,
    }


def _refund(request: RefundBalance) -> dict[str, Any]:
    body: dict[str, Any] = {
        "account_no": request.account_no,
        "account_version": request.account_version,
        "amount_fen": request.amount_fen,
        "method": "bank" if request.by_bank else "cash",
    }
    payee = {
        "payee_name": request.payee_name,
        "payee_account": request.payee_account,
        "payee_bank": request.payee_bank,
    }
    return body | {key: value for key, value in payee.items() if value}


def _transfer(request: TransferBalance) -> dict[str, Any]:
    return {
        "from_account": request.from_account,
        "to_account": request.to_account,
        "from_version": request.from_version,
        "to_version": request.to_version,
        "amount_fen": request.amount_fen,
    }


def _void_headings() -> tuple[str, ...]:
    """The first line of the file."""
    return (
        _("Reversed at"),
        _("Void"),
        _("Reversed by"),
        _("Account"),
        _("Name"),
        _("Amount"),
        _("Clerk"),
        _("Cause"),
        _("Reason"),
        _("Approved by"),
    )


def _void_cells(row: VoidReceipt) -> tuple[str, ...]:
    """One line of it."""
    return (
        f"{row.reversed_at:%Y-%m-%d %H:%M:%S}",
        row.receipt_no,
        row.reversed_by,
        row.account_no,
        row.account_name,
        format_yuan(row.total_fen).replace(",", ""),
        row.staff_name,
        _(CAUSES[Cause(row.cause)]) if row.cause else "",
        row.reason,
        row.approved_by,
    )
