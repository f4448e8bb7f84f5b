"""A folder for one server, and programs of our own beside the test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from db import embedded
from db.embedded.home import Home, resolve

ROOT = Path(__file__).parents[2]
QUICK = {"fsync": "off", "shared_buffers": "16MB"}
PROGRAM = """
import sys, time
from pathlib import Path
from db import embedded
server = embedded.start(Path(sys.argv[1]), settings={"fsync": "off", "shared_buffers": "16MB"})
print(server.admin_url, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that any user could reach, for one server; removed with it."""
    folder = Path(tempfile.mkdtemp(prefix="counter-test-"))
    folder.chmod(0o755)
    yield folder / "server"
    embedded.remove(folder / "server")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home(place: Path) -> Home:
    """Where that server's files are."""
    return resolve(place)


@pytest.fixture
def program(place: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start another program on the same folder; it stays until its input is closed or it is killed."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, place],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def eventually(condition: Callable[[], bool], *, within_s: float = 30.0) -> bool:
    """Whether the condition comes true; generous, as the machine may be busy."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
