"""The actions of the bank side: the way from the desk to its screens, and the keys of each of them.

Part of the registry in ``counter.ui.actions``, which is what everything reads.
"""

from __future__ import annotations

from counter.i18n import N_
from counter.ui.action import Action, ActionGroup

_BANK = ActionGroup.BANK
RECONCILE = "reconcile"
"""The context of the screens on which statement and books are matched."""

BANK_ACTIONS = (
    Action(
        "reconcile",
        "ctrl+f2",
        N_("Match"),
        N_("Match the statement with the books; there once more: the matches that were made."),
        _BANK,
        "reconcile",
        12,
    ),
    Action(
        "find_open",
        "f2",
        N_("Find"),
        N_("Find open lines and items by amount, payer, date, text or slip number."),
        _BANK,
        "find_open",
        4,
        RECONCILE,
    ),
    Action(
        "next_suggestion",
        "f3",
        N_("Next one"),
        N_("Go to the next suggestion."),
        _BANK,
        "next_suggestion",
        2,
        RECONCILE,
    ),
    Action(
        "earlier_suggestion",
        "shift+f3",
        N_("Previous"),
        N_("Go to the suggestion before."),
        _BANK,
        "earlier_suggestion",
        0,
        RECONCILE,
    ),
    Action(
        "mark",
        "f4",
        N_("Mark"),
        N_("Mark lines and items that belong together; Enter matches what is marked."),
        _BANK,
        "mark",
        5,
        RECONCILE,
    ),
    Action(
        "clear_marks",
        "shift+f4",
        N_("No marks"),
        N_("Take all marks away."),
        _BANK,
        "clear_marks",
        0,
        RECONCILE,
    ),
    Action(
        "note_open",
        "f6",
        N_("Remark"),
        N_("Say what is known of the line or item under the cursor, and who looks after it."),
        _BANK,
        "note_open",
        7,
        RECONCILE,
    ),
    Action(
        "split_match",
        "f7",
        N_("Amounts"),
        N_("Match parts of amounts, a fee without an item, or a small difference."),
        _BANK,
        "split_match",
        6,
        RECONCILE,
    ),
    Action(
        "reject_suggestion",
        "f8",
        N_("Reject"),
        N_("These do not belong together, and shall not be suggested again."),
        _BANK,
        "reject_suggestion",
        3,
        RECONCILE,
    ),
    Action(
        "accept_many",
        "f11",
        N_("Accept many"),
        N_("Accept all suggestions from a score on, after a question."),
        _BANK,
        "accept_many",
        8,
        RECONCILE,
    ),
    Action(
        "next_account",
        "f12",
        N_("Account"),
        N_("The next bank account, or the card slips of the acquirer."),
        _BANK,
        "next_account",
        7,
        RECONCILE,
    ),
    Action(
        "run_rules",
        "shift+f5",
        N_("Run rules"),
        N_("Run the rules again: exact keys match by themselves, the rest is suggested."),
        _BANK,
        "run_rules",
        8,
        RECONCILE,
    ),
    Action(
        "unmatch",
        "ctrl+b",
        N_("Take back"),
        N_("Take the match under the cursor back, by an entry of today."),
        _BANK,
        "unmatch",
        3,
        RECONCILE,
    ),
)
