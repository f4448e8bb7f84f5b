"""MT940 and MT942 (SWIFT customer statements) in the dialects that banks send.

Invariant: every :61: line becomes one entry of the sum it states, or the whole file is refused with its line.
C and RD are money in, D and RC money out. A balance is taken as written, even where it does not tie.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from counter.bank.mt940_fields import (
    Balance,
    Line,
    read_account,
    read_balance,
    read_floor,
    read_line,
    read_page,
)
from counter.bank.mt940_text import Told, read_details
from counter.bank.source import Source, lines_of, texts_of
from counter.bank.spool import Collected, Spool
from counter.bank.statement import FINAL, INTERIM, Entry, Statement, StatementFile, UnreadableError

_TAG = re.compile(r":(20|21|25P?|28C?|34F|13D?|60[FM]|61|62[FM]|64|65|86|90[CD]|NS):")
_FITS = re.compile(
    r"^:(?:25P?:.|60[FM]:[A-Z]{0,2}[0-9]|61:[0-9]{6}|62[FM]:[A-Z]{0,2}[0-9]|34F:[A-Z]{3})", re.MULTILINE
)
_HEAD = re.compile(r"^(?:\{1:|:9[0-9]{2}:|-\}|-XXX|-$|\s*-\s*$)")
_HEAD_BEGINS = "{:- \t"
_FRAMING = "\x01\x03\x1a\ufeff"
"""What some systems put between two messages: start and end of text, and the old end-of-file mark."""

_BLANK_MAX = 1_000
_TEXT_LINES_MAX = 400
"""A text longer than this is no remittance text: the file has lost its structure."""


@dataclass(slots=True)
class _Field:
    """One tag with its lines."""

    tag: str
    lines: list[str]
    at: int
    """The line in the file, from 1."""
    whole: bool = True
    """Whether a line end follows: the last field of a cut file has none."""


@dataclass(slots=True)
class _Page:
    """One message while it is read."""

    entries: Collected
    account: str = ""
    number: tuple[str, int] = ("", 0)
    currency: str = ""
    opening: Balance | None = None
    closing: Balance | None = None
    line: Line | None = None
    told: list[str] = field(default_factory=list)
    supplement: list[str] = field(default_factory=list)
    at: int = 0
    floor: bool = False


def fits(data: bytes, text: str | None) -> bool:
    """Whether it has the tags of an MT940 or MT942 at the start of lines."""
    del data
    return text is not None and _FITS.search(text) is not None


def read(data: bytes, text: str | None, encoding: str) -> StatementFile:
    """Read every statement. Raises UnreadableError with the line that cannot be understood."""
    del data
    if text is None:
        raise UnreadableError("The file is no text.", hint="binary")
    return _read(texts_of(text), encoding)


def read_source(source: Source, encoding: str) -> StatementFile:
    """The same of a file that may be large."""
    return _read(source.texts(encoding), encoding)


def _read(texts: Iterator[str], encoding: str) -> StatementFile:
    """Every statement in the pieces of a text."""
    pages = list(_pages(texts, Spool()))
    if not pages:
        raise UnreadableError("There is no statement in the file.", hint="nothing")
    interim = all(map(_is_interim, pages))
    statements = tuple(_statement(page) for page in _joined(pages))
    return StatementFile("mt942" if interim else "mt940", encoding, statements)


def _is_interim(page: _Page) -> bool:
    """Whether it is a report during the day (MT942), which has a floor limit and no balances."""
    return page.floor and page.opening is None


class _Ahead:
    """Lines with a look at what follows."""

    def __init__(self, lines: Iterator[tuple[str, bool]]) -> None:
        """``lines`` say whether each has an end."""
        self._lines, self._seen = lines, deque[tuple[str, bool]]()

    def __iter__(self) -> Iterator[tuple[str, bool]]:
        """All of them."""
        while True:
            found = self._seen.popleft() if self._seen else next(self._lines, None)
            if found is None:
                return
            yield found

    def following(self) -> str:
        """The next line with anything on it; empty at the end, or when some thousand are blank."""
        for line, _ in self._seen:
            if line.strip():
                return line
        for found in islice(self._lines, _BLANK_MAX):
            self._seen.append(found)
            if found[0].strip():
                return found[0]
        return ""


def _fields(texts: Iterator[str]) -> Iterator[_Field | None]:
    """The tagged fields in order; None between two messages."""
    current: _Field | None = None
    lines = _Ahead(lines_of(texts))
    for at, (line, whole) in enumerate(lines, 1):
        raw = line.lstrip(_FRAMING) if line[:1] in _FRAMING else line
        found = _TAG.match(raw) if raw[:1] == ":" else None
        if found:
            if current:
                yield current
            current = _Field(found[1], [raw[found.end() :]], at, whole)
        elif _ends_message(raw, lines):
            if current:
                yield current
            current = None
            yield None
        elif current:
            current.lines.append(raw)
            current.whole = whole
            if len(current.lines) > _TEXT_LINES_MAX:
                raise UnreadableError("A text goes on without an end.", line=at, hint="endless")
    if current:
        yield current


def _ends_message(raw: str, lines: _Ahead) -> bool:
    """Whether a line closes or opens a message: a dash alone may also be text, when text or a tag follows."""
    if raw[:1] not in _HEAD_BEGINS or not _HEAD.match(raw):
        return False
    if raw.strip() != "-":
        return True
    following = lines.following()
    return _TAG.match(following) is None or following.startswith(":20:")


def _pages(texts: Iterator[str], spool: Spool) -> Iterator[_Page]:
    """One page for each message, or for each run of tags that begins anew."""
    page = _Page(Collected(spool))
    for part in _fields(texts):
        if part is None or _begins(part, page):
            _finish_line(page)
            if _has_something(page):
                yield page
            inherits = part is not None and part.tag.startswith("60")
            page = _Page(Collected(spool), account=page.account if inherits else "")
        if part is not None:
            _take(part, page)
    _finish_line(page)
    if _has_something(page):
        yield page


def _begins(part: _Field, page: _Page) -> bool:
    """Whether a field is the first of another statement, with or without the :20: that should stand there."""
    if part.tag == "20":
        return True
    if part.tag in {"25", "25P"}:
        return bool(page.account) or page.opening is not None or len(page.entries) > 0
    return part.tag.startswith("60") and page.opening is not None


def _has_something(page: _Page) -> bool:
    """Whether a page says anything of an account."""
    return bool(page.account or page.opening or page.closing or len(page.entries))


def _take(part: _Field, page: _Page) -> None:
    """Put one field into its page."""
    tag = part.tag
    if tag == "61":
        _take_line(part, page)
    elif tag == "86":
        if page.line is not None and page.closing is None:
            page.told.extend(part.lines)
    elif tag in {"25", "25P"}:
        page.account, page.at = read_account(part.lines[0]), part.at
    elif tag.startswith("28"):
        page.number = read_page(part.lines[0])
    elif tag == "34F":
        page.floor, page.currency = True, page.currency or read_floor(part.lines[0])
    elif tag.startswith("60"):
        page.opening = read_balance(part.lines[0], tag, part.at, whole=part.whole)
    elif tag.startswith("62"):
        _finish_line(page)
        page.closing = read_balance(part.lines[0], tag, part.at, whole=part.whole)


def _take_line(part: _Field, page: _Page) -> None:
    """Begin an entry; its text may follow in :86: fields."""
    _finish_line(page)
    if page.closing is not None:
        raise UnreadableError("An entry stands after the closing balance.", part.at, "order")
    page.line = read_line(part.lines[0], part.at, whole=part.whole)
    page.supplement = [line for line in part.lines[1:] if line.strip()]


def _finish_line(page: _Page) -> None:
    """Make the entry that was begun, now that its text is whole. What is only expected is no entry."""
    line, page.line = page.line, None
    if line is not None and not line.expected:
        page.entries.append(_entry(line, read_details(page.told, page.supplement)))
    page.told, page.supplement = [], []


def _entry(line: Line, told: Told) -> Entry:
    """One movement out of its line and its text."""
    return Entry(
        booked=line.booked,
        amount=line.amount,
        text=told.text,
        reference=line.bank_reference,
        value_date=line.value_date,
        party=told.party,
        party_account=told.party_account,
        reversal=line.reversal,
        line=line.at,
    )


def _joined(pages: list[_Page]) -> list[_Page]:
    """Put the pages of one statement together: one that ends in 62M goes on where 60M begins."""
    whole: list[_Page] = []
    unfinished: dict[str, _Page] = {}
    for page in pages:
        before = unfinished.get(page.account)
        if before is not None and _goes_on(before, page):
            before.entries.extend(page.entries.finished())
            before.closing, before.number = page.closing, page.number
        else:
            before = page
            whole.append(page)
        if before.closing is not None and before.closing.intermediate:
            unfinished[page.account] = before
        else:
            unfinished.pop(page.account, None)
    return whole


def _goes_on(before: _Page, page: _Page) -> bool:
    """Whether a page continues the one before it: 60M, or the next page of the same statement number."""
    if page.opening is None or page.opening.intermediate:
        return True
    same = before.number[0] == page.number[0] and before.number[0].strip("0") != ""
    return same and page.number[1] == before.number[1] + 1


def _statement(page: _Page) -> Statement:
    """The finished statement. Balances in two currencies are refused."""
    opening, closing = page.opening, page.closing
    named = {balance.currency for balance in (opening, closing) if balance and balance.currency}
    if len(named) > 1:
        raise UnreadableError("The balances are in two currencies.", page.at, "currencies")
    return Statement(
        account=page.account,
        currency=next(iter(named), page.currency),
        opening=opening.amount if opening else None,
        closing=closing.amount if closing else None,
        opening_date=opening.day if opening else None,
        closing_date=closing.day if closing else None,
        entries=page.entries.finished(),
        kind=INTERIM if _is_interim(page) else FINAL,
        number=page.number[0],
        complete=closing is None or not closing.intermediate,
    )
