"""Commands to a card and its answers (ISO 7816-4, short form)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OK: Final = 0x9000


@dataclass(frozen=True, slots=True)
class Command:
    """One command; ``le`` is how many bytes are wanted, 256 for all there are, None for none.

    ``secret`` says that ``data`` holds a key, a code or a cryptogram: a trace shows only its length.
    """

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None
    secret: bool = False

    def __bytes__(self) -> bytes:
        """As it is sent."""
        head = bytes((self.cla, self.ins, self.p1, self.p2))
        body = bytes((len(self.data),)) + self.data if self.data else b""
        tail = b"" if self.le is None else bytes((self.le & 0xFF,))
        return head + body + tail


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: the data and the status word."""

    data: bytes
    sw: int

    @property
    def ok(self) -> bool:
        """Whether the card did it: 9000 (codes of SLE4442 cards are the exception)."""
        return self.sw == OK
