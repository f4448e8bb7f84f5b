"""Relief of late fees: waived in part or whole, or put off until a day.

No money moves, so no shift is needed; the account's version and the bill's figures are the server's to guard.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from counter.services.ports.relief import LateFeeRelieved, RelieveLateFee
from counter.services.posting import Posting
from db.queries.accounts import bill_key


@dataclass(frozen=True, slots=True)
class Relief:
    """The real part behind ``ports.relief.Relief``."""

    posting: Posting

    def subject_of(self, request: RelieveLateFee) -> dict[str, Any]:
        """The request as the subject of a question to a supervisor."""
        return as_request(request)

    def relieve(self, request: RelieveLateFee) -> LateFeeRelieved:
        """Post once; raises Refusal (nothing saved), ServerUnreachable or OutcomeUnknown."""
        answer = self.posting.post("relieve_late_fee", as_request(request))
        until = answer["deferred_until"]
        return LateFeeRelieved(
            request_id=UUID(answer["request_id"]),
            original_fen=answer["original_fen"],
            waived_fen=answer["waived_fen"],
            left_fen=answer["left_fen"],
            deferred_until=date.fromisoformat(until) if until else None,
            replayed=answer["replayed"],
        )


def as_request(request: RelieveLateFee) -> dict[str, Any]:
    """The request as the database function reads it; what is empty is left out."""
    _account_no, period, part = bill_key(request.bill_no)
    body: dict[str, Any] = {
        "request_id": str(request.request_id),
        "account_no": request.account_no,
        "account_version": request.account_version,
        "period": period,
        "part": part,
        "kind": "waiver" if request.deferred_until is None else "deferral",
        "reason": request.reason,
    }
    if request.waived_fen is not None:
        body["waived_fen"] = request.waived_fen
    if request.deferred_until is not None:
        body["deferred_until"] = request.deferred_until.isoformat()
    if request.approval_id is not None:
        body["approval_id"] = str(request.approval_id)
    return body
