"""The end after a bug: said plainly on the screen, written to the log without any value of a variable.

Textual's own crash screen prints local variables, and an exception's text may hold what was typed or a
connection string; so only the kind of the error and the places in the code are kept.
"""

from __future__ import annotations

import logging
import traceback

from counter.i18n import _

_log = logging.getLogger(__name__)


def record(error: BaseException) -> None:
    """Log where it happened."""
    places = "".join(traceback.format_tb(error.__traceback__))
    _log.critical("stopped by %s\n%s", type(error).__name__, places)


def farewell(error: BaseException) -> str:
    """What the person at the desk reads when the program has stopped."""
    return "\n".join(
        (
            _("The program met an error of its own and has stopped ({kind}).").format(
                kind=type(error).__name__
            ),
            _(
                "Everything that was posted is safe. "
                "A payment without an answer is asked for at the next sign-in."
            ),
            _("Start the program again; if it stops again, hand the log to those who look after it."),
        )
    )
