"""Payments and what corrects them, as requests and answers; they are posted by ``Posting``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from counter.domain.tenders import Tender
from counter.services.ports import AccountPayment, PaymentTaken, TakePayment
from counter.services.posting import Posting
from db.queries.accounts import bill_key


@dataclass(frozen=True, slots=True)
class Payments:
    """The payments of one sign-in."""

    posting: Posting

    def take(self, request: TakePayment) -> PaymentTaken:
        """Post it once; raises Refusal (nothing saved), ServerUnreachable (not sent) or OutcomeUnknown."""
        return self.post("post_payment", as_request(request))

    def post(self, function: str, body: Mapping[str, Any]) -> PaymentTaken:
        """Post any request that moves a payer's money; raises as ``take`` does."""
        return as_taken(self.posting.post(function, body))

    def settle(self, request_id: UUID) -> PaymentTaken | None:
        """The answer of a request on the disk; None when it was certainly not posted. Raises Fault."""
        answer = self.posting.settle(request_id)
        return as_taken(answer) if answer else None


def as_request(request: TakePayment) -> dict[str, Any]:
    """The request as the database function reads it; what is empty is left out."""
    body: dict[str, Any] = {
        "request_id": str(request.request_id),
        "shift_id": request.shift_id,
        "tenders": [tender_body(tender) for tender in request.tenders],
        "accounts": [account_body(account) for account in in_order(request.accounts)],
    }
    if request.payer_name:
        body["payer_name"] = request.payer_name
    if request.reason:
        body["reason"] = request.reason
    if request.approval_id:
        body["approval_id"] = str(request.approval_id)
    return body


def in_order(accounts: Iterable[AccountPayment]) -> list[AccountPayment]:
    """By number, as they are locked: two desks with the same accounts never wait for each other in a ring."""
    return sorted(accounts, key=lambda account: account.account_no)


def tender_body(tender: Tender) -> dict[str, Any]:
    """One tender of a request."""
    body: dict[str, Any] = {"kind": tender.kind.value, "amount_fen": tender.amount_fen}
    if tender.received_fen is not None:
        body["received_fen"] = tender.received_fen
    if tender.details:
        body["details"] = dict(tender.details)
    return body


def account_body(account: AccountPayment) -> dict[str, Any]:
    """What of a request is for one account."""
    lines = []
    for line in account.lines:
        _account_no, period, part = bill_key(line.bill_no)
        lines.append(
            {
                "period": period,
                "part": part,
                "late_fee_fen": line.late_fee_fen,
                "principal_fen": line.principal_fen,
            }
        )
    body: dict[str, Any] = {
        "account_no": account.account_no,
        "version": account.version,
        "prepaid_fen": account.prepaid_fen,
        "lines": lines,
    }
    if account.agreement_id:
        body["agreement_id"] = str(account.agreement_id)
    return body


def as_taken(answer: Mapping[str, Any]) -> PaymentTaken:
    """The ledger's answer as the screens read it."""
    return PaymentTaken(
        request_id=UUID(answer["request_id"]),
        journal_id=answer["journal_id"],
        receipt_no=answer["receipt_no"],
        total_fen=answer["total_fen"],
        change_fen=answer["change_fen"],
        prepaid_after_fen=answer["prepaid_after_fen"],
        arrears_after_fen=answer["arrears_after_fen"],
        replayed=answer["replayed"],
        reconnections=answer.get("reconnections", 0),
    )
