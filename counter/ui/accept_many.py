"""Accepting many suggestions one after the other, each a match of its own; runs in a job.

Invariant: it stops at the first request whose outcome is not known, and tells which one it was.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from counter.errors import CounterError, Refusal
from counter.services.ports.matching import ConfirmMatch, MatchMade


@dataclass(slots=True)
class Accepted:
    """How far it went: what was made, what was refused, and what made it stop."""

    made: list[ConfirmMatch] = field(default_factory=list)
    refused: list[CounterError] = field(default_factory=list)
    stopped_at: ConfirmMatch | None = None
    error: CounterError | None = None
    """Why it stopped; None when it came to the end or somebody stopped it."""


def accept_many(
    confirm: Callable[[ConfirmMatch], MatchMade],
    requests: Sequence[ConfirmMatch],
    step: Callable[[int], object],
    stop: threading.Event,
) -> Accepted:
    """Confirm each of ``requests``; a refusal is counted and the next one tried, a fault ends it."""
    accepted = Accepted()
    for place, request in enumerate(requests, 1):
        if stop.is_set():
            break
        try:
            confirm(request)
        except Refusal as error:
            accepted.refused.append(error)
        except CounterError as error:
            accepted.stopped_at, accepted.error = request, error
            break
        else:
            accepted.made.append(request)
        step(place)
    return accepted
