"""One payer, many accounts: groups, lists of payers, and one payment for all.

Plain data and the protocol that the screens ask; see ``counter.services.ports``.
"""

from __future__ import annotations

from typing import Protocol


class Payers(Protocol):
    """One payer, many accounts: groups, lists of payers, and one payment for all."""
