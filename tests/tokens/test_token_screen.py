"""Selling tokens by keys: the program on a real bureau, with the vending server in small behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from counter.domain.tokens import grouped
from counter.errors import OutcomeUnknown
from counter.services import posting
from counter.services.once import post_once
from counter.services.token_vendor import VendingServer
from counter.ui.actions import BY_ID
from counter.ui.dialogs.approval import ApprovalDialog
from counter.ui.dialogs.token_decision import TokenDecisionDialog
from counter.ui.dialogs.unfinished_tokens import UnfinishedTokensDialog
from counter.ui.screens.token import TokenScreen
from counter.ui.screens.tokens_open import TokensOpenScreen
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.token_parts import TokenResult, TokenWait
from tests.bureau import PASSWORD, Bureau
from tests.ledger.vending import is_right
from tests.receipts.reading import text_of
from tests.tokens.selling import ACCOUNT, CARD_ACCOUNT, OTHER, TOKEN, furnish_tokens, outcome, sale, sold
from tests.tokens.vending_server import Vending
from tests.ui.real_desk import RealDesk, real_desk
from tests.ui.settling import jobs_held


@pytest.fixture
def hall(bureau: Bureau) -> Iterator[Bureau]:
    """A clerk with a shift, and accounts whose meters take tokens."""
    furnish_tokens(bureau)
    bureau.open_shift(float_fen=0)
    yield bureau
    assert is_right(bureau)


@pytest.fixture
async def desk(hall: Bureau, vendor: VendingServer) -> AsyncIterator[RealDesk]:
    """The clerk's program."""
    async with real_desk(hall, vendor=vendor) as running:
        yield running


def screen(desk: RealDesk) -> TokenScreen:
    """The screen in front."""
    assert isinstance(desk.app.screen, TokenScreen)
    return desk.app.screen


async def opened(desk: RealDesk, account_no: str = ACCOUNT, key: str = "ctrl+z") -> TokenScreen:
    """The account's token screen, with its books."""
    await desk.open(account_no)
    await desk.keys(key)
    await desk.until(lambda: isinstance(desk.app.screen, TokenScreen) and screen(desk).books is not None)
    await desk.pilot.pause()
    return screen(desk)


async def bought(desk: RealDesk, amount: str = "100", received: str = "120") -> None:
    """Amount, Enter, cash, Enter; wait for the end."""
    await desk.write(amount)
    await desk.keys("enter")
    await desk.write(received)
    await desk.keys("enter")
    await desk.until(lambda: screen(desk).outcome is not None)
    await desk.pilot.pause()


def has_token(desk: RealDesk) -> bool:
    """Whether the sale of the screen has its token."""
    outcome = screen(desk).outcome
    return outcome is not None and bool(outcome.digits)


def papers(hall: Bureau) -> list[str]:
    """The text of every receipt that was printed, the oldest first."""
    files = sorted(hall.folder.rglob("receipts/**/*.pdf"), key=lambda path: path.stat().st_mtime_ns)
    return [" ".join(text_of(path).split()) for path in files]


@pytest.mark.parametrize("key", ["ctrl+z", "f12"])
async def test_three_enters_sell_a_token_and_print_it(
    desk: RealDesk, hall: Bureau, vending: Vending, key: str
) -> None:
    await opened(desk, key=key)
    await bought(desk)
    token = grouped(next(iter(vending.issued.values()))["token"])
    result = screen(desk).query_one(TokenResult)
    shown = [result.query_one(f"#token-{part}", BigNumber).value for part in (1, 2)]
    assert " ".join(shown).split() == token.split()
    assert token in desk.text
    assert result.query_one("#change-given", BigNumber).value == "20.00"
    assert all(part.region.bottom <= 24 and part.size.width > 30 for part in result.query(BigNumber))
    await desk.until(lambda: len(papers(hall)) == 1)
    assert token in papers(hall)[0]
    await desk.keys("f6")
    await desk.until(lambda: len(papers(hall)) == 2)
    assert token in papers(hall)[1]
    assert "补打" in papers(hall)[1]
    await desk.keys("enter")
    await desk.until(lambda: not isinstance(desk.app.screen, TokenScreen))
    assert desk.app.focused is desk.field("box")
    assert len(vending.asked) == 1


async def test_a_sale_in_doubt_says_so_and_enter_asks_again(
    desk: RealDesk, hall: Bureau, vending: Vending
) -> None:
    await opened(desk)
    vending.faults += ["drop_after"] * 3
    await bought(desk)
    assert "IN DOUBT" in desk.text
    assert "never a second one" in " ".join(desk.text.split())
    assert screen(desk).half_done
    assert papers(hall) == []
    await desk.keys("enter")
    await desk.until(lambda: has_token(desk))
    await desk.until(lambda: len(papers(hall)) == 1)
    assert screen(desk).query_one("#change-given", BigNumber).value == "20.00"
    assert len(vending.issued) == 1
    assert hall.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 10_000


