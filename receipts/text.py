"""Text as it can be set in type: cleaned of what has no glyph, broken into lines, shrunk to fit.

Nothing here shortens a text silently: a name of 60 characters takes more lines or smaller type,
and only what would not fit at the smallest size either ends in an ellipsis.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from receipts.fonts import Font

_SMALLEST_SIZE = 6.0
_STEP = 0.5
_ELLIPSIS = "…"
_PART_GAP = "  "
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


class Fitted(NamedTuple):
    """Lines of text and the size, in points, at which they fit."""

    lines: tuple[str, ...]
    size: float


def clean(text: str) -> str:
    """``text`` on one line: line ends and tabs are blanks, marks without a shape are left out."""
    kept = (" " if character in "\r\n\t\v\f" else character for character in text)
    return "".join(character for character in kept if not _shapeless(character)).strip()


def _shapeless(character: str) -> bool:
    """Control, format and variation characters: they have no glyph and must not look missing."""
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return True
    return any(ord(character) in selectors for selectors in _SELECTORS)


def fit(font: Font, text: str, *, size: float, width: float, lines: int = 1) -> Fitted:
    """``text`` in at most ``lines`` lines of ``width``, at ``size`` or as little smaller as needed.

    At the smallest size the line count gives way first, up to three times ``lines``; what is still
    too long ends in an ellipsis. All measures are points.
    """
    tried = size
    while True:
        broken = wrap(font, text, size=tried, width=width)
        if len(broken) <= lines:
            return Fitted(broken, tried)
        if tried - _STEP < _SMALLEST_SIZE:
            return Fitted(_shortened(broken, 3 * lines), tried)
        tried -= _STEP


def fit_line(font: Font, text: str, *, size: float, width: float) -> tuple[str, float]:
    """``text`` on one line, and its size; below the smallest size the end becomes an ellipsis."""
    fitted = fit(font, text, size=size, width=width)
    if len(fitted.lines) == 1:
        return fitted.lines[0], fitted.size
    room = width - font.width(_ELLIPSIS, fitted.size)
    return text[: _longest_head(font, text, fitted.size, room)] + _ELLIPSIS, fitted.size


def flow(font: Font, parts: Sequence[str], *, size: float, width: float) -> tuple[str, ...]:
    """``parts`` side by side in as few lines as they need; one that fits a line is not broken."""
    lines: list[str] = []
    for part in parts:
        joined = lines[-1] + _PART_GAP + part if lines else part
        if lines and font.width(joined, size) <= width:
            lines[-1] = joined
        else:
            lines.extend(wrap(font, part, size=size, width=width))
    return tuple(lines)


def _shortened(lines: tuple[str, ...], most: int) -> tuple[str, ...]:
    """The first ``most`` lines, with an ellipsis where something had to go."""
    if len(lines) <= most:
        return lines
    return (*lines[: most - 1], lines[most - 1][:-1] + _ELLIPSIS)


def wrap(font: Font, text: str, *, size: float, width: float) -> tuple[str, ...]:
    """``text`` in lines no wider than ``width``, broken between CJK characters, not in a word."""
    if font.width(text, size) <= width:
        return (text,)
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and font.width(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while font.width(line.rstrip(), size) > width and len(line) > 1:
            head = _longest_head(font, line, size, width)
            lines.append(line[:head])
            line = line[head:]
    return (*lines, line.rstrip()) if line.strip() else tuple(lines)


def _longest_head(font: Font, text: str, size: float, width: float) -> int:
    """How many characters of one long word fit a line; never less than one."""
    head = 1
    while head < len(text) and font.width(text[: head + 1], size) <= width:
        head += 1
    return head


def _pieces(text: str) -> list[str]:
    """What must stay together: words of Latin letters and digits with the blank after them."""
    pieces: list[str] = []
    for character in text:
        joins = pieces and _latin(pieces[-1][-1]) and (_latin(character) or character == " ")
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _latin(character: str) -> bool:
    """Whether ``character`` belongs to a word that is not broken."""
    return "!" <= character < "\u2e80" and character not in "，。、；：（）"
