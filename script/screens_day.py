"""Pictures of a day at the tills: tenders, corrections, cash, counts, reports — on a real bureau.

The ledger behind them is real, so the dates on them are those of the day on which they were drawn.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from counter import i18n
from counter.ui.dialogs.reversal import ReversalDialog
from counter.ui.dialogs.split import SplitDialog
from counter.ui.screens.count import CountScreen
from counter.ui.screens.sell_cards import SellCardsScreen
from counter.ui.screens.till import TillScreen
from counter.ui.widgets.choice import Choice
from db import embedded
from db.engine import make_engine
from db.migrate import upgrade
from tests.bureau import Bureau, furnish
from tests.conftest import in_database, run_in
from tests.ui.real_desk import CLERK, SUPERVISOR, RealDesk, real_desk

Save = Callable[[RealDesk, str], None]
"""Keeps what is on the screen under a name."""
CARDS = tuple(f"88002026{number:08d}" for number in range(41, 46))
ACCOUNT, OTHER, MISTAKEN = "330100000001", "330100000002", "330100000003"
_REASONS = {"zh_CN": "户号看错，客户是王小四", "en": "Read the wrong account number"}


async def draw_day(save: Save, size: tuple[int, int], language: str) -> None:
    """All pictures of the day at one size and in one language, on a bureau of their own."""
    tail = f"{size[0]}x{size[1]}-{language}"
    with tempfile.TemporaryDirectory(prefix="counter-screens-") as folder:
        server = embedded.start(Path(folder) / "server", settings={"fsync": "off"}, temporary=True)
        try:
            bureau = new_bureau(server.admin_url, Path(folder))
            async with real_desk(bureau, size=size, language=language) as desk:
                await draw_clerk(desk, lambda name: save(desk, f"{name}-{tail}"))
            async with real_desk(bureau, SUPERVISOR, size=size, language=language) as desk:
                await draw_supervisor(desk, lambda name: save(desk, f"{name}-{tail}"))
            bureau.dispose()
        finally:
            server.leave()


def new_bureau(admin_url: str, folder: Path) -> Bureau:
    """Three customers, and a morning's work at the first till."""
    run_in(admin_url, "CREATE DATABASE counter_screens ENCODING 'UTF8' TEMPLATE template0")
    url = in_database(admin_url, "counter_screens")
    engine = make_engine(url)
    upgrade(engine)
    furnish(engine)
    engine.dispose()
    bureau = Bureau(url, folder)
    due = date.today() + timedelta(days=20)  # noqa: DTZ011  (any day ahead will do)
    bureau.add_account(ACCOUNT, name="云江纺织有限公司", customer_class="non_residential")
    bureau.add_account(OTHER, name="王小四")
    bureau.add_account(MISTAKEN, name="王小田")
    bureau.add_bills(ACCOUNT, (202609, 128_640, due), (202610, 131_275, due))
    cards = [{"card_no": number, "face_fen": 20_000, "digest": "00" * 32} for number in CARDS]
    bureau.call("t60001", "load_cards", {"cards": cards})
    shift = bureau.open_shift()
    for account_no, fen in ((OTHER, 35_000), (MISTAKEN, 20_000), (OTHER, 6_500), (OTHER, 11_000)):
        payment = bureau.payment(shift, account_no, total_fen=fen, prepaid_fen=fen)
        bureau.call(CLERK, "post_payment", payment)
    return bureau


async def fill(desk: RealDesk, *texts: str) -> None:
    """Field after field, each with Enter; an empty text leaves what is there."""
    for text in texts:
        if text:
            await desk.write(text)
        await desk.keys("enter")


async def draw_clerk(desk: RealDesk, save: Callable[[str], None]) -> None:
    """Cards, tenders, today's list, a reversal, a refund, cash out, the count and its result."""
    await draw_cards(desk, save)
    await draw_split(desk, save)
    await draw_corrections(desk, save)
    await draw_till(desk, save)


async def draw_cards(desk: RealDesk, save: Callable[[str], None]) -> None:
    """Five recharge cards are about to be sold; in the end the customer goes without them."""
    await desk.keys("shift+f7")
    screen = desk.app.screen
    assert isinstance(screen, SellCardsScreen)
    await fill(desk, f"{CARDS[0]}-{CARDS[-1]}")
    await desk.until(lambda: len(screen.form.cards) == len(CARDS))
    await desk.keys("enter")
    await desk.write("1500")
    save("sell-cards")
    await desk.keys("escape", "escape", "escape")


