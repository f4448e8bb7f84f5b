"""What was sent and not answered: asked for by its id until each is known to be posted or not.

Invariant: at most one question is on its way, and the app asks by itself no faster than once in
``ASK_EVERY_S``. Being posted twice is impossible, because asking never posts.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from counter.ui import jobs
from counter.ui.messages import NotSettled, RequestKnown, ServerAnswered, Settled

if TYPE_CHECKING:
    from uuid import UUID

    from counter.services.ports import DeskSession, Pending
    from counter.ui.desk_life import DeskLife

ASK_EVERY_S = 5.0


class Settler:
    """The list of what is not known, and the asking."""

    def __init__(self, app: DeskLife) -> None:
        """Nothing is unknown yet."""
        self._app = app
        self._pending: dict[UUID, Pending] = {}
        self._asking = False

    @property
    def pending(self) -> tuple[Pending, ...]:
        """What is not known, the oldest first."""
        return tuple(self._pending.values())

    def holds(self, account_no: str) -> bool:
        """Whether a payment of this account is not known: then no other one may be taken."""
        return any(account_no in (each.account_no, *each.also) for each in self._pending.values())

    def add(self, *payments: Pending) -> None:
        """Keep asking for these."""
        for payment in payments:
            self._pending.setdefault(payment.request_id, payment)

    def answered(self, request_id: UUID) -> Pending | None:
        """An answer came: it is known now."""
        self._asking = False
        return self._pending.pop(request_id, None)

    def unanswered(self) -> None:
        """The question failed: the next one may be asked."""
        self._asking = False

    def forget(self) -> None:
        """Somebody else signs in; the list is on the desk's disk and comes back from there."""
        self._pending.clear()
        self._asking = False

    def ask(self, session: DeskSession) -> None:
        """Ask for the oldest, unless a question is on its way."""
        if self._asking or not self._pending:
            return
        self._asking = True
        asked = next(iter(self._pending.values()))
        request_id = asked.request_id
        unanswered = partial(NotSettled, request_id)
        if asked.is_payment:
            settle = partial(session.settle, request_id)
            jobs.start(self._app, settle, partial(Settled, request_id), unanswered)
        else:
            ask = partial(session.was_posted, request_id)
            jobs.start(self._app, ask, partial(RequestKnown, request_id), unanswered)

    def look(self, session: DeskSession) -> None:
        """Ask whether the server is there again, when nothing else has to be asked."""
        if self._asking:
            return
        self._asking = True
        jobs.start(self._app, session.business_date, ServerAnswered)
