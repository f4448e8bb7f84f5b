"""Why: one line of text that a write needs."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from counter.i18n import _
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words


class ReasonDialog(ModalScreen[str]):
    """Answers the reason, or an empty text when it was left."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, question: str, what: str) -> None:
        """``what`` says what happens with Enter."""
        super().__init__()
        self._question = question
        self._what = what

    def compose(self) -> ComposeResult:
        """One field and its complaint."""
        with Vertical(classes="dialog"):
            yield Words(lambda: self._question, classes="title")
            yield Words(lambda: self._what)
            yield Field(id="reason")
            yield Words(lambda: "", id="complaint")
            yield Words(lambda: _("Enter  keep      Esc  leave"), classes="keys")

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """Answer it, or ask for one."""
        event.stop()
        if event.value.strip():
            self.dismiss(event.value.strip())
        else:
            self.query_one("#complaint", Words).say(lambda: _("A reason of 1 to 200 characters is needed."))

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss("")
