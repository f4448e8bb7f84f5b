"""The money and the token: from an amount to a token on paper, or to a sale that is known to have none yet.

Invariants: between the last Enter and the answer no field takes keys; what has no answer is asked for by its
id; a sale that is paid is never sold again but asked for again; the token is the one of the books.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import UUID

from textual import on

from counter.domain.tenders import Tender
from counter.domain.tokens import TokenState
from counter.errors import NeedsApproval, OutcomeUnknown
from counter.i18n import _
from counter.services.ports import DeskSession, PaymentTaken, Pending
from counter.services.ports.tokens import SellToken, TokenBooks, TokenOutcome, TokenSale, TokenStep
from counter.ui import jobs
from counter.ui.messages_tokens import (
    TokenAnswered,
    TokenNotAnswered,
    TokenNotResumed,
    TokenResumed,
    TokenStepReached,
)
from counter.ui.screens.selling import SellingScreen
from counter.ui.screens.taking import sent_now
from counter.ui.token_form import TokenForm
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.token_pane import TokenPane
from counter.ui.widgets.token_parts import TokenResult, TokenWait


class TokenPostingScreen(SellingScreen):
    """Holds the books, the form and the sale at hand; the screen shows them."""

    def __init__(self, session: DeskSession) -> None:
        """Nothing was read, nothing is sold."""
        super().__init__(session)
        self.books: TokenBooks | None = None
        self.form: TokenForm | None = None
        self.outcome: TokenOutcome | None = None
        self.waiting = False

    @property
    def pay(self) -> TokenPane:
        """The fields of the payment."""
        return self.query_one(TokenPane)

    @property
    def busy(self) -> bool:
        """Whether something is on its way."""
        return self.waiting or (self.form is not None and not self.form.may_send)

    @property
    def half_done(self) -> str:
        """What would be lost by leaving now."""
        if self.waiting:
            return _("A token is being asked for.")
        if self.busy:
            return _("A payment has no answer yet. It is asked for again at the next sign-in.")
        if self.outcome is not None and self.outcome.state.open:
            return _("A sale is paid and has no token yet. It stays in the list (^Z).")
        return ""

    def show_facts(self) -> None:
        """Show the account; the screen overrides it."""

    def show_wait(self) -> None:
        """Show nothing but the wait; the screen overrides it."""

    def show_result(self) -> None:
        """Show how the sale stands; the screen overrides it."""

    def ready(self) -> bool:
        """Whether the form can be posted as it stands; says why not."""
        if self.busy or self.form is None:
            return False
        if self.counter.shift is None:
            self.notice.say(Tone.NOTE, _("No shift is open: you can look, but not take money. ^O opens one."))
        return self.counter.shift is not None

    def sell(self, tenders: tuple[Tender, ...]) -> None:
        """Post the money and ask for the token, in one job."""
        shift = self.counter.shift
        if self.ready() and shift is not None and self.form is not None:
            self.post_sale(self.form.send(shift.shift_id, tenders))

    def post_sale(self, request: SellToken | None) -> None:
        """Send what the form gave, if it gave anything."""
        if request is None:
            return
        self._begin_waiting(request.amount_fen, with_money=True)
        jobs.start(
            self,
            partial(self.session.tokens.sell, request, self._on_step),
            partial(TokenAnswered, request),
            partial(TokenNotAnswered, request),
        )

    def _begin_waiting(self, amount_fen: int, *, with_money: bool) -> None:
        """Nothing takes keys until there is an answer."""
        self.waiting = True
        self.pay.open_fields(possible=False)
        self.notice.clear()
        books = self.books
        whose = f"{books.account_no}  {books.account_name}" if books else ""
        self.query_one(TokenWait).begin(amount_fen, whose, with_money=with_money)
        self.show_wait()

    def _on_step(self, step: TokenStep) -> None:
        """Any thread: the sale has come to a step."""
        jobs.unless_closed(lambda: self.post_message(TokenStepReached(step)))()

    @on(TokenStepReached)
    def _step_reached(self, message: TokenStepReached) -> None:
        """Show it."""
        if self.waiting:
            self.query_one(TokenWait).reach(message.step)

    @on(TokenAnswered)
    def _answered(self, message: TokenAnswered) -> None:
        """The money is booked; there is a token, or not yet, or never."""
        if self.form is not None and self.form.sent == message.request:
            self.form = None
            self._ended(message.outcome)

    def _ended(self, outcome: TokenOutcome) -> None:
        """Show how it stands; print what is issued."""
        self.waiting = False
        self.outcome, self.taken = outcome, outcome.taken
        self.last_receipt_no = outcome.receipt_no
        assert self.books is not None, "only an account is sold to"
        self.query_one(TokenResult).show(outcome, self.books)
        self.show_result()
        if outcome.state is TokenState.ISSUED:
            self.call_after_refresh(self.counter.print_receipt, outcome.receipt_no)

    @on(TokenNotAnswered)
    def _not_answered(self, message: TokenNotAnswered) -> None:
        """Refused or never sent: mend it. No answer: nobody knows, so ask. No token was asked for."""
        form, error, request = self.form, message.error, message.request
        if form is None or form.sent != request:
            return
        self.waiting = False
        if isinstance(error, OutcomeUnknown):
            form.outcome_unknown()
            pending = Pending(
                request.request_id,
                request.account_no,
                request.amount_fen,
                sent_now(),
                function="begin_token_vend",
            )
            self.show_facts()
            self.counter.await_outcome(error, pending)
            return
        self._release()
        if isinstance(error, NeedsApproval):
            self.ask_supervisor(form, request, self.session.tokens.subject_of(request), error)
        else:
            self.tell(error)

    def _release(self) -> None:
        """It is certain that nothing was saved: the fields take keys again, with what was typed."""
        if self.form is not None:
            self.form.not_posted()
        self.show_facts()
        self.pay.open_fields(possible=self.form is not None and self.counter.shift is not None)
        self.pay.enter()

    def resume(self, sale: TokenSale | TokenOutcome) -> None:
        """Ask again for a sale that is paid."""
        if self.busy:
            return
        self._begin_waiting(sale.amount_fen, with_money=False)
        jobs.start(
            self,
            partial(self.session.tokens.resume, sale.vend_id, self._on_step),
            TokenResumed,
            TokenNotResumed,
        )

    @on(TokenResumed)
    def _resumed(self, message: TokenResumed) -> None:
        """How it stands now, beside the change of the payment when it was made here."""
        ours = self.outcome is not None and self.outcome.vend_id == message.outcome.vend_id
        taken = self.outcome.taken if ours and self.outcome is not None else None
        self._ended(replace(message.outcome, taken=taken))

    @on(TokenNotResumed)
    def _not_resumed(self, message: TokenNotResumed) -> None:
        """It stands as it did."""
        self.waiting = False
        if self.outcome is not None:
            self.show_result()
        else:
            self.show_facts()
        self.tell(message.error)

    def payment_settled(self, request_id: UUID, taken: PaymentTaken | None) -> None:
        """What was not known is known: the money is booked and no token asked for, or nothing was."""
        form = self.form
        if form is None or form.sent is None:
            return
        if taken is None:
            form.given_up()
            self._release()
            self.notice.say(Tone.NOTE, _("It is certain now: nothing was posted. Enter posts it again."))
            return
        self.form = None
        self._ended(
            TokenOutcome(
                request_id,
                TokenState.PENDING,
                taken.receipt_no,
                taken.total_fen,
                form.sent.meter_no,
                taken=taken,
            )
        )
