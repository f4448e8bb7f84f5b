"""Pictures of unidentified receipts and of breaks, on a real bureau."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from screens_day import ACCOUNT, new_bureau

from counter.ui.dialogs.claim import ClaimDialog
from counter.ui.screens.breaks import BreaksScreen
from db import embedded
from tests.ledger.bank_lines import PAYER, PAYER_ACCOUNT, BankLines
from tests.ui.real_desk import CASHIER, CLERK, RealDesk, real_desk

Save = Callable[[RealDesk, str], None]
"""Keeps what is on the screen under a name."""


async def draw_held(save: Save, size: tuple[int, int], language: str) -> None:
    """All pictures at one size and in one language."""
    tail = f"{size[0]}x{size[1]}-{language}"
    with tempfile.TemporaryDirectory(prefix="counter-screens-") as folder:
        server = embedded.start(Path(folder) / "server", settings={"fsync": "off"}, temporary=True)
        try:
            bureau = new_bureau(server.admin_url, Path(folder))
            fill(BankLines(bureau))
            async with real_desk(bureau, CLERK, size=size, language=language) as desk:
                await draw_claim(desk, lambda name: save(desk, f"{name}-{tail}"))
            async with real_desk(bureau, CASHIER, size=size, language=language) as desk:
                await desk.keys("escape", "ctrl+f4")
                await desk.until(
                    lambda: isinstance(desk.app.screen, BreaksScreen) and "4,820.00" in desk.text
                )
                save(desk, f"breaks-{tail}")
            bureau.dispose()
        finally:
            server.leave()


def fill(lines: BankLines) -> None:
    """What came to the bank, went from it, and what it took for that."""
    lines.add(482_000, ago=9, party="城南机械厂", party_account="33010198765432101", text="货款")
    lines.add(100_000, ago=5, party=PAYER, party_account=PAYER_ACCOUNT, text="电费 1月", reference="ICBC0001")
    lines.add(25_630, ago=2, party="王小四", text="网银转账 电费")
    lines.add(-5_000, ago=1, text="账户管理费")
    lines.add(-73_200, ago=1, text="退票 户名不符")


async def draw_claim(desk: RealDesk, save: Callable[[str], None]) -> None:
    """The receipts that nobody has claimed, one of them found by its slip, and the question how much."""
    await desk.open(ACCOUNT)
    await desk.keys("ctrl+f3")
    await desk.until(lambda: "4,820.00" in desk.text)
    await desk.keys("down")
    save("held")
    await desk.write("1000")
    await desk.until(lambda: "4,820.00" not in desk.text)
    await desk.keys("enter")
    await desk.until(lambda: isinstance(desk.app.screen, ClaimDialog))
    save("claim")
