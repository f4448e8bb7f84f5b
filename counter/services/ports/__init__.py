"""What the screens may ask for, as plain data and protocols.

The screens import this module and nothing heavier; ``bootstrap`` wires the real parts behind it.
Every method blocks and must run in a worker thread. Refusals and faults are ``counter.errors``.
Amounts are whole fen; dates are the hall's business dates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from counter.services.ports.accounts import (
    AccountView,
    BillView,
    MatchRank,
    PaymentPolicy,
    PaymentSummary,
    SearchHit,
    SearchResults,
)
from counter.services.ports.payments import AccountPayment, PaymentTaken, Pending, PrintOutcome, TakePayment
from counter.services.ports.staff import DemoStaff, Duty, OpenShift, Shift, StaffMember, Till

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from counter.services.ports.agreements import Agreements
    from counter.services.ports.approvals import Approvals
    from counter.services.ports.bank_import import BankImport
    from counter.services.ports.breaks import Breaks
    from counter.services.ports.cards import Cards
    from counter.services.ports.corrections import Corrections
    from counter.services.ports.day_close import DayClose
    from counter.services.ports.deposits import Deposits
    from counter.services.ports.drawer import Drawer
    from counter.services.ports.held_receipts import HeldReceipts
    from counter.services.ports.matching import Matching
    from counter.services.ports.paper import Papers
    from counter.services.ports.payers import Payers
    from counter.services.ports.relief import Relief
    from counter.services.ports.reports import Reports
    from counter.services.ports.tokens import Tokens
    from counter.services.ports.vends import Vends

__all__ = [
    "AccountPayment",
    "AccountView",
    "BillView",
    "DemoStaff",
    "DeskSession",
    "Duty",
    "Gateway",
    "MatchRank",
    "OpenShift",
    "PaymentPolicy",
    "PaymentSummary",
    "PaymentTaken",
    "Pending",
    "PrintOutcome",
    "SearchHit",
    "SearchResults",
    "Shift",
    "StaffMember",
    "TakePayment",
    "Till",
]


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
    def matching(self) -> Matching:
        """Lines of statements against what the books expect: what is open, and what belongs together."""
        ...

    @property
    def day_close(self) -> DayClose:
        """The closing of a day and of a month: the checklist, and what was signed."""
        ...

    @property
    def bank_import(self) -> BankImport:
        """Statements coming in: the accounts, what is in of each, and taking a file over."""
        ...

    @property
    def breaks(self) -> Breaks:
        """What is open on one side only: its kind, its state, how loud it is."""
        ...

    @property
    def held_receipts(self) -> HeldReceipts:
        """Receipts of the bank that nobody has claimed."""
        ...

    @property
    def reports(self) -> Reports:
        """Reports on screen, on paper and as files."""
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

    @property
    def vends(self) -> Vends:
        """Prepaid cards: read, sold, settled."""
        ...

    @property
    def tokens(self) -> Tokens:
        """Tokens for meters without a card: sold, asked for."""
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

    def was_posted(self, request_id: UUID) -> bool:
        """Ask again after anything but a payment; False when it was not posted and never will be."""
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