async def test_while_the_server_is_asked_the_screen_says_so_and_takes_no_keys(
    desk: RealDesk, vending: Vending, hall: Bureau
) -> None:
    await opened(desk)
    vending.gate.clear()
    with jobs_held():
        await desk.write("50")
        await desk.keys("enter", "enter")
        await desk.until(lambda: screen(desk).query_one(TokenWait).display)
        await desk.until(lambda: ">> Ask the vending server" in desk.text)
        assert "+  Book the money" in desk.text
        await desk.keys("escape", "enter", "escape")
        assert isinstance(desk.app.screen, TokenScreen)
        assert screen(desk).half_done
    vending.gate.set()
    await desk.until(lambda: screen(desk).outcome is not None)
    assert len(vending.issued) == 1
    assert hall.value("SELECT count(*) FROM counter.journal WHERE kind = 'vend'") == 1


async def test_a_refused_sale_says_what_to_do(desk: RealDesk, vending: Vending) -> None:
    vending.reason = "[bold red]no such meter[/]"
    await opened(desk)
    vending.faults += ["refuse"]
    await bought(desk)
    assert "REFUSED" in desk.text
    assert "[bold red]no such meter[/]" in desk.text
    assert "^B" in desk.text
    assert screen(desk).half_done == ""


async def test_a_sale_of_another_desk_is_asked_for_before_anything_is_sold(
    desk: RealDesk, hall: Bureau, vending: Vending
) -> None:
    other = hall.open_shift("t10002", 102)
    request = sale(hall, other)
    hall.call("t10002", "begin_token_vend", request)
    hall.call("t10002", "settle_token_vend", outcome(request, "in_doubt", note="[/] 没有应答"))
    await opened(desk)
    assert "there is no token yet" in desk.text
    assert "[/] 没有应答" in desk.text
    assert screen(desk).form is None
    await desk.keys("enter")
    await desk.until(lambda: has_token(desk))
    assert list(vending.issued) == [request["request_id"]]


async def test_the_program_that_was_killed_offers_its_sale_first(
    hall: Bureau, vendor: VendingServer, vending: Vending
) -> None:
    request = sold(hall, hall.value("SELECT shift_id FROM counter.till WHERE till_no = 101"))
    async with real_desk(hall, vendor=vendor) as desk:
        await desk.until(lambda: isinstance(desk.app.screen, UnfinishedTokensDialog))
        assert desk.app.screen.query_one(".dialog").region.x > 2
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.app.screen, TokenScreen) and screen(desk).books is not None)
        await desk.pilot.pause()
        await desk.keys("enter")
        await desk.until(lambda: has_token(desk))
    assert list(vending.issued) == [request["request_id"]]


async def test_the_list_has_what_has_no_token_and_a_supervisor_decides(
    desk: RealDesk, hall: Bureau, vending: Vending
) -> None:
    request = sold(
        hall, hall.value("SELECT shift_id FROM counter.till WHERE till_no = 101"), account_no=OTHER
    )
    await desk.keys("ctrl+z")
    await desk.until(lambda: isinstance(desk.app.screen, TokensOpenScreen) and OTHER in desk.text)
    await desk.keys("shift+f12")
    await desk.until(lambda: isinstance(desk.app.screen, TokenDecisionDialog))
    assert desk.app.screen.query_one(".dialog").region.x > 2
    for wrong in ("123", "[/]'; --", "９" * 20):
        await desk.write(wrong)
        await desk.keys("enter")
        assert "twenty digits" in desk.text
        desk.field("token").value = ""
    await desk.write(" 1234-5678 9012 3456-7890 ")
    await desk.keys("enter")
    await desk.write("供应商电话告知")
    await desk.keys("enter")
    await desk.until(lambda: isinstance(desk.app.screen, ApprovalDialog))
    assert grouped(TOKEN) in desk.text
    await signed(desk)
    await desk.until(lambda: isinstance(desk.app.screen, TokensOpenScreen) and "Decided" in desk.said)
    query = "SELECT token FROM counter.token_vend WHERE vend_id = %s::uuid"
    assert hall.value(query, request["request_id"]) == TOKEN
    assert vending.issued == {}


async def signed(desk: RealDesk) -> None:
    """The supervisor's number and password."""
    await desk.until(lambda: desk.app.focused is not None)
    fields = [field for field in desk.app.screen.query("Input") if not field.disabled]
    if fields and fields[0].id == "reason":
        await desk.keys("enter")
    await desk.write("t30001")
    await desk.keys("enter")
    await desk.write(PASSWORD)
    await desk.keys("enter")


@pytest.mark.parametrize(
    "typed", ["", "0", "-5", "1e3", "[/]", "'; --", "99999999999", "50000.01", "１２．３．４"]
)
async def test_hostile_amounts_sell_nothing(desk: RealDesk, vending: Vending, typed: str) -> None:
    await opened(desk)
    await desk.write(typed)
    await desk.keys("enter", "enter", "enter")
    assert screen(desk).outcome is None
    assert vending.asked == []


async def test_an_account_with_a_card_has_no_tokens(desk: RealDesk) -> None:
    await desk.open(CARD_ACCOUNT)
    await desk.keys("ctrl+z")
    await desk.until(lambda: "no meter that takes tokens" in desk.said)
    await desk.keys("escape")
    await desk.until(lambda: not isinstance(desk.app.screen, TokenScreen))


