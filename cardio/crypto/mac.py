"""MACs over a command: ISO/IEC 9797-1 algorithm 3 (retail MAC) for triple DES, CBC-MAC for SM4.

Padding is method 2: one byte 80, then zeros to the end of a block.
"""

from __future__ import annotations

from typing import Final

from cardio.crypto import Algorithm
from cardio.crypto.blocks import chain, encrypt

SIZE: Final = 4
"""Bytes of a MAC that a card takes: the leftmost."""


def pad(data: bytes, block: int) -> bytes:
    """Padding method 2: always one byte at least."""
    padded = data + b"\x80"
    return padded + bytes(-len(padded) % block)


def retail_mac(key: bytes, initial: bytes, data: bytes) -> bytes:
    """All 8 bytes of algorithm 3 over unpadded ``data``.

    Single DES under the first half chains all blocks but the last, which is encrypted by both halves.
    """
    padded = pad(data, 8)
    before = chain(Algorithm.TRIPLE_DES, key[:8] * 2, initial, padded[:-8]) if len(padded) > 8 else initial  # noqa: PLR2004
    last = bytes(one ^ other for one, other in zip(before, padded[-8:], strict=True))
    return encrypt(Algorithm.TRIPLE_DES, key, last)


def card_mac(algorithm: Algorithm, key: bytes, initial: bytes, data: bytes) -> bytes:
    """The 4 bytes that follow an update; ``initial`` has 8 bytes, filled up with zeros for SM4."""
    if algorithm is Algorithm.TRIPLE_DES:
        return retail_mac(key, initial, data)[:SIZE]
    return chain(algorithm, key, initial + bytes(8), pad(data, algorithm.block))[:SIZE]
