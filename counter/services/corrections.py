"""Reversals, refunds and balance transfers: what was wrong is corrected in the open."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Corrections:
    """The real part behind ``ports.corrections.Corrections``."""

    engine: Engine
