"""Request ids (UUID version 7): they begin with the time, so that an index of them grows at one end.

The id is made when a form opens. Whatever happens afterwards, the same form means the same id.
"""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_VERSION_AND_VARIANT = (0x7 << 76) | (0x2 << 62)
_RANDOM_A_BITS, _RANDOM_B_BITS = 12, 62


def new_request_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, the rest random."""
    milliseconds = time.time_ns() // 1_000_000 & (1 << 48) - 1
    high = secrets.randbits(_RANDOM_A_BITS) << 64
    return UUID(int=milliseconds << 80 | high | secrets.randbits(_RANDOM_B_BITS) | _VERSION_AND_VARIANT)
