"""A record of what went over a link, fit to be sent to somebody: no key, code, MAC or cryptogram is in it.

One line a message: ``> `` what was sent, ``< `` what came back, ``! `` the fault that came instead, ``# ``
about the link. Bytes are hex, a hidden byte is ``**``: its place is seen, its value is not. What is hidden
is decided twice, by the sender (``Command.secret``) and by the instruction itself.

Invariant: the file is opened for this user alone, and a full disk never disturbs the work with the card.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final, TextIO

from cardio.apdu import Command, Response
from cardio.errors import CardError
from cardio.link import Link

HIDDEN: Final = "**"
SECURE_MESSAGING: Final = 0x04
MAC_LENGTH: Final = 4

SECRET_INSTRUCTIONS: Final = frozenset(
    {
        (None, 0x20),  # VERIFY, and the code of a memory card
        (None, 0x24),  # CHANGE CODE
        (None, 0x82),  # EXTERNAL AUTHENTICATE, and a key into the reader
        (None, 0x88),  # INTERNAL AUTHENTICATE
        (None, 0xD4),  # a key onto the card
        (0x80, 0x10),  # cryptogram of a security module
        (0x80, 0x12),  # MAC of a security module
        (0xFF, 0xD2),  # a new code of a memory card
    }
)
"""Class (None: any) and instruction whose data are hidden both ways, whatever the sender says."""


def is_secret(command: Command) -> bool:
    """Whether nothing of its data, nor of the answer's, may be shown."""
    ways = {(None, command.ins), (command.cla, command.ins)}
    return command.secret or not ways.isdisjoint(SECRET_INSTRUCTIONS)


def shown_command(command: Command) -> str:
    """As hex, with what is hidden as asterisks; the tail of a command with a MAC is hidden too."""
    head = bytes((command.cla, command.ins, command.p1, command.p2)).hex().upper()
    body = f"{len(command.data):02X}" if command.data else ""
    tail = "" if command.le is None else f"{command.le & 0xFF:02X}"
    return head + body + _data(command) + tail


def _data(command: Command) -> str:
    if is_secret(command):
        return HIDDEN * len(command.data)
    if command.cla & SECURE_MESSAGING and command.cla < 0xF0:  # noqa: PLR2004 (above: the reader's own)
        kept = command.data[:-MAC_LENGTH]
        return kept.hex().upper() + HIDDEN * (len(command.data) - len(kept))
    return command.data.hex().upper()


def shown_response(command: Command, response: Response) -> str:
    """As hex, with the data hidden when the command was secret."""
    data = HIDDEN * len(response.data) if is_secret(command) else response.data.hex().upper()
    return f"{data}{response.sw:04X}"


class TraceLink:
    """A ``Link`` that writes down what another one does."""

    def __init__(self, link: Link, file: TextIO) -> None:
        """``file`` stays the caller's."""
        self._link, self._file = link, file
        self._write(f"# reader {link.reader}")
        self._write(f"# atr {link.atr.hex().upper()}")

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        return self._link.atr

    @property
    def reader(self) -> str:
        """The reader's name as PC/SC has it."""
        return self._link.reader

    def send(self, command: Command) -> Response:
        """As the link beneath; raises what that raises."""
        self._write(f"> {shown_command(command)}")
        try:
            response = self._link.send(command)
        except CardError as error:
            self._write(f"! {type(error).__name__}")
            raise
        self._write(f"< {shown_response(command, response)}")
        return response

    def close(self) -> None:
        """Close the link beneath."""
        self._link.close()
        self._write("# closed")

    def _write(self, line: str) -> None:
        with suppress(OSError, ValueError):  # a full disk, a file that was closed
            self._file.write(line + "\n")
            self._file.flush()


def open_trace(path: Path) -> TextIO:
    """A file for this user alone, written at its end; raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.fdopen(handle, "a", encoding="utf-8")
