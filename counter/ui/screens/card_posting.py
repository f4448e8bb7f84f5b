"""The money part of the sale of recharge cards: from cards to one posted sale, once only.

What it shares with the other screens that take money is in ``taking``.
"""

from __future__ import annotations

from functools import partial

from textual import on

from counter.domain.tenders import Tender, cash
from counter.errors import OutcomeUnknown, Refusal
from counter.i18n import _
from counter.services.ports import DeskSession, PaymentTaken, Pending
from counter.ui import jobs
from counter.ui.card_sale import CardSaleForm
from counter.ui.messages_cards import CardsNotSold, CardsSold
from counter.ui.screens.taking import FormTakingScreen, sent_now
from counter.ui.widgets.card_sale import CardPane
from counter.ui.widgets.change_panel import ChangePanel
from counter.ui.widgets.money_pane import MoneyPane
from counter.ui.widgets.notice import Tone


class CardPostingScreen(FormTakingScreen):
    """Holds the form and the last sale; the screen shows them."""

    form: CardSaleForm

    def __init__(self, session: DeskSession) -> None:
        """An empty form is open, nothing was sold."""
        super().__init__(session)
        self.form = CardSaleForm()

    @property
    def pay(self) -> CardPane:
        """The fields of the payment."""
        return self.query_one(CardPane)

    def open_fields(self, *, possible: bool) -> None:
        """Those of the payment."""
        self.pay.open_fields(possible=possible)

    def enter_fields(self) -> None:
        """To the cash."""
        self.pay.enter()

    @property
    def half_done(self) -> str:
        """What would be lost by leaving now."""
        if self.busy:
            return _("A payment has no answer yet. It is asked for again at the next sign-in.")
        if self.form.cards:
            return _("Cards to be sold are listed, but nothing is posted yet.")
        return ""

    def show_form(self) -> None:
        """Show the cards of now; the screen overrides it."""

    def show_done(self) -> None:
        """Show the posted sale; the screen overrides it."""

    def say_wrong(self) -> None:
        """Say which card cannot be sold; the screen overrides it."""

    def look_again(self) -> None:
        """Ask how the cards stand now; the screen overrides it."""

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
        self.wait_for_answer()
        jobs.start(
            self,
            partial(self.session.cards.sell, request),
            partial(CardsSold, request),
            partial(CardsNotSold, request),
        )

    @on(CardsSold)
    def _sold(self, message: CardsSold) -> None:
        """It is posted."""
        if self.form.sent == message.request:
            self.finish(message.taken)

    def finish(self, taken: PaymentTaken) -> None:
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
        request, error = message.request, message.error
        if self.form.sent != request:
            return
        if isinstance(error, OutcomeUnknown):
            total_fen = sum(tender.amount_fen for tender in request.tenders)
            self.hold(error, Pending(request.request_id, "", total_fen, sent_now(), function="sell_cards"))
            return
        self.release()
        self.tell(error)
        if isinstance(error, Refusal):
            self.look_again()
