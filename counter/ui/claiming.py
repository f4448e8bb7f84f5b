"""From a receipt of the bank in the list to a payment at the desk that claims it.

The claim is posted as any payment: once, asked for again when no answer came, its receipt printed. While it
is open the desk shows the account as of the bank's day and takes no cash for it.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from textual import on

from counter.errors import NeedsApproval, OutcomeUnknown
from counter.i18n import _
from counter.services.ports import AccountView, PaymentTaken
from counter.services.ports.held_receipts import HeldReceipt
from counter.ui import jobs
from counter.ui.claim_form import ClaimForm
from counter.ui.messages import PaymentNotAnswered
from counter.ui.messages_held import ClaimNotRead, ClaimRead
from counter.ui.screens.posting import PostingScreen
from counter.ui.widgets.notice import Tone


class ClaimingScreen(PostingScreen):
    """The desk's key for receipts that nobody has claimed; mixed into the desk."""

    @property
    def _may_take(self) -> bool:
        """No cash while the amounts shown are those of another day."""
        return not isinstance(self.form, ClaimForm) and super()._may_take

    def show_account(self, account: AccountView, *, again: bool) -> None:
        """A form opens for this account; the desk overrides it."""

    def action_held(self) -> None:
        """List them; for the account on the desk, when there is one."""
        from counter.ui.screens.held import HeldScreen

        if not self.busy:
            account_no = self.form.account.account_no if self.form is not None else ""
            self.app.push_screen(HeldScreen(self.session, account_no, self._take_receipt))

    def _take_receipt(self, receipt: HeldReceipt, account_no: str) -> None:
        """Read the account as of the bank's day."""
        if self.counter.shift is None:
            self.notice.say(Tone.NOTE, _("No shift is open: you can look, but not take money. ^O opens one."))
            return
        read = partial(self.session.held_receipts.account_on, account_no, receipt.booked)
        jobs.start(self, read, partial(ClaimRead, receipt), partial(ClaimNotRead, receipt))

    @on(ClaimRead)
    def _claim_read(self, message: ClaimRead) -> None:
        """Show the account as of that day and ask how much."""
        from counter.ui.dialogs.claim import ClaimDialog

        account = message.account
        if self.busy:
            return
        if account is None or account.closed:
            self.notice.say(Tone.NOTE, _("This account is closed: nothing can be taken for it."))
            return
        self.show_account(account, again=False)
        form = ClaimForm(account, message.receipt)
        self.form = form
        self.pay.begin(form, possible=False)
        self.app.push_screen(ClaimDialog(form), partial(self._claim_answered, form))

    @on(ClaimNotRead)
    def _claim_not_read(self, message: ClaimNotRead) -> None:
        """Say why not."""
        self.tell(message.error)

    def _claim_answered(self, form: ClaimForm, amount_fen: int | None) -> None:
        """Post it, or show the account of today again."""
        shift = self.counter.shift
        if self.form is not form:
            return
        if amount_fen and shift is not None:
            self.post(form.claim(shift.shift_id, amount_fen))
        else:
            self.read_account(form.account.account_no, again=False)

    @on(PaymentNotAnswered)
    def _claim_not_answered(self, message: PaymentNotAnswered) -> None:
        """Refused: the amounts of today are shown again beside the reason."""
        form, error = self.form, message.error
        if not isinstance(form, ClaimForm) or form.sent != message.request:
            return
        if not isinstance(error, OutcomeUnknown | NeedsApproval):
            message.prevent_default()
            form.not_posted()
            self.tell(error)
            self.read_account(form.account.account_no, again=True)

    def payment_settled(self, request_id: UUID, taken: PaymentTaken | None) -> None:
        """A claim that was not posted is begun again out of the list."""
        claim = isinstance(self.form, ClaimForm) and self.form.awaits(request_id)
        super().payment_settled(request_id, taken)
        if claim and taken is None:
            self.notice.say(
                Tone.NOTE, _("It is certain now: nothing was posted. ^F3 takes the receipt again.")
            )
