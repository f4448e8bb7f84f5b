"""Whatever is wrong with a file, it is refused with a sentence, its line and what to do."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from counter.bank import reading
from counter.bank.hints import hints
from counter.bank.reading import importable, read, read_file
from counter.bank.statement import Entry, Statement, StatementFile, UnreadableError
from tests.bank.samples import HERE

CAMT = (HERE / "three_days.camt053.xml").read_bytes()
MT940 = (HERE / "pages.sta").read_bytes()
OFX1 = (HERE / "two_accounts.ofx").read_bytes()
OFX2 = (HERE / "card.ofx2.ofx").read_bytes()
TODAY = date(2026, 3, 4)


def zipped(data: bytes) -> bytes:
    """An archive with a statement in it."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("statement.xml", data)
    return into.getvalue()


def bombed(data: bytes, at: bytes) -> bytes:
    """With ten entities, each ten of the one before, in front of a tag."""
    entities = b"".join(b'<!ENTITY e%d "%s">' % (each, b"&e%d;" % (each - 1) * 10) for each in range(1, 10))
    return data.replace(at, b'<!DOCTYPE x [<!ENTITY e0 "ha">' + entities + b"]>" + at, 1)


def refusal(data: bytes) -> UnreadableError:
    """What the file is refused with."""
    with pytest.raises(UnreadableError) as refused:
        read(data)
    return refused.value


