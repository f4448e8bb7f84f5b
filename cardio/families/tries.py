"""Which card refused a key of which holder: it is not tried again, and the last try of a card is never used.

A CPU card tells how many tries are left only when it refuses one; so a refusal is remembered as long as the
holder of the keys lives, by the card's serial number and the key. A key or code that proves the desk is
never sent a second time. A MAC is: another challenge makes another MAC, and a vend that came half-way has
to be finished; but not with the last try of its key.
"""

from __future__ import annotations

from collections.abc import Mapping
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
        self._refused: dict[tuple[str, str], AccessRefused] = {}

    @property
    def known(self) -> dict[tuple[str, str], AccessRefused]:
        """Every refusal, by the card's serial number and the key: plain values, to be kept elsewhere."""
        return dict(self._refused)

    def learn(self, known: Mapping[tuple[str, str], AccessRefused]) -> None:
        """Take over what another memory knew."""
        self._refused.update(known)

    def check_proof(self, serial: str, key: str) -> None:
        """Raise the refusal again, without asking the card, when it refused this key before."""
        before = self._refused.get((serial, key))
        if before is not None:
            raise AccessRefused(before.what, before.sw, before.tries_left)

    def check_last(self, serial: str, key: str) -> None:
        """Raise LastTry when this key has one try left on this card, or none."""
        before = self._refused.get((serial, key))
        if before is not None and (before.tries_left or 0) <= 1:
            raise LastTry(f"one try of {key} is left")

    def refused(self, serial: str, key: str, fault: AccessRefused) -> None:
        """Remember a refusal; a card that does not count aloud is counted here."""
        before = self._refused.get((serial, key))
        counted = ALLOWED if before is None else before.tries_left or 0
        left = counted - 1 if fault.tries_left is None else fault.tries_left
        self._refused[serial, key] = AccessRefused(fault.what, fault.sw, left)

    def accepted(self, serial: str, key: str) -> None:
        """The card gives all tries back."""
        self._refused.pop((serial, key), None)


_of_holder: WeakKeyDictionary[KeyHolder, Tries] = WeakKeyDictionary()


def tries_of(keys: KeyHolder) -> Tries:
    """The memory of a holder; gone with it."""
    return _of_holder.setdefault(keys, Tries())
