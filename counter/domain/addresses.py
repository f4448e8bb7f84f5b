"""A supply address as places and what follows each: the words by which people ask for it.

``人民路128号金桂花园3幢2单元501室`` is known as 人民路 128号… and as 金桂花园 3幢…. Each place (a road, an
estate, a village, a district) goes into a dictionary of places, and the tail after it is searched by its
beginning. Invariant: splitting depends only on what is before a place ends, so a fragment that begins
where a place begins splits as the whole address does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from counter.domain.text import BLANKS, DASHES, HALF_WIDTH

_UNIT = "单元|号[楼院弄]?|支弄?|[弄幢栋座室层楼户组队排期门梯铺间甲乙之]"
_AFTER_NUMBER = re.compile(rf"[0-9][0-9A-Za-z#\-]*(?:{_UNIT})?")
_PLACE_END = re.compile(
    "[^市区县镇乡村路街巷道弄]+(?:街道|大道|[市区县镇乡村路街巷道弄](?![市区县镇乡村路街巷道弄场政委口桥府民局站]))"
)
_PLACE_LENGTH_MIN = 2
_ONE_WAY = {**HALF_WIDTH, **dict.fromkeys(DASHES, "-"), **dict.fromkeys(BLANKS)}


class Segment(NamedTuple):
    """A place of an address, and everything that is written after it."""

    place: str
    tail: str


def normalise_address(text: str) -> str:
    """The address in the one way of writing that is stored and searched: half-width, without blanks."""
    return text.translate(_ONE_WAY)


def split_address(address: str) -> tuple[Segment, ...]:
    """The places of a normalised address in their order, each with its tail; none when it names no place.

    A place is a run without digits of two characters or more that begins the address or follows a number
    with its unit word (号, 幢, 单元 …); within a run, roads, villages and administrative units end one.
    """
    segments: list[Segment] = []
    position = 0
    for number in _AFTER_NUMBER.finditer(address):
        start, end = number.span()
        if start - position >= _PLACE_LENGTH_MIN:
            _add_places(segments, address, position, start)
        position = end
    if len(address) - position >= _PLACE_LENGTH_MIN:
        _add_places(segments, address, position, len(address))
    return tuple(segments)


def _add_places(segments: list[Segment], address: str, start: int, end: int) -> None:
    """Append the places of the run ``address[start:end]``."""
    run = address[start:end]
    for first, last in _places_of_run(run):
        segments.append(Segment(run[first:last], address[start + last :]))


@lru_cache(maxsize=65_536)
def _places_of_run(run: str) -> tuple[tuple[int, int], ...]:
    """Where the places of a run without digits begin and end; roads repeat, so this is remembered."""
    bounds, start = [], 0
    for match in _PLACE_END.finditer(run):
        bounds.append((start, match.end()))
        start = match.end()
    bounds.append((start, len(run)))
    return tuple((first, last) for first, last in bounds if last - first >= _PLACE_LENGTH_MIN)
