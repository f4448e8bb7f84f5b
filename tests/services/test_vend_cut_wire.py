"""The wire to the server is cut in the middle of a sale onto a card: money and card agree in the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.domain.vends import VendState
from counter.errors import OutcomeUnknown, ServerUnreachable
from counter.services.ledger import verify
from counter.services.ports.vends import HomeResult
from counter.services.posting import Posting
from counter.services.vends import Vends
from db.engine import as_login, make_engine
from tests.bureau import PASSWORD, Bureau
from tests.services.test_vends import CLERK, Counter
from tests.services.wire import Wire

STEP = 45
"""Bytes from one cut to the next."""


@pytest.fixture
def wire(bureau: Bureau) -> Iterator[Wire]:
    """A wire to the test's server."""
    wire = Wire(bureau.url)
    yield wire
    wire.close()


@pytest.fixture
def counter(bureau: Bureau, wire: Wire, tmp_path: Path) -> Iterator[Counter]:
    """A desk with a simulated reader, behind the wire."""
    counter = Counter(bureau, tmp_path)
    engine = make_engine(as_login(wire.url, CLERK, PASSWORD))
    posting = Posting(engine, counter.posting.store, pauses_s=())
    counter.posting = posting
    counter.vends = Vends(engine, posting, counter.desk, CLERK)
    yield counter
    engine.dispose()


def bytes_of_a_sale(counter: Counter, wire: Wire, direction: str) -> int:
    """How many a sale sends in a direction after the look; the meter takes it."""
    counter.reader.insert("in_use")
    request = counter.request(counter.vends.look())
    wire.cut_after("up", 1_000_000)
    counter.vends.sell(request, counter.steps.append)
    counted = dict(wire.passed)[direction]
    assert counter.reader.take_home("in_use").value == HomeResult.CREDITED.value
    return counted


@pytest.mark.parametrize("direction", ["up", "down"])
def test_cut_anywhere_in_a_sale_the_money_is_on_the_meter_or_was_never_taken(
    counter: Counter, wire: Wire, bureau: Bureau, direction: str
) -> None:
    """The server is away until the clerk looks again; what was begun is found, and finished by the card."""
    ended = set()
    for count in range(0, bytes_of_a_sale(counter, wire, direction) + STEP, STEP):
        counter.reader.insert("in_use")
        request = counter.request(counter.vends.look())
        wire.cut_after(direction, count, stay_down=True)
        try:
            outcome = counter.vends.sell(request, counter.steps.append)
        except (ServerUnreachable, OutcomeUnknown):
            outcome = None
        wire.mend()
        for pending in counter.posting.unknown():
            if pending.is_payment:
                counter.posting.settle(pending.request_id)
            else:
                counter.posting.was_posted(pending.request_id)
        for vend in counter.vends.unfinished():
            assert counter.vends.resume(vend.vend_id, counter.steps.append).state is VendState.WRITTEN
        begun = bureau.value("SELECT count(*) FROM counter.vend WHERE vend_id = %s", request.request_id)
        assert (outcome is not None) <= bool(begun), "a card is written for nothing"
        home = counter.reader.take_home("in_use").value
        assert home == (HomeResult.CREDITED if begun else HomeResult.PARAMETERS).value, count
        assert counter.loaded_fen() == counter.vended_fen(), count
        ended.add((outcome is not None, bool(begun)))
    not_begun, finished, begun_and_not_known = (False, False), (True, True), (False, True)
    assert {not_begun, finished} <= ended
    assert (begun_and_not_known in ended) == (direction == "down"), (
        "only an answer can be lost after the fact"
    )
    assert counter.posting.unknown() == ()
    assert verify(bureau.engine("t40001")).finding is None
