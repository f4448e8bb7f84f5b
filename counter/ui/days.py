"""Days as people type them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_DAY = re.compile(r"([0-9]{4})[-/.]?([0-9]{1,2})[-/.]?([0-9]{1,2})")


def read_day(text: str) -> date | None:
    """A day as people type it, 2026-12-31, 2026/12/31 or 20261231, also full-width; else None."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text.strip()))
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
