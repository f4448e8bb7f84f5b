"""A thermal printer on the network that understands what it is sent: a real listener that draws what comes.

It parses ESC/POS (initialise, raster, feed, cut, drawer, status questions), keeps what it printed, and has
moods: paper that runs out, an open cover, silence, death in the middle. Whatever it does not understand
fails the test.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

from PIL import Image, ImageOps


class Mood(StrEnum):
    """How the printer is today."""

    WELL = "well"
    MUTE = "mute"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    BROKEN = "broken"
    OFFLINE = "offline"
    PAPER_ENDS_MIDWAY = "paper_ends_midway"
    DIES_MIDWAY = "dies_midway"
    DIES_MUTE_MIDWAY = "dies_mute_midway"
    HANGS_UP = "hangs_up"
    STALLS = "stalls"
    NEVER_DONE = "never_done"


_WELL = 0x12
_ANSWERS = {
    Mood.PAPER_OUT: {1: 0x1A, 2: 0x32, 4: 0x7E},
    Mood.COVER_OPEN: {1: 0x1A, 2: 0x16, 4: _WELL},
    Mood.BROKEN: {1: 0x1A, 2: 0x52, 4: _WELL},
    Mood.OFFLINE: {1: 0x1A, 2: _WELL, 4: _WELL},
}
_SILENT = {Mood.MUTE, Mood.STALLS, Mood.DIES_MUTE_MIDWAY}
MIDWAY = 4096


class Died(Exception):
    """The printer is switched off now."""


@dataclass
class ThermalHead:
    """The printer with what came out of it."""

    listener: socket.socket
    mood: Mood = Mood.WELL
    pictures: list[Image.Image] = field(default_factory=list)
    cuts: int = 0
    kicks: int = 0
    unknown: list[bytes] = field(default_factory=list)
    connections: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self) -> None:
        """Take one connection after the other until the listener is shut."""
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                with connection:
                    self._attend(connection)

    def _attend(self, connection: socket.socket) -> None:
        """One connection, as the mood has it."""
        if self.mood is Mood.HANGS_UP:
            return
        if self.mood is Mood.STALLS:
            self.released.wait(20)
            return
        with suppress(Died, EOFError, OSError):
            self._print(Stream(connection, self._limit()))
            return
        if self.mood in {Mood.DIES_MIDWAY, Mood.DIES_MUTE_MIDWAY}:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _limit(self) -> int:
        """After how many bytes it dies."""
        return MIDWAY if self.mood in {Mood.DIES_MIDWAY, Mood.DIES_MUTE_MIDWAY} else 1 << 40

    def _print(self, stream: Stream) -> None:
        """Read command after command."""
        while True:
            lead = stream.take(1)
            if lead == b"\x10":
                self._answer(stream)
            elif lead == b"\x1b":
                self._escape(stream)
            elif lead == b"\x1d":
                self._group(stream)
            else:
                self.unknown.append(lead)

    def _answer(self, stream: Stream) -> None:
        """DLE EOT n."""
        which = stream.take(2)[1]
        mood = self.mood
        if mood is Mood.PAPER_ENDS_MIDWAY and self.pictures:
            mood = Mood.PAPER_OUT
        if mood not in _SILENT:
            stream.connection.sendall(bytes([_ANSWERS.get(mood, {}).get(which, _WELL)]))

    def _escape(self, stream: Stream) -> None:
        """ESC @ (initialise), ESC d (feed), ESC p (drawer)."""
        command = stream.take(1)
        if command == b"d":
            stream.take(1)
        elif command == b"p":
            stream.take(3)
            self.kicks += 1
        elif command != b"@":
            self.unknown.append(b"\x1b" + command)

    def _group(self, stream: Stream) -> None:
        """GS v 0 (raster), GS V (cut), GS r (status in its turn)."""
        command = stream.take(1)
        if command == b"v":
            self._raster(stream)
        elif command == b"V":
            stream.take(1)
            self.cuts += 1
        elif command == b"r":
            stream.take(1)
            if self.mood not in {*_SILENT, Mood.PAPER_ENDS_MIDWAY, Mood.NEVER_DONE}:
                stream.connection.sendall(b"\x00")
        else:
            self.unknown.append(b"\x1d" + command)

    def _raster(self, stream: Stream) -> None:
        """One band of dots."""
        _zero, _mode, width_bytes, height = struct.unpack("<ccHH", stream.take(6))
        dots = stream.take(width_bytes * height)
        band = Image.frombytes("1", (width_bytes * 8, height), dots)
        self.pictures.append(ImageOps.invert(band.convert("L")).convert("1"))

    @property
    def paper(self) -> Image.Image:
        """All bands below each other."""
        paper = Image.new("1", (self.pictures[0].width, sum(band.height for band in self.pictures)), 255)
        top = 0
        for band in self.pictures:
            paper.paste(band, (0, top))
            top += band.height
        return paper


class Stream:
    """What comes in, byte by byte, up to a limit at which the printer dies."""

    def __init__(self, connection: socket.socket, limit: int) -> None:
        self.connection = connection
        self._limit = limit

    def take(self, count: int) -> bytes:
        """Exactly ``count`` bytes."""
        taken = b""
        while len(taken) < count:
            piece = self.connection.recv(min(count - len(taken), 1024))
            if not piece:
                raise EOFError
            taken += piece
            self._limit -= len(piece)
            if self._limit <= 0:
                raise Died
        return taken


@contextmanager
def thermal_head(mood: Mood = Mood.WELL, *, port: int = 0) -> Iterator[ThermalHead]:
    """Run a printer; its receive buffer is small, as a printer's is."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    head = ThermalHead(listener, mood)
    thread = threading.Thread(target=head.serve, daemon=True)
    thread.start()
    try:
        yield head
    finally:
        head.released.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
