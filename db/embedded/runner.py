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
from db.embedded.failures import EmbeddedFailure, FailureKind, of_system
from db.embedded.home import ROOT_PLACE, Home, make_reachable

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
    prefix = binaries.folder.parent
    if not (prefix / "share").is_dir():
        raise EmbeddedFailure(FailureKind.NO_BINARIES, str(binaries.folder))
    target = ROOT_PLACE / f"pg{binaries.version}"
    if not target.is_dir():
        copy(prefix, target)
    copied = Binaries(target / prefix.parent.name / prefix.name / "bin", binaries.major, binaries.version)
    if not starts(home, copied):
        raise EmbeddedFailure(FailureKind.NO_BINARIES, str(copied.folder))
    return copied


def starts(home: Home, binaries: Binaries) -> bool:
    """Whether the server's user can run the server program, and initdb with the libraries it needs."""
    try:
        programs = [binaries.folder / name for name in ("postgres", "initdb")]
        return all(run(home, [program, "--version"], folder=Path("/"))[0] == 0 for program in programs)
    except OSError:
        return False


def copy(prefix: Path, target: Path) -> None:
    """Copy a server and the folder of its libraries beside the package; appears whole or not at all.

    The programs of the wheel find those libraries by the relative path, so the copy keeps it.
    """
    make_reachable(target.parent)
    scratch = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    package = prefix.parent
    libraries = package.with_name(f"{package.name}.libs")
    try:
        for name in ("bin", "lib", "share"):
            shutil.copytree(prefix / name, scratch / package.name / prefix.name / name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, scratch / libraries.name)
        scratch.chmod(0o755)
        scratch.rename(target)
    except OSError as error:
        if not target.is_dir():  # else another program was quicker
            raise of_system(error) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
