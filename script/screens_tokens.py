"""Pictures of a token's way: sold, in doubt, asked for again, issued; and the list of what has none yet."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from screens_day import new_bureau

from counter.errors import TokenInDoubt
from counter.i18n import _
from counter.services.ports.tokens import Token, TokenRequest
from counter.ui.screens.token import TokenScreen
from counter.ui.screens.tokens_open import TokensOpenScreen
from db import embedded
from tests.ui.real_desk import RealDesk, real_desk

Save = Callable[[RealDesk, str], None]
ACCOUNT = "330100000009"
DIGITS = "04837296015528173640"


@dataclass
class PictureVendor:
    """Silent at first, then always the same token."""

    simulated: bool = False
    silent: bool = True

    def check(self) -> None:
        """Usable."""

    def vend(self, request: TokenRequest) -> Token:
        """The token, or no answer."""
        if self.silent:
            raise TokenInDoubt(_("The vending server did not answer."), "", "")
        return Token(request.request_id, request.meter_no, request.amount_fen, DIGITS)

    def ask(self, _request_id: UUID) -> Token | None:
        """None."""
        return None


async def draw_tokens(save: Save, size: tuple[int, int], language: str) -> None:
    """All of them for one size and language, on a bureau of their own."""
    tail = f"{size[0]}x{size[1]}-{language}"
    with tempfile.TemporaryDirectory(prefix="counter-screens-") as folder:
        server = embedded.start(Path(folder) / "server", settings={"fsync": "off"}, temporary=True)
        try:
            bureau = new_bureau(server.admin_url, Path(folder))
            bureau.add_account(ACCOUNT, name="王小五", meter_no="250366809002", payment_mode="token")
            vendor = PictureVendor()
            async with real_desk(bureau, size=size, language=language, vendor=vendor) as desk:
                await _draw(desk, vendor, lambda name: save(desk, f"{name}-{tail}"))
            bureau.dispose()
        finally:
            server.leave()


def _screen(desk: RealDesk) -> TokenScreen:
    """The token screen in front."""
    assert isinstance(desk.app.screen, TokenScreen)
    return desk.app.screen


async def _draw(desk: RealDesk, vendor: PictureVendor, save: Callable[[str], None]) -> None:
    """From the amount to the token."""
    await desk.open(ACCOUNT)
    await desk.keys("f12")
    await desk.until(lambda: isinstance(desk.app.screen, TokenScreen) and _screen(desk).form is not None)
    await desk.pilot.pause()
    await desk.write("80")
    await desk.keys("enter")
    await desk.write("100")
    save("token-sell")
    await desk.keys("enter")
    await desk.until(lambda: _screen(desk).outcome is not None)
    await desk.pilot.pause(0.1)
    save("token-doubt")
    await desk.keys("escape", "escape", "escape", "ctrl+z")
    await desk.until(lambda: isinstance(desk.app.screen, TokensOpenScreen) and ACCOUNT in desk.text)
    save("tokens-open")
    vendor.silent = False
    await desk.keys("enter")
    await desk.until(lambda: isinstance(desk.app.screen, TokenScreen) and _screen(desk).books is not None)
    await desk.pilot.pause(0.1)
    await desk.keys("enter")
    await desk.until(lambda: _screen(desk).is_issued and bool(desk.app.status.printer))
    await desk.pilot.pause(0.1)
    save("token-issued")
