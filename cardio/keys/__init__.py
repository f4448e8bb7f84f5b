"""Who holds the keys: a SAM in the second slot, a PKCS#11 token, or, for the demonstration, this program.

Keys never leave their holder; what is asked for is the cryptogram. A card's key is the master key diversified
by the
card's 8-byte serial number.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class KeyName(StrEnum):
    """The master keys of a profile by what they are for."""

    EXTERNAL = "external"
    INTERNAL = "internal"
    UPDATE_PARAMETERS = "update_parameters"
    UPDATE_WALLET = "update_wallet"
    UPDATE_WRITEBACK = "update_writeback"


class KeyHolder(Protocol):
    """Makes cryptograms. Every method raises KeysMissing, or AccessRefused when the holder itself refuses."""

    @property
    def is_demonstration(self) -> bool:
        """Whether the keys are known to everybody: every screen and slip then says so."""
        ...

    def cryptogram(self, name: KeyName, serial: bytes, challenge: bytes) -> bytes:
        """The 8-byte answer to an 8-byte challenge under the card's key, for authentication."""
        ...

    def mac(self, name: KeyName, serial: bytes, initial: bytes, data: bytes) -> bytes:
        """The 4-byte MAC over ``data`` (unpadded) with the 8-byte initial value, under the card's key."""
        ...

    def close(self) -> None:
        """Give the holder back; safe to call twice."""
        ...
