"""A program in a terminal of its own: keys in, frames out, each with its time.

The terminal claims synchronised output, so that the program marks where a frame begins and ends; a frame
counts as painted when its last byte has arrived.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

QUERY, ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
FRAME_END = b"\x1b[?2026l"
PATIENCE_S = 60.0
_STYLE = re.compile(rb"\x1b\[[0-9;:]*m")


class Terminal:
    """One program on a pty of 120×36; close it when done."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start ``command`` with just this environment."""
        self.started = time.perf_counter()
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            os.execve(command[0], list(command), dict(environment))  # noqa: S606
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self._seen = b""

    def write(self, text: str) -> float:
        """Press keys; the time at which they were pressed."""
        pressed = time.perf_counter()
        os.write(self._file, text.encode())
        return pressed

    def paste(self, text: str) -> float:
        """Paste a text as one piece."""
        return self.write(f"\x1b[200~{text}\x1b[201~")

    def forget(self) -> None:
        """What was painted up to now is of no interest."""
        self._read(0)
        self._seen = b""

    def wait(self, wanted: str, *, framed: bool = True) -> float:
        """The time at which a frame with text that fits the pattern ``wanted`` was complete."""
        pattern = re.compile(wanted.encode())
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            plain = _STYLE.sub(b"", self._seen)
            found = pattern.search(plain)
            end = plain.find(FRAME_END, found.end()) if found else -1
            if found and (end >= 0 or not framed):
                now = time.perf_counter()
                self._seen = plain[max(end, found.end()) :]
                return now
            self._read(1.0)
        raise AssertionError(f"never painted {wanted!r}, but {_STYLE.sub(b'', self._seen)[-4000:]!r}")

    def settle(self, quiet_s: float = 0.02) -> None:
        """Wait until nothing has been painted for a moment."""
        while self._read(quiet_s):
            pass
        self._seen = b""

    def _read(self, timeout_s: float) -> bool:
        """Take what has come; whether anything has."""
        if not select.select([self._file], [], [], timeout_s)[0]:
            return False
        piece = os.read(self._file, 1 << 16)
        if QUERY in piece:
            os.write(self._file, ANSWER)
        self._seen += piece
        return True

    def resident_mb(self) -> float:
        """Resident memory of the program, in units of 10**6 bytes."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def close(self) -> None:
        """End the program without ceremony."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._file)
