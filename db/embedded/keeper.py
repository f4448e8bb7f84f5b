"""The keeper: a small process of its own that starts the server, mends it, and stops it at the end.

Run as ``python -m db.embedded.keeper`` with a request as JSON on standard input. In the foreground it
brings the server up and reports; then it goes into the background, in its own session, until nobody is
left. Exit codes: 0 the server answers, 1 a failure (JSON on standard output), 3 another keeper is there.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from db.embedded import locks, postmaster
from db.embedded.failures import KEEPER_FAILED, OTHER_KEEPER, EmbeddedFailure, of_system
from db.embedded.home import Home

REVIVE_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # a machine under load lets go of a dead server late
LOOK_AGAIN_S = 30.0  # where the end of a process cannot be waited for, and against a server that hangs


def main() -> int:
    """Bring up, report, watch, stop."""
    os.umask(0o022)  # a copy of the programs must be readable; what is private says so itself
    request = json.load(sys.stdin)
    home = Home(Path(request["folder"]), request["uid"], request["gid"])
    if locks.try_lock(home.keeper_lock, locks.EXCLUSIVE) is None:  # held until this process ends
        return OTHER_KEEPER
    lease = os.open(home.lease, os.O_RDWR | os.O_CLOEXEC)
    try:
        postmaster.bring_up(home, request["settings"])
    except (EmbeddedFailure, OSError) as error:
        failure = error if isinstance(error, EmbeddedFailure) else of_system(error)
        json.dump({"kind": failure.kind, "detail": failure.detail}, sys.stdout)
        if request["temporary"]:
            remove_all(home)
        return KEEPER_FAILED
    go_into_background()
    watch(home, lease, request["settings"])
    if locks.is_current(lease, home.lease):  # else the folder was removed, and may be somebody else's now
        postmaster.stop(home)
        if request["temporary"]:
            remove_all(home)
    return 0


def remove_all(home: Home) -> None:
    """Delete what a temporary server leaves."""
    shutil.rmtree(home.folder, ignore_errors=True)
    shutil.rmtree(home.socket_folder, ignore_errors=True)


def go_into_background() -> None:
    """Let the caller go on; locks are held on by the copy, as it has the same descriptors."""
    sys.stdout.flush()
    if os.fork():
        os._exit(0)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.chdir("/")


def watch(home: Home, lease: int, settings: Mapping[str, str]) -> None:
    """Return when nobody is left; until then start the server again whenever it dies."""
    alone, tell = os.pipe()
    threading.Thread(target=wait_until_alone, args=(lease, tell), daemon=True).start()
    while True:
        server = postmaster.watch_handle(home)
        watched = [alone] if server is None else [alone, server]
        ready, _writable, _failed = select.select(watched, [], [], LOOK_AGAIN_S)
        if server is not None:
            os.close(server)
        if alone in ready:
            return
        if postmaster.probe(home) is not postmaster.Answer.READY:
            revive(home, settings)


def revive(home: Home, settings: Mapping[str, str]) -> None:
    """Start a server that died; tried again for half a minute, because programs wait for it."""
    say("the server is gone: starting it again")
    for pause_s in (*REVIVE_PAUSES_S, None):
        try:
            postmaster.bring_up(home, settings)
        except (EmbeddedFailure, OSError) as error:
            say(f"it does not start: {error}")
            if pause_s is None:
                sys.exit(KEEPER_FAILED)  # the next program starts a new keeper, and is told the reason
            time.sleep(pause_s)
        else:
            return


def wait_until_alone(lease: int, tell: int) -> None:
    """Block until every program has let go of the lease, then say so."""
    fcntl.flock(lease, fcntl.LOCK_EX)
    os.write(tell, b".")


def say(text: str) -> None:
    """A line for the keeper's log."""
    sys.stderr.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
