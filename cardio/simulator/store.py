"""The drawer on the desk's disk: one JSON file, replaced as a whole, so that a restart finds it as it was."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cardio.simulator.cards import SimulatedCard
from cardio.simulator.meter import HomeMeter


@dataclass(frozen=True, slots=True)
class Stock:
    """Cards and meters by their names; ``in_reader`` is the card in the slot, empty for none."""

    cards: Mapping[str, SimulatedCard]
    meters: Mapping[str, HomeMeter]
    in_reader: str = ""

    @classmethod
    def of(cls, cards: Sequence[SimulatedCard], meters: Sequence[HomeMeter]) -> Stock:
        """A drawer as it is at first."""
        return cls({card.card_id: card for card in cards}, {meter.meter_no: meter for meter in meters})


def load(path: Path) -> Stock | None:
    """What was kept; None when there is nothing, or nothing that can be used."""
    try:
        found = json.loads(path.read_text("utf-8"))
        stock = Stock.of(
            [SimulatedCard.from_json(card) for card in found["cards"]],
            [HomeMeter.from_json(meter) for meter in found["meters"]],
        )
        in_reader = str(found["in_reader"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return Stock(stock.cards, stock.meters, in_reader if in_reader in stock.cards else "")


def save(path: Path, stock: Stock) -> None:
    """Keep it; it is on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "cards": [card.as_json() for card in stock.cards.values()],
        "meters": [meter.as_json() for meter in stock.meters.values()],
        "in_reader": stock.in_reader,
    }
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
