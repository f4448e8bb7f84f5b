"""Waiting until a program has nothing to do, and not a moment longer.

Textual's own wait sleeps for 20 ms at least, twice for every key, and guesses from the processor's time. Here
everything that is ready runs, what is to be painted is painted, and the wait is over; a job that is under way
gets the time that it needs on a busy machine, unless a test holds it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

import textual.app
import textual.pilot
from textual.app import App
from textual.pilot import Pilot

import counter.ui.app
from counter.ui import jobs

JOB_S, HELD_JOB_S = 2.0, 0.02
LOOK_S = 0.001
NEVER_S = 36_000

_apps: WeakSet[App[Any]] = WeakSet()
_under_way: set[object] = set()
_held: list[object] = []


@contextmanager
def jobs_held() -> Iterator[None]:
    """Jobs do not end meanwhile, so that nobody waits for them."""
    _held.append(None)
    try:
        yield
    finally:
        _held.pop()


async def settle(min_sleep: float = 0, max_sleep: float = 2 * JOB_S) -> None:
    """In place of ``textual._wait.wait_for_idle``."""
    began = time.monotonic()
    while True:
        await _run_what_is_ready()
        waited = time.monotonic() - began
        if waited >= max_sleep:
            return
        patience = HELD_JOB_S if _held else JOB_S
        if _painted() or (waited < patience and _under_way) or waited < min_sleep:
            await asyncio.sleep(LOOK_S if _under_way else 0)
        else:
            return


async def _run_what_is_ready() -> None:
    """Let every message be handled, and what it brings; what waits for time or the world is not ready."""
    loop: Any = asyncio.get_running_loop()
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        await asyncio.sleep(0)
        if not loop._ready:
            return


def _painted() -> bool:
    """Paint now what else would be painted within a sixtieth of a second; whether there was anything."""
    painted = [_paint(app) for app in _apps if app.is_running and app.screen_stack]
    return any(painted)


def _paint(app: App[Any]) -> bool:
    """One program's screen in front; of several each in its own name."""
    waiting = False
    with app._context():
        screen: Any = app.screen
        if screen.is_running and screen._update_timer._active.is_set():
            screen._on_timer_update()
            waiting = True
    return waiting


def _counted(run: Callable[[], object]) -> Callable[[], None]:
    """A job, known as under way until it has said what came of it."""
    job, guarded = object(), _guarded(run)
    _under_way.add(job)

    def counted() -> None:
        try:
            guarded()
        finally:
            _under_way.discard(job)

    return counted


def _begin(self: Pilot[Any], app: App[Any]) -> None:
    _begun(self, app)
    if not any(other.is_running for other in _apps):
        _under_way.clear()  # what another test left behind is nobody's
    _apps.add(app)


_guarded, _begun = jobs.unless_closed, Pilot.__init__


def use() -> None:
    """From now on, in every test of this process.

    No program asks by itself what became of a request, unless a test makes it: at some moment or other it
    would take away what the test looks for.
    """
    if jobs.unless_closed is not _counted:
        setattr(jobs, "unless_closed", _counted)  # noqa: B010
        setattr(Pilot, "__init__", _begin)  # noqa: B010
        for module in (textual.app, textual.pilot):
            setattr(module, "wait_for_idle", settle)  # noqa: B010
        setattr(counter.ui.app, "ASK_EVERY_S", NEVER_S)  # noqa: B010
