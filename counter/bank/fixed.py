"""Files of fixed width: each record is cut by its profile into a row of a table, which is then read as one.

Invariant: every line that is not blank is one of the profile's records, or the file is refused with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from counter.bank.cells import Cell
from counter.bank.profiles import Place, Profile, Record
from counter.bank.sheets import Table
from counter.bank.statement import UnreadableError

LOOK_LINES: Final = 2
"""So many lines at the top tell whether a profile fits."""
WORDS: Final = {
    "settled": "清算日期",
    "acquirer": "收单机构",
    "account": "账号",
    "count": "总笔数",
    "amount": "交易总金额",
    "fee": "总手续费",
    "net": "结算总金额",
    "credit": "贷方",
    "debit": "借方",
}
"""What a header says, in the words that the readers of tables look for above the headings."""
_WORDED: Final = ("kind", "direction", "card_class", "state", "currency")
"""Fields whose codes a profile translates."""
_BARE: Final = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}
"""Encodings that would put a mark in front of every line."""


def fits(profile: Profile, text: str) -> bool:
    """Whether the first lines of a file are records of this profile, a detail or a header first."""
    top = [line for line in _lines(text, profile.skip_lines, LOOK_LINES) if line[0].strip()]
    kinds = [_record_of(profile, line) for line, _at in top]
    return bool(kinds) and None not in kinds and kinds[0] is not profile.trailer


def table_of(profile: Profile, text: str, encoding: str) -> Table:
    """Every record as a row: those of the header above the headings, those of the trailer as totals.

    Raises UnreadableError with the line of a record that is not known or too short.
    """
    assert profile.detail is not None
    names, encoding = list(profile.detail.places), _BARE.get(encoding, encoding)
    above, body, lines = list[list[str]](), list[list[str]](), list[int]()
    for line, at in _lines(text, profile.skip_lines, None):
        if not line.strip():
            continue
        record = _record_of(profile, line)
        if record is None:
            raise UnreadableError(f"no record of the profile {profile.name}", line=at, hint="row")
        told = _cut(profile, record, line, encoding, at)
        if record is profile.header:
            above.append([f"{WORDS[name]}: {value}" for name, value in told.items()])
        elif record is profile.trailer:
            count = f"合计 {told['count'].lstrip('0') or '0'} 笔" if "count" in told else "合计"
            body.append([*(told.get(name, "") for name in names), count])
            lines.append(at)
        else:
            body.append([*told.values(), ""])
            lines.append(at)
    head = len(above)
    rows = zip(body, lines, strict=True)
    kept = list[tuple[Sequence[Cell], int]](rows)
    return Table([*above, [*names, ""]], range(1, head + 2), head, lambda: kept)


def _lines(text: str, skip: int, most: int | None) -> Iterator[tuple[str, int]]:
    """Lines with their numbers, one after the other; ends at an end-of-file mark (1A)."""
    start, number, given = 0, 0, 0
    while start < len(text) and (most is None or given < most):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        number += 1
        line, start = text[start:end].rstrip("\r\x1a"), end + 1
        if number > skip and line.strip():
            given += 1
            yield line, number


def _record_of(profile: Profile, line: str) -> Record | None:
    """Which record a line is; None when it is none."""
    records = (profile.header, profile.trailer, profile.detail)
    return next((record for record in records if record and record.pattern.match(line)), None)


def _cut(profile: Profile, record: Record, line: str, encoding: str, at: int) -> dict[str, str]:
    """The fields of a record. Raises UnreadableError where the line is too short for one."""
    raw = line.encode(encoding) if profile.unit == "byte" else b""
    told = dict[str, str]()
    for name, place in record.places.items():
        end = place.at + place.length
        if end > (len(raw) if profile.unit == "byte" else len(line)):
            raise UnreadableError("the record is too short", line=at, hint="row")
        part = _decoded(raw[place.at : end], encoding, at) if raw else line[place.at : end]
        told[name] = profile.words.get(part.strip(), part.strip()) if name in _WORDED else part.strip()
        if place.decimals >= 0 or place.signs:
            told[name] = _sum(told[name], place, at)
    return told


def _decoded(part: bytes, encoding: str, at: int) -> str:
    """A piece of a record. Raises UnreadableError where it cuts a character in two."""
    try:
        return part.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError("a field begins or ends inside a character", line=at, hint="row") from error


def _sum(text: str, place: Place, at: int) -> str:
    """A sum with its sign and its decimal point. Raises UnreadableError for what is no digits."""
    sign = ""
    if place.signs and text:
        if text[0] not in place.signs:
            raise UnreadableError("a sum without its sign", line=at, hint="amount")
        sign, text = place.signs[text[0]], text[1:].strip()
    elif text[:1] in {"+", "-"}:
        sign, text = text[0].replace("+", ""), text[1:].strip()
    if place.decimals < 0 or not text:
        return sign + text
    if not (text.isascii() and text.isdigit()):
        raise UnreadableError("a sum that is no digits", line=at, hint="amount")
    digits = text.zfill(place.decimals + 1)
    whole = digits[: len(digits) - place.decimals].lstrip("0") or "0"
    return f"{sign}{whole}.{digits[len(digits) - place.decimals :]}" if place.decimals else sign + whole
