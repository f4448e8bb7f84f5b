"""From the amount at the desk to tenders of any kind, and from them to the form's request."""

from __future__ import annotations

from functools import partial

from counter.domain.tenders import Tender
from counter.ui.payment import PaymentForm
from counter.ui.screens.posting import PostingScreen
from counter.ui.widgets.notice import Tone


class SplittingScreen(PostingScreen):
    """The desk's key for other tenders than cash."""

    @property
    def split_possible(self) -> bool:
        """Whether an amount stands in an open form that may be paid."""
        return self.form is not None and not self.busy and self._may_take

    def action_tenders(self) -> None:
        """Take the amount by other tenders than cash, or by several together."""
        from counter.ui.dialogs.split import SplitDialog
        from counter.ui.split import Split, payer_of

        form, shift, amount_fen = self.form, self.counter.shift, self.pay.amount.fen
        if form is None or shift is None or not self._may_take or self.busy:
            return
        if amount_fen is None:
            self.notice.say(Tone.NOTE, self.pay.amount.complaint)
            return
        split = Split(amount_fen, payer_of(form.account, amount_fen, form.due_fen))
        day = form.account.business_date.isoformat()
        dialog = SplitDialog(self.session, shift.shift_id, split, day=day)
        self.app.push_screen(dialog, partial(self._split_given, form))

    def action_sell_cards(self) -> None:
        """Sell recharge cards, on a screen of its own."""
        from counter.ui.screens.sell_cards import SellCardsScreen

        self.app.push_screen(SellCardsScreen(self.session))

    def _split_given(self, form: PaymentForm, tenders: tuple[Tender, ...] | None) -> None:
        """Everything is laid down: post it for the form that is still the same."""
        shift = self.counter.shift
        if tenders and self.form is form and shift is not None:
            self.post(form.send_by(shift.shift_id, tenders))
