"""Recharge cards and the care fund: sold, shown, redeemed.

Plain data and the protocol that the screens ask; see ``counter.services.ports``.
"""

from __future__ import annotations

from typing import Protocol


class Cards(Protocol):
    """Recharge cards and the care fund: sold, shown, redeemed."""
