"""A real bureau with prepaid cards and the simulated reader at its desk, for tests by keys."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from cardio.simulator import (
    HOLDERS,
    PROFILE,
    Holder,
    SimulatedCard,
    SimulatedReader,
    serial_of,
    stock,
)
from counter.services.card_desk import CardDesk
from counter.services.ledger import verify
from counter.services.simulated_drawer import SimulatedDrawer
from counter.ui.screens.card import CardScreen
from tests.bureau import Bureau
from tests.ui.real_desk import CLERK, RealDesk, real_desk

CUSTOMERS = tuple(Holder(f"010000010{n}", f"25036680910{n}", 9) for n in range(1, len(HOLDERS) + 1))
NEW_CUSTOMER = ("330100000200", "250366809200")
HOSTILE = "'; -- [/] {x} ١"


class Hall:
    """A bureau whose customers have cards, and the reader with its drawer."""

    def __init__(self, bureau: Bureau, folder: Path) -> None:
        """Customers, their cards taken over, an open shift."""
        self.bureau = bureau
        bureau.add_account(NEW_CUSTOMER[0], meter_no=NEW_CUSTOMER[1], payment_mode="card", name="新客户")
        for holder in CUSTOMERS:
            bureau.add_account(holder.account_no, meter_no=holder.meter_no, payment_mode="card")
        with bureau.engine("t60001").begin() as connection:
            request = json.dumps({"request_id": str(uuid4()), "cards": [*map(_card, HOLDERS, CUSTOMERS)]})
            connection.execute(text("SELECT counter.load_meter_cards(CAST(:r AS jsonb))"), {"r": request})
        bureau.open_shift()
        self.reader = SimulatedReader(folder / "cards.json", stock(CUSTOMERS), step_s=0)
        self.cards = CardDesk(self.reader, SimulatedDrawer(self.reader))

    def account(self, kind: str) -> str:
        """Whose card it is."""
        return CUSTOMERS[HOLDERS.index(kind)].account_no

    def card(self, kind: str) -> SimulatedCard:
        """What stands on it."""
        return next(card for card in self.reader.cards if card.card_id == kind)

    def booked_fen(self, ledger_account: str) -> int:
        """What stands in the ledger, as money that came in."""
        query = "SELECT coalesce(-sum(amount_fen), 0) FROM counter.posting WHERE ledger_account = %s"
        return int(self.bureau.value(query, ledger_account))

    @asynccontextmanager
    async def desk(self, staff_no: str = CLERK) -> AsyncIterator[RealDesk]:
        """The program, with this reader at it."""
        async with real_desk(self.bureau, staff_no, cards=self.cards) as desk:
            yield desk


def _card(kind: str, holder: Holder) -> dict[str, object]:
    return {
        "account_no": holder.account_no,
        "meter_no": holder.meter_no,
        "card_serial": serial_of(kind),
        "profile": PROFILE,
        "vend_count": holder.vend_count,
    }


@pytest.fixture
def hall(bureau: Bureau, tmp_path: Path) -> Iterator[Hall]:
    """Everything; afterwards the ledger is right."""
    made = Hall(bureau, tmp_path)
    yield made
    assert verify(bureau.engine("t40001")).finding is None


def card_screen(desk: RealDesk) -> CardScreen:
    """The card screen in the stack."""
    return next(screen for screen in desk.app.screen_stack if isinstance(screen, CardScreen))


async def card(desk: RealDesk, hall: Hall, kind: str) -> CardScreen:
    """Put a card in, F12, and wait until it was read."""
    hall.reader.insert(kind)
    await desk.keys("f12")
    await desk.until(lambda: card_screen(desk).case.card is not None)
    return card_screen(desk)


async def sell(desk: RealDesk, amount: str, received: str = "") -> None:
    """Amount, Enter, cash, Enter."""
    await desk.write(amount)
    await desk.keys("enter")
    if received:
        await desk.write(received)
    await desk.keys("enter")
