"""Taking a vend back from its card, taking a card back for good, and another meter.

Invariant: the same content goes under the same request id; a refusal changes neither card nor books.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from textual import on

from counter.domain.money import format_yuan
from counter.domain.vends import VendState
from counter.errors import CounterError, NeedsApproval, OutcomeUnknown
from counter.i18n import _
from counter.services.ports import DeskSession, PaymentTaken, Pending
from counter.services.ports.vends import OpenVend, VendOutcome
from counter.ui import jobs
from counter.ui.approval_words import subject_lines
from counter.ui.messages_vends import CardWorkDone, CardWorkRefused, VendNotUndone, VendUndone
from counter.ui.request_id import new_request_id
from counter.ui.screens.taking import sent_now
from counter.ui.screens.vend_posting import VendPostingScreen
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.vend_result import VendResult

if TYPE_CHECKING:
    from counter.ui.dialogs.card_work import CardWork


class VendUndoingScreen(VendPostingScreen):
    """The part of the card screen that takes back."""

    def __init__(self, session: DeskSession) -> None:
        """Nothing is taken back."""
        super().__init__(session)
        self._undo: tuple[OpenVend, str, UUID | None] | None = None
        self._undo_id = new_request_id()
        self._undo_unknown = False
        self._work: CardWork | None = None
        self._work_id = new_request_id()

    @property
    def busy(self) -> bool:
        """Also while it is not known whether a vend was taken back."""
        return super().busy or self._undo_unknown

    def action_reverse(self) -> None:
        """Take the vend back that no meter has taken, for a reason."""
        from counter.ui.dialogs.reason import ReasonDialog

        vend = self.case.undoable
        if vend is None or self.busy or self.counter.shift is None:
            return
        words = _("{amount} of {day}: it is cleared from the card, and its money goes back as it came.")
        said = words.format(amount=format_yuan(vend.amount_fen), day=f"{vend.began_at:%m-%d %H:%M}")
        dialog = ReasonDialog(_("Why is this vend taken back?"), said)
        self.app.push_screen(dialog, lambda reason: self._take_back(vend, reason or "", None))

    def _take_back(self, vend: OpenVend, reason: str, approval_id: UUID | None) -> None:
        """Clear the card and book it back, in one job."""
        shift = self.counter.shift
        if not reason or shift is None or self.busy:
            return
        if not self.card_is_there():
            self.notice.say(Tone.NOTE, _("The card is not in the reader any more. Nothing was taken back."))
            return
        wanted = (vend, reason, approval_id)
        if self._undo != wanted:
            self._undo, self._undo_id = wanted, new_request_id()
        self.begin_writing(vend.amount_fen, with_money=False)
        request_id = self._undo_id
        work = partial(self.session.vends.undo, vend.vend_id, request_id, shift.shift_id, reason, approval_id)
        jobs.start(self, work, partial(VendUndone, request_id), partial(VendNotUndone, request_id))

    @on(VendUndone)
    def _undone(self, message: VendUndone) -> None:
        """The card is clear, the money booked back."""
        if message.request_id == self._undo_id and self._undo is not None:
            self._show_undone(message.taken)

    def _show_undone(self, taken: PaymentTaken) -> None:
        """Show what goes back, and print."""
        assert self._undo is not None, "only what was asked for is answered"
        assert self.case.books is not None, "a vend has an account"
        vend, self._undo, self._undo_unknown = self._undo[0], None, False
        self.writing, self.form = False, None
        self.outcome, self.taken = VendOutcome(vend.vend_id, VendState.UNDONE, taken), taken
        self.last_receipt_no = taken.receipt_no
        self.query_one(VendResult).show_undone(taken, self.case.books)
        self.show_result()
        self.counter.count_doubts()
        self.call_after_refresh(self.counter.print_receipt, taken.receipt_no)

    @on(VendNotUndone)
    def _not_undone(self, message: VendNotUndone) -> None:
        """Refused: say why. A supervisor is wanted: ask. No answer: ask what became of it."""
        if message.request_id != self._undo_id or self._undo is None:
            return
        self.writing = False
        self.counter.count_doubts()
        self.show_case()
        vend, reason, _approval = self._undo
        if isinstance(message.error, NeedsApproval):
            self._ask_to_undo(vend, reason, message.error)
        elif isinstance(message.error, OutcomeUnknown):
            self._undo_unknown = True
            pending = Pending(
                message.request_id, vend.account_no, vend.amount_fen, sent_now(), function="undo_vend"
            )
            self.counter.await_outcome(message.error, pending)
        else:
            self.keep_notice = True
            self.look()
            self.tell(message.error)

    def _ask_to_undo(self, vend: OpenVend, reason: str, error: NeedsApproval) -> None:
        """A supervisor decides at this desk, or from their list."""
        from counter.ui.dialogs.approval import ApprovalDialog

        action, subject = self.session.vends.undo_subject(vend.vend_id, reason)
        lines = [
            error.title,
            *subject_lines(action, {**subject, "amount_fen": vend.amount_fen}, vend.account_name),
        ]
        dialog = ApprovalDialog(self.session, action, subject, lines)

        def decided(approval_id: UUID | None) -> None:
            """Go on with it, or leave it."""
            if approval_id is None:
                self.notice.say(Tone.NOTE, _("It was not approved; nothing was posted."))
            else:
                self._take_back(vend, reason, approval_id)

        self.counter.show_over(dialog, decided)

    def awaits(self, request_id: UUID) -> bool:
        """Also what was taken back without an answer."""
        return super().awaits(request_id) or (self._undo_unknown and request_id == self._undo_id)

    def payment_settled(self, request_id: UUID, taken: PaymentTaken | None) -> None:
        """It is known now."""
        if not (self._undo_unknown and request_id == self._undo_id):
            super().payment_settled(request_id, taken)
        elif taken is not None:
            self._show_undone(taken)
        else:
            self._undo, self._undo_unknown, self.keep_notice = None, False, True
            self.look()
            self.notice.say(Tone.NOTE, _("It is certain now: nothing was booked back. Read the card again."))

    def action_card_work(self) -> None:
        """What is rarely done: take the card back, or another meter."""
        from counter.ui.dialogs.card_work import CardWorkDialog

        books = self.case.books
        if books is not None and not self.busy:
            self.app.push_screen(CardWorkDialog(self.case), self._do_card_work)

    def _do_card_work(self, work: CardWork | None) -> None:
        """Do what was chosen, once."""
        books = self.case.books
        if work is None or books is None or self.busy:
            return
        if self._work != work:
            self._work, self._work_id = work, new_request_id()
        vends, request_id = self.session.vends, self._work_id
        function = "change_meter" if work.meter_no else "return_card"
        if work.meter_no:
            job = partial(
                vends.change_meter, books.account_no, request_id, work.meter_no, work.vend_count, work.reason
            )
            said = _("The meter is changed: {meter}, count {count}.").format(
                meter=work.meter_no, count=work.vend_count
            )
        else:
            job = partial(vends.return_card, books.card_serial, request_id, work.reason)
            said = _("The card is cleared and out of use. The account can get another one.")
        failed = partial(CardWorkRefused, request_id, function)
        jobs.start(self, job, lambda _none: CardWorkDone(said), failed)

    @on(CardWorkDone)
    def _card_work_done(self, message: CardWorkDone) -> None:
        """Read it anew."""
        self.keep_notice = True
        self.look()
        self.notice.say(Tone.GOOD, message.what)

    @on(CardWorkRefused)
    def _card_work_refused(self, message: CardWorkRefused) -> None:
        """Say why, or ask what became of it."""
        self.tell_unless_unknown(message.error, message.request_id, message.function)

    def tell_unless_unknown(self, error: CounterError, request_id: UUID, function: str) -> None:
        """Say what went wrong; what has no answer is asked for by its id."""
        if isinstance(error, OutcomeUnknown):
            account_no = self.case.books.account_no if self.case.books else ""
            self.counter.await_outcome(
                error, Pending(request_id, account_no, 0, sent_now(), function=function)
            )
        else:
            self.tell(error)
