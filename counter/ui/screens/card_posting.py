"""The money part of the sale of recharge cards: from cards to one posted sale, once only.

Invariant: as at the desk, between the last Enter and the answer no field takes keys, and a form without an
answer sends nothing else until its request id is known to be posted or not.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from textual import on

from counter.domain.tenders import Tender, cash
from counter.errors import OutcomeUnknown, Refusal
from counter.i18n import _
from counter.services.ports import DeskSession, PaymentTaken, Pending
from counter.ui import jobs
from counter.ui.card_sale import CardSaleForm
from counter.ui.messages_cards import CardsNotSold, CardsSold
from counter.ui.payment import Stage
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.card_sale import CardPane
from counter.ui.widgets.change_panel import ChangePanel
from counter.ui.widgets.money_pane import MoneyPane
from counter.ui.widgets.notice import Tone

_SLOW_S = 0.4


class CardPostingScreen(CounterScreen):
    """Holds the form and the last sale; the screen shows them."""

    def __init__(self, session: DeskSession) -> None:
        """An empty form is open, nothing was sold."""
        super().__init__()
        self.session = session
        self.form = CardSaleForm()
        self.taken: PaymentTaken | None = None
        self.last_receipt_no = ""
        self._complaint = ""

    @property
    def pay(self) -> CardPane:
        """The fields of the payment."""
        return self.query_one(CardPane)

    @property
    def busy(self) -> bool:
        """Whether something was sent that has no answer yet."""
        return self.form.stage is not Stage.EDITING

    @property
    def half_done(self) -> str:
        """What would be lost by leaving now."""
        if self.busy:
            return _("A payment has no answer yet. It is asked for again at the next sign-in.")
        if self.form.cards:
            return _("Cards to be sold are listed, but nothing is posted yet.")
        return ""

    @property
    def may_take(self) -> bool:
        """Whether money can be taken now."""
        return self.counter.shift is not None and not self.busy

    def show_form(self) -> None:
        """Show the cards of now; the screen overrides it."""

    def show_done(self) -> None:
        """Show the posted sale; the screen overrides it."""

    def say_wrong(self) -> None:
        """Say which card cannot be sold; the screen overrides it."""

    def look_again(self) -> None:
        """Ask how the cards stand now; the screen overrides it."""

    @on(MoneyPane.Complained)
    def _complained(self, message: MoneyPane.Complained) -> None:
        """Say what is wrong with what was typed, or that nothing is any more."""
        if message.text:
            self.notice.say(Tone.NOTE, message.text)
        elif self.notice.text == self._complaint:
            self.notice.clear()
        self._complaint = message.text

    @on(MoneyPane.Confirmed)
    def _confirmed(self, message: MoneyPane.Confirmed) -> None:
        """The last Enter with cash."""
        if message.total_fen == self.form.total_fen:
            self.post((cash(message.total_fen, message.received_fen),))

    def ready(self) -> bool:
        """Whether the form can be posted as it stands; says why not."""
        if self.busy:
            return False
        if self.counter.shift is None:
            said = _("No shift is open: you can look, but not take money. ^O opens one.")
        elif not self.form.cards:
            said = _("No card is named yet: type the numbers first.")
        elif self.form.wrong:
            self.say_wrong()
            return False
        else:
            return True
        self.notice.say(Tone.NOTE, said)
        return False

    def post(self, tenders: tuple[Tender, ...]) -> None:
        """Send it, once."""
        shift = self.counter.shift
        if shift is None or not self.ready():
            return
        request = self.form.send(shift.shift_id, tenders, self.pay.payer_name)
        if request is None:
            return
        self.pay.open_fields(possible=False)
        self.notice.clear()
        self.set_timer(_SLOW_S, self._say_posting)
        jobs.start(
            self,
            partial(self.session.cards.sell, request),
            partial(CardsSold, request),
            partial(CardsNotSold, request),
        )

    def _say_posting(self) -> None:
        """A server that takes its time: say what is going on."""
        if self.form.stage is Stage.POSTING:
            self.notice.say(Tone.NOTE, _("Posting: waiting for the server. It is posted once."))

    @on(CardsSold)
    def _sold(self, message: CardsSold) -> None:
        """It is posted."""
        if self.form.sent == message.request:
            self._finish(message.taken)

    def _finish(self, taken: PaymentTaken) -> None:
        """Show the change, print, and be ready for the next customer."""
        words = _("{count} card(s)").format(count=self.form.count)
        name = self.pay.payer_name
        self.form = CardSaleForm()
        self.taken = taken
        self.last_receipt_no = taken.receipt_no
        self.query_one(ChangePanel).show(taken, words, name, balances=False)
        self.notice.clear()
        self.show_done()
        self.call_after_refresh(self.counter.print_receipt, taken.receipt_no)

    @on(CardsNotSold)
    def _not_sold(self, message: CardsNotSold) -> None:
        """Refused or never sent: mend it. No answer: nobody knows, so ask."""
        form, error = self.form, message.error
        if form.sent != message.request:
            return
        if isinstance(error, OutcomeUnknown):
            form.outcome_unknown()
            total_fen = sum(tender.amount_fen for tender in message.request.tenders)
            now = datetime.now(UTC).astimezone()
            self.counter.await_outcome(
                error, Pending(message.request.request_id, "", total_fen, now, function="sell_cards")
            )
            return
        self._release()
        self.tell(error)
        if isinstance(error, Refusal):
            self.look_again()

    def _release(self) -> None:
        """It is certain that nothing was saved: the fields take keys again."""
        self.form.not_posted()
        self.pay.open_fields(possible=self.may_take)
        self.pay.enter()

    def awaits(self, request_id: UUID) -> bool:
        """Whether this screen sent that request and has no answer to it."""
        sent = self.form.sent
        return self.form.stage is Stage.UNKNOWN and sent is not None and sent.request_id == request_id

    def payment_settled(self, request_id: UUID, taken: PaymentTaken | None) -> None:  # noqa: ARG002  (see awaits)
        """What was not known is known: go on as if the answer had come at once."""
        if taken is not None:
            self._finish(taken)
        else:
            self.form.given_up()
            self._release()
            self.notice.say(Tone.NOTE, _("It is certain now: nothing was posted. Enter posts it again."))

    def receipt_printed(self, receipt_no: str, error: str, *, reprint: bool) -> None:
        """Beside the change when it is that receipt, else as a notice."""
        if self.taken is not None and self.taken.receipt_no == receipt_no and not reprint:
            self.query_one(ChangePanel).show_paper(receipt_no, error)
        else:
            super().receipt_printed(receipt_no, error, reprint=reprint)
