"""Any bytes, and every sample bent in any way, are rows or a refusal; in pieces they are the same rows.

Time is bounded by the suite's own limit for a test; memory by the small files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter.bank import camt, mt940, ofx, source
from counter.bank.encoding import decode
from counter.bank.hints import hints
from counter.bank.profiles.loading import load_profiles
from counter.bank.reading import importable, read_any
from counter.bank.source import Source
from counter.bank.statement import StatementFile, UnreadableError
from tests.bank.samples import HERE
from tests.bank.workbook import workbook

PROFILES = load_profiles()
SEEDS = {
    "camt": ["three_days.camt053.xml", "day.camt052.xml", "oldest.camt053.xml", "notice.camt054.xml"],
    "mt940": ["pages.sta", "february.sta", "texts.sta", "two_accounts.sta", "interim.sta"],
    "ofx": ["two_accounts.ofx", "header.ofx", "card.ofx2.ofx"],
    "table": ["table.csv", "pos_lines.csv", "unionpay_pos.txt"],
}
BOOK = workbook([["交易日期", "借方发生额", "贷方发生额", "余额"], ["2026-03-01", "", 5.0, 105.0]])
HEADS = [
    b"", b'<?xml version="1.0" encoding="UTF-16"?>', b"<BkToCstmrStmt>", b"OFXHEADER:100\r\n<OFX>", b":20:A\r\n:25:1\r\n:60F:C260301CNY1,00\r\n",
    b":61:260302C", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1f\x8b",
    "交易日期,借方发生额,贷方发生额,余额\r\n2026-03-01,".encode("gb18030"),
]  # fmt: skip
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def bent(seed: bytes) -> st.SearchStrategy[bytes]:
    """A sample with one to three wounds: bytes changed, cut out, put in, doubled, or the end cut off."""
    place = st.integers(0, len(seed))

    def flipped(data: bytes, at: int, length: int, put: bytes) -> bytes:
        return data[:at] + put[:1] + data[at + 1 :]

    def cut_out(data: bytes, at: int, length: int, put: bytes) -> bytes:
        return data[:at] + data[at + length :]

    def put_in(data: bytes, at: int, length: int, put: bytes) -> bytes:
        return data[:at] + put + data[at:]

    def doubled(data: bytes, at: int, length: int, put: bytes) -> bytes:
        return data[: at + length] + data[at:]

    def cut_off(data: bytes, at: int, length: int, put: bytes) -> bytes:
        return data[:at]

    kinds: list[Callable[[bytes, int, int, bytes], bytes]] = [flipped, cut_out, put_in, doubled, cut_off]
    wound = st.tuples(st.sampled_from(kinds), place, st.integers(1, 400), st.binary(min_size=1, max_size=12))

    def wounded(wounds: list[tuple[Callable[[bytes, int, int, bytes], bytes], int, int, bytes]]) -> bytes:
        data = seed
        for hurt, at, length, put in wounds:
            data = hurt(data, at, length, put)
        return data

    return st.lists(wound, min_size=1, max_size=3).map(wounded)


def refusal_of(data: bytes) -> UnreadableError | None:
    """What the file is refused with; None when it gives rows, whose sums are then exact."""
    try:
        found = read_any(data, PROFILES)
        if isinstance(found, StatementFile):
            importable(found)
    except UnreadableError as refused:
        return refused
    for statement in found.statements if isinstance(found, StatementFile) else ():
        assert (
            sum((each.amount for each in statement.entries), Decimal(0))
            == statement.credits - statement.debits
        )
        for each in statement.entries:
            assert not each.details or sum(part.amount for part in each.details) == each.amount
    return None


def checked(data: bytes) -> None:
    """Rows, or a refusal with a sentence, its line and advice; nothing else."""
    refused = refusal_of(data)
    if refused is not None:
        assert refused.reason
        assert refused.hint in hints()
        assert 0 <= refused.line <= data.count(b"\n") + data.count(b"\r") + 1


@FEW
@given(st.sampled_from(HEADS), st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_refusal(head: bytes, data: bytes) -> None:
    checked(head + data)


@pytest.mark.parametrize("kind", SEEDS)
@FEW
@given(st.data())
def test_bent_samples_are_rows_or_a_refusal(kind: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(SEEDS[kind]))
    checked(data.draw(bent((HERE / name).read_bytes())))


@FEW
@given(bent(BOOK))
def test_bent_workbooks_are_rows_or_a_refusal(data: bytes) -> None:
    checked(data)


def outcome(read: Callable[[], StatementFile]) -> list[object]:
    """The rows, or that there are none."""
    try:
        return [replace(each, entries=tuple(each.entries)) for each in read().statements]
    except UnreadableError:
        return []


@pytest.mark.parametrize("kind", ["camt", "mt940", "ofx"])
@FEW
@given(st.data())
def test_bent_samples_give_the_same_in_pieces(
    kind: str, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(SEEDS[kind]))
    content = data.draw(bent((HERE / name).read_bytes()))
    try:
        text, encoding = ("", "utf-8") if kind == "camt" else decode(content)
    except UnreadableError:
        return
    module = {"camt": camt, "mt940": mt940, "ofx": ofx}[kind]
    monkeypatch.setattr(source, "PIECE_BYTES", 37)
    monkeypatch.setattr(source, "TEXT_CHARACTERS", 53)
    in_pieces = outcome(lambda: module.read_source(Source(content), encoding))
    monkeypatch.undo()
    assert outcome(lambda: module.read(content, text, encoding)) == in_pieces


@pytest.mark.parametrize("name", ["mt940", "camt", "ofx"])
def test_files_that_never_come_to_a_point_are_refused_soon(name: str) -> None:
    """Texts, tags and comments without an end, which would fill the memory or take square time."""
    hostile = {
        "mt940": [b":20:A\r\n:25:1\r\n:60F:C260301CNY1,00\r\n:61:260302C1,00NTRF\r\n:86:" + b"x\r\n" * 100_000, b":25:1\r\n-\r\n" * 20_000],
        "camt": [b"<BkToCstmrStmt><!--" + b"<Ntry>" * 300_000, b"<BkToCstmrStmt>" + b"<a/>" * 600_000, b"<BkToCstmrStmt>" + b"<Stmt>" * 200_000],
        "ofx": [b"<OFX>" + b"<STMTTRN>" * 100_000, b"<OFX><!--" + b"<A>" * 900_000, b"<OFX><MEMO><![CDATA[" + b"<" * 2_500_000],
    }[name]  # fmt: skip
    for data in hostile:
        assert refusal_of(data) is not None
