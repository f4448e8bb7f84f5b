"""One slot of the virtual reader, into which simulated cards are put and out of which they are torn.

The reader's protocol: two bytes of length, big-endian, then the body. A body of one byte is control (0 power
off, 1 on, 2 reset: no answer; 4: send the answer to reset), anything else a command that gets one answer.

Invariant: a card that is in stays in while the PC/SC service dies and comes back, as plastic does; only
``remove`` and the card's own ``Torn`` take it out.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol, Self

from tests.cards.sim_card import Silent, Torn

_POWER_OFF, _POWER_ON, _RESET, _SEND_ATR = 0, 1, 2, 4
_AGAIN_S: Final = 0.01
_END_S: Final = 5.0


class Pluggable(Protocol):
    """What can be put into a slot."""

    def power_on(self) -> bytes:
        """The answer to reset."""
        ...

    def power_off(self) -> None:
        """The session is lost."""
        ...

    def answer(self, apdu: bytes) -> bytes:
        """The answer to a command; raises Torn or Silent."""
        ...


class Slot:
    """A slot of the reader at ``host:port``; empty at first; ``close`` leaves no thread behind."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        """Nothing is done before a card is put in."""
        self._address = (host, port)
        self._insertion: _Insertion | None = None

    @property
    def occupied(self) -> bool:
        """Whether a card is in; False after it was torn out by a fault."""
        return self._insertion is not None and not self._insertion.out.is_set()

    def insert(self, card: Pluggable) -> None:
        """Put a card in; what was in is taken out first. Returns when the reader has taken the connection."""
        self.remove()
        self._insertion = _Insertion(self._address, card)
        self._insertion.connected.wait(_END_S)

    def remove(self) -> None:
        """Take the card out; safe on an empty slot."""
        if self._insertion is not None:
            self._insertion.end()
            self._insertion = None

    def swap(self, card: Pluggable) -> None:
        """Another card in place of this one, as fast as a hand cannot."""
        self.insert(card)

    def wait_until_out(self, seconds: float = _END_S) -> bool:
        """Whether a fault tore the card out within this time."""
        return self._insertion is None or self._insertion.out.wait(seconds)

    close = remove

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class _Insertion:
    """One stay of a card in the slot, with its thread."""

    def __init__(self, address: tuple[str, int], card: Pluggable) -> None:
        self.connected = threading.Event()
        self.out = threading.Event()
        self._address, self._card = address, card
        self._socket: socket.socket | None = None
        self._atr = b""
        self._thread = threading.Thread(target=self._stay, name=f"card in {address[1]}", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Out; the thread has ended afterwards unless a card is late still."""
        self.out.set()
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(_END_S)

    def _stay(self) -> None:
        """Serve one connection after the other until the card is out."""
        while not self.out.is_set():
            try:
                with socket.create_connection(self._address, _END_S) as self._socket:
                    if self._socket.getsockname() == self._socket.getpeername():
                        continue  # nobody listens, and the system connected it with itself
                    self._socket.settimeout(None)
                    self.connected.set()
                    self._serve(self._socket)
            except OSError:
                self.out.wait(_AGAIN_S)
            except Torn:
                self.out.set()
            finally:
                self._card.power_off()

    def _serve(self, wire: socket.socket) -> None:
        """Until the reader hangs up."""
        while not self.out.is_set() and (body := _message(wire)) is not None:
            reply = self._react(body)
            if reply is not None:
                wire.sendall(len(reply).to_bytes(2) + reply)

    def _react(self, body: bytes) -> bytes | None:
        """The answer to one message; None where none belongs."""
        if len(body) != 1:
            with suppress(Silent):
                return self._card.answer(body)
            return None
        controls: dict[int, Callable[[], object]] = {
            _POWER_OFF: self._card.power_off,
            _POWER_ON: self._power_on,
            _RESET: self._power_on,
        }
        controls.get(body[0], lambda: None)()
        if body[0] != _SEND_ATR:
            return None
        return self._atr or self._power_on()

    def _power_on(self) -> bytes:
        """Once for each reset: the reader asks for the answer more often, to see whether a card is there."""
        self._atr = self._card.power_on()
        return self._atr


def _message(wire: socket.socket) -> bytes | None:
    """The next body; None when the reader hung up."""
    head = _exactly(wire, 2)
    return None if head is None else _exactly(wire, int.from_bytes(head))


def _exactly(wire: socket.socket, count: int) -> bytes | None:
    """So many bytes. Without quick acknowledgements every command would take 44 ms more."""
    got = b""
    while len(got) < count:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        piece = wire.recv(count - len(got))
        if not piece:
            return None
        got += piece
    return got
