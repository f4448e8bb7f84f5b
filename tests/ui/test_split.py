"""Tenders of every kind, alone and together, by keys on a real bureau."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from counter.domain.card_secrets import card_proof
from counter.ui.dialogs.approval import ApprovalDialog
from counter.ui.dialogs.split import SplitDialog
from counter.ui.widgets.big_number import BigNumber
from tests.bureau import Bureau
from tests.ui.real_desk import RealDesk, real_desk

ACCOUNT, CARD, SECRET = "330100000001", "80000001", "998877665544"
POS = ("12345678", "000001", "000042", "123456789012", "6228481234561234", "", "")
SLIP = ("工商银行", "A-77", "", "某某公司", "6222020200012345")
CHEQUE = ("建设银行", "12345678", "", "某某公司")


@pytest.fixture
def hall(bureau: Bureau) -> Bureau:
    """An account that owes 300.00, a sold recharge card of 200.00, an open shift."""
    bureau.add_account(ACCOUNT, hardship="t")
    bureau.add_bills(ACCOUNT, (202601, 30_000, date(2999, 1, 1)))
    shift = bureau.open_shift()
    digest = hashlib.sha256(card_proof(CARD, SECRET)).hexdigest()
    bureau.call("t60001", "load_cards", {"cards": [{"card_no": CARD, "face_fen": 20_000, "digest": digest}]})
    cash = {"kind": "cash", "amount_fen": 20_000, "received_fen": 20_000}
    sale = {
        "request_id": "0190a000-0000-7000-8000-000000000001",
        "shift_id": shift,
        "cards": [CARD],
        "tenders": [cash],
    }
    bureau.call("t10001", "sell_cards", sale)
    return bureau


async def open_split(desk: RealDesk) -> None:
    """The account, then ctrl+g."""
    await desk.open(ACCOUNT)
    await desk.keys("ctrl+g")
    await desk.until(lambda: isinstance(desk.app.screen, SplitDialog) and desk.app.screen.query("#part"))


async def choose(desk: RealDesk, kind: str) -> None:
    """Step to a kind, and go to its first field."""
    dialog = desk.app.screen
    assert isinstance(dialog, SplitDialog)
    for _step in range(8):
        if dialog._kind and dialog._kind.value == kind:
            break
        await desk.keys("right")
    await desk.keys("enter")
    await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id not in (None, "kind"))


async def enter(desk: RealDesk, *texts: str) -> None:
    """Type into field after field; an empty text leaves what is there."""
    for text in texts:
        if text:
            await desk.write(text)
        await desk.keys("enter")


async def posted(desk: RealDesk) -> list[tuple[str, int]]:
    """Kinds and amounts of the payment that was posted."""
    query = (
        "SELECT array_agg(t.kind || ' ' || t.amount_fen ORDER BY t.line) FROM counter.tender t"
        " JOIN counter.journal j USING (journal_id) WHERE j.kind = 'payment'"
    )
    await desk.until(lambda: desk.bureau.value(query))
    return [(text.split()[0], int(text.split()[1])) for text in desk.bureau.value(query)]


async def test_a_payment_is_split_over_pos_slip_and_cash(hall: Bureau) -> None:
    """What is open is proposed each time; change comes from the cash."""
    async with real_desk(hall) as desk:
        await open_split(desk)
        await choose(desk, "pos")
        await enter(desk, *POS, "100")
        await desk.until(lambda: "Still open  200.00" in desk.text)
        await choose(desk, "transfer")
        await enter(desk, *SLIP, "150")
        await desk.until(lambda: "Still open  50.00" in desk.text)
        await choose(desk, "cash")
        await enter(desk, "", "100")
        await desk.until(lambda: "Nothing is open." in desk.text)
        await desk.keys("enter")
        assert await posted(desk) == [("pos", 10_000), ("transfer", 15_000), ("cash", 5_000)]
        await desk.until(lambda: desk.app.screen.query_one("#change-given", BigNumber).value == "50.00")
    kept = hall.value("SELECT details::text FROM counter.tender WHERE kind = 'pos'")
    assert "6228481234561234" not in kept
    assert "622848******1234" in kept


async def test_a_pasted_pos_slip_fills_its_fields(hall: Bureau) -> None:
    """Line by line; the whole card number is never shown."""
    slip = "终端号：12345678\n批次号：000001\n凭证号：000042\n参考号：123456789012\n卡号：6228481234561234"
    async with real_desk(hall) as desk:
        await open_split(desk)
        await choose(desk, "pos")
        from textual import events

        desk.app.post_message(events.Paste(slip))
        await desk.until(lambda: desk.field("paper-trace").value == "000042")
        assert desk.field("paper-card").value == "622848******1234"
        assert "6228481234561234" not in desk.text


@pytest.mark.parametrize("hostile", ["", "[/]", "'; DROP TABLE counter.journal; --", "1" * 99, "-1", "\x00"])
async def test_a_field_that_is_not_as_its_paper_prints_it_is_named(hall: Bureau, hostile: str) -> None:
    """Nothing is laid down, the focus is where it is wrong."""
    async with real_desk(hall) as desk:
        await open_split(desk)
        await choose(desk, "pos")
        await enter(desk, hostile, *POS[1:], "300")
        await desk.until(lambda: "not as the paper prints it" in desk.text)
        assert desk.app.focused is desk.field("paper-terminal")
    assert hall.value("SELECT count(*) FROM counter.journal WHERE kind = 'payment'") == 0


@pytest.mark.parametrize(
    ("amount", "said"), [("300.01", "Only 300.00 is open"), ("-5", "amount"), ("", "amount")]
)
async def test_more_than_is_open_is_no_tender(hall: Bureau, amount: str, said: str) -> None:
    """Change is given from cash only."""
    async with real_desk(hall) as desk:
        await open_split(desk)
        await choose(desk, "cheque")
        await enter(desk, *CHEQUE)
        field = desk.field("part")
        field.value = amount
        await desk.keys("enter")
        await desk.until(lambda: said in desk.text)


async def test_a_recharge_card_is_redeemed_whole_and_a_wrong_secret_counts(hall: Bureau) -> None:
    """The rest in cash; the secret is nowhere afterwards."""
    async with real_desk(hall) as desk:
        await open_split(desk)
        await choose(desk, "recharge_card")
        await enter(desk, CARD, "00000000")
        await desk.until(lambda: "4 tries are left" in desk.text)
        await enter(desk, CARD, SECRET)
        await desk.until(lambda: "Still open  100.00" in desk.text)
        await choose(desk, "cash")
        await enter(desk, "", "")
        await desk.keys("enter")
        assert await posted(desk) == [("recharge_card", 20_000), ("cash", 10_000)]
        for file in (hall.folder / "desk-t10001").rglob("*.*"):
            assert SECRET not in file.read_bytes().decode("latin-1")


async def test_a_card_that_is_laid_down_is_not_laid_down_again(hall: Bureau) -> None:
    """It is redeemed whole: once is all that it is worth."""
    async with real_desk(hall) as desk:
        await open_split(desk)
        await choose(desk, "recharge_card")
        await enter(desk, CARD, SECRET)
        await desk.until(lambda: "Still open  100.00" in desk.text)
        await choose(desk, "recharge_card")
        await enter(desk, CARD, SECRET)
        await desk.until(lambda: "in the list already" in desk.text)
        assert "Still open  100.00" in desk.text


async def test_the_same_slip_twice_tells_who_took_it(hall: Bureau) -> None:
    """And the form is kept to be mended."""
    shift = hall.value("SELECT shift_id FROM counter.till WHERE till_no = 101")
    slip = {
        "kind": "transfer",
        "amount_fen": 5,
        "details": {"reference": "工商银行/A-77", "payer": "6222020200012345"},
    }
    hall.call("t10001", "post_payment", hall.payment(shift, ACCOUNT, prepaid_fen=5, tenders=[slip]))
    async with real_desk(hall) as desk:
        await open_split(desk)
        await choose(desk, "transfer")
        await enter(desk, *SLIP, "")
        await desk.until(lambda: "Nothing is open." in desk.text)
        await desk.keys("enter")
        await desk.until_said("taken before")
        assert "张敏" in desk.said


async def test_the_care_fund_asks_for_a_supervisor(hall: Bureau) -> None:
    """The kind is marked, and the dialog for the approval opens."""
    hall.call(
        "t30001",
        "add_to_fund",
        {"request_id": "0190a000-0000-7000-8000-000000000002", "amount_fen": 50_000, "reason": "拨款"},
    )
    async with real_desk(hall) as desk:
        await open_split(desk)
        await choose(desk, "care_fund")
        assert "needs a supervisor" in desk.text
        await enter(desk, "")
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ApprovalDialog))


async def test_backspace_takes_the_last_tender_back(hall: Bureau) -> None:
    """And Esc leaves without posting."""
    async with real_desk(hall) as desk:
        await open_split(desk)
        await choose(desk, "cheque")
        await enter(desk, *CHEQUE, "100")
        await desk.until(lambda: "Still open  200.00" in desk.text)
        await desk.keys("backspace")
        await desk.until(lambda: "Still open  300.00" in desk.text)
        await desk.keys("escape")
        await desk.until(lambda: not isinstance(desk.app.screen, SplitDialog))
    assert hall.value("SELECT count(*) FROM counter.journal WHERE kind = 'payment'") == 0
