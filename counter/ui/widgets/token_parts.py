"""The middles of the token screen: the account, the wait for the server, the token in large figures."""

from __future__ import annotations

import time

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from counter.domain.money import format_yuan
from counter.domain.tokens import grouped
from counter.i18n import _
from counter.services.ports.tokens import TokenBooks, TokenOutcome, TokenSale, TokenStep
from counter.ui.cells import plain
from counter.ui.token_words import outcome_words, step_word, token_state
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.change_panel import ChangePanel
from counter.ui.widgets.label import Words

_SHOWN_SALES = 8
_FIRST_GROUPS = 14
"""Characters of the first three groups with their blanks: one line of large figures at 80 columns."""


class TokenFacts(Vertical):
    """Whose meter, what was sold on it before, and what stands in the way."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        super().__init__(id="facts-part")
        self._books: TokenBooks | None = None

    def compose(self) -> ComposeResult:
        """The meaning stands beneath."""
        yield Words(self._lines, id="lines")
        yield Words(self._meaning, id="meaning")

    def show(self, books: TokenBooks | None) -> None:
        """The account as the books have it."""
        self._books = books
        for words in self.query(Words):
            words.relabel()

    def _lines(self) -> Content:
        """Meter and balances, then the last sales."""
        books = self._books
        if books is None:
            return Content("")
        words = _("Meter {meter}   prepaid balance {prepaid}   still owed {owed}")
        head = words.format(
            meter=books.meter_no or "-",
            prepaid=format_yuan(books.prepaid_fen),
            owed=format_yuan(books.arrears_fen),
        )
        lines = [plain(head), "", *map(_sale_line, books.sales[:_SHOWN_SALES])]
        return Content("\n".join(lines if books.sales else [*lines, _("No token was sold here yet.")]))

    def _meaning(self) -> Content:
        """What Enter does."""
        if self._books is None:
            return Content("")
        sale = self._books.open_sale
        if sale is None:
            return Content(_("Type the amount and Enter. The token is printed and shown."))
        words = _("Receipt {number}, {amount}: paid, and there is no token yet.")
        said = words.format(number=sale.receipt_no, amount=format_yuan(sale.amount_fen))
        advice = _("Enter asks for it again: the same sale, the same token. Do not take the money again.")
        return Content.assemble(
            (plain(said), "bold $warning"), "\n", (advice, "bold"), "\n", plain(sale.note)
        )


def _sale_line(sale: TokenSale) -> str:
    """One of the last sales, with its token."""
    token = grouped(sale.digits) if sale.digits else token_state(sale.state)
    return plain(f"{sale.began_at:%Y-%m-%d %H:%M}  {format_yuan(sale.amount_fen):>12}  {token}")


class TokenWait(Vertical):
    """Nothing else on the screen but what is done, what is going on, and for how long."""

    def __init__(self) -> None:
        """Nothing is asked."""
        super().__init__(id="wait")
        self._what = ""
        self._steps: tuple[TokenStep, ...] = ()
        self._now: TokenStep | None = None
        self._since = 0.0

    def compose(self) -> ComposeResult:
        """What, how far, how long."""
        yield Words(lambda: self._what, id="what")
        yield Words(self._steps_words, id="steps")
        yield Words(self._waited, id="waited")

    def on_mount(self) -> None:
        """The seconds go on by themselves."""
        self.set_interval(1.0, self._tick)

    def begin(self, amount_fen: int, whose: str, *, with_money: bool) -> None:
        """Nothing is done yet; ``with_money`` when it is booked first."""
        self._what = plain(f"{format_yuan(amount_fen)}  {whose}")
        first = (TokenStep.BOOKING, TokenStep.ASKING) if with_money else (TokenStep.ASKING_AGAIN,)
        self._steps = (*first, TokenStep.KEEPING)
        self.reach(self._steps[0])

    def reach(self, step: TokenStep) -> None:
        """It has come so far."""
        self._now, self._since = step, time.monotonic()
        for words in self.query(Words):
            words.relabel()

    def _tick(self) -> None:
        """Another second."""
        if self.display:
            self.query_one("#waited", Words).relabel()

    def _steps_words(self) -> Content:
        """One line for each step; each has a mark beside its colour."""
        now = self._steps.index(self._now) if self._now in self._steps else 0
        lines = []
        for place, step in enumerate(self._steps):
            mark, style = ("+ ", "$success") if place < now else (">>", "bold $accent")
            if place > now:
                mark, style = "  ", "$quiet"
            lines.append(Content.styled(f" {mark} {step_word(step)}", style))
        return Content("\n").join(lines)

    def _waited(self) -> str:
        """For how long."""
        seconds = int(time.monotonic() - self._since)
        words = _("Waiting for {seconds} s. It is asked at most three times, always for the same sale.")
        return words.format(seconds=seconds) if seconds and self._now is not TokenStep.BOOKING else ""


class TokenResult(Vertical):
    """How it ended; the token in large figures, and beside its end the change."""

    def __init__(self) -> None:
        """Nothing was sold yet."""
        super().__init__(id="result")

    def compose(self) -> ComposeResult:
        """Two lines of large figures fit where one would not."""
        yield Words(lambda: "", id="outcome")
        yield BigNumber(id="token-1", pixel_max=1)
        with Horizontal(id="lower"):
            yield BigNumber(id="token-2", pixel_max=1)
            yield ChangePanel(id="done")
        yield Words(lambda: "", id="token-line")

    def show(self, outcome: TokenOutcome, books: TokenBooks) -> None:
        """A sale came to its end, or to a halt."""
        digits = grouped(outcome.digits) if outcome.digits else ""
        self.query_one("#outcome", Words).say(lambda: outcome_words(outcome))
        self.query_one("#token-1", BigNumber).value = _spread(digits[:_FIRST_GROUPS])
        self.query_one("#token-2", BigNumber).value = _spread(digits[_FIRST_GROUPS + 1 :])
        self.query_one("#token-line", Words).say(lambda: digits)
        for part in ("#token-1", "#token-2", "#token-line"):
            self.query_one(part).display = bool(digits)
        done = self.query_one("#done", ChangePanel)
        done.display = outcome.taken is not None
        if outcome.taken is not None:
            done.show(outcome.taken, books.account_no, books.account_name, balances=False)
            if not digits:
                words = _("Receipt {number}: F6 prints it.")
                self.query_one("#paper", Words).say(lambda: words.format(number=outcome.receipt_no))


def _spread(groups: str) -> str:
    """Groups further apart than their figures."""
    return groups.replace(" ", "  ")
