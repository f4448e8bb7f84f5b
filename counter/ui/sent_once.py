"""What every form that takes money keeps of what it sent.

Invariant: the same content is always sent under the same request id, other content never is; and while
the outcome of a request is not known, nothing else can be sent from this form.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto
from typing import Generic, TypeVar
from uuid import UUID

from counter.services.ports import TakePayment
from counter.services.ports.cards import SellCards
from counter.services.ports.day_close import CloseDay
from counter.services.ports.tokens import SellToken
from counter.services.ports.vends import SellVend
from counter.ui.request_id import new_request_id

Request = TypeVar("Request", TakePayment, SellCards, SellVend, SellToken, CloseDay)


class Stage(Enum):
    """Where a form is. Only ``EDITING`` takes keys that lead to a posting."""

    EDITING = auto()
    POSTING = auto()
    UNKNOWN = auto()


class SentOnce(Generic[Request]):
    """The stage of a form, its request id and its last request."""

    def __init__(self) -> None:
        """A form opens: its request id is made now."""
        self.stage = Stage.EDITING
        self.request_id: UUID = new_request_id()
        self.sent: Request | None = None

    @property
    def may_send(self) -> bool:
        """Whether nothing is on its way or without an answer."""
        return self.stage is Stage.EDITING

    def going_out(self, request: Request) -> Request:
        """``request`` is on its way: under a new id when this form has already sent something else."""
        assert self.may_send, "one request at a time"
        if self.sent is not None and self.sent != request:
            self.request_id = new_request_id()
            request = replace(request, request_id=self.request_id)
        self.stage = Stage.POSTING
        self.sent = request
        return request

    def outcome_unknown(self) -> None:
        """No answer came: hold everything until it is known."""
        self.stage = Stage.UNKNOWN

    def not_posted(self) -> None:
        """It is certain that nothing was saved: the form can be sent again."""
        self.stage = Stage.EDITING

    def given_up(self) -> None:
        """The server gave the id up for good: nothing was saved, and another try needs a new one."""
        self.request_id = new_request_id()
        self.sent = None
        self.stage = Stage.EDITING

    def awaits(self, request_id: UUID) -> bool:
        """Whether this form sent that request and has no answer to it."""
        sent = self.sent
        return self.stage is Stage.UNKNOWN and sent is not None and sent.request_id == request_id


class PaymentSentOnce(SentOnce[TakePayment]):
    """The same for a payment, which a supervisor may have to allow."""

    def send_approved(self, reason: str, approval_id: UUID) -> TakePayment | None:
        """The last request once more, with what a supervisor allowed; None when nothing can be sent now."""
        if not self.may_send or self.sent is None:
            return None
        return self.going_out(replace(self.sent, reason=reason, approval_id=approval_id))
