"""Bringing takings to the bank, from the key to the ledger and the paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from counter.services.deposits import Deposits
from counter.services.once import outcome_unknown
from counter.services.ports.deposits import DepositMade, MakeDeposit
from counter.ui.screens.deposits import DepositsScreen
from tests.bureau import Bureau
from tests.ledger.closed import add_bank_account, cash, cheque, closed_shift, pos, slip
from tests.ui.real_desk import CASHIER, RealDesk, real_desk

ACCOUNT = "330100000001"
CLERK_TOO = "t10002"


@pytest.fixture
def hall(bureau: Bureau) -> Bureau:
    """One closed shift with cash, a cheque and a POS slip, and a bank account."""
    bureau.add_account(ACCOUNT)
    add_bank_account(bureau)
    closed_shift(bureau, ACCOUNT, cash(70_000), cheque(500_000), pos(30_050))
    return bureau


async def to_deposits(desk: RealDesk, words: str = "700.00") -> DepositsScreen:
    """Past the question for a shift, to what waits."""
    await desk.keys("escape", "ctrl+d")
    await desk.until(lambda: words in desk.text)
    assert isinstance(desk.app.screen, DepositsScreen)
    return desk.app.screen


async def fill(desk: RealDesk, carrier: str, seal: str = "", note: str = "") -> None:
    """From the list through the bank account and every field, up to the question."""
    await desk.keys("enter", "enter")
    for text in (carrier, seal, note):
        await desk.write(text)
        await desk.keys("enter")
    await desk.pilot.pause()


def posted(hall: Bureau) -> int:
    """How many slips there are."""
    return int(hall.value("SELECT count(*) FROM counter.deposit"))


def papers(hall: Bureau) -> list[str]:
    """The files of slips that were made."""
    return sorted(path.name for path in Path(hall.folder).rglob("800001-*.pdf"))


async def test_ticked_carried_confirmed_and_printed(hall: Bureau) -> None:
    """Cash and cheque go; the POS list waits on. The paper is a file, and again as a reprint."""
    async with real_desk(hall, CASHIER) as desk:
        await to_deposits(desk)
        await desk.keys("space", "space")
        await fill(desk, "赵静", "F-0007", "早班")
        assert "Deposit 5,700.00?" in desk.text
        assert "1234" in desk.text
        assert "4400123412341234" not in desk.text
        await desk.keys("enter")
        await desk.until(lambda: "is posted. Sent to" in desk.said)
        await desk.until(lambda: "5,000.00" not in desk.text and "300.50" in desk.text)
        await desk.keys("ctrl+d")
        await desk.until(lambda: "800001-" in desk.text)
        assert "Today 1 slip(s): cash 700.00, cheques 5,000.00, POS 0.00" in desk.text
        await desk.keys("enter")
        await desk.until(lambda: "Sent to" in desk.said)
    assert hall.value("SELECT concat_ws('|', carried_by, seal_no, cash_fen) FROM counter.deposit") == (
        "赵静|F-0007|70000"
    )
    assert papers(hall)


async def test_all_at_once_by_one_key(hall: Bureau) -> None:
    """And nothing by the same key once more."""
    async with real_desk(hall, CASHIER) as desk:
        screen = await to_deposits(desk)
        await desk.keys("shift+f4")
        assert screen.form.total_fen == 600_050
        await desk.keys("shift+f4")
        assert screen.form.total_fen == 0
        await desk.keys("enter")
        await desk.until_said("Tick with Space")
    assert posted(hall) == 0


async def test_a_clerk_looks_and_posts_nothing(hall: Bureau) -> None:
    """Neither space nor the key for all does anything."""
    async with real_desk(hall, CLERK_TOO) as desk:
        screen = await to_deposits(desk)
        await desk.keys("space", "shift+f4", "enter")
        assert "You can look" in desk.text
        assert screen.form.ticked == ()
        assert desk.app.status.cash_alarm is None


async def test_nothing_waits_in_an_empty_safe(bureau: Bureau) -> None:
    """It says so."""
    async with real_desk(bureau, CASHIER) as desk:
        await to_deposits(desk, "Nothing waits to be deposited.")
        await desk.keys("ctrl+d")
        await desk.until(lambda: "No deposit slip was made in this hall yet." in desk.text)


async def test_without_a_bank_account_it_says_who_enters_one(bureau: Bureau) -> None:
    """Nothing can be posted."""
    bureau.add_account(ACCOUNT)
    closed_shift(bureau, ACCOUNT, cash(70_000))
    async with real_desk(bureau, CASHIER) as desk:
        await to_deposits(desk)
        await desk.keys("space", "enter", "enter")
        await desk.until_said("counter db add-bank-account")


async def test_somebody_has_to_carry_it(hall: Bureau) -> None:
    """An empty name, and one of blanks, are none."""
    async with real_desk(hall, CASHIER) as desk:
        await to_deposits(desk)
        await desk.keys("space", "enter", "enter", "enter")
        await desk.until_said("Who carries the money?")
        await desk.write("   ")
        await desk.keys("enter")
        assert "Who carries the money?" in desk.said
    assert posted(hall) == 0


async def test_a_colleague_was_faster(hall: Bureau) -> None:
    """The sentence names the slip; the list is read again and what was typed stays."""
    shift = hall.value("SELECT shift_id FROM counter.shift")
    async with real_desk(hall, CASHIER) as desk:
        await to_deposits(desk)
        await desk.keys("space")
        await fill(desk, "赵静")
        answer = hall.call("t30001", "post_deposit", slip(hall, 70_000, (shift, "cash")))
        await desk.keys("enter")
        await desk.until_said(answer["slip_no"])
        await desk.until(lambda: " 700.00" not in desk.text)
        assert desk.field("carrier").value == "赵静"
        assert not desk.field("carrier").disabled
    assert posted(hall) == 1


@pytest.mark.parametrize("again", ["enter", "f5"])
async def test_a_lost_answer_is_asked_for_by_the_same_request(
    hall: Bureau, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    """Posted once; Enter (or asking what waits) asks again, and the first answer comes."""
    post = Deposits.make_deposit
    seen: list[MakeDeposit] = []

    def lose(self: Deposits, request: MakeDeposit) -> DepositMade:
        """The first answer never comes."""
        seen.append(request)
        made = post(self, request)
        if len(seen) == 1:
            raise outcome_unknown()
        return made

    monkeypatch.setattr(Deposits, "make_deposit", lose)
    async with real_desk(hall, CASHIER) as desk:
        await to_deposits(desk)
        await desk.keys("space")
        await fill(desk, "赵静")
        await desk.keys("enter")
        await desk.until_said("It is not known whether this was posted.")
        await desk.keys("escape")
        await desk.until(lambda: "Leave although" in desk.text)
        await desk.keys("escape", "ctrl+q")
        await desk.until(lambda: "Quit although" in desk.text)
        assert "It is not known yet whether the deposit slip was posted." in desk.text
        await desk.keys("escape", again)
        await desk.until(lambda: "is posted. Sent to" in desk.said)
    assert seen[0] == seen[1]
    assert posted(hall) == 1


@pytest.mark.parametrize("text", ["[/]", "'; --", "１２３", "-5", "[red]x[/red]", "张" * 40])
async def test_hostile_words_go_through_as_they_are(hall: Bureau, text: str) -> None:
    """In every field at once."""
    async with real_desk(hall, CASHIER) as desk:
        await to_deposits(desk)
        await desk.keys("space")
        await fill(desk, text, text, text)
        await desk.keys("enter")
        await desk.until(lambda: "is posted. Sent to" in desk.said)
    assert hall.value("SELECT carried_by FROM counter.deposit") == text
    assert hall.value("SELECT reason FROM counter.journal_note") == text


@pytest.mark.parametrize("text", ["x" * 41, "a\0b", "a\nb"])
async def test_what_no_slip_holds_is_told_and_kept_to_be_mended(hall: Bureau, text: str) -> None:
    """Nothing is sent."""
    async with real_desk(hall, CASHIER) as desk:
        await to_deposits(desk)
        await desk.keys("space")
        await fill(desk, "赵静", text)
        await desk.keys("enter")
        await desk.until_said("The seal number has at most 40 characters")
        assert desk.field("seal").value == text
    assert posted(hall) == 0


async def test_old_cash_is_told_below_until_it_is_banked(hall: Bureau) -> None:
    """Of an earlier day; after the slip only the hour counts."""
    with hall.psql() as connection:
        connection.execute("ALTER TABLE counter.shift DISABLE TRIGGER refuse_reopening")  # time passes
        connection.execute("UPDATE counter.shift SET business_date = business_date - 1")
    async with real_desk(hall, CASHIER) as desk:
        await desk.until(lambda: "Cash to the bank: of an earlier day ^D" in desk.text)
        await to_deposits(desk)
        await desk.keys("space")
        await fill(desk, "赵静")
        await desk.keys("enter")
        await desk.until(lambda: desk.app.status.cash_alarm is None)
