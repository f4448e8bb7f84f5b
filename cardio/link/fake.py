"""A link to a function that answers bytes with bytes: a card without a reader."""

from __future__ import annotations

from collections.abc import Callable

from cardio.apdu import Command, Response
from cardio.errors import CardLost, Garbled
from cardio.link.exchange import exchange

Answer = Callable[[bytes], bytes]
"""What a card does with one command; an empty answer is a torn connection."""


class FakeLink:
    """A ``Link`` that asks a function. It keeps the rules of every link, lengths included."""

    def __init__(
        self, answer: Answer, *, atr: bytes = b"", reader: str = "fake", character_protocol: bool = False
    ) -> None:
        """``character_protocol``: as a card that speaks T=0."""
        self._answer, self._atr, self._reader = answer, atr, reader
        self._character_protocol = character_protocol
        self._dead = False

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        return self._atr

    @property
    def reader(self) -> str:
        """The name it was given."""
        return self._reader

    def send(self, command: Command) -> Response:
        """One exchange; raises CardLost or Garbled, and is dead after either."""
        if self._dead:
            lost = CardLost("the connection was lost before; nothing was sent")
            lost.maybe_written = False
            raise lost
        try:
            return exchange(self._answer, command, character_protocol=self._character_protocol)
        except (CardLost, Garbled):
            self._dead = True
            raise

    def close(self) -> None:
        """Nothing is answered from now on."""
        self._dead = True
