"""The simplest card there is, for tests of what lies under the families: SELECT, a number, one record.

It speaks the virtual reader's protocol itself: two bytes of length, big-endian, then the body; a body of one
byte is control (0 power off, 1 on, 2 reset: no answer; 4: send the ATR), anything else a command that gets
exactly one answer.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Self

ATR: Final = bytes.fromhex("3B680000") + b"STUB-001"
TORN: Final = None
"""Given instead of an answer: the connection ends without one."""

Answer = Callable[[bytes], bytes | None]


class StubCard:
    """A card in a slot: it is in when made, and out when pulled. ``answer`` may be changed at any time."""

    def __init__(self, port: int, *, serial: str = "00B0990108000001", atr: bytes = ATR) -> None:
        """Plug it into the slot at that port."""
        self.serial, self.atr = serial, atr
        self.record = bytes(8)
        self.heard: list[bytes] = []
        self.resets = 0
        self.answer: Answer = self.ordinary
        self.held = threading.Event()
        self.held.set()
        self._socket = socket.create_connection(("127.0.0.1", port), 5.0)
        self._socket.settimeout(None)
        self._thread = threading.Thread(target=self._serve, name=f"stub card {port}", daemon=True)
        self._thread.start()

    def ordinary(self, command: bytes) -> bytes:
        """What a card in order answers: SELECT, its number, its record, a write of the record."""
        head = command[:2]
        if head == b"\x00\xa4":
            return b"\x90\x00"
        if head == b"\x00\xca":
            return bytes.fromhex(self.serial) + b"\x90\x00"
        if head == b"\x00\xb0":
            return self.record[: command[4] or 256] + b"\x90\x00"
        if head == b"\x00\xd6":
            self.record = command[5 : 5 + command[4]]
            return b"\x90\x00"
        return b"\x6d\x00"

    def pull(self) -> None:
        """Take it out."""
        self.held.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5.0)
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.pull()

    def _serve(self) -> None:
        try:
            while (body := self._body()) is not None:
                if not self._react(body):
                    break
        except OSError:
            return
        self._socket.close()

    def _react(self, body: bytes) -> bool:
        """Answer one message; False ends the connection."""
        if len(body) == 1:
            self.resets += body[0] in {0, 2}
            if body[0] == 4:
                self._send(self.atr)
            return True
        self.heard.append(body)
        answer = self.answer(body)
        self.held.wait()
        if answer is None:
            return False
        self._send(answer)
        return True

    def _send(self, body: bytes) -> None:
        self._socket.sendall(struct.pack(">H", len(body)) + body)

    def _body(self) -> bytes | None:
        head = self._exactly(2)
        return None if head is None else self._exactly(struct.unpack(">H", head)[0])

    def _exactly(self, count: int) -> bytes | None:
        """So many bytes, or None at the end. Without quick acknowledgements each command takes 44 ms more."""
        got = b""
        while len(got) < count:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            piece = self._socket.recv(count - len(got))
            if not piece:
                return None
            got += piece
        return got
