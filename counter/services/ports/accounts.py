"""An account as a desk sees it: found, opened, with its bills and its last payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from counter.domain.tenders import TenderKind

if TYPE_CHECKING:
    from counter.services.ports.agreements import Agreement


class MatchRank(StrEnum):
    """How well a search hit fits, best first."""

    EXACT = "exact"
    PREFIX = "prefix"
    FRAGMENT = "fragment"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One line of the result list; ``matched`` names what fitted (account, meter, phone, name, …)."""

    account_no: str
    name: str
    address: str
    hall_name: str
    this_hall: bool
    arrears_fen: int
    prepaid_fen: int
    closed: bool
    rank: MatchRank
    matched: str


@dataclass(frozen=True, slots=True)
class SearchResults:
    """At most 50 hits, best first; ``more`` says that there are others."""

    query: str
    hits: tuple[SearchHit, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class BillView:
    """One open bill with its late fee to ``AccountView.business_date``.

    ``late_fee_waived_fen`` was let off and is no longer in ``late_fee_due_fen``; until
    ``late_fee_deferred_until`` the principal may be paid before the fee.
    """

    bill_no: str
    period: int
    due_date: date
    days_overdue: int
    kwh: int
    principal_fen: int
    principal_open_fen: int
    late_fee_due_fen: int
    late_fee_waived_fen: int = 0
    late_fee_deferred_until: date | None = None


@dataclass(frozen=True, slots=True)
class PaymentSummary:
    """One earlier payment, as the history of an account or of a shift lists it.

    ``reversed_by`` is the receipt that made it void; a reversal is negative.
    """

    receipt_no: str
    paid_at: datetime
    account_no: str
    account_name: str
    total_fen: int
    hall_name: str
    staff_name: str
    tenders: tuple[str, ...]
    printed: bool
    reversed_by: str = ""


@dataclass(frozen=True, slots=True)
class PaymentPolicy:
    """The rules of the day for an account: which tenders are taken, and which need a supervisor."""

    tenders: tuple[str, ...] = tuple(kind.value for kind in TenderKind)
    approval_tenders: tuple[str, ...] = ()
    corporate_cash_approval: bool = True
    slip_counts: bool = True


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account at a glance. ``version`` proves at posting that nothing changed in between.

    ``agreements`` are its open instalment agreements, the earliest month first.
    """

    account_no: str
    version: int
    business_date: date
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
    closed: bool
    prepaid_fen: int
    bills: tuple[BillView, ...]
    last_payments: tuple[PaymentSummary, ...]
    agreements: tuple[Agreement, ...] = ()
    policy: PaymentPolicy = PaymentPolicy()
    risk_customer: bool = False

    @property
    def arrears_fen(self) -> int:
        """Everything owed today: open principal and late fee."""
        return sum(bill.principal_open_fen + bill.late_fee_due_fen for bill in self.bills)
