"""The form of a payment that claims a receipt of the bank: the account as of the bank's day, one tender."""

from __future__ import annotations

from counter.services.ports import AccountView, TakePayment
from counter.services.ports.held_receipts import HeldReceipt
from counter.ui.payment import PaymentForm


class ClaimForm(PaymentForm):
    """What is about to be claimed for one account; its late fees are those of the receipt's day."""

    def __init__(self, account: AccountView, receipt: HeldReceipt) -> None:
        """``account`` was read as of the day on which ``receipt`` was booked."""
        super().__init__(account)
        self.receipt = receipt

    def claim(self, shift_id: int, amount_fen: int) -> TakePayment | None:
        """The request to post now, or None when one is already on its way."""
        return self.send_by(shift_id, (self.receipt.tender(amount_fen),))
