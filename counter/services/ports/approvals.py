"""Four eyes: asking a supervisor, deciding, and hearing of a decision.

Plain data and the protocol that the screens ask; see ``counter.services.ports``.
"""

from __future__ import annotations

from typing import Protocol


class Approvals(Protocol):
    """Four eyes: asking a supervisor, deciding, and hearing of a decision."""
