"""The manner in which one kind of table is written: by the headings that are known, or as a profile says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from counter.bank import headings, pos_headings
from counter.bank.cells import Cell, text_of
from counter.bank.profiles import Profile

Finder = Callable[[Sequence[Cell]], Mapping[str, int]]
"""Tells which column holds what where a row is a heading of the wanted kind of table; else empty."""


@dataclass(frozen=True, slots=True)
class Manner:
    """What readers of tables have to know beside the rows."""

    columns_of: Finder
    skip_rows: int = 0
    date_format: str = ""
    account: str = ""
    account_pattern: re.Pattern[str] | None = None
    currency: str = ""
    acquirer: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def word(self, cell: Cell) -> str:
        """A word of a column of kinds or directions, as the reader knows it."""
        text = text_of(cell)
        return self.words.get(text, text)

    def moment(self, cell: Cell) -> datetime | None:
        """A moment in the format of the profile; None where it is none."""
        try:
            return datetime.strptime(text_of(cell), self.date_format)  # noqa: DTZ007  # files have no zone
        except ValueError:
            return None


STATEMENT = Manner(headings.columns_of)
SETTLEMENT = Manner(pos_headings.columns_of)


def manner_of(profile: Profile) -> Manner:
    """As a profile says."""
    return Manner(
        _named(profile) if profile.form == "fixed" else _required(profile),
        profile.skip_lines if profile.form == "table" else 0,
        profile.date_format,
        profile.account,
        profile.account_pattern,
        profile.currency,
        profile.acquirer,
        profile.words,
    )


def _named(profile: Profile) -> Finder:
    """A heading is the row that has the fields' own names."""
    names = list(profile.detail.places) if profile.detail else []

    def columns_of(row: Sequence[Cell]) -> Mapping[str, int]:
        if list(row[: len(names)]) != names:
            return {}
        return {"text0" if name == "text" else name: index for index, name in enumerate(names)}

    return columns_of


def _required(profile: Profile) -> Finder:
    """A heading is the row that has all that is required."""
    wanted = frozenset(map(headings.plain, profile.requires))
    fields = {headings.plain(heading): name for name, heading in profile.columns.items()}
    texts = {headings.plain(heading): f"text{index}" for index, heading in enumerate(profile.texts)}

    def columns_of(row: Sequence[Cell]) -> Mapping[str, int]:
        found = [headings.plain(cell) if isinstance(cell, str) else "" for cell in row]
        if not wanted.issubset(found):
            return {}
        known = {**texts, **fields}
        return {known[heading]: index for index, heading in enumerate(found) if heading in known}

    return columns_of
