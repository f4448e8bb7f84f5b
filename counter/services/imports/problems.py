"""What can be wrong with a file: a line's problems, and the refusal of a file that cannot be read at all.

Invariant: a problem is data (line, column, reason, the text as it stands); the sentence is made when it
is shown, in the language of the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from counter.errors import Refusal

SHOWN_LENGTH_MAX = 60


class Reason(StrEnum):
    """Why a line is not taken."""

    FIELD_COUNT = "field_count"
    OPEN_QUOTE = "open_quote"
    NUL_BYTE = "nul_byte"
    MISSING = "missing"
    TOO_LONG = "too_long"
    BAD_ACCOUNT_NO = "bad_account_no"
    BAD_METER_NO = "bad_meter_no"
    BAD_PHONE = "bad_phone"
    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_HALL = "unknown_hall"
    BAD_PERIOD = "bad_period"
    BAD_PART = "bad_part"
    BAD_KWH = "bad_kwh"
    BAD_DATE = "bad_date"
    AMOUNT_NOT_A_NUMBER = "amount_not_a_number"
    AMOUNT_NEGATIVE = "amount_negative"
    AMOUNT_ZERO = "amount_zero"
    AMOUNT_TOO_LARGE = "amount_too_large"
    AMOUNT_TOO_MANY_DECIMALS = "amount_too_many_decimals"
    AMOUNT_BAD_GROUPING = "amount_bad_grouping"
    DUPLICATE_ACCOUNT = "duplicate_account"
    UNKNOWN_ACCOUNT = "unknown_account"
    DUPLICATE_BILL = "duplicate_bill"
    BILLED_OTHERWISE = "billed_otherwise"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong on one line (numbered from 1, the headings' line included).

    ``column`` is the column's identifier, empty when it is about the whole line; ``found`` is what
    stands there, or what it contradicts, cut to ``SHOWN_LENGTH_MAX`` characters.
    """

    line_no: int
    column: str
    reason: Reason
    found: str = ""


class FieldError(ValueError):
    """A field's text cannot be taken; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason; the text is known to who asked."""
        super().__init__(reason.value)
        self.reason = reason


class FileRefused(Refusal):
    """The file cannot be read as what it should be; nothing was imported."""
