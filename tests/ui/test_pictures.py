"""Three pictures at the smallest size, so that nobody changes the look without seeing it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from counter.ui.app import CounterApp
from tests.ui.driving import SHIFT, SMALLEST, Desk
from tests.ui.memory_bureau import MemoryBureau, MemoryGateway

Compare = Callable[..., bool]


def _nothing_more(_desk: Desk) -> Awaitable[None]:
    return _desk.pilot.pause()


async def _cash_counted(desk: Desk) -> None:
    await desk.sign_in()
    await desk.open("0100234567")
    await desk.keys("enter")
    await desk.write("500")


async def _change_given(desk: Desk) -> None:
    await _cash_counted(desk)
    await desk.keys("enter")
    await desk.until(lambda: desk.app.status.printer)


@pytest.mark.parametrize(
    "steps", [_nothing_more, _cash_counted, _change_given], ids=["sign-in", "cash", "change"]
)
def test_picture(steps: Callable[[Desk], Awaitable[None]], snap_compare: Compare) -> None:
    bureau = MemoryBureau()
    bureau.shifts["0107"] = SHIFT
    gateway = MemoryGateway(bureau)
    app = CounterApp(lambda: gateway, language="en")

    async def before(pilot: Pilot[Any]) -> None:
        desk = Desk(app, pilot, bureau, gateway)
        await desk.until(lambda: app.gateway is not None)
        await steps(desk)

    assert snap_compare(app, terminal_size=SMALLEST, run_before=before)
