"""What happened, in the past tense: the messages that jobs post to the app and the screens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from textual.message import Message

from counter.errors import CounterError
from counter.services.ports import (
    AccountView,
    DeskSession,
    Gateway,
    PaymentSummary,
    PaymentTaken,
    Pending,
    PrintOutcome,
    SearchResults,
    Shift,
    TakePayment,
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Everything a desk needs to know when somebody has signed in."""

    session: DeskSession
    shift: Shift | None
    business_date: date
    pending: tuple[Pending, ...]
    unprinted: int


@dataclass
class GatewayReady(Message):
    """The database part is loaded and knows its server."""

    gateway: Gateway


@dataclass
class SignedIn(Message):
    """The server accepted number and password."""

    beginning: Beginning


@dataclass
class ShiftOpened(Message):
    """A till was taken."""

    shift: Shift


@dataclass
class Found(Message):
    """A search was answered; ``text`` is what had been typed when it was asked."""

    text: str
    results: SearchResults


@dataclass
class SearchFailed(Message):
    """A search was not answered."""

    text: str
    error: CounterError


@dataclass
class AccountRead(Message):
    """An account came, or there is none of this number. ``again`` after a change by another desk."""

    account_no: str
    account: AccountView | None
    again: bool


@dataclass
class AccountNotRead(Message):
    """The account could not be read."""

    account_no: str
    error: CounterError


@dataclass
class PaymentAnswered(Message):
    """The ledger answered: it is posted."""

    request: TakePayment
    taken: PaymentTaken


@dataclass
class PaymentNotAnswered(Message):
    """The payment was refused, or nobody knows."""

    request: TakePayment
    error: CounterError


@dataclass
class Settled(Message):
    """A payment without an answer has one now: posted, or certainly not (None)."""

    request_id: UUID
    taken: PaymentTaken | None


@dataclass
class NotSettled(Message):
    """The question could not be asked; it will be again."""

    request_id: UUID
    error: CounterError


@dataclass
class ServerAnswered(Message):
    """A look whether the server is there again: it is, and has this date."""

    business_date: date


@dataclass
class Printed(Message):
    """A receipt went to printer or file, or ``outcome.error`` says why not."""

    outcome: PrintOutcome


@dataclass
class PrintRefused(Message):
    """A receipt could not be made."""

    receipt_no: str
    error: CounterError


@dataclass
class UnprintedCounted(Message):
    """So many receipts wait for paper."""

    count: int


@dataclass
class PaymentsListed(Message):
    """The payments of the day, or those not on paper."""

    payments: tuple[PaymentSummary, ...]


@dataclass
class PhoneKept(Message):
    """A phone number was saved."""

    account_no: str


@dataclass
class Unlocked(Message):
    """The password was right."""
