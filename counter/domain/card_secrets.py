"""The secret of a recharge card, as it leaves a desk: a slow hash, bound to the card's number.

A desk computes the proof and sends it; the server keeps the SHA-256 of the proof. Whoever reads the server's
table has to run scrypt for every guess, and whoever listens to one card's proof learns nothing of another.
"""

from __future__ import annotations

import hashlib
from typing import Final

_SALT: Final = b"counter recharge card "
_COST, _BLOCK, _LANES, _BYTES = 2**14, 8, 1, 32


def card_proof(card_no: str, secret: str) -> bytes:
    """The proof of a secret: scrypt, some fifty milliseconds and 16 MB."""
    return hashlib.scrypt(
        secret.encode(), salt=_SALT + card_no.encode(), n=_COST, r=_BLOCK, p=_LANES, dklen=_BYTES
    )


def kept_digest(proof: bytes) -> bytes:
    """What the server keeps of a proof."""
    return hashlib.sha256(proof).digest()
