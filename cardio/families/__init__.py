"""One module for each kind of card: how it is identified, read and written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from cardio.contents import CardContents, Step, VendOrder


class Card(Protocol):
    """A card of a known family in an open link, with its profile and the holder of its keys."""

    @property
    def serial(self) -> str:
        """Its own number, upper-case hex; read once when the card was opened."""
        ...

    def read(self) -> CardContents:
        """Everything on it, without spending a try of any code; raises CardError."""
        ...

    def write(self, order: VendOrder, on_step: Callable[[Step], None]) -> CardContents:
        """Write parameters, wallet, clear the write-back, read all back and compare.

        Raises CardSwapped or a CardError with ``maybe_written`` False before the first write; from the first
        write on
        every fault has ``maybe_written`` True (CardLost, NotCompared, …). Writing the same order again on
        the same card is safe: it sets values, it does not add.
        """
        ...
