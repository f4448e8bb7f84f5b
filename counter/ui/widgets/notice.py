"""Where the desk is told something: up to three lines above the keys, until the next key that matters."""

from __future__ import annotations

from enum import Enum

from textual.content import Content
from textual.widgets import Static

from counter.errors import CounterError, Refusal
from counter.i18n import N_, _
from counter.ui.cells import plain
from counter.ui.words import sentences


class Tone(Enum):
    """How serious it is; each has a word of its own, so that colour is not the only sign."""

    GOOD = N_("Done")
    NOTE = N_("Note")
    FAULT = N_("Fault")


class Notice(Static):
    """One message at a time, verbatim, hidden when there is none."""

    DEFAULT_CSS = """
    Notice {
        width: 1fr; height: auto; max-height: 4; padding: 0 1; display: none;
        background: $panel; color: $foreground;
        &.-shown { display: block; }
    }
    """
    ALLOW_SELECT = False

    def __init__(self) -> None:
        """Start silent."""
        super().__init__(markup=False)
        self.text = ""

    def say(self, tone: Tone, text: str) -> None:
        """Show ``text`` until something else is said or it is cleared."""
        self.text = text
        ground = {Tone.GOOD: "$success", Tone.NOTE: "$warning", Tone.FAULT: "$error"}[tone]
        chip = (f" {_(tone.value)} ", f"bold $background on {ground}")
        self.update(Content.assemble(chip, " ", plain(text)))
        self.add_class("-shown")

    def tell(self, error: CounterError) -> None:
        """Say what an error has to say: what happened, what was saved, what to do."""
        self.say(Tone.NOTE if isinstance(error, Refusal) else Tone.FAULT, sentences(error))

    def clear(self) -> None:
        """Say nothing any more."""
        if self.text:
            self.text = ""
            self.remove_class("-shown")
