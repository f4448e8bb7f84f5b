"""Diversification and MACs, pure: bytes in, bytes out, held against published vectors.

What is needed to speak of them, without the library that computes them, stands here.
"""

from __future__ import annotations

from enum import StrEnum


class Algorithm(StrEnum):
    """Which cipher a card's keys are for."""

    TRIPLE_DES = "3des"
    SM4 = "sm4"

    @property
    def block(self) -> int:
        """Bytes in a block."""
        return 8 if self is Algorithm.TRIPLE_DES else 16
