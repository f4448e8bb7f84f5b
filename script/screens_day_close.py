"""Pictures of the closing of a day: the checklist with what stops it, and the signature, on a real bureau."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from screens_day import ACCOUNT, OTHER, new_bureau

from counter.ui.dialogs.sign_day import SignDayDialog
from counter.ui.screens.closed_days import ClosedDaysScreen
from counter.ui.screens.day_close import DayCloseScreen
from db import embedded
from tests.bureau import PASSWORD, Bureau
from tests.ledger.closed import add_bank_account, cash, close_shift, closed_shift, pos, slip
from tests.ui.real_desk import CASHIER, RealDesk, real_desk

Save = Callable[[RealDesk, str], None]
"""Keeps what is on the screen under a name."""
_WHY = {"zh_CN": "银行系统升级，对账单明日到", "en": "The bank sends it tomorrow"}


async def draw_day_close(save: Save, size: tuple[int, int], language: str) -> None:
    """All pictures of the closing at one size and in one language."""
    tail = f"{size[0]}x{size[1]}-{language}"
    with tempfile.TemporaryDirectory(prefix="counter-screens-") as folder:
        server = embedded.start(Path(folder) / "server", settings={"fsync": "off"}, temporary=True)
        try:
            bureau = new_bureau(server.admin_url, Path(folder))
            shift = evening(bureau)
            async with real_desk(bureau, CASHIER, size=size, language=language) as desk:
                await draw(desk, bureau, shift, language, lambda name: save(desk, f"{name}-{tail}"))
            bureau.dispose()
        finally:
            server.leave()


def evening(bureau: Bureau) -> int:
    """Two closed shifts; the takings of one are on a slip, those of the other (the id) are not."""
    add_bank_account(bureau)
    first = bureau.value("SELECT shift_id FROM counter.till WHERE till_no = 101")
    close_shift(bureau, first)
    shift = closed_shift(bureau, ACCOUNT, cash(128_640), pos(64_050), staff_no="t10002", till_no=102)
    bureau.call(CASHIER, "post_deposit", slip(bureau, 72_500, (first, "cash")))
    assert bureau.value("SELECT count(*) FROM counter.account WHERE account_no = %s", OTHER)
    return int(shift)


async def draw(
    desk: RealDesk, bureau: Bureau, shift: int, language: str, save: Callable[[str], None]
) -> None:
    """What stops the day, then the signature, then the list of closed days."""
    await desk.keys("escape", "ctrl+f5")
    screen = desk.app.screen
    assert isinstance(screen, DayCloseScreen)
    await desk.until(lambda: "1,926.90" in desk.text and "^F2" in desk.text)
    await desk.keys("f5", "down", "down", "down", "f4")
    await desk.write(_WHY[language])
    await desk.keys("enter")
    await desk.until(lambda: _WHY[language] in desk.text)
    save("day-close")
    bureau.call(CASHIER, "post_deposit", slip(bureau, 192_690, (shift, "cash"), (shift, "pos")))
    await desk.keys("f5")
    await desk.until(lambda: screen.form.can_be_signed)
    await desk.keys("f8")
    await desk.until(lambda: isinstance(desk.app.screen, SignDayDialog))
    await desk.write(PASSWORD)
    save("day-sign")
    await desk.keys("enter")
    await desk.until(lambda: bureau.value("SELECT count(*) FROM counter.day_closing"))
    await desk.keys("f2")
    await desk.until(lambda: isinstance(desk.app.screen, ClosedDaysScreen) and "赵静" in desk.text)
    save("closed-days")
