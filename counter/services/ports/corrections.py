"""Reversals, refunds and balance transfers: what was wrong is corrected in the open.

Plain data and the protocol that the screens ask; see ``counter.services.ports``.
"""

from __future__ import annotations

from typing import Protocol


class Corrections(Protocol):
    """Reversals, refunds and balance transfers: what was wrong is corrected in the open."""
