"""One reader as the program uses it: whatever blocks or dies does so in a process of its own.

``ReaderHost`` is the real one (``cardio.host``); the demonstration's is ``cardio.simulator``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cardio.contents import CardContents, Step, VendOrder


class ReaderState(StrEnum):
    """What the status bar says."""

    NO_SERVICE = "no_service"
    NO_READER = "no_reader"
    NO_SAM = "no_sam"
    EMPTY = "empty"
    CARD = "card"
    MUTE = "mute"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class ReaderEvent:
    """The state changed. ``insertion`` counts insertions, so that a card put back is another event.

    ``wrong_slot``: a user card sits where the SAM belongs.
    """

    state: ReaderState
    reader: str = ""
    insertion: int = 0
    wrong_slot: bool = False


class Reader(Protocol):
    """Thread-safe; every call may block up to its time limit and raises CardError."""

    @property
    def simulated(self) -> bool:
        """Whether it is the demonstration's: screen and slip say SIMULATED."""
        ...

    @property
    def demonstration_keys(self) -> bool:
        """Whether the keys are known to everybody."""
        ...

    def watch(self, heard: Callable[[ReaderEvent], None]) -> Callable[[], None]:
        """Hear every change, the present state at once, on any thread; the answer ends it."""
        ...

    def read(self) -> CardContents:
        """The card in the reader, whole."""
        ...

    def write(self, order: VendOrder, on_step: Callable[[Step], None]) -> CardContents:
        """As ``cardio.families.Card.write``, on the card in the reader."""
        ...

    def close(self) -> None:
        """End the process and give the reader back; safe to call twice."""
        ...
