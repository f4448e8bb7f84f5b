"""Names of people and firms: one way of writing them, and their pinyin initials (王小四 -> wxs).

The search box finds ``wxs``; the import keeps the initials beside each name. How characters
are read is handed in as ``letters_of``, since the dictionary is not part of the standard library.
Invariant: a name typed with full-width letters, other brackets or another middle dot is the same name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from counter.domain.text import BLANKS, HALF_WIDTH, MIDDLE_DOTS

PERSON_NAME_LENGTH_MAX = 4
"""Longer Chinese names are firms (or names with a middle dot), which have no surname to read."""

_SURNAMES = (
    "万俟mq 尉迟yc 长孙zs 单于cy 澹台tt 宰父zf 鲜于xy 单s 曾z 解x 仇q 查z 区o 朴p "
    "盖g 种c 重c 乐y 员y 冼x 覃q 秘b 繁p 翟z 折s 隗w 郇x 召s 祭z 乜n 句g 阚k 么y "
    "瞿q 缪m 尉w 长z 石s 沈s 车c 贾j 都d 盛s "
)
SURNAME_LETTERS: dict[str, str] = dict(re.findall("([^a-z ]+)([a-z]+)", _SURNAMES))
"""Surnames that are read otherwise than the character mostly is; the two-character ones come first."""

_SURNAME_LENGTHS = (2, 1)
_ONE_WAY = {
    **HALF_WIDTH,
    **dict.fromkeys(MIDDLE_DOTS, "\u00b7"),
    ord("("): "（",
    ord(")"): "）",
    ord("（"): "（",
    ord("）"): "）",
    **dict.fromkeys(BLANKS, " "),
}


def normalise_name(text: str) -> str:
    """The name in the one way of writing that is stored and searched.

    Letters and digits are half-width, round brackets full-width, middle dots ``·``; blanks stay only
    between two half-width characters, single. Everything else is kept as it is, rare characters too.
    """
    words = text.translate(_ONE_WAY).split()
    return "".join(_joined(words)) if words else ""


def initials(name: str, letters_of: Callable[[str], str]) -> str:
    """The lower-case pinyin initials of a normalised name.

    ``letters_of`` gives the initials of a run of characters. A surname of a person is read as such;
    a name longer than ``PERSON_NAME_LENGTH_MAX`` is a firm's and has none.
    """
    if len(name) <= PERSON_NAME_LENGTH_MAX:
        for length in _SURNAME_LENGTHS:
            letters = SURNAME_LETTERS.get(name[:length])
            if letters is not None:
                return letters + letters_of(name[length:])
    return letters_of(name)


def _joined(words: list[str]) -> list[str]:
    """The words, with a blank put back where both neighbours are half-width."""
    parts = [words[0]]
    for before, word in pairwise(words):
        parts += [" ", word] if before[-1].isascii() and word[0].isascii() else [word]
    return parts
