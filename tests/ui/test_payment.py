"""Taking cash: three Enters, once only, and every way in which it can go wrong."""

from __future__ import annotations

import asyncio

import pytest

from counter.domain.tenders import cash
from counter.errors import NotAllowed
from counter.ui.sent_once import Stage
from counter.ui.widgets.account import BillTable
from counter.ui.widgets.big_number import BigNumber
from tests.ui.driving import at_desk
from tests.ui.memory_bureau import MemoryBureau

ACCOUNT = "0100234567"
DUE_FEN = 16_205 + 14_347 + 11_274


@pytest.fixture(autouse=True)
def _asks_only_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the program would ask by itself before a test looked at what is not known."""
    monkeypatch.setattr("counter.ui.app.ASK_EVERY_S", 3_600)


async def test_three_enters_take_the_arrears_and_print_the_receipt() -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        assert desk.field("amount").value == "418.26"
        assert desk.field("amount").selected_text == "418.26"
        await desk.keys("enter")
        assert desk.field("received").value == "418.26"
        await desk.keys("enter")
        await desk.until(lambda: desk.bureau.prints)
        request, taken = next(iter(desk.bureau.posted.values()))
        assert request.tenders == (cash(DUE_FEN, DUE_FEN),)
        assert request.accounts[0].prepaid_fen == 0
        assert desk.bureau.prints == [(taken.receipt_no, False)]
        assert desk.app.focused is desk.screen.box
        assert desk.screen.box.value == ""


async def test_change_is_the_largest_thing_until_the_next_account_is_opened() -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter", *"500")
        assert desk.app.screen.query_one("#change", BigNumber).value == "81.74"
        await desk.keys("enter")
        await desk.until(lambda: desk.screen.taken is not None)
        given = desk.app.screen.query_one("#change-given", BigNumber)
        assert given.value == "81.74"
        assert given.display
        await desk.write("王")
        assert given.region.height == 5
        await desk.keys("escape")
        await desk.open("0100234571")
        assert desk.screen.taken is None


async def test_amount_goes_to_the_oldest_bill_first_and_shows_it_while_typing() -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        await desk.write("200")
        bills = desk.app.screen.query_one(BillTable)
        paid = dict(bills._paid)
        assert paid == {f"{ACCOUNT}-202608-1": 16_205, f"{ACCOUNT}-202609-1": 20_000 - 16_205}
        await desk.keys("enter", "enter")
        await desk.until(lambda: desk.bureau.posted)
        request, _taken = next(iter(desk.bureau.posted.values()))
        assert [(line.late_fee_fen, line.principal_fen) for line in request.accounts[0].lines] == [
            (975, 15_230),
            (472, 3_323),
        ]


async def test_more_than_is_owed_becomes_prepaid_and_is_shown() -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        await desk.write("500")
        assert "To prepaid 81.74" in desk.text
        await desk.keys("enter", "enter")
        await desk.until(lambda: desk.bureau.posted)
        request, _taken = next(iter(desk.bureau.posted.values()))
        assert request.accounts[0].prepaid_fen == 50_000 - DUE_FEN


async def test_ticked_bills_are_paid_and_no_others() -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        await desk.keys("f4", "down", "space")
        assert desk.field("amount").value == "143.47"
        await desk.keys("enter", "enter", "enter")
        await desk.until(lambda: desk.bureau.posted)
        request, _taken = next(iter(desk.bureau.posted.values()))
        assert [line.bill_no for line in request.accounts[0].lines] == [f"{ACCOUNT}-202609-1"]


async def test_enter_pressed_many_times_posts_once() -> None:
    bureau = MemoryBureau()
    async with at_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter")
        with bureau.held():
            await desk.keys(*["enter"] * 5)
            assert desk.screen.busy
            assert desk.field("amount").disabled
        await desk.until(lambda: desk.screen.taken is not None)
        assert bureau.calls.count("take_payment") == 1
        assert len(bureau.posted) == 1


async def test_changed_balance_is_shown_and_confirmed_again_under_a_new_request() -> None:
    bureau = MemoryBureau()
    async with at_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        before = desk.screen.form
        assert before is not None
        bureau.change(ACCOUNT, bills=bureau.accounts[ACCOUNT].bills[1:])
        await desk.keys("enter", "enter")
        await desk.until_said("Another desk")
        assert "418.26 -> 256.21" in desk.said
        assert bureau.posted == {}
        form = desk.screen.form
        assert form is not None
        assert desk.field("amount").value == "256.21"
        await desk.keys("enter", "enter")
        await desk.until(lambda: bureau.posted)
        assert before.sent is not None
        assert before.sent.request_id not in bureau.posted


@pytest.mark.parametrize("lost", ["lose_reply", "lose_request"])
async def test_payment_without_an_answer_is_settled_and_never_doubled(lost: str) -> None:
    bureau = MemoryBureau()
    async with at_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        setattr(bureau, lost, True)
        await desk.keys("enter", "enter")
        await desk.until(lambda: desk.app.settler.pending)
        await desk.pilot.pause()
        assert "It is not known whether this was posted" in desk.text
        assert desk.screen.form is not None
        assert desk.screen.form.stage is Stage.UNKNOWN
        setattr(bureau, lost, False)
        await desk.keys("ctrl+r")
        await desk.until(lambda: not desk.app.settler.pending)
        if lost == "lose_request":
            assert "nothing was posted" in desk.said
            await desk.keys("enter", "enter")
        await desk.until(lambda: bureau.prints)
        assert len(bureau.posted) == 1
        assert desk.screen.taken is not None


async def test_what_is_not_known_is_asked_for_by_itself_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No key is pressed: the clock of the program does it."""
    monkeypatch.setattr("counter.ui.app.ASK_EVERY_S", 0.5)
    bureau = MemoryBureau()
    async with at_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        bureau.lose_reply = True
        await desk.keys("enter", "enter")
        await desk.until(lambda: bureau.posted)
        bureau.lose_reply = False
        await desk.until(lambda: desk.screen.taken is not None)
        assert len(bureau.posted) == 1


