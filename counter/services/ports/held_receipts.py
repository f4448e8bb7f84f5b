"""Receipts of the bank that nobody has claimed: found by the customer's slip, claimed by a payment.

Plain data and the protocol that the screens ask; see ``counter.services.ports``. A claim itself is a payment
(``TakePayment``) whose one tender is ``HeldReceipt.tender``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from counter.domain.tenders import Tender, TenderKind
from counter.services.ports.accounts import AccountView


@dataclass(frozen=True, slots=True)
class HeldReceipt:
    """A credit line of a bank statement with what is still open of it (1 fen or more).

    ``usual_account`` is the account that this payer's receipts were claimed for before, ``times`` how often,
    ``known_by`` what told it (party_account, party, text). ``waits_for`` names what a rule of the matching
    thinks the line belongs to. Account numbers are masked.
    """

    line_id: int
    booked: date
    age_days: int
    amount_fen: int
    open_fen: int
    party: str
    party_account: str
    text: str
    reference: str
    bank: str
    usual_account: str
    times: int
    known_by: str
    waits_for: str

    def tender(self, amount_fen: int) -> Tender:
        """What claims ``amount_fen`` of it; its details are what the receipt prints."""
        details = {
            "reference": str(self.line_id),
            "date": self.booked.isoformat(),
            "payer_name": self.party[:100],
        }
        kept = {name: value for name, value in details.items() if value}
        return Tender(TenderKind.BANK_RECEIPT, amount_fen, None, kept)


class HeldReceipts(Protocol):
    """Unidentified receipts, as the desk sees them."""

    def find(self, typed: str, account_no: str) -> tuple[HeldReceipt, ...]:
        """The open receipts that every typed word fits; first those that are usually for ``account_no``."""
        ...

    def account_on(self, account_no: str, day: date) -> AccountView | None:
        """An account with its late fees as of the bank's day; None when there is none."""
        ...
