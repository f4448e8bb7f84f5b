"""Repeatable chance: tables whose length is a power of two, indexed by random bits.

One call of ``getrandbits`` and one lookup is the fastest fair draw that Python has, and unlike
``random.choice`` it is the same in every version. Weights become the number of places in a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from typing import TypeVar

Item = TypeVar("Item")


def evenly(items: Sequence[Item], bits: int) -> tuple[Item, ...]:
    """A table of ``2 ** bits`` places in which every item is as often as can be."""
    return tuple(islice(cycle(items), 1 << bits))


def weighted(weights: Mapping[Item, int], bits: int) -> tuple[Item, ...]:
    """A table of ``2 ** bits`` places shared by weight (largest remainder); a rare item may have none."""
    size, total = 1 << bits, sum(weights.values())
    places = {item: weight * size // total for item, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda item: weights[item] * size % total, reverse=True)
    for item in by_remainder[: size - sum(places.values())]:
        places[item] += 1
    return tuple(item for item, count in places.items() for _ in range(count))
