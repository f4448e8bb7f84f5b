"""Files that no table of aliases can read: one TOML file each says how (docs/bank-profiles.md).

Invariant: a profile is recognised by what is in a file, never by the file's name, and says only where things
stand; what they mean and whether they add up is decided by the same readers as without a profile.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["statement", "settlement"]
Form = Literal["table", "fixed"]


class BadProfile(ValueError):
    """A profile file that cannot be used; the text names the file and the field."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field of a fixed-width record stands, and how it is written."""

    at: int
    """From 0, in the unit of the profile."""
    length: int
    decimals: int = -1
    """How many of the digits are behind a decimal point that is not written; -1: as written."""
    signs: Mapping[str, str] = field(default_factory=dict)
    """What the first character of a sum stands for: ``""`` or ``"-"``."""


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of line in a fixed-width file."""

    pattern: re.Pattern[str]
    """What the whole line, or its beginning, looks like."""
    places: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Profile:
    """How to read one kind of file."""

    name: str
    title: str
    kind: Kind
    form: Form
    encoding: str = ""
    """Empty: told from the content."""
    skip_lines: int = 0
    """Lines at the top that are no part of the file's content."""
    date_format: str = ""
    """As strptime has it; empty: every way that is clear."""
    account: str = ""
    account_pattern: re.Pattern[str] | None = None
    """Finds the account (its first group) in what stands above the table."""
    currency: str = ""
    acquirer: str = ""
    requires: tuple[str, ...] = ()
    """Headings that all stand in one row: how a table is recognised."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Which heading holds which field."""
    texts: tuple[str, ...] = ()
    """Headings whose texts together are the text of an entry."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Words of the column of kinds or directions, and the words that the reader knows for them."""
    unit: Literal["byte", "character"] = "byte"
    detail: Record | None = None
    header: Record | None = None
    trailer: Record | None = None
