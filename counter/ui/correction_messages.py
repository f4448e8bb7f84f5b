"""What jobs of corrections tell, in the past tense."""

from __future__ import annotations

from pathlib import Path

from textual.message import Message

from counter.errors import CounterError
from counter.services.ports import AccountView, PaymentTaken
from counter.services.ports.corrections import Correction, PaymentToReverse, VoidReceipt


class CorrectionPosted(Message):
    """It is in the ledger."""

    def __init__(self, request: Correction, taken: PaymentTaken) -> None:
        """What was asked and what came of it."""
        super().__init__()
        self.request = request
        self.taken = taken


class CorrectionNotPosted(Message):
    """It was refused, or nobody knows."""

    def __init__(self, request: Correction, error: CounterError) -> None:
        """What was asked and why not."""
        super().__init__()
        self.request = request
        self.error = error


class ReceiptFound(Message):
    """The receipt that was asked for, or None."""

    def __init__(self, receipt_no: str, payment: PaymentToReverse | None) -> None:
        """The number as it was asked."""
        super().__init__()
        self.receipt_no = receipt_no
        self.payment = payment


class AccountSeen(Message):
    """An account of a refund or a transfer, or None when there is none."""

    def __init__(self, account_no: str, account: AccountView | None) -> None:
        """The number as it was asked."""
        super().__init__()
        self.account_no = account_no
        self.account = account


class VoidsListed(Message):
    """What was reversed on the days that were asked for."""

    def __init__(self, voids: tuple[VoidReceipt, ...]) -> None:
        """Newest first."""
        super().__init__()
        self.voids = voids


class VoidsExported(Message):
    """The list stands in a file."""

    def __init__(self, path: Path) -> None:
        """Where."""
        super().__init__()
        self.path = path
