"""The program on a real bureau: screens, services and database together, driven by keys.

For everything whose truth is in the database; ``driving`` with its memory bureau is for faults that a real
server does not give on demand.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot
from textual.widgets import Input

from counter.services.card_desk import CardDesk
from counter.services.gateway import ServerGateway
from counter.services.ports.tokens import TokenVendor
from counter.ui.app import CounterApp
from counter.ui.screens.base import CounterScreen
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau
from tests.ui.driving import SMALLEST, painted, until
from tests.ui.settling import settle

CLERK, CASHIER, SUPERVISOR = "t10001", "t20001", "t30001"


class RealDesk:
    """One program with its keys, and the bureau behind it."""

    def __init__(self, app: CounterApp, pilot: Pilot[None], bureau: Bureau) -> None:
        """Made by ``real_desk``."""
        self.app, self.pilot, self.bureau = app, pilot, bureau

    @property
    def said(self) -> str:
        """The sentence in the notice of the screen in front."""
        screen = self.app.screen
        return screen.notice.text if isinstance(screen, CounterScreen) else ""

    @property
    def text(self) -> str:
        """Everything that is painted, line by line."""
        return painted(self.app)

    async def keys(self, *keys: str) -> None:
        """Press keys."""
        await self.pilot.press(*keys)

    async def write(self, text: str) -> None:
        """Put a text into the field that has the focus, in place of what is selected."""
        focused = self.app.focused
        assert isinstance(focused, Input), focused
        start, end = sorted(focused.selection)
        focused.replace(text, start, end)
        await self.pilot.pause()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until it is so; fails after some seconds."""
        await until(self.pilot, condition)

    async def until_said(self, words: str) -> None:
        """Wait for a sentence of the notice."""
        await self.until(lambda: words in self.said)

    async def sign_in(self, staff_no: str) -> None:
        """With the password that everybody in the tests has."""
        await self.until(lambda: self.app.gateway is not None)
        await self.write(staff_no)
        await self.keys("enter")
        await self.write(PASSWORD)
        await self.keys("enter")
        await self.until(lambda: self.app.session is not None and self.app.desk is not None)
        await self.pilot.pause()

    async def open(self, account_no: str) -> None:
        """Type a number and Enter; wait for the account."""
        await self.write(account_no)
        await self.keys("enter")
        await self.until(lambda: getattr(self.app.screen, "form", None) is not None)

    def field(self, field_id: str) -> Input:
        """A field of the screen in front."""
        return self.app.screen.query_one(f"#{field_id}", Input)


@asynccontextmanager
async def real_desk(
    bureau: Bureau,
    staff_no: str = CLERK,
    *,
    size: tuple[int, int] = SMALLEST,
    language: str = "en",
    cards: CardDesk | None = None,
    vendor: TokenVendor | None = None,
) -> AsyncIterator[RealDesk]:
    """The program with somebody of the bureau signed in; a shift that is open already is gone on with."""
    folder = bureau.folder / f"desk-{staff_no}"
    press = Press(folder / "receipts")
    gateway = ServerGateway(bureau.url, folder, press, cards=cards or CardDesk(None), vendor=vendor)
    app = CounterApp(lambda: gateway, language=language)
    async with app.run_test(size=size) as pilot:
        desk = RealDesk(app, pilot, bureau)
        await desk.sign_in(staff_no)
        try:
            yield desk
        finally:
            await settle()
            if app.session is not None:
                app.session.close()
