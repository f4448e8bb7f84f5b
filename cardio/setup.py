"""What a desk says of its reader; plain values, because they go to another process."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from cardio.profiles import KeySource

OPENER: Final = "cardio.opening:Opening"
"""Module and class that make a card of a link; tests name another."""


@dataclass(frozen=True, slots=True)
class KeySetup:
    """Where the keys are: in this program (demonstration), a SAM in the second slot, or a PKCS#11 token."""

    source: KeySource = KeySource.DEMONSTRATION
    module: str = ""
    """Path of the token's library (PKCS11 only)."""
    label: str = ""
    """The token's label (PKCS11 only)."""
    pin: str = field(default="", repr=False)
    """The token's PIN (PKCS11 only); never shown."""


@dataclass(frozen=True, slots=True)
class ReaderSetup:
    """Readers are named by a pattern: a part of the name, or a whole one with ``*`` and ``?``.

    Without a pattern the first reader that does not hold the SAM is taken. Times are in seconds.
    """

    reader: str = ""
    sam: str = ""
    """The SAM's slot; without it there is none, and none is missed."""
    keys: KeySetup = field(default_factory=KeySetup)
    profiles: Path | None = None
    """A folder of the bureau's own profiles."""
    profile: str = ""
    """The one profile that counts, whatever others fit; empty for all."""
    trace: Path | None = None
    """Where to write what goes over the link, secrets masked; None for nowhere."""
    exchange_s: float = 8.0
    """The longest that one exchange with a card may take before its process is ended."""
    operation_s: float = 45.0
    """The longest that a whole operation may take."""
    opener: str = OPENER


def chosen(setup: ReaderSetup, names: list[str]) -> tuple[str, str]:
    """The reader for cards and the SAM's, each empty when it is not there."""
    sam = next((name for name in names if setup.sam and fits(setup.sam, name)), "")
    others = (name for name in names if name != sam and (not setup.reader or fits(setup.reader, name)))
    return next(others, ""), sam


def fits(pattern: str, name: str) -> bool:
    """Whether a reader is meant; capitals do not matter, and brackets are letters as any other."""
    wanted, given = pattern.casefold(), name.casefold()
    if not set(wanted) & set("*?"):
        return wanted in given
    return fnmatchcase(given, wanted.replace("[", "[[]"))
