"""Card numbers as they may be kept: six digits at the front, four at the end, stars between.

Invariant: nothing that leaves here holds a whole card number, whatever was in the file.
"""

from __future__ import annotations

import re

_FIRST, _LAST = 6, 4
_WHOLE = re.compile(r"(?<![0-9])[0-9](?:[ \-]?[0-9]){11,18}(?![0-9])")
_CARD = re.compile(r"(?<![0-9])(?:62[0-9]{14,17}|(?:4|5[1-5]|35)[0-9]{14,15}|3[47][0-9]{13})(?![0-9])")
"""By first digits and length: UnionPay, Visa, Mastercard, JCB, American Express."""
_BETWEEN = re.compile(r"[\s\-]+")
_MASK = re.compile(r"[*xX•●#.?_]+")
_MASKED = re.compile(r"([0-9]*)([*]+)([0-9]*)")
_LAST_DIGITS = re.compile(r"[0-9]{1,4}")


def masked(text: str) -> str:
    """A card as the file has it, in the one masked form; empty where it is none that can be told."""
    bare = _MASK.sub(lambda found: "*" * len(found[0]), _BETWEEN.sub("", text))
    if _LAST_DIGITS.fullmatch(bare):
        return "*" + bare
    if bare.isascii() and bare.isdigit():
        return _hidden(bare)
    found = _MASKED.fullmatch(bare)
    if not found:
        return ""
    front, stars, end = found[1], found[2], found[3]
    cut = max(len(front) - _FIRST, 0) + max(len(end) - _LAST, 0)
    return front[:_FIRST] + stars + "*" * cut + (end[-_LAST:] if end else "")


def _hidden(digits: str) -> str:
    """Digits alone; of what is too short for a card only the end is left."""
    front = _FIRST if len(digits) > _FIRST + _LAST else 0
    return digits[:front] + "*" * (len(digits) - front - _LAST) + digits[-_LAST:]


def without_cards(text: str) -> str:
    """A sentence in which whatever may be a whole card number (12 to 19 digits) is masked."""
    return _WHOLE.sub(lambda found: _hidden(re.sub("[^0-9]", "", found[0])), text)


def hidden_cards(text: str) -> str:
    """A text of a bank in which every card number is masked; other numbers, such as accounts, stay."""
    if not text or not any(map(str.isdigit, text)):
        return text
    return _CARD.sub(lambda found: _hidden(found[0]) if _is_valid(found[0]) else found[0], text)


def _is_valid(digits: str) -> bool:
    """Whether the last digit is the one that belongs to the others (Luhn), as on every card."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(sum(divmod(two, 10)) for two in doubled)) % 10 == 0
