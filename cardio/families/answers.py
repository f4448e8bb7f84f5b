"""What a card's status word means, as a value or as a fault. No fault here repeats what was sent.

Sources: ISO/IEC 7816-4; PBOC cards (93xx, 94xx).
"""

from __future__ import annotations

from typing import Final

from cardio.apdu import Response
from cardio.errors import AccessRefused, CardRefused, Garbled

NOT_THERE: Final = frozenset({0x6A81, 0x6A82, 0x6B00, 0x6D00, 0x6E00})
"""No such file or command: the card is another one, or was never issued."""

_COUNTED: Final = 0x63C0
_NO_TRIES_LEFT: Final = frozenset({0x6983, 0x9303})
_WRONG: Final = frozenset({0x6300, 0x6987, 0x6988, 0x6989, 0x9302})


def data_of(response: Response, what: str, length: int | None = None) -> bytes:
    """The data of an answer that is success, ``length`` bytes of it where that is known.

    Raises Garbled, or CardRefused for any other status word.
    """
    if not response.ok:
        raise refusal(what, response.sw)
    if length is not None and len(response.data) != length:
        raise Garbled(f"{what}: {len(response.data)} bytes instead of {length}")
    return response.data


def refusal(what: str, sw: int) -> CardRefused:
    """The fault that a status word is; AccessRefused where a key or MAC was wrong."""
    if sw & 0xFFF0 == _COUNTED:
        return AccessRefused(what, sw, sw & 0x0F)
    if sw in _NO_TRIES_LEFT:
        return AccessRefused(what, sw, 0)
    return AccessRefused(what, sw) if sw in _WRONG else CardRefused(what, sw)
