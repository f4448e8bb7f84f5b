"""A vending server in small: real HTTP on 127.0.0.1, one token for each request id, and faults on request.

It shares no code with the program. Its tokens have the form of real ones, and no meter would take them.
"""

from __future__ import annotations

import json
import secrets
import select
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

KEY = "desk-key-of-the-tests"
LATE = ("slow", "drip")
"""The faults that only a desk without patience sees."""
FAULTS = (
    "slow",
    "drip",
    "drop_before",
    "drop_after",
    "error_before",
    "error_after",
    "busy",
    "wrong_amount",
    "other_meter",
    "other_sale",
    "garbage",
    "no_object",
    "deep",
    "huge",
    "no_token",
    "short_token",
    "redirect",
    "refuse",
    "conflict",
    "not_found",
)


@dataclass
class Vending:
    """What the server knows: the token of each request, and what it was asked."""

    issued: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    """What goes wrong with the next requests, one each."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and request id of each request that came in."""
    refused: dict[str, str] = field(default_factory=dict)
    reason: str = "meter not registered"
    lock: threading.Lock = field(default_factory=threading.Lock)
    gate: threading.Event = field(default_factory=threading.Event)
    """Nothing is answered while it is cleared."""
    address: str = ""

    def __post_init__(self) -> None:
        """Open."""
        self.gate.set()

    def issue(self, request: dict[str, Any]) -> dict[str, Any]:
        """The token of a request, made once."""
        with self.lock:
            known = self.issued.get(request["request_id"])
            if known is None:
                number = secrets.randbelow(2**66)
                known = {
                    "request_id": request["request_id"],
                    "meter_no": request["meter_no"],
                    "amount_fen": request["amount_fen"],
                    "token": f"{number:020d}",
                }
                self.issued[request["request_id"]] = known
            return dict(known)

    def fault(self) -> str:
        """What goes wrong with this request."""
        with self.lock:
            return self.faults.pop(0) if self.faults else ""


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    vending: Vending
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base class's name)
        """Say nothing."""

    def do_POST(self) -> None:
        """Make a token, or answer the one that was made."""
        length = int(self.headers.get("Content-Length", "0"))
        request = json.loads(self.rfile.read(length))
        self._serve("POST", request["request_id"], request)

    def do_GET(self) -> None:
        """Answer what was made."""
        self._serve("GET", self.path.rpartition("/")[2], None)

    def _serve(self, method: str, request_id: str, request: dict[str, Any] | None) -> None:
        vending = self.vending
        vending.gate.wait(30)
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            self._answer(401, {"error": "who are you"})
            return
        vending.asked.append((method, request_id))
        fault = vending.fault()
        if self._before(fault):
            return
        if request_id in vending.refused or (fault == "refuse" and request_id not in vending.issued):
            vending.refused.setdefault(request_id, vending.reason)
            self._answer(422, {"request_id": request_id, "reason": vending.refused[request_id]})
            return
        answer = vending.issue(request) if request else vending.issued.get(request_id)
        if answer is None:
            self._answer(404, {"request_id": request_id})
        else:
            self._after(fault, dict(answer))

    def _before(self, fault: str) -> bool:
        """Faults by which nothing is made; True when the request is over."""
        statuses = {"error_before": 500, "busy": 503, "conflict": 409, "not_found": 404}
        if fault == "drop_before":
            self.close_connection = True
            self.connection.close()
        elif fault in statuses:
            self._answer(statuses[fault], {"error": fault})
        elif fault == "redirect":
            self.send_response(307)
            self.send_header("Location", f"{self.vending.address}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            return False
        return True

    def _after(self, fault: str, answer: dict[str, Any]) -> None:
        """Faults after the token was made."""
        raw = {
            "garbage": b"\xff\xfe<html>" + answer["token"].encode(),
            "no_object": b'["' + answer["token"].encode() + b'"]',
            "deep": b"[" * 60_000,
            "huge": b" " * 200_000,
        }
        changes: dict[str, dict[str, Any]] = {
            "wrong_amount": {"amount_fen": answer["amount_fen"] + 1},
            "other_meter": {"meter_no": "999999999999"},
            "other_sale": {"request_id": "00000000-0000-7000-8000-000000000000"},
            "no_token": {"token": None},
            "short_token": {"token": "1234"},
        }
        if fault == "slow":
            select.select([self.connection], [], [], 30)  # until the desk hangs up
        if fault == "drop_after":
            self.close_connection = True
            self.connection.close()
        elif fault == "error_after":
            self._answer(500, {"error": "after"})
        elif fault == "drip":
            self._drip(json.dumps(answer).encode())
        elif fault in raw:
            self._send(200, raw[fault])
        else:
            self._answer(200, answer | changes.get(fault, {}))

    def _drip(self, content: bytes) -> None:
        """An answer that comes a byte at a time."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            for byte in content:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self._send(status, json.dumps(body).encode())

    def _send(self, status: int, content: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True


class _Server(ThreadingHTTPServer):
    """Quiet about desks that hang up."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A closed connection is what some tests want."""


@contextmanager
def vending_server(certificate: Path | None = None) -> Iterator[Vending]:
    """A running server; with a certificate (PEM with its key) it speaks TLS."""
    vending = Vending()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"vending": vending}))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if certificate else "http"
    vending.address = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield vending
    finally:
        vending.gate.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
