"""From which score on suggestions are accepted together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from counter.i18n import _
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words

_PRESET = "90"
_SCORE_MAX = 100


class AcceptScoreDialog(ModalScreen[int | None]):
    """Answers the score, or None when it was left."""

    CSS_PATH = "reconcile.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, scores: Sequence[int]) -> None:
        """``scores`` are those of what could be accepted."""
        super().__init__()
        self._scores = scores

    def compose(self) -> ComposeResult:
        """The field, and how many that would be."""
        with Vertical(classes="dialog"):
            yield Words(lambda: _("Accept many suggestions"), classes="title")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Score from"))
                yield Field(_PRESET, id="score")
            yield Words(self._count, id="sum")
            yield Words(lambda: "", id="complaint")
            yield Words(lambda: _("Enter  go on      Esc  leave"), classes="keys")

    def on_mount(self) -> None:
        """A digit replaces the preset."""
        self.query_one(Field).select_all()

    @property
    def _score(self) -> int | None:
        """The typed score; None when it is none."""
        text = self.query_one(Field).value.strip()
        if not (text.isascii() and text.isdigit()):
            return None
        return int(text) if 1 <= int(text) <= _SCORE_MAX else None

    def _count(self) -> str:
        """How many that would be."""
        score = self._score if self.is_mounted else int(_PRESET)
        if score is None:
            return ""
        count = sum(each >= score for each in self._scores)
        words = _("{count} of {total} suggestion(s)")
        return words.format(count=count, total=len(self._scores))

    @on(Field.Changed)
    def _typed(self) -> None:
        """Count again."""
        self.query_one("#sum", Words).relabel()
        self.query_one("#complaint", Words).say(lambda: "")

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """Answer it, or complain."""
        event.stop()
        if self._score is None:
            self.query_one("#complaint", Words).say(lambda: _("A score is a number from 1 to 100."))
        else:
            self.dismiss(self._score)

    def action_leave(self) -> None:
        """Accept nothing."""
        self.dismiss(None)
