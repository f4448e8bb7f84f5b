"""A question with yes (Enter) and no (Esc)."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from counter.i18n import _
from counter.ui.widgets.label import Words


class ConfirmDialog(ModalScreen[bool]):
    """Answers True for yes."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer('yes')", show=False),
        Binding("escape", "answer('no')", show=False),
    ]

    def __init__(self, question: str, reason: str) -> None:
        """``reason`` says what is not finished."""
        super().__init__()
        self._question = question
        self._reason = reason

    def compose(self) -> ComposeResult:
        """Question, reason, keys."""
        with Vertical(classes="dialog"):
            yield Words(lambda: self._question, classes="title")
            yield Words(lambda: self._reason)
            yield Words(lambda: _("Enter  yes      Esc  no"), classes="keys")

    def action_answer(self, word: str) -> None:
        """Close with the answer."""
        self.dismiss(word == "yes")
