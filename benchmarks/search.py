"""Every kind of search among a million accounts: in the database, and to the painted list."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from time import perf_counter

from sqlalchemy import Connection, Engine

from benchmarks.desk import Desk, give_receipt
from benchmarks.measure import Measure, percentile, rounded, say, spread
from benchmarks.queries import index_sizes, queries
from benchmarks.stage import Stage
from counter.domain.query import recognise
from counter.services.search import RESULTS_MAX
from db.queries.search import FINDERS, hits

TERMS, ROUNDS = 40, 3
"""Terms of each kind that the bureau really holds, each asked once to warm up and then in rounds."""

PAINTED_TERMS = 6
HALL_NO = 1
DATABASE_MS_MAX, PAINTED_MS_MAX = 20.0, 60.0


def searches(stage: Stage) -> Iterator[Measure]:
    """The worst kind counts."""
    name = f"search_{stage.scale}"
    engine = stage.filled(name, stage.demonstration(stage.scale, bills_per_account=0))
    give_receipt(stage, name)
    with engine.connect() as connection:
        terms = queries(connection, Random(7), TERMS)  # noqa: S311  (repeatable on purpose)
        sizes = index_sizes(connection)
    times = in_database(engine, terms)
    worst = max(times, key=lambda kind: percentile(times[kind], 99))
    details = {
        "accounts": stage.scale,
        "worst": worst,
        "kinds": {kind: spread(values) for kind, values in times.items()},
        "index_mb": sizes,
    }
    yield Measure(
        "search_p99_ms", percentile(times[worst], 99), "ms", DATABASE_MS_MAX, "stated limit", details=details
    )
    yield painted(stage, name, terms)
    engine.dispose()


def in_database(engine: Engine, terms: dict[str, list[str]]) -> dict[str, list[float]]:
    """Milliseconds of every query of each kind, warm, through the finders and the rows they name."""
    times: dict[str, list[float]] = {}
    for kind, asked in terms.items():
        with engine.connect() as connection:
            for term in asked:
                search_once(connection, term)
            values = [search_once(connection, term) for _round in range(ROUNDS) for term in asked]
        times[kind] = values
        say(f"{kind:28} p50 {percentile(values, 50):7.2f}  p99 {percentile(values, 99):7.2f} ms  {asked[:2]}")
    return times


def search_once(connection: Connection, typed: str) -> float:
    """Milliseconds that the database's part of one search takes."""
    started = perf_counter()
    ranks: dict[str, int] = {}
    for candidate in recognise(typed).candidates:
        found = FINDERS[candidate.kind](connection, candidate.term, HALL_NO, RESULTS_MAX + 1)
        for account_no, rank in found:
            ranks.setdefault(account_no, rank)
    if ranks:
        hits(connection, ranks)
    return 1e3 * (perf_counter() - started)


def painted(stage: Stage, database: str, terms: dict[str, list[str]]) -> Measure:
    """The same from the box of the real program to the list on the terminal."""
    times: dict[str, list[float]] = {}
    with Desk(stage, database) as desk:
        for kind, asked in terms.items():
            desk.search_ms(asked[0])
            times[kind] = [desk.search_ms(term) for term in asked[:PAINTED_TERMS]]
    every = [value for values in times.values() for value in values]
    details = {"kinds_p50": {kind: rounded(percentile(values, 50)) for kind, values in times.items()}}
    against = "stated limit; the pause of 30 ms that waits for another key is in it"
    return Measure(
        "search_painted_p99_ms",
        percentile(every, 99),
        "ms",
        PAINTED_MS_MAX,
        against,
        details=spread(every) | details,
    )
