"""The actions of closing a day and a month; part of the registry in ``counter.ui.actions``."""

from __future__ import annotations

from counter.i18n import N_
from counter.ui.action import Action, ActionGroup

DAY_CLOSE = "day_close"
"""The context of the screens on which days are closed."""

_BANK = ActionGroup.BANK

DAY_ACTIONS: tuple[Action, ...] = (
    Action(
        "day_close",
        "ctrl+f5",
        N_("Close day"),
        N_("The checklist of the day; there once more: sign and close."),
        _BANK,
        "day_close",
    ),
    Action(
        "sign_day",
        "f8",
        N_("Sign and close"),
        N_("Sign the checklist and close the day."),
        _BANK,
        "sign_day",
        2,
        DAY_CLOSE,
    ),
    Action(
        "mend_step",
        "f3",
        N_("Mend"),
        N_("Go where the step under the cursor is mended."),
        _BANK,
        "mend_step",
        3,
        DAY_CLOSE,
    ),
    Action(
        "say_why",
        "f4",
        N_("Say why"),
        N_("Explain the step under the cursor in a few words; they are signed with the day."),
        _BANK,
        "say_why",
        4,
        DAY_CLOSE,
    ),
    Action(
        "month_close",
        "f7",
        N_("Close month"),
        N_("Close the month whose days are all closed."),
        _BANK,
        "month_close",
        6,
        DAY_CLOSE,
    ),
    Action(
        "closed_days",
        "f2",
        N_("Closed days"),
        N_("List the days that are closed, and print their summaries."),
        _BANK,
        "closed_days",
        5,
        DAY_CLOSE,
    ),
)
