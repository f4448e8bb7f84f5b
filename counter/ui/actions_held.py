"""The actions around money that nobody has claimed and around breaks; part of ``counter.ui.actions``."""

from __future__ import annotations

from counter.i18n import N_
from counter.ui.action import Action, ActionGroup

HELD_ACTIONS = (
    Action(
        "held",
        "ctrl+f3",
        N_("Receipts of the bank"),
        N_("Find the customer's transfer among the receipts that nobody has claimed, and take it."),
        ActionGroup.DESK,
        "held",
    ),
)
