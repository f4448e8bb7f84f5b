"""The SAM in the second slot: it diversifies, and no key ever comes out of it."""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import Final

from cardio.apdu import Command
from cardio.errors import AccessRefused, CardError, KeysMissing
from cardio.keys import KeyName
from cardio.keys.demonstration import known_to_everybody
from cardio.link import Link

CLA: Final = 0x80
CRYPTOGRAM: Final = 0x10
MAC: Final = 0x12
KEY_IDS: Final = MappingProxyType(
    {
        KeyName.EXTERNAL: 0x01,
        KeyName.INTERNAL: 0x02,
        KeyName.UPDATE_PARAMETERS: 0x81,
        KeyName.UPDATE_WALLET: 0x82,
        KeyName.UPDATE_WRITEBACK: 0x85,
    }
)
_LOCKED: Final = 0x6983
_UNKNOWN_KEY: Final = 0x6A88


class SamKeys:
    """Keys in a SAM over an open link, which it owns from then on."""

    def __init__(self, link: Link) -> None:
        """The link to the SAM's slot; not thread-safe, as the link is not."""
        self._link = link

    @cached_property
    def is_demonstration(self) -> bool:
        """Whether its keys are the published ones: asked of the SAM once."""
        return known_to_everybody(self)

    def cryptogram(self, name: KeyName, serial: bytes, challenge: bytes) -> bytes:
        """The answer to a challenge under the card's key."""
        return self._ask(CRYPTOGRAM, name, serial + challenge, 8)

    def mac(self, name: KeyName, serial: bytes, initial: bytes, data: bytes) -> bytes:
        """The MAC of an update under the card's key."""
        return self._ask(MAC, name, serial + initial + data, 4)

    def close(self) -> None:
        """Give the slot back."""
        self._link.close()

    def _ask(self, instruction: int, name: KeyName, data: bytes, wanted: int) -> bytes:
        """One exchange. A SAM that went away is no fault of the card's: KeysMissing."""
        try:
            answer = self._link.send(
                Command(CLA, instruction, KEY_IDS[name], 0, data, le=wanted, secret=True)
            )
        except CardError as fault:
            raise KeysMissing("the SAM does not answer") from fault
        if answer.sw == _LOCKED:
            raise AccessRefused(f"the SAM's key {name}", answer.sw, 0)
        if answer.sw == _UNKNOWN_KEY:
            raise KeysMissing(f"the SAM has no key {name}")
        if not answer.ok or len(answer.data) != wanted:
            raise KeysMissing(f"the SAM gives no answer for {name}: {answer.sw:04X}")
        return answer.data
