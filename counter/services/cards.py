"""Recharge cards and the care fund: sold, shown, redeemed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Cards:
    """The real part behind ``ports.cards.Cards``."""

    engine: Engine
