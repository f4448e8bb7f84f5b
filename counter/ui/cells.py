"""Text measured in terminal cells: a Chinese character is two, and columns must not shift for a name.

Invariant: ``fit`` answers exactly the asked number of cells, whatever it was given.
"""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len, get_character_cell_size

CUT = ".."
"""What a cut text ends with; the one-character ellipsis is drawn two cells wide by many terminals."""

_NEVER_SHOWN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def plain(text: str) -> str:
    """``text`` on one line, without anything that a terminal would obey instead of show."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if unicodedata.category(mark) in _NEVER_SHOWN else mark for mark in text)


def clip(text: str, cells: int) -> str:
    """``text`` cut to at most ``cells`` cells, with two dots where something was left out."""
    shown = plain(text)
    if cell_len(shown) <= cells:
        return shown
    return _head(shown, max(0, cells - len(CUT))) + CUT[: max(0, cells)]


def fit(text: str, cells: int, *, right: bool = False) -> str:
    """``text`` in exactly ``cells`` cells: cut when longer, filled with blanks when shorter."""
    shown = clip(text, cells)
    blanks = " " * (cells - cell_len(shown))
    return blanks + shown if right else shown + blanks


def _head(text: str, cells: int) -> str:
    """The longest beginning of ``text`` that takes no more than ``cells`` cells."""
    used = 0
    for index, mark in enumerate(text):
        used += get_character_cell_size(mark)
        if used > cells:
            return text[:index]
    return text
