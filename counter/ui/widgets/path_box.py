"""A box that also takes the path of a file, which Tab completes."""

from __future__ import annotations

from textual import events
from textual.message import Message

from counter.ui.widgets.field import Field

_ENDINGS = (".csv", ".xlsx", ".xls", ".txt")


class PathBox(Field):
    """Tab asks for the rest of a path; everywhere else it goes to the next field."""

    class Completing(Message):
        """Tab was pressed behind the beginning of a path."""

        def __init__(self, path: str) -> None:
            """What was typed so far."""
            super().__init__()
            self.path = path

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  (Textual's own name)
        """Longer than other fields: a path may be deep."""
        super().__init__(id=id)
        self.max_length = 1_000

    def on_key(self, event: events.Key) -> None:
        """Keep Tab for paths."""
        if event.key == "tab" and is_path(self.value):
            event.stop()
            event.prevent_default()
            self.post_message(self.Completing(self.value))


def is_path(text: str) -> bool:
    """Whether a text means a file rather than a name: it has a folder in front, or the ending of a list."""
    bare = text.strip().strip("\"'")
    return (
        bare.startswith(("/", "~", "./", "../", ".\\", "\\\\"))
        or bare[1:3] == ":\\"
        or (bare.lower().endswith(_ENDINGS))
    )
