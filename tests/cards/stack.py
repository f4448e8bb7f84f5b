"""A PC/SC service of the tests' own: the real daemon, two virtual readers, nothing of the machine's.

The daemon's socket is compiled in, so each worker's daemon gets a mount namespace in which a folder of the
worker stands at ``/run/pcscd``. Where mounts are refused, one daemon runs on ``/run/pcscd`` itself and a
lock keeps the workers apart. Clients find the socket by ``PCSCLITE_CSOCK_NAME``, which their library reads
once in a process's life: ``choose_socket`` is called when ``conftest`` is imported, before anything else.

Invariant: whatever is started here ends with the test, and at the latest with the process that started it.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from smartcard import scard

DAEMON: Final = "/usr/sbin/pcscd"
DRIVER: Final = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SYSTEM_RUN: Final = Path("/run/pcscd")
SHIM_SOURCE: Final = Path(__file__).with_name("fastpoll.c")
SOCKET_VARIABLE: Final = "PCSCLITE_CSOCK_NAME"
WAIT_S: Final = 30.0
PORTS: Final = range(20_000, 32_000)

_HELD: Final = scard.SCARD_STATE_INUSE | scard.SCARD_STATE_EXCLUSIVE
EMPTY: Final = scard.SCARD_STATE_EMPTY
PRESENT: Final = scard.SCARD_STATE_PRESENT

_MOUNT: Final = (
    'mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$0" /run/pcscd'
    " && mount -t tmpfs none /usr/lib/pcsc/drivers"
)
"""Done in the namespace; the last mount hides the machine's own readers."""
_ENTER: Final = _MOUNT + ' && exec /usr/sbin/pcscd "$@"'

Seen = TypeVar("Seen")


