"""Recharge cards are sold by keys on a real bureau: one by one, a range, a pasted list; once only."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from rich.cells import cell_len
from sqlalchemy import Engine
from textual import events

from counter.domain.card_secrets import card_proof
from counter.i18n import LANGUAGES
from counter.services.ledger import verify
from counter.services.once import outcome_unknown, post_once
from counter.ui.dialogs.split import SplitDialog
from counter.ui.dialogs.unknown import UnknownDialog
from counter.ui.screens.sell_cards import SellCardsScreen
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.choice import Choice
from tests.bureau import Bureau
from tests.ui.real_desk import RealDesk, real_desk

FACE_FEN, SECRET = 20_000, "998877665544"
CARDS = [f"800000{number:02d}" for number in range(1, 7)]
POS = ("12345678", "000001", "000042", "123456789012", "", "", "")
SOLD = "SELECT count(*) FROM counter.recharge_card WHERE status = 'sold'"
SALES = "SELECT count(*) FROM counter.journal WHERE kind = 'card_sale'"


@pytest.fixture
def hall(bureau: Bureau) -> Bureau:
    """Six cards of 200.00 in stock and an open shift."""
    bureau.open_shift()
    digest = hashlib.sha256(card_proof(CARDS[0], SECRET)).hexdigest()
    cards = [{"card_no": number, "face_fen": FACE_FEN, "digest": digest} for number in CARDS]
    bureau.call("t60001", "load_cards", {"cards": cards})
    return bureau


async def open_sale(desk: RealDesk) -> SellCardsScreen:
    """Shift+F7 from the desk."""
    await desk.keys("shift+f7")
    screen = desk.app.screen
    assert isinstance(screen, SellCardsScreen)
    return screen


async def name(desk: RealDesk, text: str, count: int) -> None:
    """Type numbers and Enter; wait for the cards."""
    await desk.write(text)
    await desk.keys("enter")
    screen = desk.app.screen
    assert isinstance(screen, SellCardsScreen)
    await desk.until(lambda: len(screen.form.cards) == count)


async def choose(desk: RealDesk, kind: str) -> None:
    """Step to a tender, and go to its first field."""
    while desk.app.screen.query_one(Choice).value != kind:
        await desk.keys("right")
    await desk.keys("enter")


async def test_a_range_is_sold_for_cash_with_change_and_a_receipt(hall: Bureau) -> None:
    """Numbers, Enter, Enter, cash, Enter; the sale is in the list of today."""
    async with real_desk(hall) as desk:
        screen = await open_sale(desk)
        await name(desk, f"{CARDS[0]}-{CARDS[2]}", 3)
        assert "3 card(s), together 600.00" in desk.text
        await desk.keys("enter")
        assert screen.pay.received.has_focus
        await desk.write("1000")
        await desk.keys("enter")
        await desk.until(lambda: screen.query_one("#change-given", BigNumber).value == "400.00")
        assert hall.value(SOLD) == 3
        await desk.until(lambda: hall.value("SELECT count(*) FROM counter.receipt_print"))
        await desk.keys("escape", "f3")
        await desk.until(lambda: "Card sale" in desk.text)
        assert "600.00" in desk.text
    assert verify(hall.engine("t40001")).finding is None


async def test_cards_one_by_one_are_paid_by_several_tenders(hall: Bureau) -> None:
    """Neither another card nor a fund is offered."""
    async with real_desk(hall) as desk:
        await open_sale(desk)
        await name(desk, CARDS[0], 1)
        await name(desk, "８０００００02", 2)
        await desk.keys("ctrl+g")
        await desk.until(lambda: isinstance(desk.app.screen, SplitDialog) and desk.app.screen.query("#part"))
        dialog = desk.app.screen
        assert isinstance(dialog, SplitDialog)
        kinds = [kind.value for kind in dialog._split.kinds()]
        assert set(kinds) == {"cash", "pos", "transfer", "cheque"}
        await choose(desk, "pos")
        await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id == "paper-terminal")
        for text in (*POS, "300"):
            if text:
                await desk.write(text)
            await desk.keys("enter")
        await desk.until(lambda: "Still open  100.00" in desk.text)
        await choose(desk, "cash")
        await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id == "part")
        await desk.keys("enter", "enter")
        await desk.until(lambda: "Nothing is open." in desk.text)
        await desk.keys("enter")
        await desk.until(lambda: hall.value(SALES))
    tenders = "SELECT array_agg(kind || ' ' || amount_fen ORDER BY line) FROM counter.tender"
    assert hall.value(tenders) == ["pos 30000", "cash 10000"]


async def test_a_pasted_list_is_taken_whole(hall: Bureau) -> None:
    """Also when it is longer than the box, in lines and with commas."""
    async with real_desk(hall) as desk:
        screen = await open_sale(desk)
        desk.app.post_message(events.Paste("\n".join(f"{number}，" for number in CARDS)))
        await desk.until(lambda: len(screen.form.cards) == len(CARDS))
        assert screen.form.total_fen == FACE_FEN * len(CARDS)


async def test_what_is_not_for_sale_is_named_one_by_one_and_taken_out(hall: Bureau) -> None:
    """Sold, locked, redeemed and unknown cards stop the sale until they are out."""
    with hall.psql() as connection:
        for place, status in enumerate(("sold", "locked", "redeemed")):
            connection.execute(
                "UPDATE counter.recharge_card SET status = %s WHERE card_no = %s", [status, CARDS[place]]
            )
    async with real_desk(hall) as desk:
        screen = await open_sale(desk)
        await name(desk, f"{CARDS[0]}-{CARDS[3]} 99999999", 5)
        for number, state, more in (
            (CARDS[0], "sold before", 3),
            (CARDS[1], "locked", 2),
            (CARDS[2], "redeemed before", 1),
            ("99999999", "unknown number", 0),
        ):
            await desk.until_said(f"card {number} is not for sale ({state})")
            assert (f"{more} more" in desk.said) == bool(more)
            screen.post(())
            await desk.keys("enter")
        assert [card.card_no for card in screen.form.cards] == [CARDS[3]]
        assert screen.box.has_focus
        await desk.keys("enter", "enter")
        await desk.until(lambda: screen.taken is not None)
    assert hall.value(SALES) == 1


@pytest.mark.parametrize(
    ("hostile", "said"),
    [
        ("[/]", "[/] is no card number"),
        ("'; DROP TABLE counter.journal; --", "is no card number"),
        ("\x00", "is no card number"),
        ("-5", "is no card number"),
        ("1" * 21, "is no card number"),
        ("80000009-80000001", "is no range"),
        ("80000001-800000010", "is no range"),
        ("80000001-80000101", "at most 100 cards"),
        ("00000000-99999999", "at most 100 cards"),
    ],
)
async def test_hostile_numbers_are_named_and_nothing_is_added(hall: Bureau, hostile: str, said: str) -> None:
    """The text stays, to be mended."""
    async with real_desk(hall) as desk:
        screen = await open_sale(desk)
        await desk.write(hostile)
        await desk.keys("enter")
        if hostile == "\x00":
            assert screen.form.cards == ()
            return
        await desk.until_said(said)
        assert screen.form.cards == ()
        assert screen.box.value == hostile


async def test_nothing_is_sold_without_cards_or_enough_cash(hall: Bureau) -> None:
    """Each is said."""
    async with real_desk(hall) as desk:
        screen = await open_sale(desk)
        assert "Sell recharge cards" in desk.text
        await desk.keys("enter")
        await desk.until_said("No card is named yet")
        await name(desk, CARDS[0], 1)
        await desk.keys("enter")
        await desk.write("199.99")
        await desk.keys("enter")
        await desk.until_said("0.01 is missing")
        assert screen.taken is None
    assert hall.value(SALES) == 0


async def test_a_payers_hostile_name_is_kept_as_it_is(hall: Bureau) -> None:
    """It is text, on the screen and in the ledger."""
    async with real_desk(hall) as desk:
        screen = await open_sale(desk)
        await name(desk, CARDS[0], 1)
        desk.field("payer").value = "[/]'; --"
        await desk.keys("enter", "enter")
        await desk.until(lambda: screen.taken is not None)
        assert "[/]'; --" in desk.text
    assert hall.value("SELECT account_name FROM counter.receipt") == "[/]'; --"


async def test_two_desks_sell_the_same_card_and_one_is_told(hall: Bureau) -> None:
    """Both had it in the list; the second is shown which one is gone."""
    hall.open_shift("t10002", 102)
    async with real_desk(hall) as first, real_desk(hall, "t10002") as second:
        for desk in (first, second):
            await open_sale(desk)
            await name(desk, f"{CARDS[0]} {CARDS[1]}", 2)
            await desk.keys("enter")
        await first.keys("enter")
        await first.until(lambda: hall.value(SOLD) == 2)
        await second.keys("enter")
        await second.until_said(f"card {CARDS[0]} is not for sale (sold before)")
    assert hall.value(SALES) == 1


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_sale_without_an_answer_is_asked_for_and_posted_once(
    hall: Bureau, monkeypatch: pytest.MonkeyPatch, *, arrived: bool
) -> None:
    """The reply is lost, after the commit or before: asking never sells, and what is typed is not lost."""
    lost: list[str] = []

    def lose(engine: Engine, function: str, body: dict[str, Any], pauses_s: Sequence[float]) -> Any:
        if function == "sell_cards" and not lost:
            lost.append(function)
            if arrived:
                post_once(engine, function, body, pauses_s)
            raise outcome_unknown()
        return post_once(engine, function, body, pauses_s)

    monkeypatch.setattr("counter.services.posting.post_once", lose)
    async with real_desk(hall) as desk:
        screen = await open_sale(desk)
        await name(desk, CARDS[0], 1)
        await desk.keys("enter", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, UnknownDialog))
        assert "Card sale  200.00" in desk.text
        assert screen.pay.received.disabled
        await desk.keys("enter")
        await desk.until(lambda: desk.app.screen is screen)
        if not arrived:
            await desk.until_said("nothing was posted. Enter posts it again")
            await desk.keys("enter")
        await desk.until(lambda: screen.taken is not None)
    assert hall.value(SALES) == 1


async def test_a_sale_is_taken_back_in_the_list_of_today(hall: Bureau) -> None:
    """Cash to hand back, cards in stock, the receipt void; afterwards they can be sold again."""
    async with real_desk(hall) as desk:
        screen = await open_sale(desk)
        await name(desk, f"{CARDS[0]} {CARDS[1]}", 2)
        await desk.keys("enter", "enter")
        await desk.until(lambda: screen.taken is not None)
        await desk.keys("escape", "f3")
        await desk.until(lambda: "Card sale" in desk.text)
        await desk.keys("ctrl+b")
        await desk.until(lambda: "it is reversed directly" in desk.text)
        await desk.keys("1", "enter")
        await desk.write("客户退卡 [/]")
        await desk.keys("enter")
        await desk.until(lambda: "Cash to hand back" in desk.text)
        await desk.keys("enter")
        await desk.until(lambda: "VOID" in desk.text)
        assert "-400.00" in desk.text
        await desk.keys("escape", "shift+f3")
        await desk.until(lambda: "-400.00" in desk.text and "Card sale" in desk.text)
        await desk.keys("escape", "shift+f7")
        await name(desk, CARDS[0], 1)
    assert hall.value(SOLD) == 0
    assert verify(hall.engine("t40001")).finding is None


async def test_a_sale_with_a_redeemed_card_says_that_it_cannot_be_taken_back(hall: Bureau) -> None:
    """Before anything is typed."""
    async with real_desk(hall) as desk:
        screen = await open_sale(desk)
        await name(desk, CARDS[0], 1)
        await desk.keys("enter", "enter")
        await desk.until(lambda: screen.taken is not None)
        with hall.psql() as connection:
            connection.execute(
                "UPDATE counter.recharge_card SET status = 'locked' WHERE card_no = %s", [CARDS[0]]
            )
        await desk.keys("escape", "f3")
        await desk.until(lambda: "Card sale" in desk.text)
        await desk.keys("ctrl+b")
        await desk.until(lambda: "redeemed or is locked: it cannot be taken back" in desk.text)


def shows(desk: RealDesk, words: str) -> bool:
    """Whether the words are on the screen."""
    return words in desk.text


def everything(hall: Bureau) -> str:
    """Every row of every table, as text."""
    names = "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'counter'::regnamespace AND relkind = 'r'"
    with hall.psql() as connection:
        tables = [row[0] for row in connection.execute(names)]
        return "\n".join(
            str(connection.execute(f"SELECT t::text FROM {table} t").fetchall()) for table in tables
        )


async def test_a_secret_is_in_no_log_no_file_and_no_table(
    hall: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    """Typed wrongly and rightly at the desk, with everything logged that can be."""
    account, wrong = "330100000001", "1231231231"
    hall.add_account(account)
    caplog.set_level(logging.DEBUG)
    async with real_desk(hall) as desk:
        screen = await open_sale(desk)
        await name(desk, CARDS[0], 1)
        await desk.keys("enter", "enter")
        await desk.until(lambda: screen.taken is not None)
        await desk.keys("escape")
        await desk.open(account)
        await desk.write("200")
        await desk.keys("ctrl+g")
        await desk.until(lambda: isinstance(desk.app.screen, SplitDialog) and desk.app.screen.query("#part"))
        await choose(desk, "recharge_card")
        await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id == "paper-card_no")
        for secret, said in ((wrong, "4 tries are left"), (SECRET, "Nothing is open.")):
            await desk.write(CARDS[0])
            await desk.keys("enter")
            await desk.write(secret)
            assert secret not in desk.text
            await desk.keys("enter")
            await desk.until(partial(shows, desk, said))
        await desk.keys("enter")
        await desk.until(lambda: hall.value("SELECT count(*) FROM counter.journal WHERE kind = 'payment'"))
    files = [path.read_bytes() for path in hall.folder.rglob("*") if path.is_file()]
    tables = everything(hall)
    for secret in (wrong, SECRET):
        assert secret not in caplog.text
        assert secret not in tables
        assert not any(secret.encode() in content for content in files)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_smallest_screen_is_complete(hall: Bureau, language: str) -> None:
    """Empty, with cards, with one that is not for sale: 24 lines of 80 cells."""
    async with real_desk(hall, language=language) as desk:
        await open_sale(desk)
        pictures = [desk.text]
        await name(desk, f"{CARDS[0]}-{CARDS[5]}", 6)
        pictures.append(desk.text)
        await name(desk, "99999999", 7)
        pictures.append(desk.text)
    for picture in pictures:
        lines = picture.splitlines()
        assert len(lines) == 24
        assert all(cell_len(line) == 80 for line in lines)
    assert all(number in pictures[1] for number in CARDS)
    assert "1,200.00" in pictures[1]


async def test_an_auditor_is_told_that_they_do_not_sell(hall: Bureau) -> None:
    """Also with a number that is in stock."""
    async with real_desk(hall, "t40001") as desk:
        await desk.keys("escape")
        screen = await open_sale(desk)
        await desk.write(CARDS[0])
        await desk.keys("enter")
        await desk.until(lambda: desk.said)
        assert screen.form.cards == ()


async def test_without_a_shift_cards_are_looked_at_only(bureau: Bureau) -> None:
    """And the way to a shift is said."""
    async with real_desk(bureau) as desk:
        await desk.keys("escape")
        await open_sale(desk)
        assert "No shift is open" in desk.said
