"""Looking for open lines and items: one field for an amount, a payer, a date, a text or a slip number."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from counter.i18n import _
from counter.ui.cells import fit, plain
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words


class FindOpenDialog(ModalScreen[str | None]):
    """Answers the words, or None when it was left."""

    CSS_PATH = "reconcile.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, words: str) -> None:
        """``words`` is what was looked for last."""
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        """The field, and what it takes."""
        with Vertical(classes="dialog"):
            yield Words(lambda: _("Find what is open, on both sides"), classes="title")
            yield Field(self._words, id="words")
            yield Words(_hint, id="sum")
            yield Words(lambda: "", id="complaint")
            yield Words(lambda: _("Enter  find      Esc  leave"), classes="keys")

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """Answer the words, or ask for some."""
        event.stop()
        words = " ".join(plain(event.value).split())
        if words:
            self.dismiss(words)
        else:
            self.query_one("#complaint", Words).say(lambda: _("Enter what to look for."))

    def action_leave(self) -> None:
        """Look for nothing."""
        self.dismiss(None)


def _hint() -> str:
    """What can be typed."""
    rows = (
        (_("Amount"), "1,284.55"),
        (_("Payer"), "王小"),
        (_("Date"), "2026-11-23"),
        (_("Text"), _("any part of it")),
        (_("Number"), _("slip, reference, account: whole or a part")),
    )
    return "\n".join(f"{fit(word, 12)}{sample}" for word, sample in rows)
