"""While a card is written: nothing else on the screen but what must not be done, and how far it is."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.ui.vend_words import STEPS, step_word
from counter.ui.widgets.label import Words


class WritingPanel(Vertical):
    """The warning, the amount, the steps: done, now, to come; each has a mark beside its colour."""

    def __init__(self) -> None:
        """Nothing is written."""
        super().__init__(id="writing")
        self._what = ""
        self._with_money = True
        self._step = ""

    def compose(self) -> ComposeResult:
        """The warning stands on top."""
        yield Words(lambda: _("Writing: do NOT take the card out"), id="warning")
        yield Words(lambda: self._what, id="what")
        yield Words(self._steps, id="steps")

    def begin(self, amount_fen: int, whose: str, *, with_money: bool) -> None:
        """Nothing is done yet; ``with_money`` when it is booked first."""
        self._what = f"{format_yuan(amount_fen)}  {whose}" if amount_fen else whose
        self._with_money, self._step = with_money, ""
        self._relabel()

    def reach(self, step: str) -> None:
        """The write has come so far."""
        self._step = step
        self._relabel()

    def _relabel(self) -> None:
        """Say it all again."""
        for words in self.query(Words):
            words.relabel()

    def _steps(self) -> Content:
        """One line for each step."""
        steps = ["", *STEPS] if self._with_money else list(STEPS)
        now = steps.index(self._step) if self._step in steps else 0
        lines = []
        for place, step in enumerate(steps):
            word = step_word(step) if step else _("Book the money")
            if place < now:
                lines.append(Content.styled(f"  + {word}", "$success"))
            elif place == now:
                lines.append(Content.styled(f" >> {word}", "bold $accent"))
            else:
                lines.append(Content.styled(f"    {word}", "$quiet"))
        return Content("\n").join(lines)