async def test_server_away_when_posting_says_that_nothing_was_sent_and_the_same_request_goes_later() -> None:
    bureau = MemoryBureau()
    async with at_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        bureau.unreachable = True
        await desk.keys("enter", "enter")
        await desk.until_said("没有发送任何内容")
        assert "no server" in desk.text
        assert not desk.app.settler.pending
        assert desk.screen.form is not None
        assert desk.screen.form.sent is not None
        request_id = desk.screen.form.sent.request_id
        bureau.unreachable = False
        desk.app.ask_by_itself()
        await desk.until(lambda: "online" in desk.text)
        await desk.keys("enter")
        if not bureau.posted:
            await desk.keys("enter")
        await desk.until(lambda: bureau.posted)
        assert list(bureau.posted) == [request_id]


async def test_while_one_is_not_known_nothing_else_is_taken_for_that_account() -> None:
    bureau = MemoryBureau()
    async with at_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        bureau.lose_reply = True
        await desk.keys("enter", "enter")
        await desk.until(lambda: desk.app.settler.pending)
        await desk.keys("escape", "enter", "enter", "enter")
        assert bureau.calls.count("take_payment") == 1
        assert "1 not known" in desk.text


async def test_payment_left_unknown_is_settled_and_printed_at_the_next_sign_in() -> None:
    bureau = MemoryBureau()
    async with at_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        bureau.lose_reply = True
        await desk.keys("enter", "enter")
        await desk.until(lambda: desk.app.settler.pending)
    bureau.lose_reply = False
    async with at_desk(bureau) as desk:
        await desk.until(lambda: bureau.prints)
        assert len(bureau.posted) == 1
        assert not desk.app.settler.pending


async def test_account_closed_meanwhile_is_said_and_nothing_is_posted() -> None:
    bureau = MemoryBureau()
    async with at_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        bureau.accounts[ACCOUNT] = bureau.accounts[ACCOUNT].__class__(
            **{
                name: getattr(bureau.accounts[ACCOUNT], name)
                for name in bureau.accounts[ACCOUNT].__slots__
                if name != "closed"
            },
            closed=True,
        )
        await desk.keys("enter", "enter")
        await desk.until_said("销户")
        assert bureau.posted == {}
        assert not desk.screen.busy


async def test_closed_account_opens_but_takes_no_money() -> None:
    async with at_desk() as desk:
        await desk.open("0100234570")
        assert "This account is closed" in desk.said
        assert desk.field("amount").disabled
        assert "CLOSED" in desk.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1e3", "not an amount"),
        ("-5", "cannot be negative"),
        ("0", "more than zero"),
        ("10000000000000", "too large"),
        ("1.234", "two decimals"),
        ("1,00.50", "thousands commas"),
        ("abc", "not an amount"),
    ],
)
async def test_each_wrong_amount_has_its_sentence_and_goes_no_further(typed: str, sentence: str) -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        desk.field("amount").value = ""
        await desk.write(typed)
        await desk.keys("enter")
        await desk.pilot.pause()
        assert sentence in desk.said
        assert desk.app.focused is desk.field("amount")


async def test_empty_amount_is_asked_for() -> None:
    async with at_desk() as desk:
        await desk.open("0100234571")
        assert desk.field("amount").value == ""
        await desk.keys("enter")
        await desk.pilot.pause()
        assert "Enter an amount" in desk.said


