"""Phone numbers as digits only, so that one number has one way of being stored and searched.

Invariant: what is kept is 7 to 12 ASCII digits: a mobile number, or a landline with or without area code.
"""

from __future__ import annotations

from counter.domain.text import BLANKS, DASHES, HALF_WIDTH

PHONE_DIGITS_MIN = 7
PHONE_DIGITS_MAX = 12
_MOBILE_DIGITS = 11
_COUNTRY_CODE = "86"
_SEPARATORS = dict.fromkeys((*BLANKS, *DASHES, *map(ord, "-()")))


def normalise_phone(text: str) -> str:
    """The digits of a phone number written with blanks, dashes, brackets or +86; empty when it is none."""
    bare = text.translate(HALF_WIDTH).translate(_SEPARATORS)
    digits = bare.removeprefix("+")
    if digits.startswith(_COUNTRY_CODE) and len(digits) == len(_COUNTRY_CODE) + _MOBILE_DIGITS:
        digits = digits.removeprefix(_COUNTRY_CODE)
    is_number = digits.isascii() and digits.isdigit()
    return digits if is_number and PHONE_DIGITS_MIN <= len(digits) <= PHONE_DIGITS_MAX else ""
