"""A connection to one card in one reader: send bytes, get bytes. ``pcsc`` is the only import of smartcard."""

from __future__ import annotations

from typing import Protocol

from cardio.apdu import Command, Response


class Link(Protocol):
    """One connection, exclusive for its life; not thread-safe.

    Invariants of every implementation: 61xx and 6Cxx are resolved here and never seen above; an answer that
    is longer than was asked for, or has no status word, raises Garbled; a broken exchange raises CardLost and
    the link is dead from then on; nothing is ever sent twice.
    """

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        ...

    @property
    def reader(self) -> str:
        """The reader's name as PC/SC has it."""
        ...

    def send(self, command: Command) -> Response:
        """One exchange; raises CardLost, NoCard, ReaderError or Garbled."""
        ...

    def close(self) -> None:
        """Leave the card powered, without a reset; safe to call twice and on a dead link."""
        ...