@cache
def home() -> Path:
    """This worker's folder; its path is short, because a socket's may have 107 characters at most."""
    folder = Path(tempfile.mkdtemp(prefix="counter-pcsc-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def namespace() -> tuple[str, ...]:
    """The command that opens a mount namespace here; empty where there is no way."""
    for flags in (("--mount",), ("--user", "--map-root-user", "--mount")):
        command = ("unshare", *flags, "--propagation", "private")
        trial = ("sh", "-c", _MOUNT, str(home()))
        if subprocess.run([*command, *trial], capture_output=True, check=False).returncode == 0:
            return command
    return ()


def choose_socket() -> None:
    """Say to this process and its children where its service will be."""
    run = home() / "run" if namespace() else SYSTEM_RUN
    os.environ[SOCKET_VARIABLE] = str(run / "pcscd.comm")


@cache
def shim() -> Path:
    """The poll shim, compiled."""
    built = home() / "fastpoll.so"
    command = [
        "gcc",
        "-shared",
        "-fPIC",
        "-O1",
        "-Wall",
        "-Werror",
        "-o",
        str(built),
        str(SHIM_SOURCE),
        "-ldl",
    ]
    subprocess.run(command, check=True)
    return built


@cache
def daemon_flags() -> tuple[str, ...]:
    """What this version of the daemon wants beside the folders: polkit can be refused from 2.0 on only."""
    known = subprocess.run([DAEMON, "--help"], capture_output=True, text=True, check=False)
    return ("--disable-polkit",) if "disable-polkit" in known.stdout + known.stderr else ()


@dataclass(frozen=True, slots=True)
class Slot:
    """One virtual slot: the reader's name as PC/SC has it, and the port where a card is plugged in."""

    reader: str
    port: int

    def sees_card(self, seconds: float = 5.0) -> bool:
        """Whether the service sees the card within these seconds."""
        try:
            wait_for_state(self.reader, PRESENT, seconds)
        except AssertionError:
            return False
        return True

    def wait_present(self) -> None:
        """Until the service sees the card."""
        wait_for_state(self.reader, PRESENT)

    def wait_empty(self) -> None:
        """Until the service sees that there is none; before that a connection would meet the dead card."""
        wait_for_state(self.reader, EMPTY)

    def wait_free(self) -> None:
        """Until no program holds the card: of one that died the service still has to clear up, with a reset.

        A card that is taken out at that instant stays "mute" for the service until another comes.
        """
        _wait(lambda: _flags(self.reader), lambda flags: not flags & _HELD)


class Stack:
    """The daemon and its two slots; ``user`` holds the card of a customer, ``sam`` the module."""

    def __init__(self, *, fast: bool = True) -> None:
        """Without ``fast`` the daemon polls as it does in a hall."""
        self._fast = fast
        self._process: subprocess.Popen[bytes] | None = None
        self._log = (home() / "pcscd.log").open("ab")
        self.user = self.sam = Slot("", 0)

    @property
    def pid(self) -> int:
        """The daemon's process; asserts that one runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start on free ports, again on others when a port was taken in between."""
        for _attempt in range(5):
            self._configure(_free_pair())
            self.start_again()
            if len(names := _wait(reader_names, lambda found: len(found) == 2, must=False, seconds=5.0)) == 2:
                self.user, self.sam = (
                    Slot(name, port) for name, port in zip(names, self._ports, strict=True)
                )
                return
            self.stop()
        raise AssertionError(f"the PC/SC service shows {reader_names()} instead of two readers")

    def start_again(self) -> None:
        """Start with the same two readers as before."""
        run = _clear_run_folder()
        environment = {**os.environ, **({"LD_PRELOAD": str(shim())} if self._fast else {})}
        flags = ["--foreground", "--config", str(home() / "conf"), *daemon_flags()]
        inside = [*namespace(), "sh", "-c", _ENTER, str(run)] if namespace() else [DAEMON]
        command = ["setpriv", "--pdeathsig", "KILL", *inside, *flags]
        self._process = subprocess.Popen(command, env=environment, stdout=self._log, stderr=self._log)
        _wait(_answers, bool)

    def _configure(self, port: int) -> None:
        """Write the daemon's list of readers: one entry of two slots, with its own copy of the driver."""
        self._ports = (port, port + 1)
        folder = home() / "conf"
        folder.mkdir(exist_ok=True)
        driver = home() / "vpcd.so"
        shutil.copyfile(DRIVER.resolve(), driver)
        lines = (
            'FRIENDLYNAME "Virtual"',
            f"DEVICENAME /dev/null:{port}",
            f"LIBPATH {driver}",
            f"CHANNELID {port}",
        )
        (folder / "vpcd").write_text("\n".join(lines) + "\n")

    def start_bare(self) -> None:
        """Start again with no reader plugged in: virtual ones cannot be pulled from a running daemon."""
        (home() / "conf" / "vpcd").write_text("")
        self.start_again()

    def start_plugged(self) -> None:
        """Start again with the readers plugged in."""
        self._configure(self._ports[0])
        self.start_again()

    def kill(self) -> None:
        """As a crash: no farewell, socket and pid file stay behind."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it in order; safe when it is dead already."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(WAIT_S)

    def close(self) -> None:
        """End it whatever state it is in."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(WAIT_S)
            _clear_run_folder()
        self._log.close()


@contextmanager
def running(*, fast: bool = True) -> Iterator[Stack]:
    """A service for one test."""
    with _alone():
        stack = Stack(fast=fast)
        try:
            stack.start()
            yield stack
        finally:
            stack.close()


@contextmanager
def _alone() -> Iterator[None]:
    """Where all workers share one place for the daemon: one at a time."""
    if namespace():
        yield
        return
    with (Path(tempfile.gettempdir()) / "counter-pcsc.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _clear_run_folder() -> Path:
    """The folder of the socket, without what a killed daemon leaves there."""
    run = Path(os.environ[SOCKET_VARIABLE]).parent
    run.mkdir(parents=True, exist_ok=True)
    for left in run.iterdir():
        left.unlink()
    return run


def _free_pair() -> int:
    """A port that is free together with the next one; none that the system gives to outgoing connections."""
    while True:
        port = random.randrange(PORTS.start, PORTS.stop, 2)
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("", port))
                second.bind(("", port + 1))
            except OSError:
                continue
            return port


def _answers() -> bool:
    """Whether the service takes a client."""
    hresult, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    if hresult == scard.SCARD_S_SUCCESS:
        scard.SCardReleaseContext(context)
    return bool(hresult == scard.SCARD_S_SUCCESS)


def reader_names() -> list[str]:
    """The readers that the service shows, in the order of their slots."""
    with _context() as context:
        _hresult, names = scard.SCardListReaders(context, [])
        return sorted(names)


def _flags(reader: str) -> int:
    """What the service says of the reader now."""
    with _context() as context:
        _hresult, states = scard.SCardGetStatusChange(context, 0, [(reader, scard.SCARD_STATE_UNAWARE)])
        return int(states[0][1])


def wait_for_state(reader: str, bits: int, seconds: float = WAIT_S) -> None:
    """Until the service says that of the reader; fails the test after these seconds."""
    with _context() as context:
        deadline = time.monotonic() + seconds
        known = scard.SCARD_STATE_UNAWARE
        while time.monotonic() < deadline:
            hresult, states = scard.SCardGetStatusChange(context, 200, [(reader, known)])
            if hresult == scard.SCARD_S_SUCCESS:
                known = states[0][1]
            if known & bits:
                return
    raise AssertionError(f"{reader} never came to state {bits:#x}; it is in {known:#x}")


@contextmanager
def _context() -> Iterator[int]:
    hresult, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    assert hresult == scard.SCARD_S_SUCCESS, f"{hresult:#x}"
    try:
        yield context
    finally:
        scard.SCardReleaseContext(context)


def _wait(
    look: Callable[[], Seen], wanted: Callable[[Seen], bool], *, must: bool = True, seconds: float = WAIT_S
) -> Seen:
    """Look again until it is as wanted, so many seconds at most."""
    deadline = time.monotonic() + seconds
    while not wanted(seen := look()):
        if time.monotonic() > deadline:
            assert not must, f"still {seen!r}"
            break
        time.sleep(0.005)
    return seen
