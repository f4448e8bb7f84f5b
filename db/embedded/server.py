"""What a program does with the embedded server: come in, get an address, leave."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from db.embedded import cluster, locks, postmaster
from db.embedded.failures import OTHER_KEEPER, EmbeddedFailure, FailureKind, as_fault, of_system
from db.embedded.home import PORT, Home, prepare, resolve

ENTER_TIMEOUT_S = 120.0
REMOVE_TIMEOUT_S = 30.0
KEEPER_MODULE = "db.embedded.keeper"
PACKAGES = Path(__file__).parents[2]


class EmbeddedServer:
    """A running server, and our place among the programs that need it; also a context manager."""

    def __init__(self, home: Home, lease: int, password: str) -> None:
        """``lease`` is the descriptor whose shared lock keeps the server running."""
        self.home = home
        self._lease: int | None = lease
        self._password = password

    def __repr__(self) -> str:
        """Name the folder, never the password."""
        return f"EmbeddedServer({str(self.home.folder)!r})"

    @property
    def admin_url(self) -> str:
        """Address of the maintenance database as superuser. It holds the password: never log it."""
        return self.url_for("postgres")

    def url_for(self, database: str) -> str:
        """Address of a database as superuser, for libpq. It holds the password: never log it."""
        place = quote(str(self.home.socket_folder), safe="")
        user = f"{cluster.SUPERUSER}:{quote(self._password, safe='')}"
        return f"postgresql://{user}@/{quote(database, safe='')}?host={place}&port={PORT}"

    def leave(self) -> None:
        """Let go; the server stops soon after the last program has left. May be called twice."""
        lease, self._lease = self._lease, None
        if lease is not None:
            os.close(lease)

    def __enter__(self) -> Self:
        """Use it for the length of a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave at the end of the block."""
        self.leave()


def start(
    data_dir: Path, *, settings: Mapping[str, str] | None = None, temporary: bool = False
) -> EmbeddedServer:
    """Come in: make the server if there is none, start it if it is down, share it if it runs.

    ``settings`` are PostgreSQL's, for the one who starts it; a ``temporary`` server is removed when the
    last program leaves. Blocks for about a second the first time. Raises ``ServerUnreachable``.
    """
    try:
        home = resolve(data_dir)
        prepare(home, data_dir)
        return enter(home, dict(settings or {}), temporary=temporary)
    except EmbeddedFailure as failure:
        raise as_fault(failure) from failure
    except OSError as error:
        raise as_fault(of_system(error)) from error


def enter(home: Home, settings: Mapping[str, str], *, temporary: bool) -> EmbeddedServer:
    """Take our share of the lease, then see to the server; raises ``EmbeddedFailure`` and OSError."""
    lease = locks.lock(home.lease, locks.SHARED, timeout_s=ENTER_TIMEOUT_S)
    if lease is None:
        raise EmbeddedFailure(FailureKind.TIMED_OUT, str(home.lease))
    try:
        ensure_kept(home, settings, temporary=temporary)
        return EmbeddedServer(home, lease, cluster.password_of(home))
    except BaseException:
        os.close(lease)
        raise


def ensure_kept(home: Home, settings: Mapping[str, str], *, temporary: bool) -> None:
    """Return when the server answers and a keeper will stop it; we hold the lease already."""
    deadline = time.monotonic() + postmaster.START_TIMEOUT_S + ENTER_TIMEOUT_S
    while True:
        kept = locks.is_held(home.keeper_lock)
        if kept and postmaster.probe(home) is postmaster.Answer.READY:
            return
        if kept:
            time.sleep(locks.POLL_S)  # it is starting the server, or mending it
        else:
            run_keeper(home, settings, temporary=temporary)
        if time.monotonic() > deadline:
            raise EmbeddedFailure(FailureKind.TIMED_OUT, str(home.socket))


def run_keeper(home: Home, settings: Mapping[str, str], *, temporary: bool) -> None:
    """Start a keeper and wait until the server answers it; raises its ``EmbeddedFailure``."""
    request = {"folder": str(home.folder), "uid": home.uid, "gid": home.gid}
    request |= {"settings": dict(settings), "temporary": temporary}
    paths = [str(PACKAGES), *filter(None, [os.environ.get("PYTHONPATH")])]
    with (home.logs / "keeper.log").open("ab") as log:
        done = subprocess.run(
            [sys.executable, "-m", KEEPER_MODULE],
            input=json.dumps(request),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            check=False,
        )
    if done.returncode in {0, OTHER_KEEPER}:
        return
    try:
        told = json.loads(done.stdout)
        failure = EmbeddedFailure(FailureKind(told["kind"]), told["detail"])
    except (ValueError, KeyError):
        failure = EmbeddedFailure(FailureKind.START_FAILED, str(home.logs / "keeper.log"))
    raise failure


def remove(data_dir: Path) -> None:
    """Delete the server of that folder with all its data; raises ``ServerUnreachable`` while it is in use."""
    try:
        home = resolve(data_dir)
        if home.lease.exists():
            remove_home(home)
    except EmbeddedFailure as failure:
        raise as_fault(failure) from failure
    except OSError as error:
        raise as_fault(of_system(error)) from error


def remove_home(home: Home) -> None:
    """Stop and delete under both locks, so that nobody can come in; raises ``EmbeddedFailure``."""
    keeping = locks.lock(home.keeper_lock, locks.EXCLUSIVE, timeout_s=REMOVE_TIMEOUT_S)
    lease = locks.try_lock(home.lease, locks.EXCLUSIVE)
    try:
        if keeping is None or lease is None:
            raise EmbeddedFailure(FailureKind.IN_USE, str(home.folder))
        postmaster.stop(home)
        shutil.rmtree(home.folder)
        shutil.rmtree(home.socket_folder, ignore_errors=True)
    finally:
        for descriptor in (keeping, lease):
            if descriptor is not None:
                os.close(descriptor)
