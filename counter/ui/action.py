"""What an action of the registry is; see ``counter.ui.actions`` for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from counter.i18n import N_


class ActionGroup(StrEnum):
    """Headings of the help screen; the values are translated."""

    DESK = N_("At the desk")
    PAPER = N_("Receipts")
    BANK = N_("Bank and closing")
    PROGRAM = N_("Program")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a key does. ``on_bar`` is its rank on the key bar; 0 keeps it off the bar.

    A key belongs to one action everywhere, or to one in each ``context``: a family of screens that have
    keys of their own and none of the desk's. The keys of the app itself are never used in a context.
    """

    action_id: str
    key: str
    label: str
    help: str
    group: ActionGroup
    handler: str
    on_bar: int = 0
    context: str = ""
