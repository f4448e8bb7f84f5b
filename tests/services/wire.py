"""A wire between a desk and its server that can be cut after any byte, in either direction."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading

from db.engine import address


class Wire:
    """Listens on a local port and passes everything on to the server of ``url``.

    ``cut_after(direction, count)`` lets ``count`` more bytes pass in that direction and then drops the
    connection. While ``down`` is set, nobody is connected at all.
    """

    def __init__(self, url: str) -> None:
        """Find the server's address and listen."""
        self._target = address(url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.down = False
        self.passed = {"up": 0, "down": 0}
        self._left: dict[str, int | None] = {"up": None, "down": None}
        self._stay_down = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The server's address through this wire."""
        plain = self._target.difference_update_query(["host", "port"])
        through = plain.set(host="127.0.0.1", port=self.port)
        return through.render_as_string(hide_password=False)

    def cut_after(self, direction: str, count: int, *, stay_down: bool = False) -> None:
        """Cut once, ``count`` bytes from now."""
        self.passed = {"up": 0, "down": 0}
        self._left = {"up": None, "down": None, direction: count}
        self._stay_down = stay_down

    def mend(self) -> None:
        """Pass everything on again."""
        self._left = {"up": None, "down": None}
        self.down = False

    def close(self) -> None:
        """Listen no more."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                desk, _peer = self._listener.accept()
                if self.down:
                    desk.close()
                else:
                    threading.Thread(target=self._carry, args=(desk,), daemon=True).start()

    def _connect(self) -> socket.socket:
        query = self._target.query
        host = self._target.host or str(query.get("host", ""))
        port = self._target.port or int(str(query.get("port", 5432)))
        if host.startswith("/"):
            server = socket.socket(socket.AF_UNIX)
            server.connect(f"{host}/.s.PGSQL.{port}")
            return server
        return socket.create_connection((host, port))

    def _carry(self, desk: socket.socket) -> None:
        try:
            server = self._connect()
        except OSError:  # nobody is there: the desk hears it at once
            desk.close()
            return
        ways = {desk: ("up", server), server: ("down", desk)}
        with desk, server, selectors.DefaultSelector() as ready, contextlib.suppress(OSError):
            for end in ways:
                ready.register(end, selectors.EVENT_READ)
            while True:
                for key, _events in ready.select():
                    direction, other = ways[key.fileobj]  # type: ignore[index]
                    data = key.fileobj.recv(65_536)  # type: ignore[union-attr]
                    if not data or not self._pass(direction, data, other):
                        return

    def _pass(self, direction: str, data: bytes, other: socket.socket) -> bool:
        """Pass on what may pass; whether the wire is still whole."""
        left = self._left[direction]
        if left is None or len(data) <= left:
            self._left[direction] = None if left is None else left - len(data)
            self.passed[direction] += len(data)
            other.sendall(data)
            return True
        if left:
            other.sendall(data[:left])
        self._left[direction] = None
        self.down = self._stay_down
        return False
