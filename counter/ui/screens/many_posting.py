"""The money part of the screen for many accounts: from amounts to one posted payment, once only.

What it shares with the other screens that take money is in ``taking``.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from textual import on

from counter.domain.money import format_yuan
from counter.domain.tenders import Tender, cash
from counter.errors import BalanceChanged, CounterError, NeedsApproval, OutcomeUnknown
from counter.i18n import _
from counter.services.ports import DeskSession, PaymentTaken, Pending, TakePayment
from counter.ui import jobs
from counter.ui.agreement_keys import tell_reconnections
from counter.ui.many import Changed, ManyForm
from counter.ui.messages import PaymentAnswered, PaymentNotAnswered
from counter.ui.messages_payers import ManyReadAgain
from counter.ui.screens.taking import FormTakingScreen, sent_now
from counter.ui.widgets.change_panel import ChangePanel
from counter.ui.widgets.many_pane import ManyPane
from counter.ui.widgets.money_pane import MoneyPane
from counter.ui.widgets.notice import Tone

_NAMED_MAX = 3


class ManyPostingScreen(FormTakingScreen):
    """Holds the form and the last payment; the screen shows them."""

    form: ManyForm

    def __init__(self, session: DeskSession) -> None:
        """An empty form is open, nothing was taken."""
        super().__init__(session)
        self.form = ManyForm()

    @property
    def pay(self) -> ManyPane:
        """The fields of the payment."""
        return self.query_one(ManyPane)

    def open_fields(self, *, possible: bool) -> None:
        """Those of the payment."""
        self.pay.open_fields(possible=possible)

    def enter_fields(self) -> None:
        """To the amount."""
        self.pay.enter()

    @property
    def half_done(self) -> str:
        """What would be lost by leaving now."""
        if self.busy:
            return _("A payment has no answer yet. It is asked for again at the next sign-in.")
        if self.form.accounts:
            return _("A payment for many accounts is entered, but nothing is posted yet.")
        return ""

    def show_form(self, *, total: bool = True) -> None:
        """Show the accounts and amounts of now; the screen overrides it."""

    def show_done(self) -> None:
        """Show the posted payment; the screen overrides it."""

    def rest_account(self) -> str:
        """The account that gets what is more than owed; the screen overrides it."""
        return ""

    @on(ManyPane.TotalEntered)
    def _total_entered(self, message: ManyPane.TotalEntered) -> None:
        """Another total than the amounts make pays the oldest bills of all first."""
        if message.fen != self.form.total_fen:
            self.form.spread(message.fen, self.rest_account())
            self.show_form(total=False)
        if self._ready():
            self.pay.count_cash(message.fen)

    @on(MoneyPane.Confirmed)
    def _confirmed(self, message: MoneyPane.Confirmed) -> None:
        """The last Enter with cash."""
        if message.total_fen == self.form.total_fen:
            self.post((cash(message.total_fen, message.received_fen),))

    def post(self, tenders: tuple[Tender, ...]) -> None:
        """Send it, once."""
        shift = self.counter.shift
        if shift is None or not self._ready():
            return
        self._send(self.form.send(shift.shift_id, tenders, self.pay.payer_name))

    def _send(self, request: TakePayment | None) -> None:
        """On its way: no field takes keys until there is an answer."""
        if request is None:
            return
        self.wait_for_answer()
        jobs.start(
            self,
            partial(self.session.take_payment, request),
            partial(PaymentAnswered, request),
            partial(PaymentNotAnswered, request),
        )

    def _ready(self) -> bool:
        """Whether the form can be posted as it stands; says why not."""
        why = ""
        if self.counter.shift is None:
            why = _("No shift is open: you can look, but not take money. ^O opens one.")
        elif not self.form.total_fen:
            why = _("Nothing is to be paid: choose a group, a list or accounts first.")
        elif held := self._held():
            words = _("A payment of account {number} has no answer yet; ^R asks for it.")
            why = words.format(number=held)
        elif self.form.closed_with_rest:
            words = _("Account {number} is closed and takes no prepayment: give it at most what it owes.")
            why = words.format(number=self.form.closed_with_rest)
        if why:
            self.notice.say(Tone.NOTE, why)
        return not why and not self.busy

    def _held(self) -> str:
        """An account of this form whose other payment has no answer; empty when there is none."""
        settler = self.counter.settler
        if not settler.pending:
            return ""
        numbers = (row.account.account_no for row in self.form.rows if row.amount_fen)
        return next((number for number in numbers if settler.holds(number)), "")

    @on(PaymentAnswered)
    def _answered(self, message: PaymentAnswered) -> None:
        """It is posted."""
        if self.form.sent == message.request:
            self.finish(message.taken)

    def finish(self, taken: PaymentTaken) -> None:
        """Show the change, print, and be ready for the next payer."""
        words = _("{count} account(s)").format(count=self.form.paid_count)
        name = self.pay.payer_name
        self.form = ManyForm()
        self.taken = taken
        self.last_receipt_no = taken.receipt_no
        self.query_one(ChangePanel).show(taken, words, name)
        self.notice.clear()
        self.show_done()
        tell_reconnections(self, taken)
        self.call_after_refresh(self.counter.print_receipt, taken.receipt_no)

    @on(PaymentNotAnswered)
    def _not_answered(self, message: PaymentNotAnswered) -> None:
        """Refused or never sent: mend it. No answer: nobody knows, so ask."""
        error = message.error
        if self.form.sent != message.request:
            return
        if isinstance(error, OutcomeUnknown):
            request = message.request
            also = tuple(account.account_no for account in request.accounts[1:])
            held = Pending(request.request_id, request.account_no, request.total_fen, sent_now(), also)
            self.hold(error, held)
            return
        self.release()
        if isinstance(error, NeedsApproval):
            self._ask_supervisor(message.request, error)
            return
        self.tell(error)
        if isinstance(error, BalanceChanged):
            self.read_again(error)

    def _ask_supervisor(self, request: TakePayment, error: NeedsApproval) -> None:
        """What is allowed is what is sent: the request goes into the question."""
        from counter.ui.approval_words import subject_lines
        from counter.ui.dialogs.approval import ApprovalDialog

        subject = self.session.approvals.subject_of(request)
        lines = subject_lines("payment", {**subject, "reason": ""}, self.pay.payer_name)
        dialog = ApprovalDialog(self.session, "payment", subject, [error.title, *lines])
        self.counter.show_over(dialog, partial(self._decided, request, subject))

    def _decided(self, request: TakePayment, subject: dict[str, Any], approval_id: UUID | None) -> None:
        """Post it as it was allowed; or say that it was not."""
        if self.form.sent != request:
            return
        if approval_id is None:
            self.notice.say(Tone.NOTE, _("It was not approved; nothing was posted."))
            self.pay.enter()
        else:
            self._send(self.form.send_approved(str(subject["reason"]), approval_id))

    def read_again(self, after: CounterError | None) -> None:
        """Read the accounts of the form once more."""
        numbers = [account.account_no for account in self.form.accounts]
        if numbers and not self.busy:
            jobs.start(
                self,
                partial(self.session.payers.read, numbers),
                lambda reading: ManyReadAgain(reading, after),
            )

    @on(ManyReadAgain)
    def _read_again(self, message: ManyReadAgain) -> None:
        """Show what is different now; the clerk confirms again."""
        if self.busy:
            return
        changed = self.form.read_again(message.reading)
        self.show_form()
        if changed:
            self.notice.say(Tone.NOTE, _change_sentence(changed))
        elif message.after is None:
            self.notice.clear()
        self.pay.enter()


def _change_sentence(changed: tuple[Changed, ...]) -> str:
    """Which accounts another desk changed, with figures."""
    named = "; ".join(
        f"{each.account_no} {format_yuan(each.before_fen)} -> {format_yuan(each.after_fen)}"
        for each in changed[:_NAMED_MAX]
    )
    words = _(
        "Another desk changed {count} account(s); nothing was posted here. Owed: {accounts}. "
        "Look again and confirm."
    )
    more = " .." if len(changed) > _NAMED_MAX else ""
    return words.format(count=len(changed), accounts=named + more)
