"""What a payer lays down: one tender, and the money it is worth.

``details`` are the particulars of its paper, as the ledger keeps them; ``details["reference"]`` is what makes
the paper unique, so that it counts once. Cash has none, and is the only tender that gives change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class TenderKind(StrEnum):
    """How money is handed over; each is a row of the table ``tender_kind``."""

    CASH = "cash"
    POS = "pos"
    TRANSFER = "transfer"
    CHEQUE = "cheque"
    RECHARGE_CARD = "recharge_card"
    CARE_FUND = "care_fund"
    PREPAID = "prepaid"
    BANK_RECEIPT = "bank_receipt"


@dataclass(frozen=True, slots=True)
class Tender:
    """A part of a payment. ``amount_fen`` is 1 or more; ``received_fen`` is the cash on the counter."""

    kind: TenderKind
    amount_fen: int
    received_fen: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def change_fen(self) -> int:
        """What goes back to the payer; 0 but for cash."""
        return (self.received_fen or self.amount_fen) - self.amount_fen


def cash(amount_fen: int, received_fen: int) -> Tender:
    """Cash for ``amount_fen`` out of ``received_fen``."""
    return Tender(TenderKind.CASH, amount_fen, received_fen)
