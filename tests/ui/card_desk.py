"""A program with the demonstration's drawer beside it, for tests by keys on the bureau in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from cardio.simulator import SimulatedReader
from counter.ui.screens.card import CardScreen
from tests.ui.driving import Desk, at_desk
from tests.ui.memory_bureau import MemoryBureau
from tests.ui.memory_vends import MemoryVends, with_cards

NEVER_WRITTEN = UUID(int=3)
HOSTILE = ["[/]", "'; --", "-5", "1e3", "0", "１２３４５６７．８９", "99999999999", "abc", " "]


class CardDesk:
    """A program with the drawer beside it."""

    def __init__(self, desk: Desk, vends: MemoryVends) -> None:
        """Made by ``card_desk``."""
        self.desk, self.vends = desk, vends

    @property
    def reader(self) -> SimulatedReader:
        """The slot."""
        return self.vends.reader

    @property
    def screen(self) -> CardScreen:
        """The card screen, in front or not."""
        return next(each for each in self.desk.app.screen_stack if isinstance(each, CardScreen))

    async def insert(self, kind: str) -> None:
        """Put a card in while the desk is idle; wait for its account."""
        self.reader.insert(kind)
        await self.desk.until(lambda: self.desk.screen.form is not None)

    async def card(self, kind: str) -> CardScreen:
        """Put a card in and press F12; wait until it is read."""
        self.reader.insert(kind)
        await self.desk.keys("f12")
        await self.desk.until(lambda: self.screen.case.card is not None)
        return self.screen

    async def sell(self, amount: str, received: str = "") -> None:
        """Amount, Enter, cash, Enter; wait for the end."""
        await self.desk.write(amount)
        await self.desk.keys("enter")
        if received:
            await self.desk.write(received)
        await self.desk.keys("enter")


@asynccontextmanager
async def card_desk(
    folder: Path, *, later: bool = True, language: str = "en", **options: object
) -> AsyncIterator[CardDesk]:
    """Somebody is signed in, a shift is open, the drawer is full; what is unfinished is left for later."""
    bureau = MemoryBureau()
    vends = with_cards(bureau, folder)
    if later:
        del vends.vends[NEVER_WRITTEN]
    async with at_desk(bureau, language=language, **options) as desk:
        yield CardDesk(desk, vends)
