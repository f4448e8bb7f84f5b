"""What the desk is told when paper does not come: surely not printed, or perhaps."""

from __future__ import annotations

from counter.errors import PrintFailed
from counter.i18n import _


class PrintUnsure(PrintFailed):
    """Something had been sent when it went wrong: it may or may not be printed."""


def not_printed(hint: str) -> PrintFailed:
    """Nothing was sent, or it was refused."""
    return PrintFailed(
        _("The receipt was not printed."),
        _("The payment is posted and stands; its receipt waits in the list of unprinted ones."),
        hint,
    )


def unsure(title: str, hint: str) -> PrintUnsure:
    """Sent in part or as a whole, and no proof of paper."""
    return PrintUnsure(
        title,
        _("The payment is posted and stands; its receipt may or may not be printed."),
        hint,
    )


def of_paper(failure: PrintFailed) -> PrintFailed:
    """The same for a report, a slip or a test page, which no payment hangs on."""
    if isinstance(failure, PrintUnsure):
        stands = _("What was posted stands; the paper may or may not be printed.")
        return PrintUnsure(failure.title, stands, failure.hint)
    return PrintFailed(
        _("The paper was not made."), _("What was posted stands; print it again at any time."), failure.hint
    )
