"""Signing the closing of a day or a month: what is closed, and the password of who signs."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from counter.i18n import _
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words


class SignDayDialog(ModalScreen[str]):
    """Answers the password, or an empty text when it was left. The password lives in the field only."""

    CSS_PATH = "move_cash.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, question: str, what: str) -> None:
        """``what`` tells what is signed, line by line."""
        super().__init__()
        self._question = question
        self._what = what

    def compose(self) -> ComposeResult:
        """What is signed, then the field."""
        with Vertical(classes="dialog"):
            yield Words(lambda: self._question, classes="title")
            yield Words(lambda: self._what, id="what")
            with Horizontal():
                yield Words(lambda: _("Your password"))
                yield Field(id="password", password=True)
            yield Words(lambda: _("Enter  sign and close      Esc  leave"), classes="keys")

    def on_mount(self) -> None:
        """Ask for the password."""
        self.query_one("#password").focus()

    @on(Field.Submitted, "#password")
    def _entered(self, event: Field.Submitted) -> None:
        """Answer it; nothing is taken from an empty field."""
        event.stop()
        password, event.input.value = event.value, ""
        if password:
            self.dismiss(password)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss("")
