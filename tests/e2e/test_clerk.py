"""The whole way on real parts: screens, services, PostgreSQL and a PDF, by the keyboard alone."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from textual.pilot import Pilot

from counter.services.gateway import ServerGateway
from counter.services.ledger import verify
from counter.ui.app import CounterApp
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau

ACCOUNT = "330100000001"
PATIENCE_TRIES = 2_000


async def until(pilot: Pilot[None], reached: Callable[[], object]) -> None:
    """Let the screen and its jobs run until something is true."""
    for _ in range(PATIENCE_TRIES):
        if reached():
            return
        await pilot.pause(0.025)
    raise AssertionError(f"never reached on {pilot.app.screen!r}")


async def type_in(pilot: Pilot[None], text: str) -> None:
    """Press the keys of ``text``."""
    await pilot.press(*text)


def on_screen(pilot: Pilot[None], name: str) -> bool:
    """Whether the screen of this class is on top."""
    return type(pilot.app.screen).__name__ == name


async def test_from_the_sign_in_to_a_receipt_in_the_hand(bureau: Bureau) -> None:
    """Number, Enter, Enter, Enter: a bill with its late fee is paid, printed, and the ledger is right."""
    today = bureau.value("SELECT counter.business_date()")
    bureau.add_account(ACCOUNT, name="[测试] 王小四")
    bureau.add_bills(ACCOUNT, (202410, 100_000, today - timedelta(days=10)))
    folder = bureau.folder / "receipts"

    def gateway() -> ServerGateway:
        return ServerGateway(bureau.url, bureau.folder / "desk", Press(folder))

    app = CounterApp(gateway, language="zh_CN")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.gateway is not None)
        await type_in(pilot, "t10001")
        await pilot.press("enter")
        await type_in(pilot, PASSWORD)
        await pilot.press("enter")
        await until(pilot, lambda: on_screen(pilot, "OpenShiftScreen"))
        await pilot.pause(0.2)
        await pilot.press("enter")
        await type_in(pilot, "200")
        await pilot.press("enter")
        await until(pilot, lambda: on_screen(pilot, "DeskScreen"))
        await type_in(pilot, ACCOUNT)
        await pilot.pause(0.3)
        await pilot.press("enter")
        await until(pilot, lambda: "1,010.00" in shown(app))
        await pilot.press("enter")
        await pilot.press("enter", "enter", "enter")
        await until(pilot, lambda: bureau.value("SELECT count(*) FROM counter.receipt_print") == 1)
    assert bureau.value("SELECT array_agg(total_fen) FROM counter.receipt") == [101_000]
    assert bureau.value("SELECT float_fen FROM counter.shift") == 20_000
    assert verify(bureau.admin).finding is None
    (receipt,) = folder.rglob("*.pdf")
    assert "[测试] 王小四" in text_of(receipt)
    assert "1,010.00" in text_of(receipt)


def shown(app: CounterApp) -> str:
    """Everything that stands on the screen, as text."""
    lines = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in lines)


def text_of(pdf: Path) -> str:
    """The text of a PDF, as a reader copies it."""
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")
