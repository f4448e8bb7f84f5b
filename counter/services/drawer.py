"""A shift between its opening and its close: cash in and out, counts, handover, reports."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Drawer:
    """The real part behind ``ports.drawer.Drawer``."""

    engine: Engine
