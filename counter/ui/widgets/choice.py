"""One of several things on one line: left and right change it, Enter goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from counter.ui.cells import clip


class Choice(Widget, can_focus=True):
    """Shows the chosen one of ``options`` (value, words); nothing to change when there is only one."""

    DEFAULT_CSS = """
    Choice { height: 1; padding: 0 1; background: $input-ground; color: $foreground; }
    Choice:focus { text-style: bold; background: $cursor-ground; }
    Choice:disabled { opacity: 60%; }
    """
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "step(-1)", show=False),
        Binding("right,down,space", "step(1)", show=False),
        Binding("enter", "go_on", show=False),
    ]
    place: reactive[int] = reactive(0)
    """Which of the options is chosen."""

    class Chosen(Message):
        """Enter: this one it is."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  (Textual's own name)
        """Nothing to choose yet."""
        super().__init__(id=id)
        self._options: tuple[tuple[str, str], ...] = ()

    def show_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Other options; what was chosen stays chosen where it is still there."""
        chosen = self.value
        self._options = tuple(options)
        values = [value for value, _words in options]
        self.place = values.index(chosen) if chosen in values else 0
        self.refresh()

    @property
    def value(self) -> str:
        """The value that is chosen; empty when there is nothing to choose."""
        return self._options[self.place][0] if self._options else ""

    @property
    def words(self) -> str:
        """How the chosen one is called."""
        return self._options[self.place][1] if self._options else ""

    def action_step(self, step: int) -> None:
        """The next one, or the one before."""
        if self._options:
            self.place = (self.place + step) % len(self._options)

    def action_go_on(self) -> None:
        """Tell that it is chosen."""
        self.post_message(self.Chosen())

    def render(self) -> Content:
        """The words, between arrows when there are others."""
        width = self.content_size.width
        if len(self._options) < 2:  # noqa: PLR2004  (nothing to choose from)
            return Content(clip(self.words, width))
        return Content(f"< {clip(self.words, max(0, width - 4))} >")
