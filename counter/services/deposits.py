"""The way of the takings to the bank: what waits in the safe, and the slips."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Deposits:
    """The real part behind ``ports.deposits.Deposits``."""

    engine: Engine
