"""Draw the pictures of docs/screens from a demonstration bureau of their own, on real parts.

For each language and size: the desk with an account and its bills, and the change after a payment.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from counter.cli.demonstration import demo_settings, set_up
from counter.config import Settings
from counter.services.bootstrap import gateway
from counter.services.demo import DEMO_STAFF
from counter.ui.app import CounterApp
from db import embedded

OUT = Path(__file__).resolve().parents[1] / "docs" / "screens"
SIZES = ((80, 24), (120, 36))
ACCOUNTS = {
    ("zh_CN", 80): "0100000007",
    ("zh_CN", 120): "0100000004",
    ("en", 80): "0100000107",
    ("en", 120): "0100000117",
}
FONT_FACES = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


async def until(pilot: Pilot[None], reached: Callable[[], object]) -> None:
    """Let screen and jobs run until something is true."""
    for _ in range(600):
        if reached():
            await pilot.pause(0.2)
            return
        await pilot.pause(0.02)
    raise SystemExit("the screen never got there")


def is_on_top(app: CounterApp, name: str) -> bool:
    """Whether the screen of this class is in front."""
    return type(app.screen).__name__ == name


async def draw(settings: Settings, language: str, size: tuple[int, int], account_no: str) -> None:
    """One clerk, one payment, two pictures."""
    app = CounterApp(lambda: gateway(settings), language=language)
    staff = DEMO_STAFF[0] if language == "zh_CN" else DEMO_STAFF[1]
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.gateway is not None)
        await pilot.press(*staff.staff_no, "enter", *staff.password, "enter")
        await until(pilot, lambda: is_on_top(app, "OpenShiftScreen") or is_on_top(app, "DeskScreen"))
        if is_on_top(app, "OpenShiftScreen"):
            await pilot.press("enter", *"200", "enter")
            await until(pilot, lambda: is_on_top(app, "DeskScreen"))
        await pilot.press(*account_no)
        await pilot.pause(0.5)
        await pilot.press("enter")
        await pilot.pause(1.0)
        await pilot.press("enter", *"700")
        await pilot.pause(0.3)
        save(app, f"desk-{size[0]}x{size[1]}-{language}")
        await pilot.press("enter")
        await pilot.pause(2.0)
        save(app, f"change-{size[0]}x{size[1]}-{language}")


def save(app: CounterApp, name: str) -> None:
    """Write the picture, without addresses of fonts on the net."""
    picture = FONT_FACES.sub("", app.export_screenshot(title="Counter"))
    (OUT / f"{name}.svg").write_text(picture, "utf-8")
    print(name, file=sys.stderr)


def main() -> None:
    """Set up a bureau in a folder that goes afterwards, and draw."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="counter-screens-") as folder:
        home = Path(folder)
        settings = replace(demo_settings(Settings()), data_dir=home, receipts_dir=home / "receipts")
        embedded.start(home / "server", temporary=True)  # gone when this program has left it
        set_up(settings)
        for (language, width), account_no in ACCOUNTS.items():
            size = next(each for each in SIZES if each[0] == width)
            asyncio.run(draw(settings, language, size, account_no))


if __name__ == "__main__":
    main()
