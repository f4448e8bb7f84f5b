"""What lies in the drawer at first: one card of each kind that a clerk meets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cardio.contents import CardType, WriteBack
from cardio.simulator.cards import Condition, SimulatedCard
from cardio.simulator.meter import HomeMeter
from cardio.simulator.store import Stock

KINDS: Final = (
    "new",
    "in_use",
    "not_inserted",
    "never_written",
    "booking_lost",
    "torn",
    "worn_out",
    "foreign",
)
"""Each card's ``kind`` and ``card_id``; all but the first and the last belong to a customer."""

HOLDERS: Final = KINDS[1:-1]
_AHEAD: Final = {"never_written": -1, "booking_lost": 1}
"""How far a card's count is from the books."""

_WALLET_FEN: Final = 10_000


@dataclass(frozen=True, slots=True)
class Holder:
    """A customer who has a card; ``vend_count`` is what the books have, 2 or more."""

    account_no: str
    meter_no: str
    vend_count: int


def serial_of(kind: str) -> str:
    """The number of the plastic of this kind."""
    return f"53494D{KINDS.index(kind) + 1:010d}"


def stock(holders: Sequence[Holder]) -> Stock:
    """The drawer for as many customers as there are ``HOLDERS``, in that order; or for none of them."""
    blank = SimulatedCard("new", "new", serial_of("new"))
    spare = SimulatedCard("new_2", "new", "53494D9999999999")
    held = dict(zip(HOLDERS, holders, strict=True)) if holders else {}
    cards = [_held(kind, holder) for kind, holder in held.items()]
    meters = [_meter(kind, holder) for kind, holder in held.items()]
    foreign = _held("foreign", Holder("9900000042", "990000000042", 6))
    return Stock.of([blank, spare, *cards, foreign], meters)


def _held(kind: str, holder: Holder) -> SimulatedCard:
    """A card that the customer brings."""
    count = holder.vend_count + _AHEAD.get(kind, 0)
    waiting = kind in ("not_inserted", "booking_lost")
    condition = {"torn": Condition.TEARS, "worn_out": Condition.MUTE}.get(kind, Condition.GOOD)
    return SimulatedCard(
        card_id=kind,
        kind=kind,
        serial=serial_of(kind),
        condition=condition,
        account_no=holder.account_no,
        meter_no=holder.meter_no,
        card_type=CardType.PURCHASE,
        wallet_fen=_WALLET_FEN,
        vend_count=count,
        alarm1_fen=2_000,
        alarm2_fen=500,
        writeback=None if waiting else _writeback(holder, count),
    )


def _writeback(holder: Holder, count: int) -> WriteBack:
    """What the meter left on the card last time."""
    return WriteBack(holder.meter_no, holder.account_no, 6_543, count, 0, 0, "2611010830")


def _meter(kind: str, holder: Holder) -> HomeMeter:
    """The customer's meter: it has taken whatever was on the card before what waits on it."""
    count = holder.vend_count + (_AHEAD.get(kind, 0) if kind != "booking_lost" else 0)
    if kind == "not_inserted":
        count -= 1
    return HomeMeter(holder.meter_no, holder.account_no, count, 6_543, count * _WALLET_FEN)
