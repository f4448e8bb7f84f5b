"""Notes and coins of the renminbi, and what a count of them comes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FACES_FEN: Final = (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
"""100 yuan to 1 fen, the largest first; the database knows the same ones."""

PIECES_MAX: Final = 999_999


def counted_fen(pieces: Mapping[int, int]) -> int:
    """What so many pieces of each face value (in fen) are worth; raises ValueError for an unknown face."""
    unknown = set(pieces) - set(FACES_FEN)
    if unknown:
        raise ValueError(f"no note or coin of {min(unknown)} fen")
    return sum(face * number for face, number in pieces.items())
