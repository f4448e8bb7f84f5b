"""A payment: asked for, taken, printed, and what is not known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from counter.domain.allocation import AllocationLine
from counter.domain.tenders import Tender, cash


@dataclass(frozen=True, slots=True)
class AccountPayment:
    """What of a payment is for one account: ``lines`` settle bills, ``prepaid_fen`` is kept as balance.

    ``version`` is that of the account as the desk saw it. ``agreement_id`` names the instalment agreement
    under which an advance is paid.
    """

    account_no: str
    version: int
    lines: tuple[AllocationLine, ...]
    prepaid_fen: int
    agreement_id: UUID | None = None

    @property
    def total_fen(self) -> int:
        """Everything for this account."""
        return sum(line.total_fen for line in self.lines) + self.prepaid_fen


@dataclass(frozen=True, slots=True)
class TakePayment:
    """Request: one payment, by one tender or several, for one account or many.

    ``tenders`` and ``accounts`` come to the same sum. ``payer_name`` is printed when there are many accounts;
    ``reason`` and ``approval_id`` go with a payment that a supervisor had to allow.
    """

    request_id: UUID
    shift_id: int
    tenders: tuple[Tender, ...]
    accounts: tuple[AccountPayment, ...]
    payer_name: str = ""
    reason: str = ""
    approval_id: UUID | None = None

    @classmethod
    def in_cash(
        cls,
        request_id: UUID,
        account_no: str,
        version: int,
        shift_id: int,
        total_fen: int,
        received_fen: int,
        lines: tuple[AllocationLine, ...],
        prepaid_fen: int,
    ) -> TakePayment:
        """The usual one: cash for one account."""
        account = AccountPayment(account_no, version, lines, prepaid_fen)
        return cls(request_id, shift_id, (cash(total_fen, received_fen),), (account,))

    @property
    def total_fen(self) -> int:
        """What is taken."""
        return sum(tender.amount_fen for tender in self.tenders)

    @property
    def account_no(self) -> str:
        """The account, or the first of many."""
        return self.accounts[0].account_no


@dataclass(frozen=True, slots=True)
class PaymentTaken:
    """The answer of the ledger. ``replayed`` means that it had been posted before, and only once.

    ``reconnections`` counts the disconnected accounts whose last arrears it paid.
    """

    request_id: UUID
    journal_id: int
    receipt_no: str
    total_fen: int
    change_fen: int
    prepaid_after_fen: int
    arrears_after_fen: int
    replayed: bool
    reconnections: int = 0


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """Where the receipt went. ``error`` is empty when it worked; the payment stands either way."""

    receipt_no: str
    reprint: bool
    pdf_path: Path | None
    queue: str
    error: str = ""
    fallback_font: bool = False


PAYING = frozenset(
    {
        "post_payment",
        "reverse_payment",
        "refund",
        "balance_transfer",
        "sell_cards",
        "begin_vend",
        "begin_token_vend",
        "undo_vend",
    }
)
"""The database functions that move a payer's money."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What this desk sent and has no answer to; asked for by its id until it is known.

    ``also`` are the further accounts of a payment for many. ``function`` is what was asked of the database;
    ``total_fen`` is 0 where it was not about money.
    """

    request_id: UUID
    account_no: str
    total_fen: int
    sent_at: datetime
    also: tuple[str, ...] = ()
    function: str = "post_payment"

    @property
    def is_payment(self) -> bool:
        """Whether its answer is a receipt: a payment, a correction, a sale of cards or a vend."""
        return self.function in PAYING
