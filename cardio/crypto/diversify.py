"""A card's own key from a master key and the card's serial number, and what it proves with it.

The PBOC manner: the number itself makes the left half, its complement the right one. With SM4 one block holds
both.
"""

from __future__ import annotations

from typing import Final

from cardio.crypto import Algorithm
from cardio.crypto.blocks import encrypt

SERIAL_SIZE: Final = 8


def card_key(algorithm: Algorithm, master: bytes, serial: bytes) -> bytes:
    """The 16 bytes of the card's key; the parity bits stay as they come."""
    if len(serial) != SERIAL_SIZE:
        raise ValueError("a serial number of 8 bytes is wanted")
    return encrypt(algorithm, master, diversifier(serial))


def diversifier(serial: bytes) -> bytes:
    """What is encrypted under the master key: the number and its complement."""
    return serial + bytes(byte ^ 0xFF for byte in serial)


def cryptogram(algorithm: Algorithm, key: bytes, challenge: bytes) -> bytes:
    """The 8-byte answer to an 8-byte challenge; with SM4 both halves of the block, one upon the other."""
    if algorithm is Algorithm.TRIPLE_DES:
        return encrypt(algorithm, key, challenge)
    block = encrypt(algorithm, key, challenge + bytes(8))
    return fold(block)


def fold(block: bytes) -> bytes:
    """The exclusive or of both halves."""
    half = len(block) // 2
    return bytes(one ^ other for one, other in zip(block[:half], block[half:], strict=True))
