"""At sign-in: a sale that was begun and has no token is offered before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports.tokens import TokenSale
from counter.ui.cells import plain
from counter.ui.token_words import token_state
from counter.ui.widgets.label import Words

_SHOWN_MAX = 5


class UnfinishedTokensDialog(ModalScreen[bool]):
    """Answers True when the first of them is to be gone on with now."""

    CSS_PATH = "unfinished.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer('yes')", show=False),
        Binding("escape", "answer('no')", show=False),
    ]

    def __init__(self, sales: Sequence[TokenSale]) -> None:
        """The oldest first; at least one."""
        super().__init__()
        self._sales = tuple(sales)

    def compose(self) -> ComposeResult:
        """What has no token, and what to do."""
        with Vertical(classes="dialog warning"):
            yield Words(lambda: _("A sale was begun and has no token yet"), classes="title")
            yield Words(self._listed, id="pending")
            yield Words(
                lambda: _(
                    "It is paid. Ask for its token again: the same sale gets the same token, never a "
                    "second one. Do not take the money a second time."
                )
            )
            yield Words(lambda: _("Enter  go on with it      Esc  later (^Z lists it)"), classes="keys")

    def _listed(self) -> str:
        """One line for each."""
        lines = [
            plain(
                f"{sale.account_no}  {sale.account_name}  {format_yuan(sale.amount_fen)}  "
                f"{sale.began_at:%m-%d %H:%M}  {token_state(sale.state)}"
            )
            for sale in self._sales[:_SHOWN_MAX]
        ]
        more = len(self._sales) - _SHOWN_MAX
        return "\n".join([*lines, _("and {count} more").format(count=more)] if more > 0 else lines)

    def action_answer(self, word: str) -> None:
        """Close with the answer."""
        self.dismiss(word == "yes")
