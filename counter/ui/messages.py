"""What happened, in the past tense: the messages that jobs post to the app and the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, dataclass_transform

from textual.message import Message

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

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
    from counter.services.ports.approvals import ApprovalView
    from counter.services.ports.paper import PaperOutcome
    from counter.services.ports.relief import LateFeeRelieved, RelieveLateFee


@dataclass_transform()
class Told(Message):
    """Base of these messages: annotated fields, taken by position, without the cost of a dataclass.

    The program pays for every class before its first paint, and a dataclass is slow to make.
    """

    def __init__(self, *values: object) -> None:
        """Take one value for each field."""
        super().__init__()
        for name, value in zip(vars(type(self)).get("__annotations__", ()), values, strict=True):
            setattr(self, name, value)


class Beginning:
    """Everything a desk needs to know when somebody has signed in."""

    def __init__(
        self,
        session: DeskSession,
        shift: Shift | None,
        business_date: date,
        pending: tuple[Pending, ...],
        unprinted: int,
    ) -> None:
        """``unprinted`` is the number of receipts that wait for paper."""
        self.session = session
        self.shift = shift
        self.business_date = business_date
        self.pending = pending
        self.unprinted = unprinted


class GatewayReady(Told):
    """The database part is loaded and knows its server."""

    gateway: Gateway


class SignedIn(Told):
    """The server accepted number and password."""

    beginning: Beginning


class ShiftOpened(Told):
    """A till was taken."""

    shift: Shift


class PaperMade(Told):
    """A test page, a report or a slip went out, or its outcome says why not."""

    outcome: PaperOutcome


class PaperRefused(Told):
    """A paper could not be made at all."""

    error: CounterError


class ShiftEnded(Told):
    """The shift of this desk was closed or handed over."""

    shift_id: int


class OwnShiftSeen(Told):
    """What shift the server says this desk has, after ``error`` told that one was closed."""

    error: CounterError
    shift: Shift | None


class Found(Told):
    """A search was answered; ``text`` is what had been typed when it was asked."""

    text: str
    results: SearchResults


class SearchFailed(Told):
    """A search was not answered."""

    text: str
    error: CounterError


class AccountRead(Told):
    """An account came, or there is none of this number. ``again`` after a change by another desk."""

    account_no: str
    account: AccountView | None
    again: bool


class AccountNotRead(Told):
    """The account could not be read."""

    account_no: str
    error: CounterError


class PaymentAnswered(Told):
    """The ledger answered: it is posted."""

    request: TakePayment
    taken: PaymentTaken


class PaymentNotAnswered(Told):
    """The payment was refused, or nobody knows."""

    request: TakePayment
    error: CounterError


class Settled(Told):
    """A payment without an answer has one now: posted, or certainly not (None)."""

    request_id: UUID
    taken: PaymentTaken | None


class RequestKnown(Told):
    """Something else than a payment without an answer has one now: posted, or certainly not."""

    request_id: UUID
    posted: bool


class PendingRead(Told):
    """What stands on the desk's disk without an outcome."""

    pending: tuple[Pending, ...]


class ShiftSeen(Told):
    """The open shift as the server has it, or None; after this request about a shift."""

    pending: Pending
    shift: Shift | None


class NotSettled(Told):
    """The question could not be asked; it will be again."""

    request_id: UUID
    error: CounterError


class ServerAnswered(Told):
    """A look whether the server is there again: it is, and has this date."""

    business_date: date


class Printed(Told):
    """A receipt went to printer or file, or ``outcome.error`` says why not."""

    outcome: PrintOutcome


class PrintRefused(Told):
    """A receipt could not be made."""

    receipt_no: str
    error: CounterError


class UnprintedCounted(Told):
    """So many receipts wait for paper."""

    count: int


class PaymentsListed(Told):
    """The payments of the day, or those not on paper."""

    payments: tuple[PaymentSummary, ...]


class PhoneKept(Told):
    """A phone number was saved."""

    account_no: str


class Unlocked(Told):
    """The password was right."""


class ApprovalAsked(Told):
    """A question stands in the supervisors' list."""


class ApprovalHeard(Told):
    """Something about some approval may have changed."""


class ApprovalFailed(Told):
    """Asking, signing or withdrawing did not work; nothing was decided by it."""

    error: CounterError


class ApprovalSeen(Message):
    """How a question stands; None when it never arrived."""

    def __init__(self, view: ApprovalView | None, *, signed_here: bool) -> None:
        """``signed_here`` when the supervisor has just decided at this desk."""
        super().__init__()
        self.view = view
        self.signed_here = signed_here


class ApprovalsListed(Told):
    """What waits for a supervisor, or what one has asked for."""

    views: tuple[ApprovalView, ...]


class ApprovalDecided(Told):
    """A question was decided from the list."""

    view: ApprovalView


class ApprovalsCounted(Told):
    """So many questions wait."""

    count: int


class LateFeeWasRelieved(Told):
    """A late fee was waived or put off."""

    request: RelieveLateFee
    relieved: LateFeeRelieved


class LateFeeNotRelieved(Told):
    """A relief was refused, or nobody knows."""

    request: RelieveLateFee
    error: CounterError
