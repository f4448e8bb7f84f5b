"""After a posting: the change, the largest thing on the screen, until the next account is opened."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import PaymentTaken
from counter.ui.cells import clip
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.label import Words


class ChangePanel(Vertical):
    """Change, receipt number, balances, and whether it is on paper."""

    def compose(self) -> ComposeResult:
        """The figures first."""
        yield Words(lambda: _("Change to hand back"), id="change-title")
        yield BigNumber(id="change-given", pixel_max=2)
        yield Words(lambda: "", id="facts")
        yield Words(lambda: "", id="paper")

    def show(self, taken: PaymentTaken, account_no: str, name: str, *, balances: bool = True) -> None:
        """Show a posted payment whose receipt is on its way; a sale of cards has no balances."""
        self.query_one("#change-given", BigNumber).value = format_yuan(taken.change_fen)
        self.query_one("#facts", Words).say(lambda: _facts(taken, account_no, name, balances=balances))
        self.query_one("#paper", Words).say(
            lambda: _("Receipt {number}: printing").format(number=taken.receipt_no)
        )

    def show_paper(self, receipt_no: str, error: str) -> None:
        """Say what became of the receipt."""
        said = (
            (lambda: _("Receipt {number}: issued").format(number=receipt_no))
            if not error
            else (
                lambda: _("Receipt {number}: NOT printed. {reason}").format(number=receipt_no, reason=error)
            )
        )
        self.query_one("#paper", Words).say(said)


def _facts(taken: PaymentTaken, account_no: str, name: str, *, balances: bool) -> Content:
    """What was taken from whom, and what is left."""
    posted = Content.assemble(
        (_("Posted") + " ", "bold $success"),
        (format_yuan(taken.total_fen), "bold"),
        f"  {clip(name, 28)}  {account_no}\n",
    )
    if not balances:
        return posted
    return Content.assemble(
        posted,
        (_("Still owed") + " ", "$quiet"),
        format_yuan(taken.arrears_after_fen),
        (f"   {_('Prepaid balance')} ", "$quiet"),
        format_yuan(taken.prepaid_after_fen),
    )
