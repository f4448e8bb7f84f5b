"""What the screens may ask for, as plain data and protocols.

The screens import this module and nothing heavier; ``bootstrap`` wires the real parts behind it.
Every method blocks and must run in a worker thread. Refusals and faults are ``counter.errors``.
Amounts are whole fen; dates are the hall's business dates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from counter.domain.allocation import AllocationLine
from counter.domain.tenders import Tender, TenderKind, cash

if TYPE_CHECKING:
    from counter.services.ports.agreements import Agreement, Agreements
    from counter.services.ports.approvals import Approvals
    from counter.services.ports.cards import Cards
    from counter.services.ports.corrections import Corrections
    from counter.services.ports.deposits import Deposits
    from counter.services.ports.drawer import Drawer
    from counter.services.ports.paper import Papers
    from counter.services.ports.payers import Payers
    from counter.services.ports.relief import Relief


class Duty(StrEnum):
    """What a member of staff is there for; each is a group role of the database."""

    CLERK = "clerk"
    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SERVICE = "service"


class MatchRank(StrEnum):
    """How well a search hit fits, best first."""

    EXACT = "exact"
    PREFIX = "prefix"
    FRAGMENT = "fragment"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Who signed in; ``hall_no`` is the hall this person works in."""

    staff_no: str
    name: str
    duty: Duty
    hall_no: int
    hall_name: str


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """A demonstration sign-in shown on the first screen; never present in a real bureau."""

    staff_no: str
    name: str
    duty: Duty
    hall_name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Till:
    """A drawer for cash; free when ``held_by`` is empty."""

    till_no: int
    name: str
    held_by: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A clerk's turn at a till. ``business_date`` is the day it was opened."""

    shift_id: int
    till_no: int
    till_name: str
    business_date: date
    opened_at: datetime
    float_fen: int


@dataclass(frozen=True, slots=True)
class OpenShift:
    """Request: take a till with ``float_fen`` of change in it (0 or more)."""

    request_id: UUID
    till_no: int
    float_fen: int


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

    @property
    def arrears_fen(self) -> int:
        """Everything owed today: open principal and late fee."""
        return sum(bill.principal_open_fen + bill.late_fee_due_fen for bill in self.bills)


@dataclass(frozen=True, slots=True)
class AccountPayment:
    """What of a payment is for one account: ``lines`` settle bills, ``prepaid_fen`` is kept as balance.

    ``version`` is that of the account as the desk saw it. ``agreement_id`` names the instalment agreement
    under which an advance is paid.
    """

    account_no: str
    version: int
    lines: tuple[AllocationLine, ...]
    prepaid_fen: int
    agreement_id: UUID | None = None

    @property
    def total_fen(self) -> int:
        """Everything for this account."""
        return sum(line.total_fen for line in self.lines) + self.prepaid_fen


@dataclass(frozen=True, slots=True)
class TakePayment:
    """Request: one payment, by one tender or several, for one account or many.

    ``tenders`` and ``accounts`` come to the same sum. ``payer_name`` is printed when there are many accounts;
    ``reason`` and ``approval_id`` go with a payment that a supervisor had to allow.
    """

    request_id: UUID
    shift_id: int
    tenders: tuple[Tender, ...]
    accounts: tuple[AccountPayment, ...]
    payer_name: str = ""
    reason: str = ""
    approval_id: UUID | None = None

    @classmethod
    def in_cash(
        cls,
        request_id: UUID,
        account_no: str,
        version: int,
        shift_id: int,
        total_fen: int,
        received_fen: int,
        lines: tuple[AllocationLine, ...],
        prepaid_fen: int,
    ) -> TakePayment:
        """The usual one: cash for one account."""
        account = AccountPayment(account_no, version, lines, prepaid_fen)
        return cls(request_id, shift_id, (cash(total_fen, received_fen),), (account,))

    @property
    def total_fen(self) -> int:
        """What is taken."""
        return sum(tender.amount_fen for tender in self.tenders)

    @property
    def account_no(self) -> str:
        """The account, or the first of many."""
        return self.accounts[0].account_no


