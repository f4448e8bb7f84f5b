"""One payer, many accounts: groups, lists of payers, and one payment for all."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Payers:
    """The real part behind ``ports.payers.Payers``."""

    engine: Engine
