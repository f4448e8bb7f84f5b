"""Four eyes: asking a supervisor, deciding, and hearing of a decision."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Approvals:
    """The real part behind ``ports.approvals.Approvals``."""

    engine: Engine