@pytest.mark.parametrize(("typed", "fen"), [("１００", 10_000), ("1,000.50", 100_050), ("￥12。5", 1_250)])
async def test_full_width_and_grouped_amounts_are_understood(typed: str, fen: int) -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        desk.field("amount").value = typed
        await desk.keys("enter", "enter")
        await desk.until(lambda: desk.bureau.posted)
        request, _taken = next(iter(desk.bureau.posted.values()))
        assert request.total_fen == fen


async def test_an_account_number_in_the_cash_field_is_not_taken_for_cash() -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter", *ACCOUNT, "enter")
        assert "look at what was typed as cash received" in desk.said
        assert desk.bureau.posted == {}


async def test_cash_less_than_the_amount_is_refused_with_what_is_missing() -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter", *"400", "enter")
        await desk.pilot.pause()
        assert "18.26 is missing" in desk.said
        assert desk.bureau.posted == {}


@pytest.mark.parametrize("pasted", ["100\n200", "12\x1b[2J", "1" * 5_000])
async def test_pasted_rubbish_leaves_the_amount_alone_and_says_so(pasted: str) -> None:
    from textual import events

    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        desk.field("amount").post_message(events.Paste(pasted))
        await desk.until_said("What was pasted is not an amount")
        assert desk.field("amount").value == "418.26"


async def test_paste_into_the_box_is_laid_on_one_line() -> None:
    from textual import events

    async with at_desk() as desk:
        desk.screen.box.post_message(events.Paste("\x1b[31m0100234567\r\n" + "x" * 900))
        await desk.until(lambda: desk.screen.box.value)
        assert "\x1b" not in desk.screen.box.value
        assert len(desk.screen.box.value) <= 100


async def test_printer_that_fails_leaves_the_payment_and_counts_the_receipt() -> None:
    bureau = MemoryBureau(printer_broken=True)
    async with at_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter", "enter")
        await desk.until(lambda: desk.app.status.unprinted == 1)
        assert len(bureau.posted) == 1
        assert "缺纸" in desk.text
        assert "1 not printed" in desk.text
        bureau.printer_broken = False
        await desk.keys("f8")
        await desk.until(lambda: "Receipts not printed" in desk.text and "王小山" in desk.text)
        await desk.keys("enter")
        await desk.until(lambda: desk.app.status.unprinted == 0)


async def test_full_disk_for_the_receipt_is_said_and_the_payment_stands() -> None:
    bureau = MemoryBureau(refuse_printing=True)
    async with at_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter", "enter")
        await desk.until(lambda: "磁盘已满" in desk.text)
        assert len(bureau.posted) == 1


async def test_reprint_keeps_the_number_and_is_asked_once() -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter", "enter")
        await desk.until(lambda: len(desk.bureau.prints) == 1)
        await desk.keys("f3")
        await desk.until(lambda: "My payments today" in desk.text and "王小山" in desk.text)
        await desk.keys("f6")
        await desk.until(lambda: len(desk.bureau.prints) == 2)
        (first, _), (again, marked) = desk.bureau.prints
        assert (first, marked) == (again, True)
        await desk.until_said("printed again")


async def test_missing_phone_is_asked_for_and_kept() -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        assert "missing" in desk.text
        await desk.keys("f7", *"123", "enter")
        assert desk.bureau.phones == {}
        await desk.keys("backspace", "backspace", "backspace", *"13800001111", "enter")
        await desk.until(lambda: desk.bureau.phones == {ACCOUNT: "13800001111"})
        await desk.until(lambda: "13800001111" in desk.text)


async def test_refusal_of_the_database_is_said_and_the_form_can_be_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)

        def refuse(_request: object) -> None:
            raise NotAllowed("营业日已日结。", "没有入账。", "请下一营业日收费。")

        monkeypatch.setattr(desk.screen.session, "take_payment", refuse)
        await desk.keys("enter", "enter")
        await desk.until_said("营业日已日结")
        assert not desk.field("amount").disabled


async def test_quick_keys_do_not_open_two_accounts() -> None:
    async with at_desk() as desk:
        await desk.write(ACCOUNT)
        await desk.until(lambda: "1 found" in desk.text)
        with desk.bureau.held():
            await desk.keys("enter", "enter", "enter")
        await desk.until(lambda: desk.screen.form is not None)
        await asyncio.sleep(0.05)
        assert desk.bureau.posted == {}
        assert desk.bureau.calls.count(f"account {ACCOUNT}") == 1


async def test_slow_server_is_said_and_the_screen_goes_on_living() -> None:
    bureau = MemoryBureau()
    async with at_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter")
        with bureau.held():
            await desk.keys("enter")
            await desk.until_said("waiting for the server")
            await desk.keys("f1")
            await desk.until(lambda: "Keys of this screen" in desk.text)
            await desk.keys("escape")
        await desk.until(lambda: desk.screen.taken is not None)
        assert desk.said == ""
