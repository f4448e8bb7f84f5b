"""The way of the takings to the bank: what waits in the safe, and the slips.

Plain data and the protocol that the screens ask; see ``counter.services.ports``.
"""

from __future__ import annotations

from typing import Protocol


class Deposits(Protocol):
    """The way of the takings to the bank: what waits in the safe, and the slips."""
