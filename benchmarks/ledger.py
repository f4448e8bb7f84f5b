"""How fast the whole ledger is proved, and the same on a ledger as an import makes it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

import psycopg
from sqlalchemy import Engine

from benchmarks import payers
from benchmarks.measure import Measure, rounded, say
from benchmarks.stage import Stage
from counter.services.ledger import verify
from db.engine import as_login

JOURNALS = 200_000
BATCH = 500
ROUNDS = 3
JOURNALS_PER_S_MIN = 100_000.0


class Watch:
    """Hears when a check is over, and keeps how long each took."""

    def begin(self) -> None:
        """The next proof begins."""
        self.seconds: dict[str, float] = {}
        self._last = perf_counter()

    def __call__(self, name: str, _done: int, _all: int) -> None:
        """A check is over."""
        now = perf_counter()
        self.seconds[name] = rounded(now - self._last)
        self._last = now


def verify_speed(stage: Stage) -> Iterator[Measure]:
    """200,000 payments of three bills each: eight lines, a tender and a receipt for every journal."""

    def fill(engine: Engine) -> None:
        payers.fill(engine, JOURNALS)
        with ThreadPoolExecutor(payers.CLIENTS) as pool:
            list(pool.map(lambda client: pay_all(engine, client), range(payers.CLIENTS)))

    engine = stage.filled("ledger", fill)
    proofs = []
    watch = Watch()
    for _round in range(ROUNDS):
        watch.begin()
        proof = verify(engine, watch)
        assert proof.finding is None, proof.finding
        proofs.append(proof)
        say(f"{proof.extent.journals} journals in {proof.seconds:.2f} s")
    seconds = median(proof.seconds for proof in proofs)
    extent = proofs[0].extent
    details = {
        "journals": extent.journals,
        "postings": extent.postings,
        "seconds": rounded(seconds),
        "postings_per_s": round(extent.postings / seconds),
        "check_s": watch.seconds,
    }
    yield Measure(
        "verify_journals_per_s",
        extent.journals / seconds,
        "journals/s",
        JOURNALS_PER_S_MIN,
        "stated limit",
        at_least=True,
        details=details,
    )
    engine.dispose()


def pay_all(engine: Engine, client: int) -> None:
    """Post every waiting request of one client, many to a transaction: only the ledger matters here."""
    url = as_login(payers.url_of(engine), payers.login(client), payers.PASSWORD).set(drivername="postgresql")
    query = (
        "SELECT count(counter.post_payment(request)) FROM public.waiting"
        " WHERE client = %s AND n > %s AND n <= %s"
    )
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        first = 0
        while True:
            row = connection.execute(query, (client, first, first + BATCH)).fetchone()
            if row is None or not row[0]:
                return
            first += BATCH
