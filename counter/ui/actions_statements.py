"""The actions around statements coming in; part of ``counter.ui.actions``."""

from __future__ import annotations

from counter.i18n import N_
from counter.ui.action import Action, ActionGroup

STATEMENTS = "statements"
"""The context of the screen of statements."""

STATEMENT_ACTIONS = (
    Action(
        "statements",
        "ctrl+f7",
        N_("Statements"),
        N_("Take statements of the bank and settlement files of the acquirer over, and see what is in."),
        ActionGroup.BANK,
        "statements",
    ),
    Action(
        "import_file",
        "f2",
        N_("Import"),
        N_("Take a statement or settlement file over, by its path or out of the folder."),
        ActionGroup.BANK,
        "import_file",
        2,
        STATEMENTS,
    ),
)
