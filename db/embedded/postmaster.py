"""Start, stop and question the server process.

Invariant: a process id from a file is used only after the process proved to be the server of this data
folder; whether the server is alive is decided by a connection.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import time
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from db.embedded import cluster
from db.embedded.binaries import Binaries, find_binaries
from db.embedded.failures import EmbeddedFailure, FailureKind, of_output
from db.embedded.home import Home
from db.embedded.runner import run, runnable

PROTOCOL = 196608  # version 3.0
NO_PROCESS = 2**31 - 1  # a process id that the kernel never gives
START_TIMEOUT_S = 300
RETRY_S = 15.0
PASSING = ("shared memory block", "lock file")  # backends of a killed server need a moment to go
PROBE_TIMEOUT_S = 2.0
PAUSE_S = 0.05


class Answer(StrEnum):
    """What a connection met."""

    READY = "ready"
    NOT_YET = "not yet"
    SILENT = "silent"


def probe(home: Home) -> Answer:
    """Open a connection as far as the question for the password: then a backend serves us.

    Cheaper than signing in, needs no library, and leaves no line in the log.
    """
    names = f"user\0{cluster.SUPERUSER}\0database\0postgres\0\0".encode()
    greeting = struct.pack("!ii", len(names) + 8, PROTOCOL) + names
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(PROBE_TIMEOUT_S)
            connection.connect(str(home.socket))
            connection.sendall(greeting)
            reply = connection.recv(1024)
    except OSError:
        return Answer.SILENT
    if not reply:
        return Answer.SILENT
    refused_for_now = reply[:1] == b"E" and b"C57P0" in reply
    return Answer.NOT_YET if refused_for_now else Answer.READY


def running_pid(home: Home) -> int | None:
    """The server's process id, proven by its working folder; None when no such process runs."""
    try:
        pid = int((home.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    if not Path("/proc/self").exists():  # no such proof on this system: PostgreSQL's own check must do
        return pid
    try:
        return pid if Path(f"/proc/{pid}/cwd").samefile(home.data) else None
    except OSError:
        return None


def forget_dead(home: Home) -> None:
    """Make the marks of a dead server harmless, even when its process id was given to somebody else.

    Only the id is overwritten: the line with the shared memory stays, as by it PostgreSQL refuses to
    start beside surviving backends.
    """
    mark = home.data / "postmaster.pid"
    if mark.exists():
        first, newline, rest = mark.read_text(encoding="utf-8").partition("\n")
        if first.strip().lstrip("-").isdecimal():
            with mark.open("r+", encoding="utf-8") as file:
                file.write(f"{NO_PROCESS}{newline}{rest}")
                file.truncate()
        else:
            mark.unlink()  # empty or torn: written by nobody who got as far as shared memory
    home.socket.unlink(missing_ok=True)
    home.socket.with_name(f"{home.socket.name}.lock").unlink(missing_ok=True)


def bring_up(home: Home, settings: Mapping[str, str]) -> None:
    """See to it that the server answers: adopt a running one, else start it; raises ``EmbeddedFailure``."""
    if probe(home) is Answer.READY:
        return
    major = cluster.major_of(home)
    binaries = runnable(home, find_binaries(major))
    if major is None:
        cluster.create(home, binaries)
    cluster.configure(home, settings)
    until_s = time.monotonic() + RETRY_S
    while (failure := start_once(home, binaries)) is not None:
        if not any(words in failure.detail for words in PASSING) or time.monotonic() > until_s:
            raise failure
        time.sleep(PAUSE_S * 4)


def start_once(home: Home, binaries: Binaries) -> EmbeddedFailure | None:
    """One attempt; None when the server answers."""
    if running_pid(home) is None:
        forget_dead(home)
        log = home.logs / "start.log"
        log.unlink(missing_ok=True)
        command = (binaries.folder / "pg_ctl", "start", "-D", home.data, "-l", log)
        code, said = run(home, [*command, "-w", "-t", str(START_TIMEOUT_S), "-s"])
        if code != 0:
            own = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
            return of_output(said + own + newest_log(home))
    return await_answer(home)


def await_answer(home: Home) -> EmbeddedFailure | None:
    """Wait until a living server answers; it may be replaying its log."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while probe(home) is not Answer.READY:
        if running_pid(home) is None:
            return EmbeddedFailure(FailureKind.START_FAILED, newest_log(home)[-300:])
        if time.monotonic() > deadline:
            return EmbeddedFailure(FailureKind.TIMED_OUT, str(home.socket))
        time.sleep(PAUSE_S)
    return None


def newest_log(home: Home) -> str:
    """The end of the server's own log, for the reason of a failure."""
    files = sorted(home.logs.glob("server-*.log"), key=lambda file: file.stat().st_mtime)
    return files[-1].read_text(encoding="utf-8", errors="replace")[-2000:] if files else ""


def stop(home: Home) -> None:
    """Stop the server: a fast shutdown, and by force if that is not enough.

    These are the signals that ``pg_ctl stop -m fast`` and ``-m immediate`` send; sent from here they need
    no programs, so that the server stops even after its virtual environment is gone.
    """
    for shutdown, wait_s in ((signal.SIGINT, 60.0), (signal.SIGQUIT, 30.0)):
        pid = running_pid(home)
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, shutdown)
        until_s = time.monotonic() + wait_s
        while running_pid(home) is not None and time.monotonic() < until_s:
            time.sleep(PAUSE_S)


def watch_handle(home: Home) -> int | None:
    """A descriptor that becomes readable when the server process ends; None where there is none."""
    pid = running_pid(home)
    if pid is None or not hasattr(os, "pidfd_open"):
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None
