"""Text that can change its language while it is on the screen, and never reads markup."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.widgets import Static


class Words(Static):
    """A sentence made by a function, so that it can be said again in the other language.

    The text is shown verbatim: a customer may be called ``[测试]``.
    """

    ALLOW_SELECT = False

    def __init__(
        self,
        source: Callable[[], str | Content],
        *,
        id: str | None = None,  # noqa: A002  (Textual's own name)
        classes: str | None = None,
    ) -> None:
        """Show what ``source`` says when mounted, and again whenever ``relabel`` is called."""
        super().__init__(id=id, classes=classes, markup=False)
        self._source = source
        self._said: Content | None = None

    def on_mount(self) -> None:
        """Say it for the first time."""
        self.relabel()

    def relabel(self) -> None:
        """Say it again, in the language of now; nothing is laid out anew when the size is fixed."""
        said = self._source()
        content = said if isinstance(said, Content) else Content(said)
        if content != self._said:
            self._said = content
            self.update(content, layout=self.styles.auto_dimensions)

    def say(self, source: Callable[[], str | Content]) -> None:
        """Say something else from now on."""
        self._source = source
        self.relabel()
