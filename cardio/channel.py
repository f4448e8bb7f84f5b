"""Messages between the program and the process that owns the reader: whole objects over two pipes.

Only these two processes hold the pipes' ends, and both are this program.
"""

from __future__ import annotations

import pickle
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from cardio.contents import Step
from cardio.errors import CardError, ReaderError
from cardio.reader import ReaderEvent


@dataclass(frozen=True, slots=True)
class Request:
    """Do ``operation`` with these arguments; answers carry the same number."""

    number: int
    operation: str
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """The readers changed."""

    event: ReaderEvent


@dataclass(frozen=True, slots=True)
class KeysSeen:
    """The keys were used for the first time; whether they are known to everybody."""

    demonstration: bool


@dataclass(frozen=True, slots=True)
class Remember:
    """What the process after this one must know: which keys and codes were refused."""

    memory: Any


@dataclass(frozen=True, slots=True)
class Alive:
    """Exchanges go on; a sign of life, at most twice a second."""

    number: int


@dataclass(frozen=True, slots=True)
class Stepped:
    """A write came to a step; sent before the step's first exchange."""

    number: int
    step: Step


@dataclass(frozen=True, slots=True)
class Done:
    """The operation's value."""

    number: int
    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The operation's fault, with its facts; its causes and its traceback stay where they are."""

    number: int
    error: CardError


@dataclass(frozen=True, slots=True)
class Up:
    """The process runs and takes requests."""


class Channel:
    """One end. Any thread may send, one takes."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        """Owns both streams from now on."""
        self._incoming, self._outgoing = incoming, outgoing
        self._lock = threading.Lock()

    def send(self, message: object) -> None:
        """Raises OSError or ValueError when the other end is gone."""
        packed = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        with self._lock:
            self._outgoing.write(packed)
            self._outgoing.flush()

    def take(self) -> Any:
        """The next message; raises EOFError when the other end is gone, in the middle of one too."""
        try:
            return pickle.load(self._incoming)  # noqa: S301 (the other end is ourselves)
        except Exception as fault:  # a message cut off can fail in any way
            raise EOFError from fault

    def close(self) -> None:
        """Give both streams back; safe to call twice, and when the other end is gone."""
        for stream in (self._outgoing, self._incoming):
            with suppress(OSError, ValueError):
                stream.close()


def failure(number: int, error: Exception) -> Failed:
    """A fault as a message. Of a bug only its kind and its place are told, never a value.

    A bug may have come after a command; whether one was on its way the program knows by the steps.
    """
    if isinstance(error, CardError):
        return Failed(number, error)
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = "" if place is None else f" at {place.tb_frame.f_code.co_name}, line {place.tb_lineno}"
    bug = ReaderError(f"{type(error).__name__}{where}")
    bug.maybe_written = True
    return Failed(number, bug)
