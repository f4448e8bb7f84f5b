"""A private CUPS scheduler with queues for every mood, and a network printer that listens.

Everything lives in a temporary folder and on free ports of the loopback, so that it runs beside a
machine's own CUPS, as root and as an ordinary user.
"""

from __future__ import annotations

import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_FILES = """\
ServerRoot {root}
RequestRoot {root}/spool
TempDir {root}/spool/tmp
CacheDir {root}/cache
StateDir {root}/state
AccessLog {root}/log/access
ErrorLog {root}/log/error
PageLog {root}/log/page
FileDevice Yes
FatalErrors none
"""
_SCHEDULER = """\
Listen 127.0.0.1:{port}
Browsing No
DefaultAuthType None
PreserveJobHistory Yes
<Location />
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order deny,allow
</Limit>
</Policy>
"""
_QUEUE = """\
<Printer {name}>
DeviceURI {device}
State {state}
Accepting {accepting}
ErrorPolicy abort-job
</Printer>
"""


@dataclass
class NetworkPrinter:
    """A printer on the network (port 9100 style) that keeps each job's bytes."""

    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    jobs: list[bytes] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.listener.getsockname()[1])

    def serve(self) -> None:
        """Take one connection after the other until the listener is shut."""
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                with connection, connection.makefile("rb") as stream:
                    self.jobs.append(stream.read())

    def stop(self) -> None:
        """Wake the thread that waits for a connection, and close."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@dataclass(frozen=True)
class PrintServer:
    """Address of the scheduler, and the device behind its queue ``receipts``."""

    address: str
    printer: NetworkPrinter

    def wait_for_job(self, number: int) -> bytes:
        """The bytes of the ``number``-th job, counted from 1, as soon as the printer has them."""
        deadline = time.monotonic() + 20
        while len(self.printer.jobs) < number and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.printer.jobs[number - 1]


def free_port() -> int:
    """A port of the loopback on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def print_server() -> Iterator[PrintServer]:
    """Run the scheduler; its device programs belong to another user, who must reach the folder."""
    printer = NetworkPrinter()
    thread = threading.Thread(target=printer.serve, daemon=True)
    thread.start()
    with tempfile.TemporaryDirectory(prefix="receipts-cups-") as name:
        root = Path(name)
        root.chmod(0o755)
        port = free_port()
        _configure(root, port, printer.port)
        process = subprocess.Popen(
            ["/usr/sbin/cupsd", "-f", "-c", root / "cupsd.conf", "-s", root / "cups-files.conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_until_listening(process, port, root / "log/error")
            yield PrintServer(f"127.0.0.1:{port}", printer)
        finally:
            process.terminate()
            process.wait(10)
            printer.stop()
            thread.join(10)


def _configure(root: Path, port: int, device_port: int) -> None:
    """Folders, settings and four queues: one that prints, one closed, one stopped, one in vain."""
    for folder in ("spool/tmp", "cache", "state", "log", "ppd"):
        (root / folder).mkdir(parents=True)
    device = f"socket://127.0.0.1:{device_port}"
    queues = (
        ("receipts", device, "Idle", "Yes"),
        ("closed", device, "Idle", "No"),
        ("stopped", device, "Stopped", "Yes"),
    )
    (root / "cups-files.conf").write_text(_FILES.format(root=root))
    (root / "cupsd.conf").write_text(_SCHEDULER.format(port=port))
    (root / "printers.conf").write_text(
        "".join(
            _QUEUE.format(name=name, device=uri, state=state, accepting=accepting)
            for name, uri, state, accepting in queues
        )
    )


def _wait_until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the scheduler answers; fails with its log when it ends instead."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise RuntimeError(log.read_text() if log.exists() else "cupsd did not start")
