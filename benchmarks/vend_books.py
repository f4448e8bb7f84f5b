"""What a whole vend asks of the database, counted on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Measure
from benchmarks.stage import Stage
from counter.domain.vends import VendState
from counter.services.posting import Posting
from counter.services.vends import Vends
from db.engine import address, as_login, make_engine
from tests.bureau import PASSWORD, Bureau, furnish
from tests.services.tap import Tap
from tests.services.test_vends import CLERK, HOLDERS, Counter

DATABASE = "vend_books"
SALES = 20
ROUND_TRIPS_MAX = 3
PING = ";"


def books(stage: Stage) -> Iterator[Measure]:
    """A vend from the card that goes in to the proof, on a simulated reader without pauses."""
    engine = stage.fresh(DATABASE)
    furnish(engine)
    engine.dispose()
    url = address(stage.server.url_for(DATABASE)).render_as_string(hide_password=False)
    with TemporaryDirectory(prefix="counter-bench-") as folder:
        bureau = Bureau(url, Path(folder))
        try:
            yield from _vends(bureau, Path(folder))
        finally:
            bureau.dispose()


def _vends(bureau: Bureau, folder: Path) -> Iterator[Measure]:
    """Sales one after the other; the meter takes each, so that the next can be sold."""
    counter = Counter(bureau, folder)
    tap = Tap(bureau.url)
    engine = make_engine(as_login(tap.url, CLERK, PASSWORD))
    counter.vends = Vends(engine, Posting(engine, counter.posting.store), counter.desk, CLERK)
    counter.vends.books(HOLDERS[0].account_no)  # connected before, as a desk is
    asked = []
    for _sale in range(SALES):
        tap.statements.clear()
        assert counter.sell(amount_fen=100).state is VendState.WRITTEN
        asked.append(sum(statement != PING for statement in tap.statements))
        counter.reader.take_home("in_use")
    engine.dispose()
    tap.close()
    yield Measure(
        "vend_round_trips",
        max(asked),
        "statements",
        ROUND_TRIPS_MAX,
        "from the card to the proof, on the wire",
    )
