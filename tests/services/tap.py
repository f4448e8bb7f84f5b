"""A wire that reads along: which statements a desk sends to its server, in order."""

from __future__ import annotations

import socket
from collections.abc import Iterator

from tests.services.wire import Wire


class Tap(Wire):
    """Passes everything on, and keeps the text of each statement that a desk has the server execute."""

    def __init__(self, url: str) -> None:
        """Listen as a wire does."""
        self._heard: dict[socket.socket, _Reader] = {}
        self.statements: list[str] = []
        self._unanswered = ""
        self._for_good = False
        super().__init__(url)

    def lose_answer_of(self, function: str, *, stay_down: bool = False) -> None:
        """The next call of ``function`` arrives, and the wire is cut before its answer."""
        self._unanswered, self._for_good = f"counter.{function}(", stay_down

    def _pass(self, direction: str, data: bytes, other: socket.socket) -> bool:
        """Read what goes up before it is passed on, so that an answer never comes before its statement."""
        if direction == "up":
            reader = self._heard.setdefault(other, _Reader())
            new = list(reader.read(data))
            self.statements += new
            if self._unanswered and any(self._unanswered in statement for statement in new):
                self._unanswered = ""
                self.cut_after("down", 0, stay_down=self._for_good)
        return super()._pass(direction, data, other)


class _Reader:
    """The messages of one connection (PostgreSQL's protocol 3.0, frontend to backend)."""

    def __init__(self) -> None:
        """Nothing was prepared and nothing is half read."""
        self._rest = b""
        self._prepared: dict[bytes, str] = {}
        self._bound = ""

    def read(self, data: bytes) -> Iterator[str]:
        """The statements that ``data`` completes; each execution is one, also of what was prepared before."""
        self._rest += data
        while (message := self._next()) is not None:
            kind, content = message
            if kind == b"Q":
                yield content.rstrip(b"\0").decode()
            elif kind == b"P":
                name, text, _types = content.split(b"\0", 2)
                self._prepared[name] = text.decode()
            elif kind == b"B":
                _portal, name, _values = content.split(b"\0", 2)
                self._bound = self._prepared[name]
            elif kind == b"E":
                yield self._bound

    def _next(self) -> tuple[bytes, bytes] | None:
        """The next whole message; the first of a connection have no kind, and a length that begins with 0."""
        kind = b"" if self._rest[:1] == b"\0" else self._rest[:1]
        start = len(kind) + 4
        length = int.from_bytes(self._rest[len(kind) : start]) if len(self._rest) >= start else 1 << 32
        end = len(kind) + length
        if len(self._rest) < end:
            return None
        content, self._rest = self._rest[start:end], self._rest[end:]
        return kind, content
