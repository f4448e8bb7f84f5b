"""The folder of one embedded server, and which system user its server runs as.

PostgreSQL refuses to run as root. For root the server therefore runs as the owner of an existing folder,
else as ``postgres``, else as ``nobody``; no parent folder is ever opened up for that user. When it cannot
reach the folder that was asked for (below /root, say), the server lives in /var/lib/counter instead, under
a name made from the path, and a note in the asked folder says so.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from db.embedded.failures import EmbeddedFailure, FailureKind

ROOT_PLACE = Path("/var/lib/counter")
SOCKET_FOLDER_BYTES_MAX = 88  # sun_path holds 107 bytes, and '/.s.PGSQL.5432.lock' follows
OWN_NAMES = frozenset(
    {"data", "data.new", "log", "run", "lease", "keeper.lock", "password", "password.new", "MOVED"}
)
PORT = 5432  # only part of the socket's name: no network port is opened


@dataclass(frozen=True, slots=True)
class Home:
    """All paths of one server; ``uid`` and ``gid`` are what the server runs as."""

    folder: Path
    uid: int
    gid: int

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.folder / "data"

    @property
    def logs(self) -> Path:
        """Logs of the server and of the keeper."""
        return self.folder / "log"

    @property
    def lease(self) -> Path:
        """Every program holds a shared lock on this file."""
        return self.folder / "lease"

    @property
    def keeper_lock(self) -> Path:
        """The keeper holds an exclusive lock on this file for as long as it lives."""
        return self.folder / "keeper.lock"

    @property
    def password_file(self) -> Path:
        """The superuser's password, readable by the server's user only."""
        return self.folder / "password"

    @property
    def socket_folder(self) -> Path:
        """Inside the home, or in the temporary folder where the path would be too long for a socket."""
        inside = self.folder / "run"
        if len(os.fsencode(inside)) <= SOCKET_FOLDER_BYTES_MAX:
            return inside
        return Path("/tmp") / f"counter-{self.uid}-{digest(self.folder)}"  # noqa: S108  (checked when made)

    @property
    def socket(self) -> Path:
        """The server's socket."""
        return self.socket_folder / f".s.PGSQL.{PORT}"

    @property
    def is_foreign(self) -> bool:
        """Whether the server must run as somebody else than this process."""
        return self.uid != os.geteuid()


def digest(path: Path) -> str:
    """A short name for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def resolve(asked: Path) -> Home:
    """Where the server for that folder lives; makes nothing."""
    asked = Path(os.path.abspath(asked.expanduser()))  # noqa: PTH100  (a link stays a link)
    if os.geteuid() != 0:
        return Home(asked, os.geteuid(), os.getegid())
    moved = ROOT_PLACE / f"server-{digest(asked)}"
    for folder in (asked, moved):
        if (folder / "data" / "PG_VERSION").exists():
            return owned(folder)
    user = owner_for(asked)
    return user if can_enter(user) else Home(moved, user.uid, user.gid)


def owned(folder: Path) -> Home:
    """An existing home belongs to whom its data belongs."""
    owner = (folder / "data").stat()
    return Home(folder, owner.st_uid, owner.st_gid)


def owner_for(asked: Path) -> Home:
    """The user for a new server of root's: the folder's owner, else postgres, else nobody."""
    if asked.exists() and (owner := asked.stat()).st_uid != 0:
        return Home(asked, owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return Home(asked, account.pw_uid, account.pw_gid)
    raise EmbeddedFailure(FailureKind.NOT_WRITABLE, f"root: postgres, nobody? {asked}")


def can_enter(home: Home) -> bool:
    """Whether the server's user can reach the nearest folder that exists, asked as that user."""
    nearest = next(folder for folder in (home.folder, *home.folder.parents) if folder.exists())
    if home.folder == nearest:
        nearest = nearest.parent
    check = subprocess.run(
        ["/usr/bin/test", "-x", nearest], user=home.uid, group=home.gid, extra_groups=[], cwd="/", check=False
    )
    return check.returncode == 0


def prepare(home: Home, asked: Path) -> None:
    """Make the folders, closed to everybody else; raises OSError and ``EmbeddedFailure``."""
    if home.folder.exists() and {each.name for each in home.folder.iterdir()} - OWN_NAMES:
        raise EmbeddedFailure(FailureKind.NOT_WRITABLE, f"{home.folder}: not empty, not ours")
    make_reachable(home.folder.parent)
    for folder in (home.folder, home.logs, home.socket_folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        claim(home, folder)
    if not os.access(home.folder, os.W_OK | os.X_OK):
        raise EmbeddedFailure(FailureKind.NOT_WRITABLE, str(home.folder))
    if home.folder != Path(os.path.abspath(asked.expanduser())):  # noqa: PTH100
        asked.mkdir(mode=0o700, parents=True, exist_ok=True)
        (asked / "MOVED").write_text(f"{home.folder}\n", encoding="utf-8")


def make_reachable(folder: Path) -> None:
    """Make the missing folders above a home so that the server's user can pass, whatever the umask says."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(mode=0o755, exist_ok=True)
        if os.geteuid() == 0:
            missing.chmod(0o755)


def claim(home: Home, folder: Path) -> None:
    """Give a folder that we made to the server's user; refuse one that somebody else put there."""
    found = folder.lstat()
    if os.geteuid() == 0 and found.st_uid == 0 and home.is_foreign:
        os.chown(folder, home.uid, home.gid, follow_symlinks=False)
        found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != home.uid:
        raise EmbeddedFailure(FailureKind.NOT_WRITABLE, str(folder))
    folder.chmod(0o700)
