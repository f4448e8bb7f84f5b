"""What a supervisor signs about a sale without a token: the token that was read out, or none ever."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from counter.domain.money import format_yuan
from counter.domain.tokens import TokenFormError, grouped, parse_token
from counter.i18n import _
from counter.services.ports.tokens import TokenSale
from counter.ui.cells import plain
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words

_REASON_MAX = 200


@dataclass(frozen=True, slots=True)
class TokenVerdict:
    """What is to be signed, and in which words; ``digits`` are empty when there never will be a token."""

    digits: str = field(repr=False)
    reason: str
    words: str


class TokenDecisionDialog(ModalScreen[TokenVerdict | None]):
    """Answers the verdict, or None."""

    CSS_PATH = "card_work.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, sale: TokenSale) -> None:
        """The sale under the cursor."""
        super().__init__()
        self._sale = sale

    def compose(self) -> ComposeResult:
        """Which, the token if one was told, why."""
        with Vertical(classes="dialog"):
            yield Words(lambda: _("The vending server does not answer any more: decide"), classes="title")
            yield Words(self._which)
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Meter token"), classes="caption")
                yield Field(id="token")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Reason"), classes="caption")
                yield Field(id="reason")
            yield Words(lambda: "", id="complaint")
            yield Words(
                lambda: _("Token empty: there never will be one, and the receipt is reversed.  Esc  leave"),
                classes="keys",
            )

    def on_mount(self) -> None:
        """Begin with the token."""
        self.query_one("#token").focus()

    def _which(self) -> str:
        """Whose, how much."""
        sale = self._sale
        return plain(
            f"{sale.account_no}  {sale.account_name}  {format_yuan(sale.amount_fen)}  {sale.receipt_no}"
        )

    @on(Field.Submitted, "#token")
    def _token_entered(self, event: Field.Submitted) -> None:
        """To the reason, when it is a token or nothing."""
        event.stop()
        if self._digits() is not None:
            self.query_one("#reason").focus()

    def _digits(self) -> str | None:
        """What was typed: a token, nothing, or neither of them (None, and said)."""
        typed = self.query_one("#token", Field).value
        try:
            digits = parse_token(typed) if typed.strip() else ""
        except TokenFormError:
            self._complain(_("A token has twenty digits, and this is none."))
            return None
        self._complain("")
        return digits

    def _complain(self, text: str) -> None:
        """Say what is wrong with what was typed."""
        self.query_one("#complaint", Words).say(lambda: text)

    @on(Field.Submitted, "#reason")
    def _reason_entered(self, event: Field.Submitted) -> None:
        """Answer it, or ask for a reason."""
        event.stop()
        digits = self._digits()
        reason = " ".join(plain(event.value).split())
        if digits is None:
            self.query_one("#token").focus()
        elif not 0 < len(reason) <= _REASON_MAX:
            self._complain(_("A reason of 1 to 200 characters is needed."))
        elif digits:
            said = _("The token that was read out: {token}").format(token=grouped(digits))
            self.dismiss(TokenVerdict(digits, reason, said))
        else:
            self.dismiss(TokenVerdict("", reason, _("There never will be a token.")))

    def action_leave(self) -> None:
        """Nothing is decided."""
        self.dismiss(None)
