"""Four eyes: asking a supervisor, deciding, and hearing of a decision.

A supervisor who signs at a clerk's desk has a connection of their own for that moment, so that the decision
is theirs by the server's own judgement. Their password is handed to the server and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from counter.errors import SignInRefused
from counter.i18n import _
from counter.services.listening import Listener
from counter.services.once import post_once
from counter.services.payments import as_request
from counter.services.ports import TakePayment
from counter.services.ports.approvals import ApprovalState, ApprovalView
from counter.services.signing import Door
from counter.services.unit_of_work import transaction
from db.queries import approvals

_CHANNEL = "counter_approval"


@dataclass(frozen=True, slots=True)
class Approvals:
    """The real part behind ``ports.approvals.Approvals``."""

    engine: Engine
    door: Door
    listener: Listener = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Nobody listens yet."""
        object.__setattr__(self, "listener", Listener(self.engine, _CHANNEL))

    def subject_of(self, request: TakePayment) -> dict[str, Any]:
        """A payment as the subject of a question."""
        body = as_request(request)
        body.pop("approval_id", None)
        return body

    def ask(self, approval_id: UUID, action: str, subject: Mapping[str, Any], reason: str) -> None:
        """Put the question; the same id with the same content asks once."""
        body = {
            "approval_id": str(approval_id),
            "action": action,
            "subject": dict(subject),
            "reason": reason,
        }
        post_once(self.engine, "request_approval", body)

    def sign_here(
        self, approval_id: UUID, supervisor_no: str, password: str, *, approved: bool, note: str
    ) -> ApprovalView:
        """Decide at this desk as the supervisor; after an error nothing is decided."""
        try:
            with self.door.signed_in_as(supervisor_no, password) as signing:
                return self._decide(signing, approval_id, approved=approved, note=note)
        except SignInRefused as error:
            raise SignInRefused(error.title, _("Nothing was decided."), error.hint) from error

    def decide(self, approval_id: UUID, *, approved: bool, note: str) -> ApprovalView:
        """Decide as oneself; raises NotAllowed when somebody else was first."""
        return self._decide(self.engine, approval_id, approved=approved, note=note)

    def withdraw(self, approval_id: UUID) -> ApprovalView:
        """Take one's own question back."""
        return self._decide(self.engine, approval_id, approved=False, note="")

    def _decide(self, engine: Engine, approval_id: UUID, *, approved: bool, note: str) -> ApprovalView:
        """Decide on ``engine``, and read the outcome on the desk's own."""
        body = {"approval_id": str(approval_id), "approved": approved, "note": note.replace("\0", " ")}
        post_once(engine, "decide_approval", body)
        view = self.state(approval_id)
        assert view is not None, "what was decided is there"
        return view

    def waiting(self) -> tuple[ApprovalView, ...]:
        """What waits in the caller's hall, the oldest first."""
        with transaction(self.engine) as connection:
            return tuple(map(as_view, approvals.waiting(connection)))

    def mine(self) -> tuple[ApprovalView, ...]:
        """What the caller asked for within a day, the newest first."""
        with transaction(self.engine) as connection:
            return tuple(map(as_view, approvals.mine(connection)))

    def state(self, approval_id: UUID) -> ApprovalView | None:
        """One question as it stands now."""
        with transaction(self.engine) as connection:
            row = approvals.one(connection, approval_id)
        return as_view(row) if row else None

    def listen(self, heard: Callable[[], object]) -> Callable[[], None]:
        """Call ``heard`` whenever something may have changed; the answer ends that."""
        return self.listener.add(heard)

    def close(self) -> None:
        """Stop listening; safe to call twice."""
        self.listener.close()


def as_view(row: approvals.ApprovalRow) -> ApprovalView:
    """A row as the screens read it."""
    return ApprovalView(
        approval_id=row.approval_id,
        action=row.action,
        subject=row.subject if isinstance(row.subject, dict) else {},
        reason=row.reason,
        asked_by_no=row.asked_by_no,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        age_s=row.age_s,
        account_name=row.account_name,
        state=state_of(row),
        decided_by=row.decided_by,
        note=row.note,
    )


def state_of(row: approvals.ApprovalRow) -> ApprovalState:
    """How far it is; an approval that was not used in time is worth nothing any more."""
    if row.used:
        return ApprovalState.USED
    if row.approved is False:
        own = row.decided_by_no == row.asked_by_no
        return ApprovalState.WITHDRAWN if own else ApprovalState.REFUSED
    if row.expired:
        return ApprovalState.EXPIRED
    return ApprovalState.APPROVED if row.approved else ApprovalState.WAITING
