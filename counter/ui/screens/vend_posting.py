"""The money and the card: from an amount to a vend that is written, or that is known not to be yet.

Invariants: between the last Enter and the answer no field takes keys; what has no answer is asked for by its
id; a vend that is paid is never sold again but gone on with; what was written is told by reading.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from textual import on

from counter.domain.money import format_yuan
from counter.domain.tenders import Tender
from counter.domain.vends import VendState
from counter.errors import CounterError, NeedsApproval, OutcomeUnknown
from counter.i18n import _
from counter.services.ports import DeskSession, PaymentTaken, Pending
from counter.services.ports.vends import SellVend, VendOutcome
from counter.ui import jobs
from counter.ui.messages_vends import (
    StepReached,
    VendAnswered,
    VendNotAnswered,
    VendNotResumed,
    VendResumed,
)
from counter.ui.screens.selling import SellingScreen
from counter.ui.screens.taking import sent_now
from counter.ui.vend_offer import CardCase
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.vend_result import VendResult
from counter.ui.widgets.writing import WritingPanel

if TYPE_CHECKING:
    from counter.ui.vend_form import VendForm


class VendPostingScreen(SellingScreen):
    """Holds the case, the form and the vend at hand; the screen shows them."""

    def __init__(self, session: DeskSession) -> None:
        """Nothing was read, nothing is sold."""
        super().__init__(session)
        self.case = CardCase(None, None)
        self.form: VendForm | None = None
        self.outcome: VendOutcome | None = None
        self.writing = False
        self.keep_notice = False
        self._vend_count = 0

    @property
    def busy(self) -> bool:
        """Whether something is on its way, to the server or onto the card."""
        return self.writing or (self.form is not None and not self.form.may_send)

    @property
    def trouble(self) -> bool:
        """Whether a vend was paid here that the card does not have for certain."""
        return self.outcome is not None and not self.outcome.state.settled

    @property
    def half_done(self) -> str:
        """What would be lost by leaving now."""
        if self.writing:
            return _("A card is being written.")
        if self.busy:
            return _("A payment has no answer yet. It is asked for again at the next sign-in.")
        if self.trouble:
            return _("A vend is paid, and its card is not proven written. It stays in the list (⇧F1).")
        return ""

    def show_case(self) -> None:
        """Show the card and the books; the screen overrides it."""

    def show_writing(self) -> None:
        """Show nothing but the writing; the screen overrides it."""

    def show_result(self) -> None:
        """Show how the vend stands; the screen overrides it."""

    def look(self) -> None:
        """Read the card and the books again; the screen overrides it."""

    def card_is_there(self) -> bool:
        """Whether the card that was read is still in the reader; the screen overrides it."""
        return True

    def sell(self, tenders: tuple[Tender, ...]) -> None:
        """Post the money and write the card, in one job, once."""
        shift = self.counter.shift
        if shift is not None and self.form is not None and self.ready():
            self.post_sale(self.form.send(shift.shift_id, tenders))

    def ready(self) -> bool:
        """Whether the form can be posted as it stands; says why not."""
        if self.busy or self.form is None:
            return False
        if self.counter.shift is None:
            said = _("No shift is open: you can look, but not take money. ^O opens one.")
        elif not self.card_is_there():
            said = _("The card is not in the reader any more. Nothing was sold; put it in again.")
        else:
            return True
        self.notice.say(Tone.NOTE, said)
        return False

    def post_sale(self, request: SellVend | None) -> None:
        """Send what the form gave, if it gave anything."""
        if request is None or self.form is None:
            return
        self._vend_count = request.vend_count
        self.begin_writing(request.amount_fen, with_money=True)
        jobs.start(
            self,
            partial(self.session.vends.sell, request, self.on_step),
            partial(VendAnswered, request),
            partial(VendNotAnswered, request),
        )

    def begin_writing(self, amount_fen: int, *, with_money: bool) -> None:
        """From now on the card must stay where it is."""
        self.writing = True
        self.pay.open_fields(possible=False)
        self.notice.clear()
        books = self.case.books
        whose = f"{books.account_no}  {books.account_name}" if books else ""
        self.query_one(WritingPanel).begin(amount_fen, whose, with_money=with_money)
        self.show_writing()

    def on_step(self, step: str) -> None:
        """Any thread: the write has come to a step."""
        jobs.unless_closed(lambda: self.post_message(StepReached(step)))()

    @on(StepReached)
    def _step_reached(self, message: StepReached) -> None:
        """Show it."""
        if self.writing:
            self.query_one(WritingPanel).reach(message.step)

    @on(VendAnswered)
    def _answered(self, message: VendAnswered) -> None:
        """The money is booked; the card has it, or not, or nobody knows."""
        if self.form is not None and self.form.sent == message.request:
            self.form = None
            self._ended(message.outcome)

    def _ended(self, outcome: VendOutcome) -> None:
        """Show how it stands; print what is written."""
        self.writing = False
        self.outcome, self.taken = outcome, outcome.taken
        self.last_receipt_no = outcome.taken.receipt_no
        assert self.case.books is not None, "only an account is sold to"
        self.query_one(VendResult).show(outcome, self.case.books, self._vend_count)
        self.show_result()
        self.counter.count_doubts()
        if outcome.state is VendState.WRITTEN:
            self.call_after_refresh(self.counter.print_receipt, outcome.taken.receipt_no)

    @on(VendNotAnswered)
    def _not_answered(self, message: VendNotAnswered) -> None:
        """Refused or never sent: mend it. No answer: nobody knows, so ask. The card was not touched."""
        form, error = self.form, message.error
        if form is None or form.sent != message.request:
            return
        self.writing = False
        if isinstance(error, OutcomeUnknown):
            form.outcome_unknown()
            request = message.request
            pending = Pending(
                request.request_id, request.account_no, request.amount_fen, sent_now(), function="begin_vend"
            )
            self.show_case()
            self.counter.await_outcome(error, pending)
        elif isinstance(error, NeedsApproval):
            self._release()
            asked = self.session.vends.subject_of(message.request)
            self.ask_supervisor(form, message.request, asked, error)
        else:
            self._release()
            self.tell(error)

    def _release(self) -> None:
        """It is certain that nothing was saved: the fields take keys again, with what was typed."""
        if self.form is not None:
            self.form.not_posted()
        self.show_case()
        self.pay.open_fields(possible=self.form is not None and self.counter.shift is not None)
        self.pay.enter()

    def resume(self, vend_id: UUID, amount_fen: int, vend_count: int) -> None:
        """Read the card of a vend that is paid; write it on when it does not have it."""
        if self.busy:
            return
        self._vend_count = vend_count
        self.begin_writing(amount_fen, with_money=False)
        jobs.start(
            self, partial(self.session.vends.resume, vend_id, self.on_step), VendResumed, VendNotResumed
        )

    @on(VendResumed)
    def _resumed(self, message: VendResumed) -> None:
        """How it stands now; change that was handed back before is not handed back again."""
        outcome = message.outcome
        ours = self.outcome is not None and self.outcome.vend_id == outcome.vend_id
        if not ours:
            outcome = replace(outcome, taken=replace(outcome.taken, change_fen=0))
        elif self.outcome is not None:
            outcome = replace(outcome, taken=self.outcome.taken)
        self._ended(outcome)

    @on(VendNotResumed)
    def _not_resumed(self, message: VendNotResumed) -> None:
        """It stands as it did."""
        self.writing = False
        if self.trouble:
            self.show_result()
        else:
            self.show_case()
        self._say_not_resumed(message.error)

    def _say_not_resumed(self, error: CounterError) -> None:
        """Another card, no card, no server."""
        self.tell(error)

    def payment_settled(self, request_id: UUID, taken: PaymentTaken | None) -> None:
        """What was not known is known: the money is booked and the card not written, or nothing was."""
        form = self.form
        if form is None or form.sent is None:
            return
        if taken is None:
            form.given_up()
            self._release()
            self.notice.say(Tone.NOTE, _("It is certain now: nothing was posted. Enter posts it again."))
            return
        self.form = None
        problem = _("The server was lost while it was booked: {amount}, receipt {number}.")
        said = problem.format(amount=format_yuan(taken.total_fen), number=taken.receipt_no)
        self._ended(VendOutcome(request_id, VendState.PENDING, taken, said))
