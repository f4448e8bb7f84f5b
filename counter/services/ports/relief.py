"""Relief of late fees: waived in part or whole, or put off until a day; always approved by a supervisor.

Plain data and the protocol that the screens ask; see ``counter.services.ports``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RelieveLateFee:
    """Request: let ``waived_fen`` (1 or more) of a bill's late fee off, or put the fee off to a later day.

    Exactly one of ``waived_fen`` and ``deferred_until`` is given. ``account_version`` is that of the account
    as the desk saw it.
    """

    request_id: UUID
    account_no: str
    account_version: int
    bill_no: str
    waived_fen: int | None
    deferred_until: date | None
    reason: str
    approval_id: UUID | None = None

    @property
    def action(self) -> str:
        """What a supervisor is asked for."""
        return "late_fee_waiver" if self.deferred_until is None else "late_fee_deferral"


@dataclass(frozen=True, slots=True)
class LateFeeRelieved:
    """The answer: what was due before, what of it is let off, and what is left."""

    request_id: UUID
    original_fen: int
    waived_fen: int
    left_fen: int
    deferred_until: date | None
    replayed: bool


class Relief(Protocol):
    """Relief of late fees."""

    def subject_of(self, request: RelieveLateFee) -> dict[str, Any]:
        """The request as the subject of a question to a supervisor."""
        ...

    def relieve(self, request: RelieveLateFee) -> LateFeeRelieved:
        """Post once, however often it is called with the same request."""
        ...