FAULTS: dict[str, tuple[Callable[[], bytes], str, int]] = {
    "nothing": (lambda: b"", "empty", 0),
    "blanks": (lambda: b" \r\n\t", "empty", 0),
    "a zip": (lambda: zipped(CAMT), "zip", 0),
    "an empty zip": (lambda: b"PK\x05\x06" + bytes(18), "zip", 0),
    "a gzip": (lambda: gzip.compress(MT940), "zip", 0),
    "a locked zip": (lambda: zipped(CAMT)[:6] + b"\x01" + zipped(CAMT)[7:], "password", 0),
    "bytes": (lambda: bytes(range(256)) * 40, "binary", 0),
    "a pdf": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "binary", 0),
    "prose": (lambda: b"Dear Sir,\nplease find enclosed\n", "unknown", 0),
    "other xml": (lambda: b'<?xml version="1.0"?>\n<pain.001/>', "message", 1),
    "camt, wrong encoding": (lambda: CAMT.replace("张三".encode(), "张三".encode("gb18030")), "xml", 17),
    "camt, unknown encoding": (lambda: CAMT.replace(b"UTF-8", b"EBCDIC-CP"), "encoding", 1),
    "camt, cut": (lambda: CAMT[:2000], "truncated", 23),
    "camt, doubled": (lambda: CAMT + CAMT, "xml", 30),
    "camt, bomb": (lambda: bombed(CAMT, b"<c:Document"), "entities", 2),
    "camt, file of the machine": (
        lambda: CAMT.replace(b"<c:Document", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n<c:Document', 1),
        "entities",
        2,
    ),
    "camt, bomb in utf-16": (lambda: bombed(CAMT, b"<c:Document").decode().encode("utf-16"), "entities", 2),
    "camt, 30 February": (lambda: CAMT.replace(b"<c:Dt>2026-03-03</c:Dt></c:BookgDt>", b"<c:Dt>2026-02-30</c:Dt></c:BookgDt>"), "date", 21),
    "camt, two-digit year": (lambda: CAMT.replace(b"<c:Dt>2026-03-03</c:Dt></c:BookgDt>", b"<c:Dt>26-03-03</c:Dt></c:BookgDt>"), "date", 21),
    "camt, negative debit": (lambda: CAMT.replace(b">0.05<", b">-0.05<"), "direction", 21),
    "camt, comma": (lambda: CAMT.replace(b">0.05<", b">0,05<"), "amount", 21),
    "camt, signed twice": (lambda: CAMT.replace(b">100.00</c:Amt><c:CdtDbtInd>DBIT", b">-100.00</c:Amt><c:CdtDbtInd>DBIT"), "balance", 9),
    "mt940, cut in an amount": (lambda: MT940[:70], "truncated", 5),
    "mt940, no day": (lambda: MT940.replace(b":61:260302C1,", b":61:260332C1,"), "date", 5),
    "mt940, two ways": (lambda: MT940.replace(b":61:260302C1,", b":61:260302C1.000"), "ambiguous", 5),
    "mt940, no mark": (lambda: MT940.replace(b":61:260302C1,", b":61:260302X1,"), "entry", 5),
    "mt940, no balance": (lambda: MT940.replace(b"CNY100,00", b"CNY"), "balance", 4),
    "mt940, two currencies": (lambda: MT940.replace(b":62F:C260302CNY", b":62F:C260302USD"), "currencies", 2),
    "mt940, entry after the end": (lambda: MT940.replace(b":62M:C260302CNY101,00", b":62M:C260302CNY101,00\n:61:260302C1,NTRF", 1), "order", 8),
    "mt940, bytes of no text": (lambda: MT940.replace(b":86:one", b":86:" + bytes(40)), "binary", 0),
    "mt940, cut in a letter": (lambda: MT940 + "电费".encode()[:-1], "truncated", 23),
    "ofx, cut": (lambda: OFX1[:500], "truncated", 31),
    "ofx, bomb": (lambda: bombed(OFX2, b"<OFX>"), "entities", 3),
    "ofx, two ways": (lambda: OFX1.replace(b"1.234,56", b"1,234"), "ambiguous", 9),
    "ofx, two amounts": (lambda: OFX1.replace(b"<TRNAMT>-0,06", b"<TRNAMT>-0,06<TRNAMT>-6"), "twice", 20),
    "ofx, 30 February": (lambda: OFX1.replace(b"<DTPOSTED>20260303", b"<DTPOSTED>20260230"), "date", 17),
    "ofx, no day": (lambda: OFX1.replace(b"<DTPOSTED>20260303", b""), "undated", 17),
    "ofx, another currency": (lambda: OFX1.replace(b"<FITID>F2", b"<FITID>F2<CURRENCY><CURSYM>USD</CURRENCY>"), "currencies", 17),
    "ofx, ends without begin": (lambda: OFX1.replace(b"</LEDGERBAL>", b"</AVAILBAL>", 1), "nesting", 27),
    "ofx, open comment": (lambda: OFX2.replace(b"<LEDGERBAL>", b"<!-- <LEDGERBAL>"), "truncated", 30),
}  # fmt: skip
"""How it is made, the kind of refusal, and the line."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_line(fault: str) -> None:
    make, hint, line = FAULTS[fault]
    refused = refusal(make())
    assert (hint, line) == (refused.hint, refused.line)
    assert refused.reason[0] in "'ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert refused.reason.endswith(".")
    assert hints()[refused.hint]


def test_a_bomb_is_refused_by_the_first_tag_of_a_large_file_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bomb").write_bytes(bombed(CAMT, b"<c:Document"))
    monkeypatch.setattr(reading, "WHOLE_MAX_BYTES", 8)
    with pytest.raises(UnreadableError) as refused:
        read_file(tmp_path / "bomb")
    assert refused.value.hint == "entities"


@pytest.mark.parametrize("data", [CAMT, OFX1, OFX2], ids=["camt", "ofx1", "ofx2"])
def test_no_cut_gives_a_part_for_the_whole(data: bytes) -> None:
    for cut in range(1, len(data.rstrip()), 41):
        with pytest.raises(UnreadableError):
            read(data[:cut])


def test_no_cut_of_pages_can_be_taken_over() -> None:
    """Where the closing balance is gone or only of a page, nothing is taken over."""
    whole = importable(read(MT940))
    for cut in range(1, len(MT940.rstrip(b"-\n"))):
        try:
            found = importable(read(MT940[:cut]))
        except UnreadableError:
            continue
        assert whole == found


def test_a_balance_of_a_page_is_no_closing_balance() -> None:
    until = MT940.index(b":20:A", 10)
    with pytest.raises(UnreadableError) as refused:
        importable(read(MT940[:until]))
    assert refused.value.hint == "unfinished"


def of_day(day: date, status: str = "booked") -> StatementFile:
    """A file with one entry of that day on line 7."""
    entry = Entry(day, Decimal(1), line=7, status=status)
    return StatementFile("csv", "utf-8", (Statement("1", "CNY", None, None, None, None, (entry,)),))


def test_nothing_is_booked_on_a_day_that_has_not_come() -> None:
    ahead = of_day(date(2026, 3, 6))
    with pytest.raises(UnreadableError) as refused:
        importable(ahead, today=TODAY)
    assert (refused.value.hint, refused.value.line) == ("future", 7)
    for fine in (of_day(date(2026, 3, 5)), of_day(date(2026, 3, 9), "pending")):
        assert fine == importable(fine, today=TODAY)
    assert ahead == importable(ahead)


def test_a_statement_that_closes_in_days_to_come_is_refused() -> None:
    found = of_day(TODAY)
    late = replace(found, statements=(replace(found.statements[0], closing_date=date(2027, 1, 1)),))
    with pytest.raises(UnreadableError) as refused:
        importable(late, today=TODAY)
    assert refused.value.hint == "future"
