"""The cashier's screen on a real bureau: slips taken at a till, lines of a statement, matched by keys."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from counter.services.matching import Matching
from counter.services.once import outcome_unknown
from counter.services.ports.matching import ConfirmMatch, MatchMade
from counter.ui.screens.reconcile import ReconcileScreen
from tests.bureau import Bureau
from tests.services.statement_lines import MERCHANT, add_accounts, add_lines, line
from tests.ui.real_desk import CASHIER, RealDesk, real_desk

ACCOUNT, OTHER = "330100000001", "330100000002"
HOSTILE = "[/] =cmd|' /C calc'!A0 𬭎龘龘 '; --"


def transfer(amount_fen: int, serial: str, payer: str) -> dict[str, Any]:
    """A transfer slip."""
    details = {"reference": f"工商银行/{serial}", "payer": "6222020200012345", "payer_name": payer}
    return {"kind": "transfer", "amount_fen": amount_fen, "details": details}


@pytest.fixture
def bank(bureau: Bureau) -> Bureau:
    """Three slips; the bank shows one by its serial, one by the account in its text, and a fee."""
    add_accounts(bureau)
    bureau.add_account(ACCOUNT)
    bureau.add_account(OTHER, name="李国华")
    shift = bureau.open_shift()
    for account_no, fen, serial, payer in (
        (ACCOUNT, 30_000, "SLIP-1", "王小四"),
        (OTHER, 45_000, "SLIP-2", HOSTILE),
        (OTHER, 7_000, "SLIP-3", "李国华"),
    ):
        slip = transfer(fen, serial, payer)
        request = bureau.payment(shift, account_no, total_fen=fen, prepaid_fen=fen, tenders=[slip])
        bureau.call("t10001", "post_payment", request)
    add_lines(
        bureau,
        line(30_000, reference="SLIP-1", party="王小四"),
        line(45_000, reference="B-77", text=f"电费 {OTHER} {HOSTILE}", party=HOSTILE),
        line(-1_200, reference="B-78", text="账户手续费"),
        line(7_010, reference="B-79", text="转账", party="某某"),
    )
    return bureau


async def to_matching(desk: RealDesk) -> ReconcileScreen:
    """Past the question for a shift; the rules run."""
    await desk.keys("escape", "ctrl+f2")
    screen = desk.app.screen
    assert isinstance(screen, ReconcileScreen)
    await desk.until(lambda: screen.work.board is not None)
    await desk.keys("shift+f5")
    await desk.until_said("matched 1 by exact keys")
    await desk.until(lambda: screen.work.board is not None and screen.work.board.lines_open == 3)
    return screen


def open_lines(bank: Bureau) -> int:
    """How many lines wait."""
    return int(bank.value("SELECT count(*) FROM counter.statement_line WHERE open_fen <> 0"))


def fewer(bank: Bureau, screen: ReconcileScreen, before: int) -> bool:
    """Whether a match was made."""
    return screen.sending.free and open_lines(bank) < before


def found(screen: ReconcileScreen, words: str) -> bool:
    """Whether the screen shows what has these words."""
    return screen.words == words


async def test_exact_keys_by_themselves_the_rest_by_the_cashier(bank: Bureau) -> None:
    """A suggestion, a fee, and two sums that differ: then nothing is open."""
    async with real_desk(bank, CASHIER) as desk:
        screen = await to_matching(desk)
        row = next(text for text in desk.text.splitlines() if "=92=" in text)
        assert row.count("+450.00") == 2
        assert f"Account {OTHER} stands in the text" in desk.text
        await desk.keys("home")
        while screen.suggestion is not None:
            count = open_lines(bank)
            await desk.keys("enter")
            await desk.until(partial(fewer, bank, screen, count))
        await desk.keys("space", "tab", "space", "enter")
        await desk.until(lambda: "Statement minus books: +0.10" in desk.text)
        await desk.keys("enter", "enter", "right", "enter")
        await desk.write("少付一角")
        await desk.keys("enter")
        await desk.until(lambda: "Everything is matched" in desk.text)
        await desk.keys("ctrl+f2")
        await desk.until(lambda: "by hand" in desk.text and "少付一角" in desk.text)
    assert open_lines(bank) == 0
    assert (
        bank.value("SELECT sum(amount_fen) FROM counter.posting WHERE ledger_account = 'transfer_clearing'")
        == 0
    )


async def test_a_match_taken_back_is_open_again(bank: Bureau) -> None:
    """The one that an exact key had made; the reason is kept."""
    async with real_desk(bank, CASHIER) as desk:
        await to_matching(desk)
        await desk.keys("ctrl+f2")
        await desk.until(lambda: "bank's serial number" in desk.text)
        await desk.keys("ctrl+b")
        await desk.write("[red]看错了[/]")
        await desk.keys("enter")
        await desk.until_said("Taken back, journal")
        await desk.until(lambda: "taken back" in desk.text)
        await desk.keys("escape")
        await desk.until(lambda: desk.text.count("+300.00") >= 2)
    assert bank.value("SELECT note FROM counter.bank_match WHERE unmatches IS NOT NULL") == "[red]看错了[/]"


async def test_found_by_amount_and_by_hostile_words(bank: Bureau) -> None:
    """Verbatim, on both sides."""
    async with real_desk(bank, CASHIER) as desk:
        screen = await to_matching(desk)
        for words, lines, items in (("450", 1, 1), ("=cmd|", 1, 1), ("[/]", 1, 1), ("B-78", 1, 0)):
            await desk.keys("f2")
            await desk.write(words)
            await desk.keys("enter")
            await desk.until(partial(found, screen, words))
            assert (len(screen.work.line_rows), len(screen.work.item_rows)) == (lines, items)


async def test_a_colleague_was_faster(bank: Bureau) -> None:
    """Nothing is matched twice; the sentence says so and the screen shows what is open now."""
    async with real_desk(bank, CASHIER) as desk:
        screen = await to_matching(desk)
        await desk.keys("home")
        assert screen.suggestion is not None
        line_id, item_id = screen.suggestion.line_ids[0], screen.suggestion.item_ids
        request = {
            "request_id": "019ac000-0000-7000-8000-0000000000aa",
            "lines": [{"line_id": line_id}],
            "items": [{"item_id": each} for each in item_id],
            "note": "",
        }
        bank.call("t30001", "confirm_match", request)
        await desk.keys("enter")
        await desk.until(lambda: "Nothing was" in desk.said)
        await desk.until(lambda: "=92=" not in desk.text)
    assert bank.value("SELECT count(*) FROM counter.bank_match") == 2


async def test_a_lost_answer_is_asked_for_by_the_same_request(
    bank: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Matched once."""
    confirm = Matching.confirm
    seen: list[ConfirmMatch] = []

    def lose(self: Matching, request: ConfirmMatch) -> MatchMade:
        """The first answer never comes."""
        seen.append(request)
        made = confirm(self, request)
        if len(seen) == 1:
            raise outcome_unknown()
        return made

    monkeypatch.setattr(Matching, "confirm", lose)
    async with real_desk(bank, CASHIER) as desk:
        await to_matching(desk)
        await desk.keys("home", "enter")
        await desk.until_said("It is not known whether this was posted.")
        await desk.keys("enter")
        await desk.until_said("Matched, journal")
    assert seen[0] == seen[1]
    assert bank.value("SELECT count(*) FROM counter.bank_match") == 2


