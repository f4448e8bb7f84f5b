"""A desk that is killed at any step of a sale: its restart, or any other desk, gets the one token."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from counter.domain.tokens import TokenState
from counter.services.payments import as_taken
from counter.services.token_vendor import VendingServer
from db.engine import as_login
from tests.bureau import PASSWORD, Bureau
from tests.tokens.counter_desk import CLERK, TokenDesk
from tests.tokens.selling import ACCOUNT, METER
from tests.tokens.vending_server import Vending

DESK = """
import json, os, signal, sys
from pathlib import Path
from uuid import UUID

from counter.domain.tenders import cash
from counter.services import posting
from counter.services import tokens as services
from counter.services.pending import PendingStore
from counter.services.ports.tokens import SellToken
from counter.services.posting import Posting
from counter.services.token_vendor import VendingServer
from db.engine import make_engine

given = json.loads(sys.stdin.read())


def die(*_given):
    os.kill(os.getpid(), signal.SIGKILL)


def dying(function):
    def before_or_after(*values):
        if given["at"].startswith("before"):
            die()
        function(*values)
        die()
    return before_or_after


step = given["at"].partition(" ")[2]
if step == "money":
    posting.post_once = dying(posting.post_once)
elif step == "asking":
    VendingServer._exchange = dying(VendingServer._exchange)
elif step == "keeping":
    services.post_once = dying(services.post_once)
engine = make_engine(given["url"])
store = PendingStore(Path(given["folder"]), "t10001")
vendor = VendingServer(given["server"], Path(given["key"]))
request = SellToken(UUID(given["id"]), given["shift"], given["account"], given["version"], given["meter"], 10_000,
                    (cash(10_000, 10_000),))
services.Tokens(engine, Posting(engine, store), vendor, "t10001").sell(request, lambda step: None)
"""
STEPS = [f"{when} {what}" for what in ("money", "asking", "keeping") for when in ("before", "after")]


@pytest.fixture
def desk(bureau: Bureau, vending: Vending, vendor: VendingServer, tmp_path: Path) -> TokenDesk:
    """A clerk with a vending server."""
    return TokenDesk(bureau, vending, vendor, tmp_path)


def killed(desk: TokenDesk, key_file: Path, at: str) -> str:
    """Sell in a program of its own that dies at a step; the id of the sale."""
    books = desk.tokens.books(ACCOUNT)
    assert books
    request_id = str(uuid4())
    given = {
        "at": at,
        "url": as_login(desk.bureau.url, CLERK, PASSWORD).render_as_string(hide_password=False),
        "folder": str(desk.folder / "pending"),
        "server": desk.vending.address,
        "key": str(key_file),
        "id": request_id,
        "shift": desk.shift,
        "account": ACCOUNT,
        "version": books.version,
        "meter": METER,
    }
    ended = subprocess.run(
        [sys.executable, "-c", DESK],
        input=json.dumps(given),
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
        env=dict(os.environ),
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    return request_id


@pytest.mark.parametrize("staff_no", [CLERK, "t10003"])
@pytest.mark.parametrize("at", STEPS)
def test_a_desk_killed_at_a_step_leaves_one_sale_with_one_token(
    desk: TokenDesk, key_file: Path, at: str, staff_no: str
) -> None:
    request_id = killed(desk, key_file, at)
    assert desk.agrees()
    left = desk.tokens.posting.unknown()
    assert [str(each.request_id) for each in left] == ([request_id] if at.endswith("money") else [])
    if left:
        answer = desk.tokens.posting.settle(left[0].request_id)
        assert bool(answer) is (at == "after money")
        if answer:
            assert as_taken(answer).total_fen == 10_000
    sold = desk.tokens.unsettled()
    expected = [] if at in ("before money", "after keeping") else [request_id]
    assert [str(sale.vend_id) for sale in sold] == expected
    for sale in sold:
        assert desk.resume(sale.vend_id, staff_no).state is TokenState.ISSUED
    assert desk.agrees()
    assert len(desk.vending.issued) == (0 if at == "before money" else 1)
    assert desk.bureau.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 10_000 * len(
        desk.vending.issued
    )
