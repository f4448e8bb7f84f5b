"""The panel of what nobody knows to be posted or not, while it is asked for."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from counter.errors import CounterError
from counter.i18n import _
from counter.ui.actions import bindings
from counter.ui.cells import plain
from counter.ui.settling import ASK_EVERY_S, Settler
from counter.ui.widgets.label import Words
from counter.ui.words import pending_words, sentences


class UnknownDialog(ModalScreen[None]):
    """Says what is not known; it closes by itself when everything is."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "app.settle", show=False),
        Binding("escape", "dismiss", show=False),
        *bindings("settle"),
    ]

    def __init__(self, settler: Settler, error: CounterError | None) -> None:
        """``error`` is what was said when the answer did not come; None at sign-in."""
        super().__init__()
        self._settler = settler
        self._error = error

    def compose(self) -> ComposeResult:
        """What happened, which payments, what to do."""
        with Vertical(classes="dialog warning"):
            yield Words(lambda: _("It is not known whether this was posted"), classes="title")
            yield Words(self._said)
            yield Words(self._listed, id="pending")
            yield Words(self._advice)
            yield Words(lambda: _("Enter  ask now      Esc  later"), classes="keys")

    def show_pending(self) -> None:
        """Show what is left; go when nothing is."""
        if not self._settler.pending:
            self.dismiss()
        else:
            self.query_one("#pending", Words).relabel()

    def _said(self) -> str:
        """The sentences of the fault, if there was one."""
        return plain(sentences(self._error)) if self._error is not None else ""

    def _listed(self) -> str:
        """One line for each."""
        return "\n".join(
            plain(f"{pending_words(pending)}  {pending.sent_at:%m-%d %H:%M:%S}")
            for pending in self._settler.pending
        )

    def _advice(self) -> str:
        """What happens by itself and what must not be done."""
        return _(
            "It is asked for every {seconds} seconds; asking never posts twice. "
            "Do not do it a second time before it is known."
        ).format(seconds=int(ASK_EVERY_S))
