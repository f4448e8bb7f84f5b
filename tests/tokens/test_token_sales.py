"""Selling tokens through services, database and a real HTTP server, with every fault on the way."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from counter.domain.tokens import TokenState
from counter.errors import Fault, NeedsApproval, Refusal, ServerUnreachable
from counter.services import tokens as services
from counter.services.once import post_once
from counter.services.ports.tokens import SellToken, TokenRequest, TokenStep
from counter.services.token_vendor import VendingServer
from tests.bureau import Bureau
from tests.ledger.vending import approved
from tests.tokens.counter_desk import CLERK, TokenDesk
from tests.tokens.selling import ACCOUNT, CARD_ACCOUNT, TOKEN
from tests.tokens.vending_server import FAULTS, Vending

FINAL = {"refuse"}
NOT_ASKED = {"not_found"}


@pytest.fixture
def desk(bureau: Bureau, vending: Vending, vendor: VendingServer, tmp_path: Path) -> TokenDesk:
    """A clerk with a vending server."""
    return TokenDesk(bureau, vending, vendor, tmp_path)


def test_a_sale_ends_with_the_token_in_the_books(desk: TokenDesk) -> None:
    outcome = desk.sell()
    assert outcome.state is TokenState.ISSUED
    assert outcome.digits == desk.vending.issued[str(outcome.vend_id)]["token"]
    assert (outcome.problem, outcome.hint) == ("", "")
    assert outcome.taken
    assert (outcome.taken.total_fen, outcome.taken.receipt_no) == (10_000, outcome.receipt_no)
    assert desk.steps == [TokenStep.BOOKING, TokenStep.ASKING, TokenStep.KEEPING]
    books = desk.tokens.books(ACCOUNT)
    assert books
    assert [(sale.digits, sale.state) for sale in books.sales] == [(outcome.digits, TokenState.ISSUED)]
    assert books.open_sale is None
    assert desk.tokens.unsettled() == ()
    assert desk.agrees()


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_leaves_a_sale_that_gets_its_one_token_at_another_desk(
    desk: TokenDesk, fault: str
) -> None:
    outcome = desk.sell(*[fault] * 3)
    expected = TokenState.REFUSED if fault in FINAL else TokenState.IN_DOUBT
    assert outcome.state is (TokenState.PENDING if fault in NOT_ASKED else expected)
    assert outcome.digits == ""
    assert outcome.problem
    assert outcome.hint
    assert desk.agrees()
    later = desk.resume(outcome.vend_id, "t10003")
    if fault in FINAL:
        assert later.state is TokenState.REFUSED
        assert desk.vending.issued == {}
    else:
        assert later.state is TokenState.ISSUED
        assert {str(outcome.vend_id): later.digits} == {
            key: each["token"] for key, each in desk.vending.issued.items()
        }
    assert desk.agrees()


def test_a_sale_without_a_token_stands_in_the_way_of_the_next(desk: TokenDesk) -> None:
    first = desk.sell("drop_after", "drop_after", "drop_after")
    books = desk.tokens.books(ACCOUNT)
    assert books
    assert books.open_sale
    assert books.open_sale.vend_id == first.vend_id
    assert [sale.vend_id for sale in desk.tokens.unfinished()] == [first.vend_id]
    assert desk.at("t10002").unfinished() == ()
    with pytest.raises(Refusal):
        desk.sell()
    desk.resume(first.vend_id)
    assert desk.sell().state is TokenState.ISSUED
    assert len(desk.vending.issued) == 2
    assert desk.agrees()


def test_a_token_of_the_books_is_told_without_asking_the_server(desk: TokenDesk) -> None:
    sold = desk.sell()
    asked = len(desk.vending.asked)
    again = desk.resume(sold.vend_id)
    assert (again.digits, again.state) == (sold.digits, TokenState.ISSUED)
    assert len(desk.vending.asked) == asked


def test_what_would_certainly_fail_is_refused_before_the_money(desk: TokenDesk, tmp_path: Path) -> None:
    engine, posting = desk.tokens.engine, desk.tokens.posting
    without = services.Tokens(engine, posting, None, CLERK)
    assert not without.is_set_up
    keyless = services.Tokens(engine, posting, replace(desk.vendor, key_file=tmp_path / "none"), CLERK)
    for tokens in (without, keyless):
        with pytest.raises(Refusal):
            tokens.sell(desk.request(), desk.steps.append)
    assert desk.bureau.value("SELECT count(*) FROM counter.journal WHERE kind = 'vend'") == 0


def test_a_server_that_is_gone_leaves_a_sale_for_later(desk: TokenDesk) -> None:
    gone = desk.at(CLERK, replace(desk.vendor, url="http://127.0.0.1:1"))
    outcome = gone.sell(desk.request(), desk.steps.append)
    assert outcome.state is TokenState.PENDING
    assert desk.agrees()
    assert desk.resume(outcome.vend_id).state is TokenState.ISSUED
    assert desk.agrees()


def test_the_database_lost_after_the_token_came_shows_it_and_keeps_it_later(
    desk: TokenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = post_once

    def lost(*_given: object) -> object:
        raise ServerUnreachable("no connection")

    monkeypatch.setattr(services, "post_once", lost)
    outcome = desk.sell()
    monkeypatch.setattr(services, "post_once", real)
    assert outcome.state is TokenState.IN_DOUBT
    assert outcome.digits == desk.vending.issued[str(outcome.vend_id)]["token"]
    assert outcome.hint
    assert desk.agrees()
    assert desk.resume(outcome.vend_id).digits == outcome.digits
    assert desk.agrees()


def test_a_lost_reply_of_the_settling_is_harmless(desk: TokenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = post_once

    def reply_lost(*given: object) -> object:
        real(*given)  # type: ignore[arg-type]
        raise Fault("the reply was lost")

    monkeypatch.setattr(services, "post_once", reply_lost)
    outcome = desk.sell()
    monkeypatch.setattr(services, "post_once", real)
    assert desk.resume(outcome.vend_id).digits == outcome.digits
    assert len(desk.vending.issued) == 1
    assert desk.agrees()


def test_a_server_that_gives_a_second_token_is_found_out(desk: TokenDesk) -> None:
    outcome = desk.sell("error_after", "error_after", "error_after")
    vend_id = str(outcome.vend_id)
    first = desk.resume(outcome.vend_id)
    desk.vending.issued[vend_id]["token"] = f"{(int(first.digits) + 1) % 2**66:020d}"
    told = desk.tokens._kept(desk.vendor.vend(_again(desk, outcome.vend_id)), outcome, desk.steps.append)
    assert told.digits == ""
    assert told.problem
    assert desk.resume(outcome.vend_id).digits == first.digits


def _again(desk: TokenDesk, vend_id: UUID) -> TokenRequest:
    sale = desk.tokens._found(vend_id)
    return TokenRequest(vend_id, sale.account_no, sale.meter_no, sale.amount_fen)


def test_the_same_request_at_two_desks_at_once_has_one_token(desk: TokenDesk) -> None:
    outcome = desk.sell("drop_before", "drop_before", "drop_before")
    desk.vending.gate.clear()
    with ThreadPoolExecutor(4) as pool:
        asking = [
            pool.submit(desk.resume, outcome.vend_id, who) for who in (CLERK, "t10002", "t10003", "t30001")
        ]
        desk.vending.gate.set()
        told = {each.result().digits for each in asking}
    assert told == {desk.vending.issued[str(outcome.vend_id)]["token"]}
    assert desk.bureau.value("SELECT count(*) FROM counter.journal WHERE kind = 'vend_written'") == 1
    assert desk.agrees()


def test_the_same_request_sent_twice_takes_the_money_once(desk: TokenDesk) -> None:
    request = desk.request()
    first = desk.tokens.sell(request, desk.steps.append)
    second = desk.tokens.sell(request, desk.steps.append)
    assert first.digits == second.digits
    assert second.taken
    assert second.taken.replayed
    assert desk.bureau.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 10_000
    assert len(desk.vending.issued) == 1
    assert desk.agrees()


def test_a_refused_sale_is_reversed_and_sold_again(desk: TokenDesk) -> None:
    outcome = desk.sell("refuse")
    assert outcome.state is TokenState.REFUSED
    assert "meter not registered" in outcome.problem
    sale = {
        "request_id": str(uuid4()),
        "shift_id": desk.shift,
        "journal_id": outcome.taken.journal_id if outcome.taken else 0,
        "account_no": ACCOUNT,
        "amount_fen": 10_000,
        "cause": "other",
        "reason": "拒绝",
    }
    desk.bureau.call(CLERK, "reverse_payment", approved(desk.bureau, "reversal", sale))
    assert desk.sell().state is TokenState.ISSUED
    assert desk.bureau.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 10_000
    assert desk.agrees()


def test_hostile_words_of_the_server_are_only_words(desk: TokenDesk) -> None:
    desk.vending.reason = "[/]'; DROP TABLE counter.token_vend; --\0\x1b[31m " + TOKEN + "长" * 500
    outcome = desk.sell("refuse")
    assert TOKEN not in outcome.problem
    assert "\x1b" not in outcome.problem
    note = desk.tokens.books(ACCOUNT)
    assert note
    assert note.sales[0].note == outcome.problem
    assert len(note.sales[0].note) <= 200
    assert desk.agrees()


@pytest.mark.parametrize("knows", [True, False])
def test_a_supervisor_decides_but_a_token_that_the_server_knows_comes_first(
    desk: TokenDesk, knows: bool
) -> None:
    fault = "error_after" if knows else "error_before"
    outcome = desk.sell(fault, fault, fault)
    _action, subject = desk.tokens.decision_subject(outcome.vend_id, digits="", reason="供应商停业")
    allowed = approved(desk.bureau, "vend_decision", subject)
    decided = desk.tokens.decide(
        outcome.vend_id, uuid4(), digits="", reason="供应商停业", approval_id=UUID(allowed["approval_id"])
    )
    assert decided.state is (TokenState.ISSUED if knows else TokenState.REFUSED)
    assert bool(decided.digits) is knows
    assert desk.agrees()


def test_a_sale_by_a_tender_that_needs_a_supervisor_asks_first(desk: TokenDesk) -> None:
    with desk.bureau.psql() as owner:
        owner.execute(
            "UPDATE counter.payment_policy SET approval_tenders = '{cash}' WHERE payment_mode = 'token'"
        )
    request = replace(desk.request(), reason="大额现金")
    with pytest.raises(NeedsApproval):
        desk.tokens.sell(request, desk.steps.append)
    action, subject = desk.tokens.subject_of(request)
    allowed = approved(desk.bureau, action, subject)
    sent = replace(request, request_id=uuid4(), approval_id=UUID(allowed["approval_id"]))
    assert desk.tokens.sell(sent, desk.steps.append).state is TokenState.ISSUED
    assert desk.agrees()


def test_other_accounts_have_no_books_of_tokens(desk: TokenDesk) -> None:
    assert [desk.tokens.books(number) for number in (CARD_ACCOUNT, "nobody", "'; --")] == [None] * 3


def test_no_token_and_no_key_is_logged(desk: TokenDesk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    digits = [desk.sell("garbage").digits, desk.sell("slow", "no_token").digits]
    said = caplog.text + "".join(map(repr, desk.tokens.unsettled()))
    books = desk.tokens.books(ACCOUNT)
    assert books
    said += repr(books)
    assert [each for each in digits if each in said] == []


def test_a_request_shows_what_it_takes(desk: TokenDesk) -> None:
    request: SellToken = desk.request(12_345)
    assert request.total_fen == 12_345
