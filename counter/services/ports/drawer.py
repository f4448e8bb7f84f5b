"""A shift between its opening and its close: cash in and out, counts, handover, reports.

Plain data and the protocol that the screens ask; see ``counter.services.ports``.
"""

from __future__ import annotations

from typing import Protocol


class Drawer(Protocol):
    """A shift between its opening and its close: cash in and out, counts, handover, reports."""
