"""What is agreed with a customer: instalments, relief of late fees, reconnections.

Plain data and the protocol that the screens ask; see ``counter.services.ports``.
"""

from __future__ import annotations

from typing import Protocol


class Agreements(Protocol):
    """What is agreed with a customer: instalments, relief of late fees, reconnections."""
