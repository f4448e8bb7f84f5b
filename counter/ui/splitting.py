"""What the desk knows of several tenders in one payment: the dialog, and the request that comes of it."""

from __future__ import annotations

from functools import partial

from counter.domain.tenders import Tender, TenderKind
from counter.services.ports import AccountView
from counter.ui.screens.posting import PostingScreen


class SplitKeys(PostingScreen):
    """The desk's part that takes anything but cash alone; mixed into the desk."""

    @property
    def split_possible(self) -> bool:
        """Whether an amount stands in an open form that may be paid."""
        return self.form is not None and not self.busy and self._may_take

    def action_tenders(self) -> None:
        """Ask for the tenders of the amount that stands in the form."""
        from counter.ui.dialogs.split import SplitDialog

        if self.form is None or not self.split_possible:
            return
        total_fen = self.pay.amount.fen
        if total_fen is None:
            self._complained(self.pay.Complained(self.pay.amount.complaint))
            return
        dialog = SplitDialog(total_fen, offered(self.form.account))
        self.app.push_screen(dialog, partial(self._pay_by, self.form.account))

    def _pay_by(self, account: AccountView, tenders: tuple[Tender, ...] | None) -> None:
        """Send them, when the same form is still open."""
        form, shift = self.form, self.counter.shift
        if tenders and form is not None and form.account is account and shift is not None and self._may_take:
            self.post(form.send_by(shift.shift_id, tenders))


def offered(account: AccountView) -> tuple[TenderKind, ...]:
    """The kinds for this customer in the order in which the rules want them: a firm's cash comes last."""
    kinds = [TenderKind.CASH, TenderKind.POS, TenderKind.TRANSFER, TenderKind.CHEQUE]
    if account.corporate_bank:
        kinds = [TenderKind.TRANSFER, TenderKind.POS, TenderKind.CHEQUE, TenderKind.CASH]
    if account.hardship:
        kinds.append(TenderKind.CARE_FUND)
    if account.prepaid_fen and account.bills:
        kinds.append(TenderKind.PREPAID)
    return tuple(kinds)
