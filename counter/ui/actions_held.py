"""The actions around money that nobody has claimed and around breaks; part of ``counter.ui.actions``."""

from __future__ import annotations

from counter.i18n import N_
from counter.ui.action import Action, ActionGroup

BREAKS = "breaks"
"""The context of the screen that lists breaks."""

_BANK = ActionGroup.BANK

HELD_ACTIONS = (
    Action(
        "held",
        "ctrl+f3",
        N_("Receipts of the bank"),
        N_("Find the customer's transfer among the receipts that nobody has claimed, and take it."),
        ActionGroup.DESK,
        "held",
    ),
    Action(
        "breaks",
        "ctrl+f4",
        N_("Breaks"),
        N_("List what is open on one side only, with state and owner; there once more: other kinds."),
        _BANK,
        "breaks",
        13,
    ),
    Action(
        "break_filter",
        "f4",
        N_("Which"),
        N_("All breaks, those with an alarm, or one kind after the other."),
        _BANK,
        "break_filter",
        3,
        BREAKS,
    ),
    Action(
        "break_note",
        "f6",
        N_("Remark"),
        N_("Say what is known of the break under the cursor, how it stands and who looks after it."),
        _BANK,
        "break_note",
        2,
        BREAKS,
    ),
    Action(
        "break_mine",
        "f7",
        N_("Mine"),
        N_("Look after the break under the cursor yourself."),
        _BANK,
        "break_mine",
        4,
        BREAKS,
    ),
    Action(
        "break_escalate",
        "f8",
        N_("Escalate"),
        N_("Mark the break under the cursor as one that must not wait."),
        _BANK,
        "break_escalate",
        5,
        BREAKS,
    ),
    Action(
        "returned",
        "ctrl+b",
        N_("Returned"),
        N_("Open the payment that this debit of the bank returns, and reverse it."),
        _BANK,
        "returned",
        6,
        BREAKS,
    ),
)
