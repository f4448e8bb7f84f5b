"""Driving the program by keys, as a clerk does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from counter.errors import CounterError
from counter.services.ports import Gateway, Shift
from counter.ui.app import CounterApp
from counter.ui.idle import IdleWatch
from counter.ui.screens.desk import DeskScreen
from counter.ui.widgets.notice import Notice
from tests.ui.customers import NOW, TODAY
from tests.ui.memory_bureau import PASSWORD, MemoryBureau, MemoryGateway
from tests.ui.settling import settle, use

STEP_S = 0.005
PATIENCE_S = 60.0
SMALLEST = (80, 24)
use()
SHIFT = Shift(1080000000001, 108, "2号柜台", TODAY, NOW, 50_000)


def painted(app: App[None]) -> str:
    """Everything on the screen in front, line by line."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Wait for what a job brings; a test that waits in vain fails and shows the screen."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        await settle()
        if holds():
            await pilot.pause()
            return
        await asyncio.sleep(STEP_S)
    raise AssertionError(f"waited in vain\n{painted(pilot.app)}")


@dataclass
class Desk:
    """A program that runs, its bureau, and the keys."""

    app: CounterApp
    pilot: Pilot[None]
    bureau: MemoryBureau
    gateway: MemoryGateway

    @property
    def screen(self) -> DeskScreen:
        """The desk, wherever it is in the stack."""
        return cast("DeskScreen", self.app.desk)

    @property
    def said(self) -> str:
        """What the notice of the screen in front says."""
        return self.app.screen.query_one(Notice).text

    @property
    def text(self) -> str:
        """Everything that is painted, line by line."""
        return painted(self.app)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for what a job brings; a test that waits in vain fails."""
        await until(self.pilot, holds)

    async def until_said(self, words: str) -> None:
        """Wait for a sentence of the notice."""
        await self.until(lambda: words in self.said)

    async def keys(self, *keys: str) -> None:
        """Press keys; a text of more than one character that is no key name is typed."""
        await self.pilot.press(*keys)

    async def write(self, text: str) -> None:
        """Type a text into the field that has the focus, quicker than key by key."""
        focused = self.app.focused
        assert isinstance(focused, Input)
        start, end = sorted(focused.selection)
        focused.replace(text, start, end)
        await self.pilot.pause()

    async def sign_in(self) -> None:
        """As the clerk of the tests."""
        await self.until(lambda: self.app.gateway is not None)
        await self.write("0107")
        await self.keys("enter")
        await self.write(PASSWORD)
        await self.keys("enter")
        await self.until(lambda: self.app.session is not None and self.app.desk is not None)
        await self.pilot.pause()

    async def sign_in_after_retry(self) -> None:
        """Type a sign-in while there is no server: its Enter looks for the server again."""
        await self.write("0107")
        await self.keys("enter")
        await self.write(PASSWORD)
        await self.keys("enter")
        await self.until(lambda: self.app.session is not None)

    async def open(self, account_no: str) -> None:
        """Type a number and Enter; wait for the account."""
        await self.write(account_no)
        await self.keys("enter")
        await self.until(lambda: self.screen.form is not None)

    def field(self, field_id: str) -> Input:
        """A field of the screen in front."""
        return self.app.screen.query_one(f"#{field_id}", Input)


@asynccontextmanager
async def started(
    bureau: MemoryBureau | None = None,
    *,
    size: tuple[int, int] = SMALLEST,
    language: str = "en",
    demo: bool = True,
    idle: IdleWatch | None = None,
    keymap: Mapping[str, str] | None = None,
    factory_error: CounterError | None = None,
) -> AsyncIterator[Desk]:
    """The program at the sign-in."""
    bureau = bureau or MemoryBureau()
    gateway = MemoryGateway(bureau, demo=demo)
    errors = [factory_error] if factory_error else []

    def factory() -> Gateway:
        if errors:
            raise errors.pop()
        return gateway

    app = CounterApp(factory, language=language, idle=idle, keymap=keymap)
    async with app.run_test(size=size) as pilot:
        yield Desk(app, pilot, bureau, gateway)


@asynccontextmanager
async def at_desk(bureau: MemoryBureau | None = None, **options: object) -> AsyncIterator[Desk]:
    """The program with somebody signed in and a shift open."""
    bureau = bureau or MemoryBureau()
    bureau.shifts["0107"] = SHIFT
    async with started(bureau, **options) as desk:  # type: ignore[arg-type]
        await desk.sign_in()
        yield desk
