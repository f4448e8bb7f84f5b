"""Fields to type in: amounts with a sentence for each way of being wrong, and plain text."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widgets import Input

from counter.domain.money import AmountError, AmountFault, format_yuan, parse_yuan
from counter.i18n import _
from counter.ui.cells import plain
from counter.ui.words import amount_fault

_TEXT_MAX = 100
_UNFINISHED = frozenset({AmountFault.EMPTY, AmountFault.ZERO})
"""Not yet wrong while somebody types: ``0`` may become ``0.50``."""


class Field(Input):
    """One line to type in; a paste is laid on one line and nothing of it is obeyed."""

    DEFAULT_CSS = """
    Field, Field:focus {
        border: none; height: 1; padding: 0 1; background: $input-ground; color: $foreground;
        background-tint: transparent;
    }
    Field:focus { text-style: bold; }
    Field:disabled { opacity: 60%; }
    """

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)
    """The length of the text; a field has a fixed width, so a key lays nothing out and paints one line."""

    def __init__(
        self,
        value: str = "",
        *,
        id: str | None = None,  # noqa: A002  (Textual's own name)
        password: bool = False,
        placeholder: str = "",
    ) -> None:
        """A field of at most a hundred characters, its text selected when it is entered."""
        super().__init__(
            value, id=id, password=password, placeholder=placeholder, max_length=_TEXT_MAX, compact=True
        )
        self.cursor_blink = False

    def on_paste(self, event: events.Paste) -> None:
        """Take the paste over as one line of visible characters."""
        event.stop()
        event.prevent_default()
        line = " ".join(plain(event.text[: 4 * _TEXT_MAX]).split())[:_TEXT_MAX]
        start, end = sorted(self.selection)
        room = _TEXT_MAX - (len(self.value) - (end - start))
        self.replace(line[: max(0, room)], start, end)


class AmountField(Field):
    """An amount in yuan. ``fen`` is what was understood, ``complaint`` what was wrong with it."""

    class Rejected(Message):
        """Something was pasted that cannot be an amount; the field was left as it was."""

        def __init__(self, field: AmountField) -> None:
            """Tell which field."""
            super().__init__()
            self.field = field

    def render_line(self, y: int) -> Strip:
        """The text and its cursor at the right, where amounts stand."""
        line, width = super().render_line(y), self.size.width
        used = cell_len(self.value) + (1 if self.has_focus else 0)
        if y or used >= width:
            return line
        return Strip.join([line.crop(used, width), line.crop(0, used)])

    def show_fen(self, fen: int) -> None:
        """Put an amount in, or nothing for 0, all of it selected."""
        self.value = format_yuan(fen) if fen else ""
        self.select_all()

    @property
    def fen(self) -> int | None:
        """The amount, or None when the text is none."""
        try:
            return parse_yuan(self.value)
        except AmountError:
            return None

    @property
    def complaint(self) -> str:
        """What is wrong with the text, empty when nothing is."""
        try:
            parse_yuan(self.value)
        except AmountError as error:
            return amount_fault(error.reason)
        return ""

    @property
    def early_complaint(self) -> str:
        """What can no longer become right by typing on; empty else."""
        try:
            parse_yuan(self.value)
        except AmountError as error:
            return "" if error.reason in _UNFINISHED else amount_fault(error.reason)
        return ""

    def on_paste(self, event: events.Paste) -> None:
        """Several lines or control characters are no amount, and guessing one would be worse."""
        if plain(event.text.strip()) != event.text.strip() or len(event.text) > _TEXT_MAX:
            event.stop()
            event.prevent_default()
            self.post_message(self.Rejected(self))


def pasted_rubbish() -> str:
    """The sentence for a paste that was refused."""
    return _("What was pasted is not an amount; nothing of it was taken over.")
