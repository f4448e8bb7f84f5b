"""After a vend: whether the card has it, what to do when not, and the change in large figures."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from counter.domain.money import format_yuan
from counter.domain.vends import VendState
from counter.i18n import _
from counter.services.ports import PaymentTaken
from counter.services.ports.vends import CardBooks, VendOutcome
from counter.ui.cells import plain
from counter.ui.widgets.change_panel import ChangePanel
from counter.ui.widgets.label import Words


class VendResult(Vertical):
    """A title with its advice, and beneath it the change."""

    def __init__(self) -> None:
        """Nothing was sold yet."""
        super().__init__(id="result")

    def compose(self) -> ComposeResult:
        """What is known comes first."""
        yield Words(lambda: "", id="outcome")
        yield ChangePanel(id="done")

    def show(self, outcome: VendOutcome, books: CardBooks, vend_count: int) -> None:
        """A sale came to its end, or to a halt."""
        self._change(outcome.taken, books)
        self.query_one("#outcome", Words).say(lambda: _outcome(outcome, vend_count))
        if outcome.state is not VendState.WRITTEN:
            words = _("Receipt {number}: printed when the card is written; F6 prints it now.")
            number = outcome.taken.receipt_no
            self.query_one("#paper", Words).say(lambda: words.format(number=number))

    def show_undone(self, taken: PaymentTaken, books: CardBooks) -> None:
        """A vend was taken back."""
        self._change(taken, books)
        self.query_one("#outcome", Words).say(
            lambda: Content.assemble(
                (_("Taken off the card, and booked back."), "bold $success"),
                "\n",
                _("Hand back the cash below; the customer keeps the card."),
            )
        )

    def _change(self, taken: PaymentTaken, books: CardBooks) -> None:
        """The figures."""
        self.query_one(ChangePanel).show(taken, books.account_no, books.account_name, balances=False)


def _outcome(outcome: VendOutcome, vend_count: int) -> Content:
    """Written, not written, or not known: each with what to do."""
    if outcome.state is VendState.WRITTEN:
        words = _("Written on the card and read back: {amount}, count {count}.")
        said = words.format(amount=format_yuan(outcome.taken.total_fen), count=vend_count)
        problem = f"\n{plain(outcome.problem)}" if outcome.problem else ""
        return Content.assemble(
            (said, "bold $success"), "\n", _("Give the card back. Enter: next customer."), problem
        )
    if outcome.state is VendState.PENDING:
        title = _("NOT WRITTEN. The money is booked; the card does not have it yet.")
        advice = _("Put the same card in and press Enter: it is written then. Do not take the money again.")
    else:
        title = _("IN DOUBT. The money is booked; nobody knows whether the card has it.")
        advice = _("Put the same card in and press Enter: it is read, and then it is certain.")
    return Content.assemble(
        (f" {title} ", "bold $background on $error"), "\n", plain(outcome.problem), "\n", (advice, "bold")
    )