async def test_a_desk_without_a_server_looks_and_sells_nothing(hall: Bureau, tmp_path: Path) -> None:
    keyless = VendingServer("http://127.0.0.1:1", tmp_path / "none")
    for vendor, why in ((None, "knows no vending server"), (keyless, "token_server_key_file")):
        async with real_desk(hall, vendor=vendor) as desk:
            await opened(desk)
            await desk.write("10")
            await desk.keys("enter", "enter")
            await desk.until_said(why)
            assert screen(desk).form is not None
    assert hall.value("SELECT count(*) FROM counter.journal WHERE kind = 'vend'") == 0


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_chinese_fits(
    hall: Bureau, vendor: VendingServer, vending: Vending, size: tuple[int, int]
) -> None:
    async with real_desk(hall, vendor=vendor, language="zh_CN", size=size) as desk:
        await opened(desk)
        await bought(desk)
        token = grouped(next(iter(vending.issued.values()))["token"])
        assert token in desk.text
        assert "20.00" not in desk.text  # drawn in large figures
        assert "找零" in desk.text


@pytest.mark.parametrize("posted", [True, False])
async def test_a_lost_reply_of_the_money_is_asked_for_and_then_the_token(
    desk: RealDesk, hall: Bureau, vending: Vending, monkeypatch: pytest.MonkeyPatch, posted: bool
) -> None:
    real = post_once
    sent: list[str] = []

    def lost(engine: Engine, function: str, body: Mapping[str, Any], *more: Any) -> Any:
        """The first sale has no answer, whether it arrived or not."""
        if function == "begin_token_vend" and not sent:
            sent.append(function)
            if posted:
                real(engine, function, body, *more)
            raise OutcomeUnknown("no answer")
        return real(engine, function, body, *more)

    await opened(desk)
    monkeypatch.setattr(posting, "post_once", lost)
    await desk.write("100")
    await desk.keys("enter", "enter")
    await desk.until(lambda: sent)
    await desk.until(lambda: desk.app.screen.__class__.__name__ == "UnknownDialog" or screen(desk).outcome)
    await desk.keys("escape")
    desk.app.ask_by_itself()
    if not posted:
        await desk.until(lambda: "nothing was posted" in desk.said)
        await desk.keys("enter", "enter")
    else:
        await desk.until(
            lambda: isinstance(desk.app.screen, TokenScreen) and screen(desk).outcome is not None
        )
        assert "NO TOKEN YET" in desk.text
        await desk.keys("enter")
    await desk.until(lambda: has_token(desk))
    assert len(vending.issued) == 1
    assert hall.value("SELECT count(*) FROM counter.journal WHERE kind = 'vend'") == 1
    assert hall.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 10_000


async def test_a_supervisor_signs_for_the_list(hall: Bureau, vendor: VendingServer) -> None:
    sold(hall, hall.value("SELECT shift_id FROM counter.till WHERE till_no = 101"))
    async with real_desk(hall, "t30001", vendor=vendor) as desk:
        await desk.until(lambda: desk.app.screen.__class__.__name__ == "OpenShiftScreen")
        await desk.keys("escape", "ctrl+z")
        await desk.until(lambda: isinstance(desk.app.screen, TokensOpenScreen) and ACCOUNT in desk.text)
        await desk.keys(BY_ID["sign_vends"].key)
        await desk.until(lambda: desk.app.screen.__class__.__name__ == "ReasonDialog")
        await desk.write("供应商停业")
        await desk.keys("enter")
        await desk.until(lambda: "Signed for 1" in desk.said)
    assert hall.value("SELECT count(*) FROM counter.token_vend_signature") == 1


async def test_a_refused_sale_is_reversed_by_keys_when_a_supervisor_signs(
    desk: RealDesk, hall: Bureau, vending: Vending
) -> None:
    await opened(desk)
    vending.faults += ["refuse"]
    await bought(desk)
    await desk.keys("escape")
    await desk.until(lambda: not isinstance(desk.app.screen, TokenScreen))
    await desk.keys("ctrl+b")
    await desk.until(lambda: "refused the token" in desk.text)
    for text in ("4", "没有代码"):
        await desk.write(text)
        await desk.keys("enter")
    await desk.until(lambda: isinstance(desk.app.screen, ApprovalDialog))
    await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id == "supervisor")
    await signed(desk)
    await desk.until(
        lambda: hall.value("SELECT count(*) FROM counter.token_vend WHERE state = 'undone'") == 1
    )
    assert hall.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 0


async def test_an_issued_token_cannot_be_reversed_by_keys(desk: RealDesk, hall: Bureau) -> None:
    await opened(desk)
    await bought(desk)
    await desk.keys("enter")
    await desk.until(lambda: not isinstance(desk.app.screen, TokenScreen))
    await desk.open(ACCOUNT)
    await desk.keys("ctrl+b")
    await desk.until(lambda: "cannot be taken back" in desk.text)
    assert hall.value("SELECT count(*) FROM counter.journal WHERE kind = 'reversal'") == 0