async def draw_split(desk: RealDesk, save: Callable[[str], None]) -> None:
    """Half by POS, and the rest with cash."""
    await desk.open(ACCOUNT)
    await desk.keys("ctrl+g")
    await desk.until(lambda: isinstance(desk.app.screen, SplitDialog) and desk.app.screen.query("#part"))
    await choose(desk, "pos")
    await fill(desk, "12345678", "000001", "000042", "123456789012", "6228481234561234")
    while desk.app.focused is not None and desk.app.focused.id != "part":
        await desk.keys("enter")
    await fill(desk, "2000")
    await choose(desk, "cash")
    save("split")
    await fill(desk, "", "600")
    await desk.keys("enter")
    await desk.until(lambda: not isinstance(desk.app.screen, SplitDialog) and desk.app.status.printer)


async def choose(desk: RealDesk, kind: str) -> None:
    """Step to a tender, and go to its first field."""
    dialog = desk.app.screen
    assert isinstance(dialog, SplitDialog)
    while dialog.query_one("#kind", Choice).value != kind:
        await desk.keys("right")
    await desk.keys("enter")
    await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id not in (None, "kind"))


async def draw_corrections(desk: RealDesk, save: Callable[[str], None]) -> None:
    """A payment on the wrong account goes back; the list of the day and of what is void."""
    await desk.keys("escape")
    await desk.open(MISTAKEN)
    await desk.keys("ctrl+b")
    await desk.until(lambda: isinstance(desk.app.screen, ReversalDialog) and "200.00" in desk.text)
    await fill(desk, "1")
    await desk.write(_REASONS[i18n.language()])
    save("reversal")
    await desk.keys("enter")
    await desk.until(lambda: "0101-" in desk.text and "200.00" in desk.text and desk.app.focused is None)
    save("reversed")
    await desk.keys("enter", "escape")
    await desk.open(OTHER)
    await desk.keys("ctrl+f")
    await desk.until(lambda: "525.00" in desk.text)
    await desk.write("100")
    save("refund")
    await desk.keys("escape")
    await desk.keys("ctrl+y")
    await desk.until(lambda: "525.00" in desk.text and desk.app.focused is not None)
    save("transfer")
    await desk.keys("escape", "f3")
    await desk.until(lambda: MISTAKEN in desk.text)
    save("day")
    await desk.keys("escape", "shift+f3")
    await desk.until(lambda: "-200.00" in desk.text)
    save("voids")
    await desk.keys("escape")


async def draw_till(desk: RealDesk, save: Callable[[str], None]) -> None:
    """The tills, change fetched from the bank, a blind count, and what it came to."""
    await desk.keys("ctrl+k")
    await desk.until(
        lambda: isinstance(desk.app.screen, TillScreen) and "张敏" in desk.text.split("\n", 2)[2]
    )
    save("till")
    await desk.keys("ctrl+x")
    await desk.until(lambda: desk.app.screen.query("#reason"))
    await desk.keys("enter")
    await desk.write("200")
    save("move-cash")
    await desk.keys("enter", "enter")
    await desk.until(lambda: isinstance(desk.app.screen, TillScreen) and desk.said)
    await desk.keys("enter")
    await desk.until(lambda: "2,000.00" in desk.text)
    save("x-report")
    await desk.keys("escape", "ctrl+u")
    await desk.until(lambda: isinstance(desk.app.screen, CountScreen) and desk.app.focused is not None)
    await fill(desk, "17", "2", "1", "", "", "", "4", "", "")
    await desk.write("1")
    save("count")
    while desk.app.focused is not None and desk.app.focused.id != "face-1":
        await desk.keys("enter")
    await desk.keys("enter", "enter", "enter")
    await desk.until(lambda: desk.app.focused is None or not desk.app.focused.id)
    save("counted")
    await desk.keys("enter")
    await desk.until(lambda: desk.app.shift is None and desk.said)


async def draw_supervisor(desk: RealDesk, save: Callable[[str], None]) -> None:
    """The Z report of the closed shift, and the help."""
    await desk.keys("escape", "ctrl+k")
    await desk.until(lambda: "Z" in desk.text)
    await desk.keys("enter")
    await desk.until(lambda: "2,000.00" in desk.text)
    save("z-report")
    await desk.keys("escape", "escape", "f1")
    await desk.until(lambda: "F10" in desk.text)
    save("help")
