"""^Z: power for a meter without a card. The account, the amount, the token in large figures.

The flow of money and token is in ``token_posting``; here is what is shown.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from counter.domain.tokens import TokenState
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.cells import plain
from counter.ui.messages_tokens import TokenBooksRead
from counter.ui.screens.token_posting import TokenPostingScreen
from counter.ui.token_form import TokenForm
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.token_pane import TokenPane
from counter.ui.widgets.token_parts import TokenFacts, TokenResult, TokenWait


class TokenScreen(TokenPostingScreen):
    """Look, sell, ask again."""

    CSS_PATH = "token.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("tenders", "open_shift", "reprint", "reload"),
        Binding("enter", "go_on", show=False),
        Binding("escape", "back", show=False),
    ]

    def __init__(self, session: DeskSession, account_no: str) -> None:
        """For this account."""
        super().__init__(session)
        self.account_no = account_no

    def compose_body(self) -> ComposeResult:
        """The facts, or the wait, or the result; the money beneath."""
        yield Words(self._heading, id="heading")
        with Vertical(id="body"):
            yield TokenFacts()
            yield TokenWait()
            yield TokenResult()
        yield TokenPane()

    def on_mount(self) -> None:
        """Read at once."""
        super().on_mount()
        self.show_facts()
        self._read()

    def _heading(self) -> str:
        """Whose."""
        name = f"  {self.books.account_no}  {self.books.account_name}" if self.books else ""
        shown = _("SIMULATED") + "  " if self.session.tokens.is_simulated else ""
        return plain(shown + _("Power by token") + name)

    def _show(self, part: str, *, money: bool = False) -> None:
        """Show one of the middles, with the fields of the money or without."""
        for each in ("#facts-part", "#wait", "#result"):
            self.query_one(each).display = each == part
        self.query_one("#pay").display = money
        self.refresh_bindings()

    def show_facts(self) -> None:
        """The account."""
        self.query_one("#heading", Words).relabel()
        self.query_one(TokenFacts).show(self.books)
        self._show("#facts-part", money=self.form is not None)

    def show_wait(self) -> None:
        """Nothing else on the screen."""
        self.set_focus(None)
        self._show("#wait")

    def show_result(self) -> None:
        """How it stands."""
        self.set_focus(None)
        self._show("#result")

    def _read(self) -> None:
        """What the books have."""
        jobs.start(self, partial(self.session.tokens.books, self.account_no), TokenBooksRead)

    @on(TokenBooksRead)
    def _books_read(self, message: TokenBooksRead) -> None:
        """Show it; a form opens when nothing stands in the way."""
        if self.busy or self.outcome is not None:
            return
        books = self.books = message.books
        may_sell = books is not None and books.meter_no and books.open_sale is None
        self.form = TokenForm(books) if books is not None and may_sell else None
        self.show_facts()
        self.pay.begin_sale(self.form, possible=self.form is not None and self.counter.shift is not None)
        if books is None:
            self.notice.say(Tone.NOTE, _("This account has no meter that takes tokens."))
        elif not books.meter_no:
            self.notice.say(Tone.NOTE, _("This account has no meter: have it entered first."))
        elif not self.session.tokens.is_set_up:
            self.notice.say(Tone.NOTE, _("This desk knows no vending server: you can look, but not sell."))
        elif self.form is not None and self.counter.shift is None:
            self.notice.say(Tone.NOTE, _("No shift is open: you can look, but not take money. ^O opens one."))
        self.pay.enter()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """What is possible now; the rest is neither shown nor listed."""
        still = not self.busy and self.outcome is None
        shift = self.counter.shift is not None
        possible = {
            "tenders": still and shift and self.form is not None,
            "open_shift": not shift and not self.busy,
            "reprint": bool(self.last_receipt_no) and not self.busy,
            "reload": still,
        }
        return possible.get(action, True)

    def action_go_on(self) -> None:
        """Enter where no field has the focus: ask again, or go on with the next customer."""
        if self.busy:
            return
        if self.outcome is not None and self.outcome.state.open:
            self.resume(self.outcome)
        elif self.outcome is not None:
            self.dismiss()
        elif self.books is not None and self.books.open_sale is not None:
            self.resume(self.books.open_sale)
        else:
            self.pay.enter()

    @property
    def is_issued(self) -> bool:
        """Whether the sale of this screen has its token."""
        return self.outcome is not None and self.outcome.state is TokenState.ISSUED

    def action_back(self) -> None:
        """One step back: cash, amount, then the desk; while a token is asked for there is no way back."""
        if self.busy:
            return
        if self.form is not None and self.pay.received.has_focus:
            self.pay.received.value = ""
            self.set_focus(self.pay.amount)
        else:
            self.dismiss()

    def action_reload(self) -> None:
        """Read it again."""
        self.notice.clear()
        self._read()

    def shift_changed(self) -> None:
        """A till was taken: power can be sold now."""
        if not self.busy and self.outcome is None:
            self.action_reload()
