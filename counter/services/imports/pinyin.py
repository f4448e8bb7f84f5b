"""Pinyin initials by the dictionary of pypinyin, fast enough for every row of an import.

Invariant: pypinyin (a quarter of a second) is loaded with the first name, never at program start, and a
character is looked up once. A person's name is read character by character, after its surname; a firm's
by pypinyin's phrases, which know that 银行 is ``yh`` and 重庆 ``cq``.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from counter.domain import names

_MISSING_OR_MISREAD = {"𤋮": "x", "晟": "s"}
"""Characters of given names that pypinyin does not have, or has first as people do not say them."""


class _Letters(dict[int, str]):
    """A table for ``str.translate`` that fills itself: code point -> letter, or nothing."""

    def __missing__(self, code_point: int) -> str:
        """Look a character up once and keep the answer."""
        self[code_point] = letter = _letter(chr(code_point))
        return letter


_letters = _Letters()


def initials(name: str) -> str:
    """The lower-case pinyin initials of a normalised name; latin letters and digits stay."""
    is_person = len(name) <= names.PERSON_NAME_LENGTH_MAX
    return names.initials(name, _by_character if is_person else _by_phrase)


def _by_character(run: str) -> str:
    """The initials by the most usual reading of each character."""
    return run.translate(_letters)


def _by_phrase(run: str) -> str:
    """The initials by the reading that each character has in its phrase."""
    from pypinyin.seg.mmseg import seg

    return "".join(map(_phrase_letters, seg.cut(run)))


@lru_cache(maxsize=65_536)
def _phrase_letters(phrase: str) -> str:
    """The initials of one phrase as pypinyin cuts them; firms share most of theirs."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(phrase, style=Style.FIRST_LETTER, errors=_by_character))


def _letter(character: str) -> str:
    """One character's letter: itself when latin or a digit, else that of its usual reading."""
    from pypinyin.constants import PINYIN_DICT

    if character.isascii():
        return character.lower() if character.isalnum() else ""
    reading = _MISSING_OR_MISREAD.get(character) or PINYIN_DICT.get(ord(character), "")
    return unicodedata.normalize("NFD", reading)[:1].lower()
