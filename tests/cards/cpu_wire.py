"""A CPU card in a reader, as the tests of its family begin."""

from __future__ import annotations

from typing import Any

import pytest

from cardio.contents import VendOrder
from cardio.errors import CardError
from tests.cards.card_orders import ORDER, Wire
from tests.cards.sim_cpu import CpuCard

SERIAL = bytes.fromhex("1122334455667788")
PARAMETERS = bytes.fromhex(
    "68010027018000000000000000000000000020000000050000000100000100025036680900201007828802"
)
WALLET = bytes.fromhex("0000271000000009")
WRITEBACK = bytes.fromhex(
    "6811002B020000010000010002503668090020100782880000198F0000000900000000010004010000022406121530B416"
)
FIRST_UPDATE = 9
"""Select twice, serial twice, prove both sides (3), challenge, and then the first update."""
LAST = 20


def new(**changes: Any) -> Wire:
    """A card from the factory in a reader."""
    return Wire(CpuCard(SERIAL, **changes))


def used() -> Wire:
    """A card that came back from its meter."""
    wire = new()
    wire.write()
    wire.card.put("85", WRITEBACK)
    wire.sent.clear()
    return wire


def fault(wire: Wire, wanted: VendOrder = ORDER, keys: Any = None) -> CardError:
    """What a write ends with."""
    with pytest.raises(CardError) as raised:
        wire.write(wanted, keys)
    return raised.value
