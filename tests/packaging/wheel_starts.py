"""Start the installed program in a terminal of its own, from another folder than the sources.

usage: wheel_starts.py CHECKOUT; run by the interpreter of the clean environment. It proves that nothing
comes from the checkout, that every command answers, that the schema and its SQL are there, and that the
screen paints its sign-in.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from importlib.util import find_spec
from pathlib import Path

PAINTED = "Counter"
WAIT_S = 60.0


def packages_come_from_the_wheel(checkout: Path) -> None:
    """Every package is found, and none of them in the checkout."""
    for name in ("counter", "db", "receipts", "cardio", "migrations"):
        spec = find_spec(name)
        assert spec is not None, name
        assert spec.origin is not None, name
        assert not Path(spec.origin).is_relative_to(checkout), spec.origin


def commands_answer(program: Path) -> None:
    """The console script runs and lists its commands."""
    said = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    for command in ("db", "import", "ledger", "demo"):
        assert command in said, said


def server_and_schema_work(program: Path) -> None:
    """The embedded server starts, the migrations and the SQL are found, and the check is content."""
    environment = os.environ | {"COUNTER_DEMO": "true"}
    for command in ("upgrade", "check"):
        subprocess.run([program, "db", command], env=environment, check=True)


def screen_paints(program: Path) -> None:
    """The program paints its sign-in in a terminal of 80 by 24."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ |= {"TERM": "xterm-256color", "COUNTER_LANGUAGE": "en", "COUNTER_DEMO": "true"}
        os.execv(program, [str(program)])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    seen = read_until(terminal, PAINTED)
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    assert PAINTED in seen, seen[-2000:]
    assert "Traceback" not in seen, seen[-2000:]


def read_until(terminal: int, wanted: str) -> str:
    """What the terminal shows until the wanted word is there; everything on a time-out or at the end."""
    seen = ""
    deadline = time.monotonic() + WAIT_S
    while wanted not in seen and time.monotonic() < deadline:
        ready, _writable, _failed = select.select([terminal], [], [], 1.0)
        if ready:
            try:
                seen += os.read(terminal, 65536).decode(errors="replace")
            except OSError:
                break
    return seen


def leave_nothing() -> None:
    """Delete the embedded server: as root it may live outside of the folder that is thrown away."""
    from counter.config import load_settings
    from db import embedded

    embedded.remove(load_settings().data_dir / "server")


def main() -> None:
    """All proofs, in the order of what they need."""
    packages_come_from_the_wheel(Path(sys.argv[1]))
    program = Path(sys.executable).parent / "counter"
    try:
        commands_answer(program)
        server_and_schema_work(program)
        screen_paints(program)
    finally:
        leave_nothing()
    print("the wheel starts from another folder: commands, schema and screen")


if __name__ == "__main__":
    main()
