"""Relief of a late fee at the desk: the dialog, the supervisor, the posting, and the account read again.

Invariant: what a supervisor approved is sent under one request id; when no answer came, the next ^W sends the
same again and nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import UUID

from textual import on

from counter.domain.money import format_yuan
from counter.errors import BalanceChanged, OutcomeUnknown
from counter.i18n import _
from counter.services.ports import AccountView, BillView, DeskSession
from counter.services.ports.relief import LateFeeRelieved, RelieveLateFee
from counter.ui import jobs
from counter.ui.approval_words import subject_lines
from counter.ui.messages import LateFeeNotRelieved, LateFeeWasRelieved
from counter.ui.screens.posting import PostingScreen
from counter.ui.widgets.account import BillTable
from counter.ui.widgets.notice import Tone


class RelievingScreen(PostingScreen):
    """The part of the desk that asks for relief."""

    def __init__(self, session: DeskSession) -> None:
        """Nothing is asked for."""
        super().__init__(session)
        self._relief_unsure: RelieveLateFee | None = None
        self._relief_said = ""

    @property
    def relief_possible(self) -> bool:
        """Whether the open account has a late fee, or a relief of it has no answer yet."""
        if self._relief_unsure is not None:
            return True
        return self.form is not None and not self.busy and self._relief_bill(self.form.account) is not None

    @property
    def half_done(self) -> str:
        """What would be lost by leaving now."""
        if self._relief_unsure is not None:
            return _("It is not known whether a late fee was relieved.")
        return super().half_done

    def _relief_bill(self, account: AccountView) -> BillView | None:
        """The bill under the cursor of the list, or the one with the highest fee."""
        bills = self.query_one(BillTable)
        late = [bill for bill in account.bills if bill.late_fee_due_fen]
        current = bills.current if bills.has_focus else None
        if current in late:
            return current
        return max(late, key=lambda bill: bill.late_fee_due_fen, default=None)

    def action_relief(self) -> None:
        """Ask how much and why; or send again what has no answer."""
        from counter.ui.dialogs.relief import ReliefDialog

        if self._relief_unsure is not None:
            self._relieve(self._relief_unsure)
            return
        account = self.form.account if self.form is not None else None
        bill = self._relief_bill(account) if account is not None else None
        if account is not None and bill is not None and not self.busy:
            self.app.push_screen(ReliefDialog(account, bill), partial(self._relief_wanted, account))

    def _relief_wanted(self, account: AccountView, request: RelieveLateFee | None) -> None:
        """Put it to a supervisor."""
        from counter.ui.dialogs.approval import ApprovalDialog

        if request is not None:
            subject = self.session.relief.subject_of(request)
            lines = subject_lines(request.action, {**subject, "reason": ""}, account.name)
            dialog = ApprovalDialog(self.session, request.action, subject, lines)
            self.counter.show_over(dialog, partial(self._relief_approved, request))

    def _relief_approved(self, request: RelieveLateFee, approval_id: UUID | None) -> None:
        """Post what was allowed."""
        if approval_id is None:
            self.notice.say(Tone.NOTE, _("It was not approved; nothing was changed."))
        else:
            self._relieve(replace(request, approval_id=approval_id))

    def _relieve(self, request: RelieveLateFee) -> None:
        """Send it, once."""
        jobs.start(
            self,
            partial(self.session.relief.relieve, request),
            partial(LateFeeWasRelieved, request),
            partial(LateFeeNotRelieved, request),
        )

    @on(LateFeeWasRelieved)
    def _was_relieved(self, message: LateFeeWasRelieved) -> None:
        """Say it, and read the account again when it is still the open one."""
        self._relief_unsure = None
        self._relief_said = _said(message.relieved)
        self.notice.say(Tone.GOOD, self._relief_said)
        if self.form is not None and self.form.account.account_no == message.request.account_no:
            self.read_account(message.request.account_no, again=False)

    def begin_form(self, account: AccountView, *, again: bool) -> None:
        """After a relief the account is read anew: what was granted stays said."""
        super().begin_form(account, again=again)
        said, self._relief_said = self._relief_said, ""
        if said:
            self.notice.say(Tone.GOOD, said)

    @on(LateFeeNotRelieved)
    def _not_relieved(self, message: LateFeeNotRelieved) -> None:
        """Refused: say it. No answer: keep it, so that ^W asks again."""
        self._relief_unsure = message.request if isinstance(message.error, OutcomeUnknown) else None
        if self._relief_unsure is not None:
            self.notice.say(
                Tone.FAULT,
                _("It is not known whether the late fee was relieved. ^W sends it again; it counts once."),
            )
            return
        self.tell(message.error)
        if isinstance(message.error, BalanceChanged) and self.form is not None and not self.busy:
            self.read_account(self.form.account.account_no, again=True)


def _said(relieved: LateFeeRelieved) -> str:
    """What was granted, in figures."""
    if relieved.deferred_until is not None:
        words = _("The late fee of {original} is put off until {day}.")
        return words.format(original=format_yuan(relieved.original_fen), day=relieved.deferred_until)
    words = _("Of the late fee of {original}, {waived} is waived; {left} is left.")
    return words.format(
        original=format_yuan(relieved.original_fen),
        waived=format_yuan(relieved.waived_fen),
        left=format_yuan(relieved.left_fen),
    )
