"""Prove the ledger: everything is computed again, in one snapshot, without stopping any desk.

Two connections share the snapshot and the work: one computes the hash chains, which take half of the time,
the other everything else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import Engine

from counter.services.unit_of_work import transaction
from db.queries import ledger_checks
from db.queries.ledger_checks import CHECKS, Extent, Finding

Progress = Callable[[str, int, int], None]
"""Hears the name of a check that is over, its place and how many there are."""

_HEAVY = "chains"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, how long it took, and the first thing that is wrong (None when all is right)."""

    extent: Extent
    seconds: float
    finding: Finding | None


def verify(engine: Engine, progress: Progress = lambda _name, _done, _all: None) -> Proof:
    """Look at every journal, posting, receipt, bill and balance; needs a login that sees all halls.

    Raises Refusal and Fault; with several things wrong, the first by the order of ``CHECKS`` is told.
    """
    started = time.monotonic()
    snapshot = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    others = [name for name in CHECKS if name != _HEAVY]
    with transaction(snapshot) as connection, ThreadPoolExecutor(1) as pool:
        seen = ledger_checks.extent(connection)
        shared = ledger_checks.share_snapshot(connection)
        rest = pool.submit(_in_snapshot, snapshot, shared, others, progress)
        found = dict(ledger_checks.run(connection, [_HEAVY]))
        progress(_HEAVY, 1, len(CHECKS))
        found |= rest.result()
    wrong = (found[name] for name in CHECKS if found[name] is not None)
    return Proof(seen, time.monotonic() - started, next(wrong, None))


def _in_snapshot(
    engine: Engine, shared: str, names: Iterable[str], progress: Progress
) -> dict[str, Finding | None]:
    """Run checks in a transaction of its own that sees what the first one sees."""
    places = list(CHECKS)
    with transaction(engine) as connection:
        ledger_checks.use_snapshot(connection, shared)
        found = {}
        for name, finding in ledger_checks.run(connection, names):
            found[name] = finding
            progress(name, places.index(name) + 1, len(places))
    return found
