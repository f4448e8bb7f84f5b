"""The money part of the desk: from an open form to a posted payment, once only.

Invariant: between the last Enter and the answer no field takes keys, and a form without an answer
sends nothing else until its request id is known to be posted or not.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from textual import on

from counter.domain.money import format_yuan
from counter.errors import BalanceChanged, NeedsApproval, OutcomeUnknown
from counter.i18n import _
from counter.services.ports import AccountView, DeskSession, PaymentTaken, Pending, TakePayment
from counter.ui import jobs
from counter.ui.approving import Allowance, ask_for_payment
from counter.ui.messages import PaymentAnswered, PaymentNotAnswered
from counter.ui.payment import PaymentForm
from counter.ui.screens.base import DeskLike
from counter.ui.screens.taking import TakingScreen, sent_now
from counter.ui.sent_once import Stage
from counter.ui.widgets.account import BillTable
from counter.ui.widgets.change_panel import ChangePanel
from counter.ui.widgets.money_pane import MoneyPane
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.pay_pane import PayPane


class PostingScreen(TakingScreen, DeskLike):
    """Holds the form and the last payment; the desk puts them on the screen."""

    def __init__(self, session: DeskSession) -> None:
        """No form is open, nothing was taken."""
        super().__init__(session)
        self.form: PaymentForm | None = None
        self.allowance: Allowance | None = None

    @property
    def pay(self) -> PayPane:
        """The fields of the payment."""
        return self.query_one("#pay", PayPane)

    @property
    def busy(self) -> bool:
        """Whether something was sent that has no answer yet."""
        return self.form is not None and self.form.stage is not Stage.EDITING

    @property
    def half_done(self) -> str:
        """What would be lost by leaving now."""
        if self.busy or self.counter.settler.pending:
            return _("A payment has no answer yet. It is asked for again at the next sign-in.")
        if self.form is not None and self.pay.touched:
            return _("The cash of a payment was counted, but nothing is posted yet.")
        return ""

    def show_mode_idle(self) -> None:
        """Ready for the next customer; the desk overrides it."""

    def read_account(self, account_no: str, *, again: bool) -> None:
        """Read an account; the desk overrides it."""

    def posted(self, taken: PaymentTaken) -> None:
        """Something was taken; the desk overrides it."""

    def begin_form(self, account: AccountView, *, again: bool) -> None:
        """A form opens; after a change by another desk it says what is different now."""
        before = self.form.account if again and self.form is not None else None
        self.form = PaymentForm(account)
        self.pay.begin(self.form, possible=self._may_take)
        if before is not None and before.version != account.version:
            self.notice.say(Tone.NOTE, _change_sentence(before, account))
        self._show_allocation(self.form.due_fen)
        self.focus_form()
        self._say_why_not()

    @property
    def _may_take(self) -> bool:
        """Whether this desk may take money for this account now."""
        form = self.form
        return (
            form is not None
            and self.counter.shift is not None
            and not form.account.closed
            and not self.counter.settler.holds(form.account.account_no)
        )

    def _say_why_not(self) -> None:
        """Tell what is in the way of taking money."""
        if self.form is None or self._may_take:
            return
        if self.form.account.closed:
            self.notice.say(Tone.NOTE, _("This account is closed: nothing can be taken for it."))
        elif self.counter.shift is None:
            self.notice.say(Tone.NOTE, _("No shift is open: you can look, but not take money. ^O opens one."))
        else:
            self.notice.say(Tone.FAULT, _("A payment of this account has no answer yet; ^R asks for it."))

    def focus_form(self) -> None:
        """Give the focus to the amount, or to the box when nothing can be taken."""
        if self._may_take:
            self.set_focus(self.pay.amount)
        else:
            self.set_focus(self.query_one("#box"))

    def shift_changed(self) -> None:
        """A till was taken: the open form can be paid now."""
        self.notice.clear()
        if self.form is not None:
            self.pay.open_fields(possible=self._may_take)
            self.focus_form()
        self.refresh_bindings()

    def leave_form(self) -> None:
        """The customer goes without paying."""
        self.form = None
        self.notice.clear()
        self.show_mode_idle()

    def release(self) -> None:
        """What was sent is answered or certain not to be saved: the fields take keys again."""
        if self.form is not None:
            self.form.not_posted()
            self.pay.open_fields(possible=self._may_take)
            self.focus_form()
            if self._may_take and self.pay.touched:
                self.pay.received.focus()  # the next Enter is the one that was answered

    @on(PayPane.AmountChanged)
    def _amount_changed(self, message: PayPane.AmountChanged) -> None:
        """Show live where the amount would go."""
        self._show_allocation(message.fen)

    @on(BillTable.Toggled)
    def _bill_toggled(self, message: BillTable.Toggled) -> None:
        """Other bills are to be paid: another sum is due."""
        if self.form is not None and not self.busy:
            self.form.toggle(message.bill_no)
            self.pay.set_due(self.form.due_fen)
            self.pay.amount.show_fen(self.form.due_fen)
            self._show_allocation(self.form.due_fen)

    def _show_allocation(self, amount_fen: int) -> None:
        """Put the allocation into the list of bills and beneath the amount."""
        if self.form is not None:
            allocation = self.form.preview(amount_fen) if amount_fen else None
            self.query_one(BillTable).show_allocation(allocation, self.form.chosen)
            self.pay.show_split(allocation.prepaid_fen if allocation else 0)

    @on(MoneyPane.Confirmed)
    def _confirmed(self, message: MoneyPane.Confirmed) -> None:
        """The last Enter: send it, once."""
        shift = self.counter.shift
        if self.form is None or shift is None or not self._may_take:
            return
        self.post(self.form.send(shift.shift_id, message.total_fen, message.received_fen))

    def post(self, request: TakePayment | None) -> None:
        """Send what the form gave, if it gave anything."""
        if request is None:
            return
        self.pay.open_fields(possible=False)
        self.notice.clear()
        self.say_when_slow(partial(self._waits_for, request))
        jobs.start(
            self,
            partial(self.session.take_payment, request),
            partial(PaymentAnswered, request),
            partial(PaymentNotAnswered, request),
        )

    def _waits_for(self, request: TakePayment) -> bool:
        """Whether this request has no answer yet."""
        form = self.form
        return form is not None and form.stage is Stage.POSTING and form.sent == request

    @on(PaymentAnswered)
    def _answered(self, message: PaymentAnswered) -> None:
        """It is posted."""
        if self.form is not None and self.form.sent == message.request:
            self._finish(message.taken)

    def _finish(self, taken: PaymentTaken) -> None:
        """Show the change, print, and be ready for the next customer."""
        assert self.form is not None
        account = self.form.account
        self.form = None
        self.taken = taken
        self.last_receipt_no = taken.receipt_no
        self.query_one(ChangePanel).show(taken, account.account_no, account.name)
        self.notice.clear()
        self.show_mode_idle()
        self.posted(taken)
        self.call_after_refresh(self.counter.print_receipt, taken.receipt_no)  # after the change

    @on(PaymentNotAnswered)
    def _not_answered(self, message: PaymentNotAnswered) -> None:
        """Refused or never sent: mend it. No answer: nobody knows, so ask."""
        form, error = self.form, message.error
        if form is None or form.sent != message.request:
            return
        if isinstance(error, BalanceChanged):
            form.not_posted()
            self.tell(error)
            self.read_account(form.account.account_no, again=True)
        elif isinstance(error, OutcomeUnknown):
            form.outcome_unknown()
            request, now = message.request, sent_now()
            pending = Pending(request.request_id, request.account_no, request.total_fen, now)
            self.counter.await_outcome(error, pending)
        elif isinstance(error, NeedsApproval):
            self.release()
            ask_for_payment(self, message.request, error)
        else:
            self.release()
            self.tell(error)

    def payment_settled(self, request_id: UUID, taken: PaymentTaken | None) -> None:
        """What was not known is known: go on as if the answer had come at once."""
        form = self.form
        ours = form is not None and form.sent is not None and form.sent.request_id == request_id
        if ours and taken is not None:
            self._finish(taken)
        elif ours and form is not None:
            form.given_up()
            self.release()
            self.notice.say(Tone.NOTE, _("It is certain now: nothing was posted. Enter posts it again."))
        elif taken is not None:
            self.counter.print_receipt(taken.receipt_no)
            said = _("An earlier payment is known now: posted, {amount}, receipt {number}.")
            self.notice.say(
                Tone.GOOD, said.format(amount=format_yuan(taken.total_fen), number=taken.receipt_no)
            )
        else:
            self.notice.say(Tone.NOTE, _("An earlier payment is known now: it was not posted."))


def _change_sentence(before: AccountView, after: AccountView) -> str:
    """What another desk changed, in figures."""
    words = _(
        "Another desk changed this account; nothing was posted here. "
        "Owed {owed_before} -> {owed_after}, prepaid {prepaid_before} -> {prepaid_after}. "
        "Look again and confirm."
    )
    return words.format(
        owed_before=format_yuan(before.arrears_fen),
        owed_after=format_yuan(after.arrears_fen),
        prepaid_before=format_yuan(before.prepaid_fen),
        prepaid_after=format_yuan(after.prepaid_fen),
    )
