"""A link that answers from a record (``cardio.link.trace``): a fault of the field, seen again at a desk.

Hidden bytes match anything when they are sent, and come back as zeros.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cardio import errors
from cardio.apdu import Command, Response
from cardio.errors import CardError, CardLost, Garbled
from cardio.link.trace import HIDDEN, is_secret, shown_command


class ReplayLink:
    """A ``Link`` over the lines of one record; a command that is not the recorded one raises Garbled."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Reads up to the end of the first link in the record."""
        self._atr, self._reader = b"", ""
        self._closed = False
        self._messages = list(self._read(lines))
        self._next = 0

    def _read(self, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The messages as (mark, text), and what is said of the link."""
        for line in lines:
            mark, _space, text = line.strip().partition(" ")
            if mark == "#":
                what, _space, value = text.partition(" ")
                if what == "closed":
                    return
                self._reader = value if what == "reader" else self._reader
                self._atr = bytes.fromhex(value) if what == "atr" else self._atr
            elif mark:
                yield mark, text

    @property
    def atr(self) -> bytes:
        """The recorded answer to reset."""
        return self._atr

    @property
    def reader(self) -> str:
        """The recorded name."""
        return self._reader

    @property
    def finished(self) -> bool:
        """Whether everything that was recorded was asked for."""
        return self._next == len(self._messages)

    def send(self, command: Command) -> Response:
        """The recorded answer or fault; raises Garbled when something else was sent at this place."""
        if self._closed:
            raise CardLost("the record was closed")
        expected, sent = self._take(">"), shown_command(command)
        if expected != sent:
            raise Garbled(f"the record has {expected} where {sent} was sent")
        return self._answer(command)

    def _answer(self, command: Command) -> Response:
        mark, text = self._messages[self._next] if not self.finished else ("!", "CardLost")
        self._next += not self.finished
        if mark == "!":
            raise _fault(text)
        if mark != "<":
            raise Garbled("the record has no answer here")
        data = text[:-4].replace(HIDDEN, "00") if is_secret(command) else text[:-4]
        return Response(bytes.fromhex(data), int(text[-4:], 16))

    def _take(self, mark: str) -> str:
        if self.finished or self._messages[self._next][0] != mark:
            raise Garbled("the record ends here")
        self._next += 1
        return self._messages[self._next - 1][1]

    def close(self) -> None:
        """Answer nothing more."""
        self._closed = True


def _fault(name: str) -> CardError:
    """The recorded fault by its name; one with facts of its own comes back as Garbled."""
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, CardError) and not issubclass(kind, errors.CardRefused):
        return kind("as recorded")
    return Garbled(f"recorded as {name}")
