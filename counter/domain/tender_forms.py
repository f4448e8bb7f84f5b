"""What each tender with a paper asks for, field by field, and how a POS slip is read as it is printed.

Invariant: a card number leaves this module masked; what makes a paper unique has one form (``reference``).
A kind is one small class in ``FORMS``; the row of ``tender_kind`` prescribes the form of its reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from counter.domain.tenders import Tender, TenderKind
from counter.domain.text import BLANKS, HALF_WIDTH

_TIDY: Final = {**HALF_WIDTH, **dict.fromkeys(BLANKS, "")}
_CARD_HEAD, _CARD_TAIL = 6, 4
_CARD = r"[0-9]{4,6}\*{4,12}[0-9]{4}"
_BANK = r"[^/]{1,40}"
SLIP_TEXT_MAX: Final = 4_000
"""No slip is longer; what is pasted beyond it is not read."""


@dataclass(frozen=True, slots=True)
class TenderForm:
    """One kind of paper: its fields with their forms, and which of them make it unique."""

    kind: TenderKind
    fields: Mapping[str, str]
    unique: tuple[str, ...]
    separator: str = ""
    optional: frozenset[str] = field(default_factory=frozenset)

    def tidy(self, name: str, text: str) -> str:
        """A field in half-width and without blanks; a whole card number is masked."""
        value = text.translate(_TIDY)
        return masked_card(value) if name == "card" else value.upper() if name == "terminal" else value

    def wrong(self, values: Mapping[str, str]) -> str:
        """The first field that does not have its form; empty when all have."""
        for name, form in self.fields.items():
            value = values.get(name, "")
            if not (name in self.optional and not value) and not _fits(name, form, value):
                return name
        return ""

    def tender(self, amount_fen: int, values: Mapping[str, str]) -> Tender:
        """The tender of ``amount_fen`` (1 or more) for values that have their form."""
        assert not self.wrong(values), "checked before"
        details = {"reference": self.separator.join(values[name] for name in self.unique)}
        details |= {
            name: values[name] for name in self.fields if name not in self.unique and values.get(name)
        }
        return Tender(self.kind, amount_fen, details=details)


def _fits(name: str, form: str, value: str) -> bool:
    """Whether a value has its form; a date must be one of the calendar."""
    if not re.fullmatch(form, value):
        return False
    if name == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
    return True


_DATE = r"20[0-9]{2}-[0-9]{2}-[0-9]{2}"
FORMS: Final[Mapping[TenderKind, TenderForm]] = {
    TenderKind.POS: TenderForm(
        TenderKind.POS,
        {
            "terminal": r"[0-9A-Z]{8}",
            "batch": r"[0-9]{6}",
            "trace": r"[0-9]{6}",
            "rrn": r"[0-9]{12}",
            "card": _CARD,
        },
        ("terminal", "batch", "trace"),
        "-",
    ),
    TenderKind.TRANSFER: TenderForm(
        TenderKind.TRANSFER,
        {
            "bank": _BANK,
            "slip": r"[0-9A-Za-z-]{1,40}",
            "date": _DATE,
            "payer": r"[0-9A-Za-z-]{4,40}",
            "payer_name": r".{0,60}",
        },
        ("bank", "slip"),
        "/",
        frozenset({"payer_name"}),
    ),
    TenderKind.CHEQUE: TenderForm(
        TenderKind.CHEQUE, {"bank": _BANK, "cheque": r"[0-9]{6,20}", "date": _DATE}, ("bank", "cheque"), "/"
    ),
    TenderKind.CARE_FUND: TenderForm(TenderKind.CARE_FUND, {}, ()),
    TenderKind.PREPAID: TenderForm(TenderKind.PREPAID, {}, ()),
}


def masked_card(text: str) -> str:
    """A card number with its middle starred; one that is masked already stays as it is."""
    digits = text.replace("-", "")
    if re.fullmatch(r"[0-9]{12,19}", digits):
        return digits[:_CARD_HEAD] + "*" * (len(digits) - _CARD_HEAD - _CARD_TAIL) + digits[-_CARD_TAIL:]
    return re.sub(r"[xX]", "*", digits)


_ON_SLIP: Final = {
    "terminal": r"(?:终端(?:编?号)?|TERMINAL(?:\s*(?:NO|ID))?|TID)[^0-9A-Z\n]{0,20}([0-9A-Z]{8})(?![0-9A-Z])",
    "batch": r"(?:批次号?|BATCH(?:\s*NO)?)[^0-9\n]{0,20}([0-9]{6})(?![0-9])",
    "trace": r"(?:凭证号?|流水号|VOUCHER(?:\s*NO)?|TRACE(?:\s*NO)?)[^0-9\n]{0,20}([0-9]{6})(?![0-9])",
    "rrn": r"(?:参考号|REFER(?:ENCE)?(?:\s*NO)?|REF\.?\s*NO|RRN)[^0-9\n]{0,20}([0-9]{12})(?![0-9])",
    "card": r"(?:卡号|CARD(?:\s*(?:NO|NUMBER))?)[^0-9\n]{0,20}([0-9][0-9 *X]{10,24}[0-9])",
}


def read_pos_slip(text: str) -> dict[str, str]:
    """The fields that a pasted slip in Chinese or English shows; those that it does not show are left out."""
    slip = text[:SLIP_TEXT_MAX].translate(HALF_WIDTH).upper()
    found = {name: re.search(form, slip) for name, form in _ON_SLIP.items()}
    form = FORMS[TenderKind.POS]
    return {name: form.tidy(name, hit[1]) for name, hit in found.items() if hit}
