"""What the two screens that sell power do alike, onto a card or as a token: tenders, and four eyes.

Each has a form for one sale, or none while nothing can be sold; what it sends is its own.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from textual import on

from counter.domain.money import format_yuan
from counter.domain.tenders import Tender, cash
from counter.errors import NeedsApproval
from counter.i18n import _
from counter.services.ports import PaymentPolicy
from counter.services.ports.tokens import SellToken
from counter.services.ports.vends import SellVend
from counter.ui import jobs
from counter.ui.approval_words import subject_lines
from counter.ui.screens.taking import TakingScreen
from counter.ui.token_form import TokenForm
from counter.ui.vend_form import VendForm
from counter.ui.widgets.money_pane import MoneyPane
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.vend_pane import VendPane

_TENDERS = ("cash", "pos", "transfer", "cheque", "recharge_card", "prepaid")
"""What power may be paid with; the care fund pays bills only."""


class SellingScreen(TakingScreen):
    """One form at most, its money, and the question to a supervisor."""

    form: Any

    @property
    def pay(self) -> VendPane:
        """The fields of the payment."""
        return self.query_one(VendPane)

    def ready(self) -> bool:
        """Whether the form can be posted as it stands; says why not. For subclasses."""
        return False

    def sell(self, tenders: tuple[Tender, ...]) -> None:
        """Post the money and what follows, once; for subclasses."""

    def post_sale(self, request: Any) -> None:
        """Send what the form gave, if it gave anything; for subclasses."""

    @on(MoneyPane.Confirmed)
    def _confirmed(self, message: MoneyPane.Confirmed) -> None:
        """The last Enter with cash, which is never above the limit."""
        refusal = self.pay.refusal(message.total_fen)
        if refusal:
            self.notice.say(Tone.NOTE, refusal)
            self.set_focus(self.pay.amount)
            return
        self.sell((cash(message.total_fen, message.received_fen),))

    def action_tenders(self) -> None:
        """Pay by other tenders than cash, or by several together."""
        from counter.ui.dialogs.split import SplitDialog
        from counter.ui.split import Payer, Split

        shift, form, amount_fen = self.counter.shift, self.form, self.pay.amount.fen
        if form is None or shift is None or not self.ready():
            return
        complaint = self.pay.amount.complaint if amount_fen is None else self.pay.refusal(amount_fen)
        if amount_fen is None or complaint:
            self.notice.say(Tone.NOTE, complaint)
            return
        payer = Payer(PaymentPolicy(tenders=_TENDERS), own_fen=max(0, form.books.prepaid_fen))
        day = str(self.counter.status.business_date or "")
        dialog = SplitDialog(self.session, shift.shift_id, Split(amount_fen, payer), day=day)
        self.app.push_screen(dialog, partial(self._split_given, form, amount_fen))

    def _split_given(
        self, form: VendForm | TokenForm, amount_fen: int, tenders: tuple[Tender, ...] | None
    ) -> None:
        """Everything is laid down: sell, for the form that is still the same."""
        if not tenders or self.form is not form:
            return
        given_fen = sum(tender.amount_fen for tender in tenders)
        if given_fen == amount_fen:
            self.sell(tenders)
        else:
            words = _("A recharge card is redeemed whole: nothing was sold. Sell {amount}, or pay otherwise.")
            self.notice.say(Tone.NOTE, words.format(amount=format_yuan(given_fen)))

    def ask_supervisor(
        self,
        form: VendForm | TokenForm,
        request: SellVend | SellToken,
        asked: tuple[str, dict[str, Any]],
        error: NeedsApproval,
    ) -> None:
        """Open the question to a supervisor (action and subject); what was allowed is what is sent."""
        from counter.ui.dialogs.approval import ApprovalDialog

        action, subject = asked
        lines = [error.title, *subject_lines(action, {**subject, "reason": ""}, form.books.account_name)]
        dialog = ApprovalDialog(self.session, action, subject, lines)

        def decided(approval_id: UUID | None) -> None:
            """Post it as it was allowed; or say that it was not."""
            if self.form is not form or form.sent != request:
                return
            if approval_id is None:
                self.notice.say(Tone.NOTE, _("It was not approved; nothing was posted."))
            elif self.ready():
                self.post_sale(form.send_approved(str(subject["reason"]), approval_id))

        self.counter.show_over(dialog, decided)

    def awaits(self, request_id: UUID) -> bool:
        """Whether this screen sent that request and has no answer to it."""
        return self.form is not None and bool(self.form.awaits(request_id))

    def action_reprint(self) -> None:
        """Print the last receipt again; of a token it has the same one."""
        self.counter.print_receipt(self.last_receipt_no)

    def action_open_shift(self) -> None:
        """Take a till."""
        self.counter.open_shift()

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Something small failed: say it."""
        message.stop()
        self.tell(message.error)
