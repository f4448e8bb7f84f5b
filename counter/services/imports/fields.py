"""What each field of a file may hold, and its one form in the database.

A reader takes the text as it stands and gives the form, or raises FieldError. Invariant: a reader first
tries the form that nearly every field has, in a third of a microsecond, and is lenient only after that
(blanks, full-width digits, Chinese or English words); a form is never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from counter.domain.addresses import normalise_address
from counter.domain.money import AmountError, AmountFault, format_yuan, parse_yuan
from counter.domain.names import normalise_name
from counter.domain.phones import normalise_phone
from counter.domain.text import BLANKS, DASHES, HALF_WIDTH
from counter.services.imports.problems import FieldError, Reason

Reader = Callable[[str], str]

NAME_LENGTH_MAX = 100
ADDRESS_LENGTH_MAX = 200
_REMEMBERED_MAX = 4_096
_COMPACT_DATE_LENGTH = 8
_KWH_DIGITS_MAX = 10
_MOBILE_DIGITS = 11
_PLAIN = {**HALF_WIDTH, **dict.fromkeys(BLANKS), **dict.fromkeys(DASHES, "-")}
_DATE = re.compile(r"([0-9]{4})([-/.年]?)([0-9]{1,2})([-/.月]?)([0-9]{1,2})日?")
_PERIOD = re.compile(r"([12][0-9]{3})[-/.年]?(0?[1-9]|1[0-2])月?")
_AMOUNT_FAULTS = {
    AmountFault.EMPTY: Reason.MISSING,
    AmountFault.NOT_A_NUMBER: Reason.AMOUNT_NOT_A_NUMBER,
    AmountFault.NEGATIVE: Reason.AMOUNT_NEGATIVE,
    AmountFault.ZERO: Reason.AMOUNT_ZERO,
    AmountFault.TOO_LARGE: Reason.AMOUNT_TOO_LARGE,
    AmountFault.TOO_MANY_DECIMALS: Reason.AMOUNT_TOO_MANY_DECIMALS,
    AmountFault.BAD_GROUPING: Reason.AMOUNT_BAD_GROUPING,
}


def plain(text: str) -> str:
    """A code or number in half-width, without blanks and what spreadsheets put round it (``="…"``, ``'``)."""
    bare = text.translate(_PLAIN)
    return bare[2:-1] if bare.startswith('="') and bare.endswith('"') else bare.removeprefix("'")


def digits(pattern: str, reason: Reason, *, optional: bool = False) -> Reader:
    """A reader of codes that match ``pattern``; an empty one is MISSING unless it is optional."""
    matches = re.compile(pattern, re.ASCII).fullmatch

    def read(text: str) -> str:
        if matches(text):
            return text
        bare = plain(text)
        if not bare and optional:
            return ""
        if not matches(bare):
            raise FieldError(reason if bare else Reason.MISSING)
        return bare

    return read


def words(forms: Mapping[str, str], reason: Reason = Reason.UNKNOWN_WORD) -> Reader:
    """A reader of a few words, compared in lower case without blanks; each text is looked at once."""
    known = {plain(word).lower(): form for word, form in forms.items()}

    def find(text: str) -> str:
        form = known.get(plain(text).lower())
        if form is None:
            raise FieldError(reason if plain(text) else Reason.MISSING)
        return form

    return remembered(find)


def remembered(read: Reader) -> Reader:
    """The reader with a memory of bounded size, for columns that hold few different texts."""
    memory: dict[str, str] = {}

    def recall(text: str) -> str:
        form = memory.get(text)
        if form is None:
            if len(memory) >= _REMEMBERED_MAX:
                memory.clear()
            form = memory[text] = read(text)
        return form

    return recall


def read_name(text: str) -> str:
    """A customer's name, 1 to ``NAME_LENGTH_MAX`` characters after normalising."""
    name = normalise_name(text)
    if not name:
        raise FieldError(Reason.MISSING)
    if len(name) > NAME_LENGTH_MAX:
        raise FieldError(Reason.TOO_LONG)
    return name


def read_address(text: str) -> str:
    """An address, which may be empty, of at most ``ADDRESS_LENGTH_MAX`` characters after normalising."""
    address = normalise_address(text)
    if len(address) > ADDRESS_LENGTH_MAX:
        raise FieldError(Reason.TOO_LONG)
    return address


def read_phone(text: str) -> str:
    """A phone number as its digits, or nothing."""
    if len(text) == _MOBILE_DIGITS and text.isascii() and text.isdigit():
        return text
    phone = normalise_phone(text)
    if not phone and plain(text):
        raise FieldError(Reason.BAD_PHONE)
    return phone


def amounts(*, allow_zero: bool = False, optional: bool = False) -> Reader:
    """A reader of yuan whose form is plain digits with two decimals."""
    matches = re.compile(r"[1-9][0-9]{0,8}\.[0-9]{2}", re.ASCII).fullmatch

    def read(text: str) -> str:
        if matches(text):
            return text
        bare = plain(text)
        if not bare and optional:
            return ""
        try:
            return format_yuan(parse_yuan(bare, allow_zero=allow_zero)).replace(",", "")
        except AmountError as error:
            raise FieldError(_AMOUNT_FAULTS[error.reason]) from error

    return read


def read_kwh(text: str) -> str:
    """A whole number of kWh from 0, with or without thousands commas and decimals that are all 0."""
    if text.isascii() and text.isdigit() and len(text) < _KWH_DIGITS_MAX:
        return text
    bare = plain(text)
    match = re.fullmatch(r"([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.0+)?", bare, re.ASCII)
    if not match:
        raise FieldError(Reason.BAD_KWH if bare else Reason.MISSING)
    return match[1].replace(",", "")


def read_period(text: str) -> str:
    """A billing month written ``2026-10``, ``202610`` or ``2026年10月``, as ``202610``."""
    bare = plain(text)
    match = _PERIOD.fullmatch(bare)
    if not match:
        raise FieldError(Reason.BAD_PERIOD if bare else Reason.MISSING)
    return f"{match[1]}{int(match[2]):02d}"


def read_part(text: str) -> str:
    """Which part of a month's settlement, 1 to 99; 1 when nothing stands there."""
    bare = plain(text) or "1"
    if not re.fullmatch("0?[1-9]|[1-9][0-9]", bare, re.ASCII):
        raise FieldError(Reason.BAD_PART)
    return str(int(bare))


def read_date(text: str) -> str:
    """A day written ``2026-10-25``, ``20261025``, ``2026/10/25`` or with 年月日, as the first of these."""
    bare = plain(text)
    match = _DATE.fullmatch(bare)
    if (
        not match
        or (match[2] == "") != (match[4] == "")
        or (match[2] == "" and len(bare) != _COMPACT_DATE_LENGTH)
    ):
        raise FieldError(Reason.BAD_DATE if bare else Reason.MISSING)
    try:
        return date(int(match[1]), int(match[3]), int(match[5])).isoformat()
    except ValueError as error:
        raise FieldError(Reason.BAD_DATE) from error
