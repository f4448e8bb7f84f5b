"""When the desk has been left alone for too long.

Both clocks are asked: the monotonic one stands still while a laptop sleeps on some systems, and the
wall clock can be set back. The longer of the two counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable


class IdleWatch:
    """Time since the last key. Invariant: a wall clock that was set back never makes it longer."""

    def __init__(
        self,
        limit_s: float,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Lock after ``limit_s`` seconds; 0 or less means never."""
        self._limit_s = limit_s
        self._monotonic = monotonic
        self._wall = wall
        self.touch()

    def touch(self) -> None:
        """Somebody is there."""
        self._touched_monotonic = self._monotonic()
        self._touched_wall = self._wall()

    @property
    def idle_s(self) -> float:
        """Seconds without a key."""
        return max(self._monotonic() - self._touched_monotonic, self._wall() - self._touched_wall, 0.0)

    @property
    def expired(self) -> bool:
        """Whether the screen must be locked now."""
        return self._limit_s > 0 and self.idle_s >= self._limit_s
