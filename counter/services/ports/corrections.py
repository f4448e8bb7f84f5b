"""Reversals, refunds and balance transfers: what was wrong is corrected in the open.

Plain data and the protocol that the screens ask; see ``counter.services.ports``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from counter.i18n import N_

if TYPE_CHECKING:
    from counter.services.ports import PaymentTaken


class Cause(StrEnum):
    """Why a payment is taken back; ``CHEQUE_RETURNED`` is 退票."""

    MISTAKE = "mistake"
    CUSTOMER = "customer"
    CHEQUE_RETURNED = "cheque_returned"
    OTHER = "other"


CAUSES = {
    Cause.MISTAKE: N_("taken wrongly"),
    Cause.CUSTOMER: N_("customer's wish"),
    Cause.CHEQUE_RETURNED: N_("cheque returned"),
    Cause.OTHER: N_("other"),
}
"""What each is called at the desk and in files; to be translated."""


class Barrier(StrEnum):
    """Why a reversal needs a supervisor, or why it is not possible at all."""

    NONE = ""
    DEPOSITED = "deposited"
    EARLIER_DAY = "earlier_day"
    OTHER_CLERK = "other_clerk"
    REVERSED = "reversed"
    CARD_USED = "card_used"
    VEND = "vend"
    TOKEN = "token"  # noqa: S105  (a barrier)
    TOKEN_REFUSED = "token_refused"  # noqa: S105  (a barrier)
    TOKEN_OPEN = "token_open"  # noqa: S105  (a barrier)
    NO_PAYMENT = "no_payment"

    @property
    def needs_supervisor(self) -> bool:
        """Whether a supervisor's approval leads past it."""
        return self in _FOR_SUPERVISORS

    @property
    def final(self) -> bool:
        """Whether nothing leads past it."""
        return self in _FINAL


_FOR_SUPERVISORS = (
    Barrier.DEPOSITED,
    Barrier.EARLIER_DAY,
    Barrier.OTHER_CLERK,
    Barrier.TOKEN_REFUSED,
)
_FINAL = (
    Barrier.REVERSED,
    Barrier.CARD_USED,
    Barrier.VEND,
    Barrier.TOKEN,
    Barrier.TOKEN_OPEN,
    Barrier.NO_PAYMENT,
)


@dataclass(frozen=True, slots=True)
class PaymentToReverse:
    """A receipt of this hall, and whether and how it can be taken back. ``cash_fen`` has to be handed out."""

    journal_id: int
    receipt_no: str
    paid_at: datetime
    account_no: str
    account_name: str
    total_fen: int
    cash_fen: int
    staff_name: str
    tenders: tuple[str, ...]
    barrier: Barrier
    reversed_by: str


@dataclass(frozen=True, slots=True)
class VoidReceipt:
    """A reversed payment of the hall with the reversal that made it void."""

    receipt_no: str
    reversed_by: str
    reversed_at: datetime
    account_no: str
    account_name: str
    total_fen: int
    staff_name: str
    cause: str
    reason: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class ReversePayment:
    """Request: take a payment back, in the caller's own open shift."""

    request_id: UUID
    shift_id: int
    payment: PaymentToReverse
    cause: Cause
    reason: str
    approval_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RefundBalance:
    """Request: pay out of a prepaid balance. Without ``payee_name``, account and bank it is cash."""

    request_id: UUID
    shift_id: int
    account_no: str
    account_version: int
    amount_fen: int
    by_bank: bool
    reason: str
    payee_name: str = ""
    payee_account: str = ""
    payee_bank: str = ""
    approval_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TransferBalance:
    """Request: move prepaid balance from one account to another."""

    request_id: UUID
    shift_id: int
    from_account: str
    to_account: str
    from_version: int
    to_version: int
    amount_fen: int
    reason: str
    approval_id: UUID | None = None


Correction = ReversePayment | RefundBalance | TransferBalance


class Corrections(Protocol):
    """Reversals, refunds and balance transfers: what was wrong is corrected in the open."""

    def find(self, receipt_no: str) -> PaymentToReverse | None:
        """The receipt of this number in this hall; None when there is none."""
        ...

    def subject_of(self, request: Correction) -> tuple[str, dict[str, Any]]:
        """The action that a supervisor is asked for, and the request as it is approved."""
        ...

    def post(self, request: Correction) -> PaymentTaken:
        """Post once; ``change_fen`` of the answer is the cash to hand out. Raises as a payment does."""
        ...

    def voids(self, first: date, last: date) -> tuple[VoidReceipt, ...]:
        """What was reversed in the hall from one business date to another, newest first."""
        ...

    def export_voids(self, first: date, last: date) -> Path:
        """Write that list into a file of its own; raises Fault when it cannot be written."""
        ...
