# ruff: noqa: ARG002  (the protocol names what is not used here)
"""Approvals in memory, for pictures: two questions wait, and nobody decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from counter.services.ports import TakePayment
from counter.services.ports.approvals import ApprovalState, ApprovalView
from tests.ui.customers import NOW

PAYMENT: dict[str, Any] = {
    "accounts": [{"account_no": "0100234567"}],
    "tenders": [{"kind": "cash", "amount_fen": 4_592_100}],
    "reason": "银行系统停机，客户急用电",
}
WAIVER: dict[str, Any] = {
    "account_no": "0100234579",
    "period": 202608,
    "waived_fen": 12_850,
    "reason": "抄表日期有误",
}


def view(number: int, action: str, subject: dict[str, Any], name: str, minutes: int) -> ApprovalView:
    """A question of some minutes ago."""
    asked_at = NOW - timedelta(minutes=minutes)
    return ApprovalView(
        approval_id=UUID(int=number),
        action=action,
        subject=subject,
        reason=subject["reason"],
        asked_by_no="0107",
        asked_by="李敏",
        asked_at=asked_at,
        expires_at=asked_at + timedelta(minutes=30),
        age_s=60 * minutes,
        account_name=name,
        state=ApprovalState.WAITING,
        decided_by="",
        note="",
    )


@dataclass(frozen=True)
class MemoryApprovals:
    """What ``ports.approvals.Approvals`` asks for; deciding needs a real server."""

    views: tuple[ApprovalView, ...] = (
        view(1, "payment", PAYMENT, "江城机械制造有限公司", 6),
        view(2, "late_fee_waiver", WAIVER, "王小四", 2),
    )

    def subject_of(self, request: TakePayment) -> dict[str, Any]:
        """Not in memory: ``real_desk`` has it."""
        raise AssertionError("use real_desk")

    def ask(self, approval_id: UUID, action: str, subject: Mapping[str, Any], reason: str) -> None:
        """Not in memory: ``real_desk`` has it."""
        raise AssertionError("use real_desk")

    def sign_here(
        self, approval_id: UUID, supervisor_no: str, password: str, *, approved: bool, note: str
    ) -> ApprovalView:
        """Not in memory: ``real_desk`` has it."""
        raise AssertionError("use real_desk")

    def decide(self, approval_id: UUID, *, approved: bool, note: str) -> ApprovalView:
        """Not in memory: ``real_desk`` has it."""
        raise AssertionError("use real_desk")

    def withdraw(self, approval_id: UUID) -> ApprovalView:
        """Not in memory: ``real_desk`` has it."""
        raise AssertionError("use real_desk")

    def waiting(self) -> tuple[ApprovalView, ...]:
        """Both."""
        return self.views

    def mine(self) -> tuple[ApprovalView, ...]:
        """Both."""
        return self.views

    def state(self, approval_id: UUID) -> ApprovalView | None:
        """As it was asked."""
        return next((view for view in self.views if view.approval_id == approval_id), None)

    def listen(self, heard: Callable[[], object]) -> Callable[[], None]:
        """Nothing ever changes."""
        del heard
        return lambda: None
