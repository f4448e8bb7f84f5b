"""Posting anything once, whatever happens to the network, the server or this program.

The request is on the desk's disk before it is sent. A lost reply is asked for again with the same id on a
new connection; what cannot be found out is said to be unknown and stays on the disk until it is settled.
Everything at a desk that writes goes this way, but for questions to a supervisor (which stand in a list that
both look at) and for what printers did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from counter.errors import OutcomeUnknown
from counter.services.once import RETRY_PAUSES_S, post_once
from counter.services.pending import PendingStore
from counter.services.ports import Pending
from counter.services.unit_of_work import transaction
from db.queries import payments


@dataclass(frozen=True, slots=True)
class Posting:
    """What one sign-in posts, and what it does not know the outcome of."""

    engine: Engine
    store: PendingStore
    pauses_s: Sequence[float] = RETRY_PAUSES_S
    under_way: set[UUID] = field(default_factory=set, repr=False, compare=False)

    def post(self, function: str, body: Mapping[str, Any]) -> Any:
        """The function's answer; raises Refusal (nothing saved), ServerUnreachable or OutcomeUnknown."""
        return self.post_by(function, body, lambda: post_once(self.engine, function, body, self.pauses_s))

    def post_by(self, function: str, body: Mapping[str, Any], send: Callable[[], Any]) -> Any:
        """The same for what is sent by ``send``; ``body`` is what the disk keeps of it."""
        request_id = UUID(str(body["request_id"]))
        self.under_way.add(request_id)
        try:
            self.store.remember(function, body)
            answer = self._send(body, send)
        finally:
            self.under_way.discard(request_id)
        return answer

    def _send(self, body: Mapping[str, Any], send: Callable[[], Any]) -> Any:
        """Send what is on the disk; it stays there when nobody knows what became of it."""
        try:
            answer = send()
        except OutcomeUnknown:
            raise
        except BaseException:
            self.store.forget(body["request_id"])
            raise
        self.store.forget(body["request_id"])
        return answer

    def unknown(self) -> tuple[Pending, ...]:
        """What was sent and not answered; what is on its way just now is not among it."""
        return tuple(each for each in self.store.listed() if each.request_id not in self.under_way)

    def signed_by(self, staff_no: str, engine: Engine) -> Posting:
        """The same for somebody who signs at this desk: what is not known waits for them."""
        return replace(self, engine=engine, store=replace(self.store, staff_no=staff_no))

    def settle(self, request_id: UUID) -> Any:
        """A payment's answer; None when it was certainly not posted, or is not on this disk. Raises Fault."""
        body = self._known(request_id)
        if body is None:
            return None
        with transaction(self.engine) as connection:
            answer = payments.settle(connection, request_id, body["shift_id"])
        self.store.forget(request_id)
        return answer

    def was_posted(self, request_id: UUID) -> bool:
        """Whether anything but a payment was posted; when not, it never will be. Raises Fault."""
        if self._known(request_id) is None:
            return False
        with transaction(self.engine) as connection:
            posted = payments.was_posted(connection, request_id)
        self.store.forget(request_id)
        return posted

    def _known(self, request_id: UUID) -> Mapping[str, Any] | None:
        """The request on the disk."""
        known = {UUID(body["request_id"]): body for body in self.store.bodies()}
        return known.get(request_id)
