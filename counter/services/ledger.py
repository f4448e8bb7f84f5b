"""Prove the ledger: everything is computed again, in one snapshot, without stopping any desk."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

from counter.services.unit_of_work import transaction
from db.queries import ledger_checks
from db.queries.ledger_checks import CHECKS, Extent, Finding

Progress = Callable[[str, int, int], None]
"""Hears the name of a check that begins, its place and how many there are."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, how long it took, and the first thing that is wrong (None when all is right)."""

    extent: Extent
    seconds: float
    finding: Finding | None


def verify(engine: Engine, progress: Progress = lambda _name, _done, _all: None) -> Proof:
    """Look at every journal, posting, receipt, bill and balance; needs a login that sees all halls."""
    started = time.monotonic()
    snapshot = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with transaction(snapshot) as connection:
        seen = ledger_checks.extent(connection)
        names = list(CHECKS)
        for name, finding in ledger_checks.run(connection):
            progress(name, names.index(name) + 1, len(names))
            if finding is not None:
                return Proof(seen, time.monotonic() - started, finding)
    return Proof(seen, time.monotonic() - started, None)
