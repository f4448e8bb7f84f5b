"""The two block ciphers of prepaid cards: two-key triple DES, and SM4 where a profile says so.

Nothing here keeps a key, and no exception names one. Sources: NIST SP 800-67, GB/T 32907.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from cardio.crypto import Algorithm

KEY_SIZE: Final = 16


def encrypt(algorithm: Algorithm, key: bytes, data: bytes) -> bytes:
    """ECB of whole blocks; raises ValueError for a key of another length than 16 or a broken block."""
    if len(key) != KEY_SIZE or len(data) % algorithm.block:
        raise ValueError("a key of 16 bytes and whole blocks are wanted")
    cipher = _cipher(algorithm, key, modes.ECB())  # noqa: S305  (cards think in single blocks)
    working = cipher.encryptor()
    return working.update(data) + working.finalize()


def chain(algorithm: Algorithm, key: bytes, initial: bytes, data: bytes) -> bytes:
    """The last block of CBC over whole blocks, one at least."""
    if len(key) != KEY_SIZE or not data or len(data) % algorithm.block:
        raise ValueError("a key of 16 bytes and whole blocks are wanted")
    working = _cipher(algorithm, key, modes.CBC(initial)).encryptor()
    return (working.update(data) + working.finalize())[-algorithm.block :]


def _cipher(algorithm: Algorithm, key: bytes, mode: modes.ECB | modes.CBC) -> Cipher[modes.ECB | modes.CBC]:
    """The library's cipher; triple DES takes the first half again as third key."""
    if algorithm is Algorithm.SM4:
        return Cipher(SM4(key), mode)
    return Cipher(TripleDES(key + key[:8]), mode)