@pytest.mark.parametrize("text", ["[/]", "=cmd|' /C calc'!A0", "１２３", "龘" * 50])
async def test_a_remark_is_kept_as_it_is(bank: Bureau, text: str) -> None:
    """On the line under the cursor."""
    async with real_desk(bank, CASHIER) as desk:
        await to_matching(desk)
        await desk.keys("end", "f6", "enter", "enter")
        await desk.write(text)
        await desk.keys("enter")
        await desk.until_said("The note is kept.")
    assert bank.value("SELECT note FROM counter.break_event") == text


async def test_an_unknown_owner_is_refused_in_words(bank: Bureau) -> None:
    """The remark can be made again."""
    async with real_desk(bank, CASHIER) as desk:
        screen = await to_matching(desk)
        await desk.keys("end", "f6", "enter")
        await desk.write("t99999")
        await desk.keys("enter")
        await desk.write("x")
        await desk.keys("enter")
        await desk.until(lambda: desk.said and "rules matched" not in desk.said)
        assert screen.sending.free
    assert bank.value("SELECT count(*) FROM counter.break_event") == 0


async def test_card_slips_are_matched_by_hand_against_the_acquirers_file(bank: Bureau) -> None:
    """On the other side, where a trace was typed wrong and no rule is sure of it."""
    slip = {"kind": "pos", "amount_fen": 300, "details": {"reference": "12345678-000001-000042"}}
    shift = bank.value("SELECT shift_id FROM counter.shift")
    request = bank.payment(shift, ACCOUNT, total_fen=300, prepaid_fen=300, tenders=[slip])
    bank.call("t10001", "post_payment", request)
    add_lines(
        bank, line(300, fee_fen=2, terminal="12345678", batch="000001", trace="000043"), account=MERCHANT
    )
    async with real_desk(bank, CASHIER) as desk:
        screen = await to_matching(desk)
        while "card slips of the acquirer" not in desk.text:
            await desk.keys("f12")
            await desk.until(lambda: screen.work.board is not None)
        await desk.until(lambda: len(screen.work.line_rows) == 1 and len(screen.work.item_rows) == 1)
        await desk.keys("space", "tab", "space", "enter")
        await desk.until(lambda: "Everything is matched" in desk.text)
    assert (
        bank.value("SELECT sum(amount_fen) FROM counter.posting WHERE ledger_account = 'pos_clearing'") == 0
    )
