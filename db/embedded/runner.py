"""Run PostgreSQL's programs as the server's user, in a clean environment.

As root the programs themselves may lie where that user cannot go (a virtual environment below /root):
then they are copied to /var/lib/counter once for each version, instead of opening the folders.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from db.embedded.binaries import Binaries
from db.embedded.failures import EmbeddedFailure, FailureKind
from db.embedded.home import ROOT_PLACE, Home

KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "TZDIR")


def run(home: Home, command: Sequence[str | Path], *, folder: Path | None = None) -> tuple[int, str]:
    """Exit code and everything said; output goes through a file, as a server may keep a pipe open."""
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    environment |= {"LC_ALL": "C", "HOME": str(home.folder)}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder or home.folder,
            env=environment,
            umask=0o077,
            check=False,
            user=home.uid if home.is_foreign else None,
            group=home.gid if home.is_foreign else None,
            extra_groups=[] if home.is_foreign else None,
        )
        output.seek(0)
        return done.returncode, output.read()


def runnable(home: Home, binaries: Binaries) -> Binaries:
    """The same programs where the server's user can run them; raises ``EmbeddedFailure``."""
    if not home.is_foreign or starts(home, binaries):
        return binaries
    source = binaries.folder.parent
    if not (source / "share").is_dir():
        raise EmbeddedFailure(FailureKind.NO_BINARIES, str(binaries.folder))
    target = ROOT_PLACE / f"pg{binaries.version}"
    if not target.is_dir():
        copy(source, target)
    copied = Binaries(target / "bin", binaries.major, binaries.version)
    if not starts(home, copied):
        raise EmbeddedFailure(FailureKind.NO_BINARIES, str(copied.folder))
    return copied


def starts(home: Home, binaries: Binaries) -> bool:
    """Whether the server's user can run the server program at all."""
    try:
        return run(home, [binaries.folder / "postgres", "--version"], folder=Path("/"))[0] == 0
    except OSError:
        return False


def copy(source: Path, target: Path) -> None:
    """Copy programs, libraries and shared files; appears whole or not at all."""
    ROOT_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=ROOT_PLACE))
    try:
        for name in ("bin", "lib", "share"):
            shutil.copytree(source / name, scratch / name, symlinks=True)
        scratch.chmod(0o755)
        scratch.rename(target)
    except FileExistsError:
        pass  # another program was quicker
    except OSError as error:
        if not target.is_dir():
            raise EmbeddedFailure(FailureKind.DISK_FULL, str(error)) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
