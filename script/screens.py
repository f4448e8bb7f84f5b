"""Pictures of every screen for the documents.

Drawn from the bureau in memory that the tests use, so that they look the same on every machine; those of a
day at the tills come from a real bureau (``screens_day``).
"""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from screens_cards import draw_cards  # noqa: E402
from screens_day import draw_day  # noqa: E402
from screens_day_close import draw_day_close  # noqa: E402
from screens_held import draw_held  # noqa: E402
from screens_reconcile import draw_reconcile  # noqa: E402
from screens_tokens import draw_tokens  # noqa: E402

from counter.domain.allocation import OpenBill  # noqa: E402
from counter.domain.undeposited import CashAlarm  # noqa: E402
from counter.services.ports import Duty  # noqa: E402
from counter.services.ports.payers import PayerAccount  # noqa: E402
from counter.ui.approval_words import subject_lines  # noqa: E402
from counter.ui.dialogs.approval import ApprovalDialog  # noqa: E402
from counter.ui.dialogs.relief import ReliefDialog  # noqa: E402
from counter.ui.screens.payers import PayersScreen  # noqa: E402
from tests.ui.driving import Desk, at_desk  # noqa: E402  (the tests are no installed package)
from tests.ui.memory_approvals import PAYMENT  # noqa: E402
from tests.ui.real_desk import RealDesk  # noqa: E402

FOLDER = ROOT / "docs" / "screens"
SIZES = ((80, 24), (120, 36))
LANGUAGES = ("zh_CN", "en")
ACCOUNT = "0100234567"
FONT = "'LXGW WenKai Mono', 'Noto Sans Mono CJK SC', 'Sarasa Mono SC', monospace"


def save(desk: Desk | RealDesk, name: str) -> None:
    """Write what is on the screen, with fonts that have Chinese and without a web address."""
    svg = desk.app.export_screenshot(title=name)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: Fira Code[^;]*;", f"font-family: {FONT};", svg)
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    lines = [line.rstrip() for line in svg.splitlines()]
    (FOLDER / f"{name}.svg").write_text("\n".join(lines) + "\n", "utf-8")


async def draw(size: tuple[int, int], language: str) -> None:
    """Both pictures of one size and language."""
    tail = f"{size[0]}x{size[1]}-{language}"
    async with at_desk(size=size, language=language) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter")
        await desk.write("500")
        save(desk, f"desk-{tail}")
        await desk.keys("enter")
        await desk.until(lambda: desk.app.status.printer)
        save(desk, f"change-{tail}")


async def draw_deposits(size: tuple[int, int], language: str) -> None:
    """What waits to be deposited, two lines of it ticked, as the cashier sees it."""
    async with at_desk(size=size, language=language) as desk:
        assert desk.app.session is not None
        cashier = replace(desk.app.session.staff, staff_no="0108", name="赵强", duty=Duty.CASHIER)
        desk.app.session._staff = cashier  # type: ignore[attr-defined]  # noqa: SLF001
        desk.app.set_status(staff=cashier, cash_alarm=CashAlarm.OLD)
        await desk.keys("ctrl+d")
        await desk.until(lambda: "12,845.50" in desk.text)
        await desk.keys("space", "space", "enter", "enter")
        await desk.write("赵强")
        await desk.keys("enter")
        await desk.write("F-0207")
        save(desk, f"deposits-{size[0]}x{size[1]}-{language}")


async def draw_payers(size: tuple[int, int], language: str) -> None:
    """A firm's accounts in several halls; it pays more than is due, the cash is counted."""
    async with at_desk(size=size, language=language) as desk:
        await desk.keys("ctrl+e")
        screen = desk.app.screen
        assert isinstance(screen, PayersScreen)
        screen.form.add(many_accounts())
        screen.source = "云江纺织集团"
        screen.pay.name_payer(screen.source)
        screen.show_form()
        screen.pay.enter()
        await desk.write("26000")
        await desk.keys("enter")
        save(desk, f"payers-{size[0]}x{size[1]}-{language}")


