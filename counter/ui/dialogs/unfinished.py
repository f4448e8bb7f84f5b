"""At sign-in: a vend that was begun and not finished is offered before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports.vends import OpenVend
from counter.ui.cells import plain
from counter.ui.vend_words import vend_state
from counter.ui.widgets.label import Words

_SHOWN_MAX = 5


class UnfinishedDialog(ModalScreen[bool]):
    """Answers True when the first of them is to be gone on with now."""

    CSS_PATH = "unfinished.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer('yes')", show=False),
        Binding("escape", "answer('no')", show=False),
    ]

    def __init__(self, vends: Sequence[OpenVend]) -> None:
        """The oldest first; at least one."""
        super().__init__()
        self._vends = tuple(vends)

    def compose(self) -> ComposeResult:
        """What is not finished, and what to do."""
        with Vertical(classes="dialog warning"):
            yield Words(lambda: _("A vend was begun and not finished"), classes="title")
            yield Words(self._listed, id="pending")
            yield Words(
                lambda: _(
                    "It is paid. Put its card in and go on: the card is read, and then it is certain. "
                    "Do not take the money a second time."
                )
            )
            yield Words(lambda: _("Enter  go on with it      Esc  later (⇧F1 lists it)"), classes="keys")

    def _listed(self) -> str:
        """One line for each."""
        lines = [
            plain(
                f"{vend.account_no}  {vend.account_name}  {format_yuan(vend.amount_fen)}  "
                f"{vend.began_at:%m-%d %H:%M}  {vend_state(vend.state.value)}"
            )
            for vend in self._vends[:_SHOWN_MAX]
        ]
        more = len(self._vends) - _SHOWN_MAX
        return "\n".join([*lines, _("and {count} more").format(count=more)] if more > 0 else lines)

    def action_answer(self, word: str) -> None:
        """Close with the answer."""
        self.dismiss(word == "yes")
