"""A phone number for an account that has none: asked for at the counter."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from counter.domain.phones import normalise_phone
from counter.i18n import _
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words


class PhoneDialog(ModalScreen[str]):
    """Answers the digits of the number, or an empty text when it was left."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, who: str, phone: str) -> None:
        """``phone`` is what is known so far."""
        super().__init__()
        self._who = who
        self._phone = phone

    def compose(self) -> ComposeResult:
        """One field and its complaint."""
        with Vertical(classes="dialog"):
            yield Words(lambda: _("Phone number of {name}").format(name=self._who), classes="title")
            yield Field(self._phone, id="phone")
            yield Words(lambda: "", id="complaint")
            yield Words(lambda: _("Enter  keep      Esc  leave"), classes="keys")

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """Answer a number, complain about anything else."""
        event.stop()
        digits = normalise_phone(event.value)
        if digits:
            self.dismiss(digits)
        else:
            complain = lambda: _("A phone number has 7 to 12 digits; nothing was saved.")  # noqa: E731
            self.query_one("#complaint", Words).say(complain)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss("")
