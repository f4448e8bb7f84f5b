"""The actions of the bank side: the way from the desk to its screens, and the keys of each of them.

Part of the registry in ``counter.ui.actions``, which is what everything reads.
"""

from __future__ import annotations

from counter.ui.action import Action

BANK_ACTIONS: tuple[Action, ...] = ()
