"""The demonstration's vending server: it keeps its promise, has faults to try, and says what it is."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from counter.config import Settings, load_settings
from counter.domain.tokens import TokenState, grouped
from counter.errors import Refusal, TokenInDoubt, TokenRefused
from counter.services.bootstrap import token_vendor
from counter.services.demo_tokens import let_meters_take_tokens
from counter.services.paper import Paper
from counter.services.ports.tokens import TokenRequest
from counter.services.simulated_vendor import SimulatedVendor
from counter.services.token_vendor import VendingServer
from counter.services.tokens import Tokens
from receipts.press import Press
from tests.bureau import Bureau
from tests.receipts.reading import text_of
from tests.tokens.counter_desk import CLERK, TokenDesk
from tests.tokens.vending_server import Vending
from tests.ui.real_desk import real_desk


def request(amount_fen: int = 10_000) -> TokenRequest:
    """A sale."""
    return TokenRequest(uuid4(), "330100000001", "250366809002", amount_fen)


def test_the_same_request_has_the_same_token_after_a_restart(tmp_path: Path) -> None:
    path, sale = tmp_path / "desk" / "tokens.json", request()
    vendor = SimulatedVendor(path, step_s=0)
    assert vendor.ask(sale.request_id) is None
    token = vendor.vend(sale)
    again = SimulatedVendor(path, step_s=0)
    assert again.vend(sale) == again.ask(sale.request_id) == token
    assert again.vend(request()).digits != token.digits


def test_its_faults_can_be_tried(tmp_path: Path) -> None:
    vendor = SimulatedVendor(tmp_path / "tokens.json", step_s=0)
    with pytest.raises(TokenRefused):
        vendor.vend(request(10_004))
    silent = request(10_005)
    with pytest.raises(TokenInDoubt):
        vendor.vend(silent)
    assert vendor.vend(silent) == vendor.ask(silent.request_id)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x": 1}', '{"0": {"token": "1"}}', "\0"])
def test_a_spoilt_file_is_begun_anew(tmp_path: Path, content: str) -> None:
    path = tmp_path / "tokens.json"
    path.write_text(content, "utf-8")
    assert SimulatedVendor(path, step_s=0).vend(request()).amount_fen == 10_000


def test_it_is_chosen_by_the_demonstration_or_by_its_name_only(tmp_path: Path) -> None:
    assert token_vendor(Settings(data_dir=tmp_path)) is None
    assert isinstance(token_vendor(Settings(data_dir=tmp_path, demo=True)), SimulatedVendor)
    assert isinstance(
        token_vendor(Settings(data_dir=tmp_path, token_server_url="simulated")), SimulatedVendor
    )
    real = token_vendor(Settings(data_dir=tmp_path, demo=True, token_server_url="https://vending.example"))
    assert real == VendingServer("https://vending.example")
    assert real is not None
    assert not real.simulated


@pytest.mark.parametrize(
    "url",
    [
        "http://vending.example",
        "vending.example",
        "ftp://x",
        "https://",
        "https://a:b@c",
        "https://a/?b",
        "[",
        "Simulated",
    ],
)
def test_an_address_that_cannot_be_used_is_said_at_the_start(url: str) -> None:
    with pytest.raises(Refusal):
        load_settings({"COUNTER_TOKEN_SERVER_URL": url})


@pytest.mark.parametrize("url", ["https://vending.example:8443/api/", "http://127.0.0.1:80", "simulated", ""])
def test_an_address_that_can_be_used_is_taken(url: str) -> None:
    assert load_settings({"COUNTER_TOKEN_SERVER_URL": url}).token_server_url == url.rstrip("/")


async def test_screen_and_paper_say_that_it_is_simulated(
    bureau: Bureau, vending: Vending, vendor: VendingServer, tmp_path: Path
) -> None:
    desk = TokenDesk(bureau, vending, vendor, tmp_path)
    simulated = SimulatedVendor(tmp_path / "tokens.json", step_s=0)
    tokens = Tokens(bureau.engine(CLERK), desk.tokens.posting, simulated, CLERK)
    sold = tokens.sell(desk.request(), desk.steps.append)
    assert sold.state is TokenState.ISSUED
    paper = Paper(bureau.engine(CLERK), Press(tmp_path / "receipts"), "en").print_receipt(sold.receipt_no)
    assert paper.pdf_path
    text = " ".join(text_of(paper.pdf_path).split())
    assert grouped(sold.digits) in text
    assert "SIMULATED: no meter takes this token." in text
    async with real_desk(bureau, vendor=simulated) as running:
        await running.open("330100000001")
        await running.keys("f12")
        await running.until(lambda: "SIMULATED  Power by token" in running.text)


def test_some_customers_of_the_demonstration_take_tokens_once(bureau: Bureau) -> None:
    for place in range(5):
        bureau.add_account(f"010000030{place}", meter_no=f"33000000030{place}", payment_mode="card")
    for _time in range(2):
        with bureau.admin.begin() as connection:
            let_meters_take_tokens(connection)
    query = "SELECT array_agg(account_no::text ORDER BY account_no) FROM counter.account WHERE payment_mode = 'token'"
    assert bureau.value(query) == ["0100000300", "0100000301", "0100000302"]
