"""Keys that everybody knows, for the demonstration and the tests: the only ones this program ever holds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from cardio.crypto import Algorithm, diversify
from cardio.crypto.mac import card_mac
from cardio.errors import CardError, KeysMissing
from cardio.keys import KeyHolder, KeyName

MASTERS: Final[Mapping[KeyName, bytes]] = MappingProxyType(
    {
        KeyName.EXTERNAL: b"COUNTER-DEMO-EXT",
        KeyName.INTERNAL: b"COUNTER-DEMO-INT",
        KeyName.UPDATE_PARAMETERS: b"COUNTER-DEMO-U81",
        KeyName.UPDATE_WALLET: b"COUNTER-DEMO-U82",
        KeyName.UPDATE_WRITEBACK: b"COUNTER-DEMO-U85",
    }
)
_PROBE: Final = bytes(8)


class DemonstrationKeys:
    """Software keys. Whoever holds one must say so on every screen and slip."""

    def __init__(
        self, algorithm: Algorithm = Algorithm.TRIPLE_DES, masters: Mapping[KeyName, bytes] = MASTERS
    ) -> None:
        """``masters`` other than the published ones are for tests of cards with wrong keys."""
        self._algorithm = algorithm
        self._masters = dict(masters)
        self._card_key = lru_cache(maxsize=len(KeyName))(self._derived)  # those of the card that is in

    @property
    def is_demonstration(self) -> bool:
        """Always: keys in a program are known to whoever can read its memory."""
        return True

    def cryptogram(self, name: KeyName, serial: bytes, challenge: bytes) -> bytes:
        """The answer to a challenge under the card's key."""
        return diversify.cryptogram(self._algorithm, self._card_key(name, serial), challenge)

    def mac(self, name: KeyName, serial: bytes, initial: bytes, data: bytes) -> bytes:
        """The MAC of an update under the card's key."""
        return card_mac(self._algorithm, self._card_key(name, serial), initial, data)

    def close(self) -> None:
        """Nothing is held open."""

    def _derived(self, name: KeyName, serial: bytes) -> bytes:
        if name not in self._masters:
            raise KeysMissing(f"no master key {name}")
        return diversify.card_key(self._algorithm, self._masters[name], serial)


def known_to_everybody(holder: KeyHolder) -> bool:
    """Whether a SAM or token answers as the demonstration keys do: then it holds one of them."""
    return any(_is_known(holder, name) for name in KeyName)


def _is_known(holder: KeyHolder, name: KeyName) -> bool:
    """One key of the holder; a key that it does not have is no known one."""
    try:
        answer = holder.cryptogram(name, _PROBE, _PROBE)
    except CardError:
        return False
    return any(
        answer == DemonstrationKeys(algorithm).cryptogram(name, _PROBE, _PROBE) for algorithm in Algorithm
    )
