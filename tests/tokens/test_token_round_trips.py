"""A sale of a token costs three statements: the books, the money, the token. Counted on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.domain.tokens import TokenState
from counter.services.pending import PendingStore
from counter.services.posting import Posting
from counter.services.token_vendor import VendingServer
from counter.services.tokens import Tokens
from db.engine import as_login, make_engine
from tests.bureau import PASSWORD, Bureau
from tests.services.tap import Tap
from tests.services.test_vend_round_trips import said
from tests.tokens.counter_desk import CLERK, TokenDesk
from tests.tokens.selling import ACCOUNT
from tests.tokens.vending_server import Vending


@pytest.fixture
def desk(bureau: Bureau, vending: Vending, vendor: VendingServer, tmp_path: Path) -> TokenDesk:
    """A clerk with a vending server."""
    return TokenDesk(bureau, vending, vendor, tmp_path)


@pytest.fixture
def tap(desk: TokenDesk) -> Iterator[Tap]:
    """The desk's own connections go through it from now on."""
    tap = Tap(desk.bureau.url)
    engine = make_engine(as_login(tap.url, CLERK, PASSWORD))
    posting = Posting(engine, PendingStore(desk.folder / "pending", CLERK), pauses_s=())
    desk.tokens = Tokens(engine, posting, desk.vendor, CLERK)
    desk.tokens.books(ACCOUNT)
    tap.statements.clear()
    yield tap
    engine.dispose()
    tap.close()


def test_a_whole_sale_is_three_statements(desk: TokenDesk, tap: Tap) -> None:
    """From the account to the token in the books."""
    assert desk.sell().state is TokenState.ISSUED
    assert said(tap) == ["SELECT", "begin_token_vend", "settle_token_vend"]


def test_what_comes_after_reads_each_thing_once(desk: TokenDesk, tap: Tap) -> None:
    """No BEGIN and no COMMIT where one statement says it all."""
    outcome = desk.sell("error_after", "error_after", "error_after")
    tap.statements.clear()
    desk.tokens.resume(outcome.vend_id, desk.steps.append)
    assert said(tap) == ["SELECT", "settle_token_vend"]
    desk.tokens.resume(outcome.vend_id, desk.steps.append)
    desk.tokens.unsettled()
    desk.tokens.unfinished()
    assert said(tap) == ["SELECT", "SELECT", "SELECT"]
