"""From the start of the process to the painted sign-in, beside an empty Textual program."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from statistics import median

from benchmarks.measure import Measure, spread
from benchmarks.stage import Stage
from benchmarks.terminal import Terminal

ROUNDS = 15
RATIO_MAX = 1.25
EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("Staff no")
Empty().run()
"""


def start(stage: Stage) -> Iterator[Measure]:
    """Both in a terminal, one after the other, both at the same frame rate."""
    environment = desk_environment(stage, "postgres") | {"TEXTUAL_FPS": "240"}
    ours, empty = [], []
    for round_no in range(ROUNDS + 1):
        pair = (
            painted_ms(["-m", "counter"], environment),
            painted_ms(["-c", EMPTY], environment),
        )
        if round_no:  # the first one fills the caches of the machine
            ours.append(pair[0])
            empty.append(pair[1])
    yield Measure(
        "start_ratio",
        median(ours) / median(empty),
        "ratio",
        RATIO_MAX,
        "first paint of an empty Textual program, interleaved, medians",
        details={"counter_ms": spread(ours), "empty_ms": spread(empty)},
    )


def painted_ms(arguments: list[str], environment: dict[str, str]) -> float:
    """Milliseconds from the start of Python to the frame with the sign-in's first label."""
    terminal = Terminal([sys.executable, *arguments], environment)
    try:
        return 1e3 * (terminal.wait("Staff no", framed=False) - terminal.started)
    finally:
        terminal.close()


def desk_environment(stage: Stage, database: str) -> dict[str, str]:
    """A desk of its own in the folder of the stage, in English, on this database."""
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "COUNTER_LANGUAGE": "en",
        "COUNTER_DATA_DIR": str(stage.folder / "desk"),
        "COUNTER_DATABASE_URL": stage.server.url_for(database),
        "COUNTER_IDLE_LOCK_S": "0",
    }
