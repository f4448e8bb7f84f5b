"""What a supervisor is asked to sign about a vend whose card does not come back: written, or not, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports.vends import OpenVend
from counter.ui.cells import plain
from counter.ui.widgets.choice import Choice
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words

_REASON_MAX = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be signed, and in which words."""

    written: bool
    reason: str
    words: str


class VendDecisionDialog(ModalScreen[Verdict | None]):
    """Answers the verdict, or None."""

    CSS_PATH = "card_work.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, vend: OpenVend) -> None:
        """The vend under the cursor."""
        super().__init__()
        self._vend = vend

    def compose(self) -> ComposeResult:
        """Which, what, why."""
        with Vertical(classes="dialog"):
            yield Words(lambda: _("The card does not come back: decide"), classes="title")
            yield Words(self._which)
            yield Choice(id="verdict")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Reason"), classes="caption")
                yield Field(id="reason")
            yield Words(lambda: "", id="complaint")
            yield Words(lambda: _("Left, right  choose    Enter  next    Esc  leave"), classes="keys")

    def on_mount(self) -> None:
        """The cautious one first: the amount goes to the balance."""
        choice = self.query_one("#verdict", Choice)
        choice.show_options(
            [
                ("not", _("Not written: the money goes to the prepaid balance")),
                ("written", _("Written: the card has it, as the meter shows")),
            ]
        )
        choice.focus()

    def _which(self) -> str:
        """Whose, how much."""
        vend = self._vend
        return plain(
            f"{vend.account_no}  {vend.account_name}  {format_yuan(vend.amount_fen)}  {vend.receipt_no}"
        )

    @on(Choice.Chosen)
    def _go_on(self) -> None:
        """To the reason."""
        self.query_one("#reason").focus()

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """Answer it, or ask for a reason."""
        event.stop()
        reason = " ".join(plain(event.value).split())
        choice = self.query_one("#verdict", Choice)
        if 0 < len(reason) <= _REASON_MAX:
            self.dismiss(Verdict(choice.value == "written", reason, choice.words))
        else:
            self.query_one("#complaint", Words).say(lambda: _("A reason of 1 to 200 characters is needed."))

    def action_leave(self) -> None:
        """Nothing is decided."""
        self.dismiss(None)
