"""Four eyes: asking a supervisor, deciding, and hearing of a decision.

Plain data and the protocol that the screens ask; see ``counter.services.ports``. The subject of a question is
the request that is to be posted, with its reason; of it nothing but ids and versions may change afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from uuid import UUID

    from counter.services.ports import TakePayment


class ApprovalState(StrEnum):
    """How far a question is. Only ``APPROVED`` may be used, and only once."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    USED = "used"


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """A question to a supervisor, and what became of it; ``age_s`` is counted by the server.

    ``subject`` has of its accounts only the numbers; ``account_name`` belongs to the first of them;
    ``decided_by`` is a name, empty while it waits.
    """

    approval_id: UUID
    action: str
    subject: Mapping[str, Any]
    reason: str
    asked_by_no: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    age_s: int
    account_name: str
    state: ApprovalState
    decided_by: str
    note: str


class Approvals(Protocol):
    """Four eyes: asking a supervisor, deciding, and hearing of a decision."""

    def subject_of(self, request: TakePayment) -> dict[str, Any]:
        """A payment as the subject of a question; a reason that is missing is added by whoever asks."""
        ...

    def ask(self, approval_id: UUID, action: str, subject: Mapping[str, Any], reason: str) -> None:
        """Put the question; the same id with the same content asks once."""
        ...

    def sign_here(
        self, approval_id: UUID, supervisor_no: str, password: str, *, approved: bool, note: str
    ) -> ApprovalView:
        """Decide at this desk as the supervisor, on a connection of their own; raises SignInRefused."""
        ...

    def decide(self, approval_id: UUID, *, approved: bool, note: str) -> ApprovalView:
        """Decide as oneself; raises NotAllowed when somebody else was first."""
        ...

    def withdraw(self, approval_id: UUID) -> ApprovalView:
        """Take one's own question back."""
        ...

    def waiting(self) -> tuple[ApprovalView, ...]:
        """What waits in the caller's hall, the oldest first."""
        ...

    def mine(self) -> tuple[ApprovalView, ...]:
        """What the caller asked for within a day, the newest first."""
        ...

    def state(self, approval_id: UUID) -> ApprovalView | None:
        """One question as it stands now; None when it never arrived."""
        ...

    def listen(self, heard: Callable[[], object]) -> Callable[[], None]:
        """Call ``heard`` (in another thread) whenever something may have changed; the answer ends that."""
        ...
