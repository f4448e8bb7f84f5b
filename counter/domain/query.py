"""What was typed into the search box: which kinds of thing it can be, and the term to look up for each.

One text can be several things (``13812345678`` is a phone and may begin an account number), so the kinds
come in the order in which they are worth trying. Invariant: full-width and blank-ridden input means the
same as its plain form, and nothing that can be typed or pasted raises an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from counter.domain.addresses import normalise_address
from counter.domain.names import normalise_name
from counter.domain.phones import normalise_phone
from counter.domain.text import BLANKS, DASHES, HALF_WIDTH

QUERY_LENGTH_MAX = 100
"""Longer text was pasted by mistake; no name, address or number is that long."""

PHONE_SUFFIX_DIGITS_MIN = 4


class QueryKind(StrEnum):
    """What a text can be; each is looked up by an index of its own."""

    RECEIPT_NO = "receipt_no"
    ACCOUNT_NO = "account_no"
    METER_NO = "meter_no"
    PHONE = "phone"
    ACCOUNT_PREFIX = "account_prefix"
    PHONE_SUFFIX = "phone_suffix"
    NAME = "name"
    INITIALS = "initials"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of the text: what it may be, and the term in the form in which that is stored."""

    kind: QueryKind
    term: str


@dataclass(frozen=True, slots=True)
class Query:
    """The text as it was understood and its readings, the likeliest first; none means nothing to find."""

    text: str
    candidates: tuple[Candidate, ...]

    @property
    def kinds(self) -> tuple[QueryKind, ...]:
        """The kinds to try, in order."""
        return tuple(candidate.kind for candidate in self.candidates)


_PLAIN = {**HALF_WIDTH, **dict.fromkeys(BLANKS, " "), **dict.fromkeys(DASHES, "-")}
_NUMBER = re.compile(r"\+?[0-9][0-9 \-]*|\([0-9]{3,4}\)[0-9 \-]+")
_RECEIPT_NO = re.compile(
    r"([0-9]{4})-?([0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))-?([0-9]{4})", re.ASCII
)
_INITIALS = re.compile(r"[a-z][a-z0-9]*")
_ADDRESS_WORDS = frozenset("路街巷弄号幢栋室村镇区县苑园庄里坊楼组")
_ACCOUNT_DIGITS = range(10, 13)
_METER_DIGITS = 12


def recognise(text: str) -> Query:
    """The readings of ``text``; at most one of each kind."""
    plain = " ".join(text[: 4 * QUERY_LENGTH_MAX].translate(_PLAIN).split())
    if not plain or len(plain) > QUERY_LENGTH_MAX:
        return Query(plain[:QUERY_LENGTH_MAX], ())
    if _NUMBER.fullmatch(plain):
        return Query(plain, tuple(_number_readings(plain)))
    return Query(plain, tuple(_word_readings(plain)))


def _number_readings(plain: str) -> list[Candidate]:
    """What a text of digits, blanks and dashes can be."""
    digits = "".join(filter(str.isdecimal, plain))
    readings = []
    receipt = _RECEIPT_NO.fullmatch(plain.replace(" ", ""))
    if receipt:
        readings.append(Candidate(QueryKind.RECEIPT_NO, "-".join(receipt.groups())))
    if len(digits) in _ACCOUNT_DIGITS:
        readings.append(Candidate(QueryKind.ACCOUNT_NO, digits))
    if len(digits) == _METER_DIGITS:
        readings.append(Candidate(QueryKind.METER_NO, digits))
    readings += _phone_readings(plain)
    if len(digits) < max(_ACCOUNT_DIGITS):
        readings.append(Candidate(QueryKind.ACCOUNT_PREFIX, digits))
    return readings


def _phone_readings(plain: str) -> list[Candidate]:
    """A whole number (mobile, or landline with its area code), or the last four digits and more of one."""
    phone = normalise_phone(plain)
    if re.fullmatch("1[0-9]{10}|0[0-9]{9,11}", phone):
        return [Candidate(QueryKind.PHONE, phone)]
    digits = "".join(filter(str.isdecimal, plain))
    if PHONE_SUFFIX_DIGITS_MIN <= len(digits) < max(_ACCOUNT_DIGITS):
        return [Candidate(QueryKind.PHONE_SUFFIX, digits)]
    return []


def _word_readings(plain: str) -> list[Candidate]:
    """What a text with letters or characters can be."""
    squeezed = plain.replace(" ", "").replace(".", "").lower()
    if _INITIALS.fullmatch(squeezed):
        latin = plain.upper() if plain.islower() else plain  # firms write theirs in capitals: KTV
        return [Candidate(QueryKind.INITIALS, squeezed), Candidate(QueryKind.NAME, normalise_name(latin))]
    name = Candidate(QueryKind.NAME, normalise_name(plain))
    address = Candidate(QueryKind.ADDRESS, normalise_address(plain))
    if len(address.term) == 1:
        return [name]
    return [address, name] if _looks_like_address(plain) else [name, address]


def _looks_like_address(plain: str) -> bool:
    """Whether the text has a digit or a word of addresses, so that a name is the less likely reading."""
    return any(character.isdecimal() or character in _ADDRESS_WORDS for character in plain)
