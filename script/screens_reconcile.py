"""Pictures of the cashier's screen: statement and books side by side, amounts by hand, the matches made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from counter.services.ports import Duty
from counter.ui.screens.matches import MatchesScreen
from counter.ui.screens.reconcile import ReconcileScreen
from tests.ui.driving import Desk, at_desk
from tests.ui.memory_bureau import MemoryBureau
from tests.ui.memory_matching import MemoryMatching, example_match

Save = Callable[[Desk, str], None]
"""Keeps what is on the screen under a name."""


async def draw_reconcile(save: Save, size: tuple[int, int], language: str) -> None:
    """The best suggestions of a morning, one of them looked at by its amounts, and what is done already."""
    tail = f"{size[0]}x{size[1]}-{language}"
    matching = MemoryMatching()
    matching.kept = [example_match(number) for number in (9, 8, 7)]
    matching.kept[1] = replace(matching.kept[1], undone=True)
    async with at_desk(MemoryBureau(matching=matching), size=size, language=language) as desk:
        assert desk.app.session is not None
        cashier = replace(desk.app.session.staff, staff_no="0108", name="赵强", duty=Duty.CASHIER)
        desk.app.session._staff = cashier  # type: ignore[attr-defined]  # noqa: SLF001
        desk.app.set_status(staff=cashier)
        await desk.keys("ctrl+f2")
        screen = desk.app.screen
        assert isinstance(screen, ReconcileScreen)
        await desk.until(lambda: "=95=" in desk.text)
        await desk.keys("f3", "f3")
        save(desk, f"reconcile-{tail}")
        await desk.keys("f7")
        await desk.until(lambda: desk.app.screen is not screen)
        await desk.write("1000")
        save(desk, f"match-amounts-{tail}")
        await desk.keys("escape", "ctrl+f2")
        await desk.until(lambda: isinstance(desk.app.screen, MatchesScreen) and "95" in desk.text)
        save(desk, f"matches-{tail}")