def many_accounts() -> list[PayerAccount]:
    """Two dozen accounts with one bill or two each."""
    found = []
    for n in range(24):
        number, hall = (
            str(100_234_600 + 37 * n).zfill(10),
            ("城关营业厅", "河西营业厅", "开发区营业厅")[n % 3],
        )
        bills = tuple(
            OpenBill(
                f"{number}-{month}-1",
                number,
                month,
                date(2026, month % 100 + 1, 25),
                41_350 + 977 * n,
                830 * k,
            )
            for k, month in enumerate((202609, 202610)[: 1 + n % 2])
        )
        found.append(PayerAccount(number, 1, f"云江纺织{n + 1}车间", hall, False, False, 0, bills))
    return found


async def draw_approvals(size: tuple[int, int], language: str) -> None:
    """A late fee to be waived, the question at a clerk's desk, and what waits for a supervisor."""
    tail = f"{size[0]}x{size[1]}-{language}"
    async with at_desk(size=size, language=language) as desk:
        session = desk.app.session
        assert session is not None
        await desk.open(ACCOUNT)
        await desk.keys("ctrl+w")
        await desk.until(lambda: isinstance(desk.app.screen, ReliefDialog))
        await desk.write("20")
        save(desk, f"relief-{tail}")
        await desk.keys("escape")
        lines = subject_lines("payment", {**PAYMENT, "reason": ""}, "江城机械制造有限公司")
        desk.app.push_screen(ApprovalDialog(session, "payment", dict(PAYMENT), lines))
        await desk.until(lambda: isinstance(desk.app.screen, ApprovalDialog))
        await desk.write("0102")
        save(desk, f"approval-{tail}")
        await desk.keys("escape")
        supervisor = replace(session.staff, staff_no="0102", name="陈刚", duty=Duty.SUPERVISOR)
        session._staff = supervisor  # type: ignore[attr-defined]  # noqa: SLF001
        desk.app.set_status(staff=supervisor, approvals=2)
        await desk.keys("f10")
        await desk.until(lambda: "45,921.00" in desk.text)
        save(desk, f"approvals-{tail}")


async def draw_agreements(size: tuple[int, int], language: str) -> None:
    """An account's agreements, what is due in the hall, reconnections, and a balance's history."""
    tail = f"{size[0]}x{size[1]}-{language}"
    async with at_desk(size=size, language=language) as desk:
        for key, name, wanted in (
            ("ctrl+a", "instalments", "0100300001"),
            ("shift+f5", "reconnections", "0100300001"),
        ):
            await desk.keys(key)
            await desk.until(lambda text=wanted: text in desk.text)
            save(desk, f"{name}-{tail}")
            await desk.keys("escape")
        await desk.open(ACCOUNT)
        for key, name, wanted in (
            ("ctrl+a", "agreements", "2026-10"),
            ("shift+f2", "balance", "0107-261010-0012"),
        ):
            await desk.keys(key)
            await desk.until(lambda text=wanted: desk.app.screen is not desk.screen and text in desk.text)
            save(desk, f"{name}-{tail}")
            await desk.keys("escape")
            await desk.until(lambda: desk.app.screen is desk.screen and desk.screen.form is not None)


async def main() -> None:
    """All of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        for language in LANGUAGES:
            await draw(size, language)
            await draw_deposits(size, language)
            await draw_payers(size, language)
            await draw_approvals(size, language)
            await draw_agreements(size, language)
            await draw_cards(save, size, language)
            await draw_reconcile(save, size, language)
    for language in LANGUAGES:
        await draw_day(save, SIZES[0], language)
        await draw_day_close(save, SIZES[0], language)
        await draw_held(save, SIZES[0], language)
        await draw_tokens(save, SIZES[0], language)


if __name__ == "__main__":
    asyncio.run(main())
