"""The :86: text of MT940: structured by ?NN or >NN codes (German, Triodos), by /CODE/ words (Dutch), or free.

Invariant: no word of the text is lost; what is not understood stays text. Money is never read from here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBERED = re.compile(r"^[0-9]{3}(?P<mark>[?>@~^+])[0-9]{2}")
_TEXT_CODES = ("20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "60", "61", "62", "63")
_WORD = re.compile(r"/(NAME|IBAN|REMI|BENM|ORDP|EREF|MARF|CSID|TRTP|BIC|CNTP|ADDR|ISDT|PURP|ID|SVCL)/")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}")


@dataclass(frozen=True, slots=True)
class Told:
    """What a text says: the remittance text, the other party and its account."""

    text: str = ""
    party: str = ""
    party_account: str = ""


def read_details(lines: list[str], supplement: list[str]) -> Told:
    """Read the :86: lines, with what stood below the :61: line as a stand-in. Never fails."""
    whole = "".join(lines)
    numbered = _NUMBERED.match(whole)
    if numbered:
        return _numbered(whole, numbered["mark"])
    if whole.startswith("/"):
        return _worded(whole, supplement)
    text = " ".join(part for line in lines for part in line.split())
    if not text:
        text = " ".join(part for line in supplement for part in line.split())
    return Told(text=text, party_account=_account_below(supplement))


def _numbered(whole: str, mark: str) -> Told:
    """``166?00...?20...?31account?32name``: 20-29 and 60-63 are the text, 31 the account, 32-33 the name."""
    parts = dict[str, str]()
    for piece in whole[3:].split(mark)[1:]:
        code, content = piece[:2], piece[2:]
        if code.isdecimal():
            parts[code] = parts.get(code, "") + content
        else:
            parts[""] = parts.get("", "") + mark + piece
    text = "".join(parts.get(code, "") for code in _TEXT_CODES) or parts.get("00", "")
    name = parts.get("32", "") + parts.get("33", "")
    return Told((text + parts.get("", "")).strip(), name.strip(), parts.get("31", "").strip())


def _worded(whole: str, supplement: list[str]) -> Told:
    """``/NAME/.../REMI/...``: REMI is the text, or all of it when there is none."""
    words = _WORD.split(whole)
    parts = dict(zip(words[1::2], words[2::2], strict=False))
    account, name = parts.get("IBAN", ""), parts.get("NAME", "")
    if "CNTP" in parts:
        pieces = parts["CNTP"].split("/")
        account, name = pieces[0], pieces[2] if len(pieces) > 2 else ""  # noqa: PLR2004
    text = parts.get("REMI", "").removeprefix("USTD//").strip("/ ")
    return Told(text or whole.strip(), name.strip(" /"), account.strip(" /") or _account_below(supplement))


def _account_below(supplement: list[str]) -> str:
    """An account that stands alone below the :61: line (Rabobank)."""
    first = supplement[0].strip() if supplement else ""
    return first if _IBAN.fullmatch(first) else ""
