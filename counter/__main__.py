"""``counter``: the screen; with a command behind it, that command.

The way to the first paint is kept short: no command-line library, no database. The frame rate is set
before Textual is imported, because a key should be on the screen within the blink of an eye. While
modules load nothing becomes garbage, so the collector rests until the app has painted and turns it on.
"""

from __future__ import annotations

import gc
import os
import sys

from counter.config import load_settings
from counter.errors import CounterError
from counter.program import open_screen

FRAMES_PER_SECOND = "240"


def main() -> None:
    """Entry point of the ``counter`` program; exits with its code."""
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)
    if len(sys.argv) > 1:
        from counter.cli import main as run_command

        sys.exit(run_command(sys.argv[1:]))
    gc.disable()
    try:
        settings = load_settings()
    except CounterError as error:
        sys.exit("\n".join(filter(None, (error.title, error.message, error.hint))))
    sys.exit(open_screen(settings))


if __name__ == "__main__":
    main()
