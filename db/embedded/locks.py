"""Locks on files that the kernel lets go of when their holder dies.

Invariant: a lock that was given belongs to the file that has the name now, not to a removed one.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

SHARED = fcntl.LOCK_SH
EXCLUSIVE = fcntl.LOCK_EX
POLL_S = 0.02


def try_lock(path: Path, kind: int) -> int | None:
    """A descriptor that holds the lock, or None when another holds it; raises OSError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    if not is_current(descriptor, path):
        os.close(descriptor)
        return None
    return descriptor


def lock(path: Path, kind: int, *, timeout_s: float) -> int | None:
    """As ``try_lock``, trying again until ``timeout_s`` has gone by."""
    deadline = time.monotonic() + timeout_s
    while (descriptor := try_lock(path, kind)) is None:
        if time.monotonic() > deadline:
            return None
        time.sleep(POLL_S)
    return descriptor


def is_held(path: Path) -> bool:
    """Whether somebody holds the exclusive lock at this moment."""
    descriptor = try_lock(path, SHARED)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def is_current(descriptor: int, path: Path) -> bool:
    """Whether the open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
