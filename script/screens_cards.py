"""Pictures of a prepaid card's way: read, sold, written, torn out, settled; and the drawer."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from counter.ui.screens.card import CardScreen
from tests.ui.driving import Desk, at_desk
from tests.ui.memory_bureau import MemoryBureau
from tests.ui.memory_vends import MemoryVends, with_cards

Save = Callable[[Desk, str], None]


@asynccontextmanager
async def _desk(size: tuple[int, int], language: str) -> AsyncIterator[tuple[Desk, MemoryVends]]:
    """A desk with the demonstration's drawer; the vend that was never written is offered and left."""
    bureau = MemoryBureau()
    with tempfile.TemporaryDirectory() as folder:
        vends = with_cards(bureau, Path(folder))
        async with at_desk(bureau, size=size, language=language) as desk:
            await desk.until(lambda: desk.app.screen is not desk.screen)
            await desk.keys("escape")
            yield desk, vends


def _screen(desk: Desk) -> CardScreen:
    """The card screen in the stack."""
    return next(screen for screen in desk.app.screen_stack if isinstance(screen, CardScreen))


async def draw_cards(save: Save, size: tuple[int, int], language: str) -> None:
    """All of them for one size and language."""
    tail = f"{size[0]}x{size[1]}-{language}"
    async with _desk(size, language) as (desk, vends):
        await _draw_sale(save, desk, vends, tail)
        await _draw_doubts(save, desk, tail)
    async with _desk(size, language) as (desk, vends):
        await _draw_kinds(save, desk, vends, tail)


async def _draw_sale(save: Save, desk: Desk, vends: MemoryVends, tail: str) -> None:
    """From the card that comes in to the vend that is in doubt, and settled."""
    vends.reader.insert("in_use")
    await desk.until(lambda: desk.screen.form is not None and desk.said)
    save(desk, f"card-in-{tail}")
    await desk.keys("f12")
    await desk.until(lambda: _screen(desk).form is not None)
    await desk.write("80")
    await desk.keys("enter")
    await desk.write("100")
    save(desk, f"card-sell-{tail}")
    vends.stop_at = "WALLET"
    await desk.keys("enter")
    await desk.until(lambda: "WALLET" in vends.calls)
    await desk.pilot.pause(0.1)
    save(desk, f"card-writing-{tail}")
    vends.reader.pull()
    vends.go_on.set()
    await desk.until(lambda: _screen(desk).trouble)
    await desk.until(lambda: desk.app.status.doubts == 2)  # noqa: PLR2004  (this one and the one before)
    save(desk, f"card-doubt-{tail}")
    vends.reader.insert("in_use")
    await desk.keys("enter")
    await desk.until(lambda: _screen(desk).is_written and bool(desk.app.status.printer))
    await desk.until(lambda: desk.app.status.doubts == 1)
    save(desk, f"card-written-{tail}")
    await desk.keys("enter", "escape")


async def _draw_doubts(save: Save, desk: Desk, tail: str) -> None:
    """The list of what is not proven written."""
    await desk.keys("shift+f1")
    await desk.until(lambda: "0100700003" in desk.text)
    save(desk, f"card-doubts-{tail}")
    await desk.keys("escape")


async def _draw_kinds(save: Save, desk: Desk, vends: MemoryVends, tail: str) -> None:
    """A vend that can be taken back, the bytes of a card, and the drawer."""
    vends.reader.insert("not_inserted")
    await desk.keys("f12")
    await desk.until(lambda: _screen(desk).case.card is not None)
    save(desk, f"card-waiting-{tail}")
    await desk.keys("f11")
    await desk.pilot.pause()
    save(desk, f"card-bytes-{tail}")
    await desk.keys("f11", "shift+f10")
    await desk.until(lambda: "9900000042" in desk.text)
    save(desk, f"card-drawer-{tail}")
