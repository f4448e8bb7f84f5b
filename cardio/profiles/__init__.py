"""Cards that are known: one TOML file each, and what it means.

``load_profiles()`` gives those that come with the program; a bureau's own are files of the same form
(docs/card-profiles.md). A profile holds no key, only which holder has it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from cardio.crypto import Algorithm


class BadProfile(ValueError):
    """A profile file that cannot be used; the text names the file and the field."""


class Family(StrEnum):
    """Which module of ``cardio.families`` speaks with the card."""

    CPU = "cpu"
    SLE4442 = "sle4442"
    MIFARE = "mifare"


class SerialSource(StrEnum):
    """Where a card's own number stands."""

    FILE = "file"
    """READ BINARY by a short id (CPU cards)."""
    ATR = "atr"
    """Bytes of the answer to reset."""
    MEMORY = "memory"
    """Bytes of a memory card that cannot be written."""
    UID = "uid"
    """The number that a contactless card shows, filled up with zeros on the left to 8 bytes for keys."""


class KeySource(StrEnum):
    """Who holds the keys."""

    DEMONSTRATION = "demonstration"
    SAM = "sam"
    PKCS11 = "pkcs11"


@dataclass(frozen=True, slots=True)
class AtrMask:
    """An answer to reset fits when it equals ``value`` wherever ``mask`` has a one bit."""

    value: bytes
    mask: bytes

    def fits(self, atr: bytes) -> bool:
        """Whether a card with this answer can be one of the profile's."""
        if len(atr) != len(self.value):
            return False
        return all((a ^ v) & m == 0 for a, v, m in zip(atr, self.value, self.mask, strict=True))


@dataclass(frozen=True, slots=True)
class SerialPlace:
    """Where the serial number is: ``file`` is a short id (FILE only), ``offset`` and ``length`` in bytes."""

    source: SerialSource
    offset: int = 0
    length: int = 8
    file: int = 0


@dataclass(frozen=True, slots=True)
class Files:
    """Short ids (P1 of READ and UPDATE BINARY) and the length of the write-back, which grids differ in."""

    parameters: int = 0x81
    wallet: int = 0x82
    tariff: int = 0x83
    next_tariff: int = 0x84
    writeback: int = 0x85
    writeback_length: int = 49


@dataclass(frozen=True, slots=True)
class Memory:
    """Where a memory card holds the files, packed one behind the other."""

    offset: int = 0
    """SLE4442: the first byte. MIFARE: bytes into the data blocks of the sectors."""
    first_sector: int = 1
    last_sector: int = 8


@dataclass(frozen=True, slots=True)
class Keys:
    """Which holder has the keys and how a CPU card calls them."""

    source: KeySource = KeySource.DEMONSTRATION
    algorithm: Algorithm = Algorithm.TRIPLE_DES
    external_id: int = 2
    internal_id: int = 1
    prove_card: bool = True
    """Let the card prove itself before the desk spends a try on it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of card; amounts in fen."""

    name: str
    title: str
    family: Family
    atr: AtrMask
    serial: SerialPlace
    demonstration: bool = False
    select: tuple[bytes, ...] = ()
    files: Files = field(default_factory=Files)
    memory: Memory = field(default_factory=Memory)
    keys: Keys = field(default_factory=Keys)
    dialect: str = "auto"
    """The reader's dialect for memory cards; ``auto`` goes by the reader's name."""
    card_maximum_fen: int = 99_999_999
    update_flags: int = 0x80
    """Byte 5 of the parameters file as a vend writes it: the meter takes alarms and ratios."""