@dataclass(frozen=True, slots=True)
class PaymentTaken:
    """The answer of the ledger. ``replayed`` means that it had been posted before, and only once.

    ``reconnections`` counts the disconnected accounts whose last arrears it paid.
    """

    request_id: UUID
    journal_id: int
    receipt_no: str
    total_fen: int
    change_fen: int
    prepaid_after_fen: int
    arrears_after_fen: int
    replayed: bool
    reconnections: int = 0


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """Where the receipt went. ``error`` is empty when it worked; the payment stands either way."""

    receipt_no: str
    reprint: bool
    pdf_path: Path | None
    queue: str
    error: str = ""
    fallback_font: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """A payment that this desk sent and has no answer to; asked for by its id until it is known.

    ``also`` are the further accounts of a payment for many.
    """

    request_id: UUID
    account_no: str
    total_fen: int
    sent_at: datetime
    also: tuple[str, ...] = ()


class DeskSession(Protocol):
    """Everything a signed-in member of staff can do. One per sign-in; thread-safe.

    What does not belong to the usual payment stands in areas of its own, in the modules beside this one.
    """

    @property
    def staff(self) -> StaffMember:
        """Who is signed in."""
        ...

    @property
    def approvals(self) -> Approvals:
        """Four eyes: asking a supervisor, deciding, and hearing of a decision."""
        ...

    @property
    def papers(self) -> Papers:
        """Paper that is no receipt: test pages."""
        ...

    @property
    def relief(self) -> Relief:
        """Relief of late fees: waived, or put off until a day."""
        ...

    @property
    def corrections(self) -> Corrections:
        """Reversals, refunds and balance transfers: what was wrong is corrected in the open."""
        ...

    @property
    def drawer(self) -> Drawer:
        """A shift between its opening and its close: cash in and out, counts, handover, reports."""
        ...

    @property
    def deposits(self) -> Deposits:
        """The way of the takings to the bank: what waits in the safe, and the slips."""
        ...

    @property
    def payers(self) -> Payers:
        """One payer, many accounts: groups, lists of payers, and one payment for all."""
        ...

    @property
    def agreements(self) -> Agreements:
        """What is agreed with a customer: instalments, relief of late fees, reconnections."""
        ...

    @property
    def cards(self) -> Cards:
        """Recharge cards and the care fund: sold, shown, redeemed."""
        ...

    def business_date(self) -> date:
        """The hall's date as the server has it."""
        ...

    def current_shift(self) -> Shift | None:
        """The caller's open shift, if any."""
        ...

    def tills(self) -> tuple[Till, ...]:
        """The tills of the caller's hall."""
        ...

    def open_shift(self, request: OpenShift) -> Shift:
        """Take a till; the same request id answers the same shift."""
        ...

    def search(self, query: str) -> SearchResults:
        """Find accounts by whatever was typed."""
        ...

    def account(self, account_no: str) -> AccountView | None:
        """One account with its open bills and late fees to today; None when there is none."""
        ...

    def set_phone(self, request_id: UUID, account_no: str, phone: str) -> None:
        """Keep a phone number that was asked for at the counter."""
        ...

    def take_payment(self, request: TakePayment) -> PaymentTaken:
        """Post once, however often it is called with the same request."""
        ...

    def pending(self) -> tuple[Pending, ...]:
        """Payments this desk sent whose outcome is not known."""
        ...

    def settle(self, request_id: UUID) -> PaymentTaken | None:
        """Ask again: the answer when it was posted, None when it certainly was not."""
        ...

    def payments_today(self) -> tuple[PaymentSummary, ...]:
        """The caller's own payments of the business date, newest first."""
        ...

    def unprinted(self) -> tuple[PaymentSummary, ...]:
        """The caller's receipts that no printer and no file has taken yet."""
        ...

    def print_receipt(self, receipt_no: str) -> PrintOutcome:
        """Make the receipt (the first time as original, afterwards marked 补打) and print it."""
        ...

    def check_password(self, password: str) -> None:
        """Unlock after idling: a new connection with this password; raises SignInRefused."""
        ...

    def close(self) -> None:
        """Give the connections back; safe to call twice."""
        ...


class Gateway(Protocol):
    """The way in: it knows the server and makes sessions."""

    def demo_staff(self) -> tuple[DemoStaff, ...]:
        """Sign-ins to show on the first screen; empty outside the demonstration."""
        ...

    def sign_in(self, staff_no: str, password: str) -> DeskSession:
        """Connect as this member of staff; raises SignInRefused, ServerUnreachable or StaleServer."""
        ...
