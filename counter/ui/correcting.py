"""Corrections at the desk: their keys, and what is shown again afterwards."""

from __future__ import annotations

from counter.i18n import _
from counter.services.ports import PaymentTaken
from counter.ui.relieving import RelievingScreen
from counter.ui.widgets.notice import Tone


class CorrectingScreen(RelievingScreen):
    """The part of the desk that takes back, pays back and moves."""

    @property
    def corrections_possible(self) -> dict[str, bool]:
        """Which of the keys do something now."""
        works = self.counter.shift is not None and not self.busy
        return {
            "reverse": works,
            "refund": works and self.form is not None,
            "transfer": works and self.form is not None,
        }

    def action_reverse(self) -> None:
        """Reverse: the open account's last payment, the last receipt, or what is typed."""
        from counter.ui.dialogs.reversal import ReversalDialog

        shift = self.counter.shift
        if shift is not None and not self.busy:
            last = self.form.account.last_payments if self.form is not None else ()
            number = next((row.receipt_no for row in last if row.total_fen > 0 and not row.reversed_by), "")
            dialog = ReversalDialog(self.session, shift.shift_id, number or self.last_receipt_no)
            self.app.push_screen(dialog, self._corrected)

    def action_refund(self) -> None:
        """Pay balance back."""
        from counter.ui.dialogs.balance import RefundDialog

        shift = self.counter.shift
        if shift is not None and self.form is not None and not self.busy:
            dialog = RefundDialog(self.session, shift.shift_id, self.form.account)
            self.app.push_screen(dialog, self._corrected)

    def action_transfer(self) -> None:
        """Move balance to another account."""
        from counter.ui.dialogs.balance import TransferDialog

        shift = self.counter.shift
        if shift is not None and self.form is not None and not self.busy:
            dialog = TransferDialog(self.session, shift.shift_id, self.form.account)
            self.app.push_screen(dialog, self._corrected)

    def action_voids(self) -> None:
        """What was reversed today."""
        from counter.ui.screens.voids import VoidsScreen

        self.app.push_screen(VoidsScreen(self.session))

    def _corrected(self, taken: PaymentTaken | None) -> None:
        """Read the open account again: its bills and balance are others now."""
        if taken is None:
            return
        self.last_receipt_no = taken.receipt_no
        self.notice.say(Tone.GOOD, _("Posted. Receipt {number}").format(number=taken.receipt_no))
        if self.form is not None and not self.busy:
            self.read_account(self.form.account.account_no, again=False)
