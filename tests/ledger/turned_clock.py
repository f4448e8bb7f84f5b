"""Noon of any day in the halls of one test database, by the clock of the simulated month."""

from __future__ import annotations

from datetime import date

from tests.bureau import Bureau
from tests.month.clock import set_clock, take_the_clock


def take_clock(bureau: Bureau, day: str) -> None:
    """From now on it is noon of ``day`` in the halls, until the clock is turned."""
    take_the_clock(bureau)
    turn_to(bureau, day)


def turn_to(bureau: Bureau, day: str) -> None:
    """It is noon of ``day``."""
    set_clock(bureau, date.fromisoformat(day), 12)
