"""Which card refused a key of which holder: the last try of a card is never used by this program.

A CPU card tells how many tries are left only when it refuses one; so a refusal is remembered as long as the
holder of the keys lives, by the card's serial number and the key.
"""

from __future__ import annotations

from typing import Final
from weakref import WeakKeyDictionary

from cardio.errors import AccessRefused, LastTry
from cardio.keys import KeyHolder

ALLOWED: Final = 3
"""Tries that a card is issued with."""


class Tries:
    """What the cards refused of one holder of keys."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._left: dict[tuple[str, str], int] = {}

    def check(self, serial: str, key: str) -> None:
        """Raise LastTry when this key has one try left on this card, or none."""
        if self._left.get((serial, key), ALLOWED) <= 1:
            raise LastTry(f"one try of {key} is left")

    def refused(self, serial: str, key: str, fault: AccessRefused) -> None:
        """Remember a refusal; a card that does not count aloud is counted here."""
        known = self._left.get((serial, key), ALLOWED) - 1
        self._left[serial, key] = known if fault.tries_left is None else fault.tries_left

    def accepted(self, serial: str, key: str) -> None:
        """The card gives all tries back."""
        self._left.pop((serial, key), None)


_of_holder: WeakKeyDictionary[KeyHolder, Tries] = WeakKeyDictionary()


def tries_of(keys: KeyHolder) -> Tries:
    """The memory of a holder; gone with it."""
    return _of_holder.setdefault(keys, Tries())
