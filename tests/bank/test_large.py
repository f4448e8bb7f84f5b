"""A large file is read in pieces and gives the same rows, of which few stay in memory; or it is refused."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counter.bank import camt, mt940, ofx, reading, source, spool
from counter.bank.source import Source, lines_of
from counter.bank.spool import Collected, Spool, Spooled
from counter.bank.statement import Entry, StatementFile, UnreadableError
from tests.bank.samples import HERE

IN_PIECES = (
    "three_days.camt053.xml",
    "day.camt052.xml",
    "oldest.camt053.xml",
    "notice.camt054.xml",
    "two_accounts.ofx",
    "card.ofx2.ofx",
    "pages.sta",
    "february.sta",
    "texts.sta",
    "two_accounts.sta",
    "interim.sta",
)
"""Files of the formats that are read in pieces."""
FORMATS = {".xml": camt, ".ofx": ofx, ".sta": mt940}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is a large one, and entries go to the disk at once, two at a time."""
    monkeypatch.setattr(reading, "WHOLE_MAX_BYTES", 8)
    monkeypatch.setattr(spool, "BLOCK", 2)
    monkeypatch.setattr(spool, "KEPT_MAX", 0)


def rows(found: StatementFile) -> list[object]:
    """A file in parts that can be compared, wherever its entries lie."""
    return [found.format, *(replace(each, entries=tuple(each.entries)) for each in found.statements)]


@pytest.mark.parametrize("name", IN_PIECES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_large_file_gives_the_rows_of_a_small_one(
    name: str, encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (HERE / name).read_bytes().decode().replace("UTF-8", encoding.upper())
    (tmp_path / name).write_bytes(text.encode(encoding))
    expected = rows(reading.read_file(tmp_path / name))
    monkeypatch.setattr(reading, "WHOLE_MAX_BYTES", 8)
    assert expected == rows(reading.read_file(tmp_path / name))
    assert expected == rows(reading.read(text.encode(encoding)))


@pytest.mark.parametrize("name", IN_PIECES)
@pytest.mark.parametrize("size", [1, 2, 7, 50, 333])
def test_pieces_may_end_anywhere(name: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (HERE / name).read_bytes()
    expected = rows(reading.read(data))
    monkeypatch.setattr(source, "PIECE_BYTES", size)
    monkeypatch.setattr(source, "TEXT_CHARACTERS", size)
    assert expected == rows(FORMATS[Path(name).suffix].read_source(Source(data), "utf-8"))


@pytest.mark.parametrize("size", [1, 3, 8])
@pytest.mark.parametrize("name", ["three_days.camt053.xml", "card.ofx2.ofx"])
def test_a_document_type_hides_in_no_gap_between_pieces(
    name: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = (
        (HERE / name)
        .read_bytes()
        .replace(b"?>\n<", b"?>\n<!--" + bytes(500).replace(b"\0", b"x") + b"-->\n<!DOCTYPE x>\n<", 1)
    )
    monkeypatch.setattr(source, "PIECE_BYTES", size)
    monkeypatch.setattr(source, "TEXT_CHARACTERS", size)
    with pytest.raises(UnreadableError) as refused:
        FORMATS[Path(name).suffix].read_source(Source(data), "utf-8")
    assert (refused.value.hint, refused.value.line) == ("entities", 3)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", IN_PIECES)
def test_entries_on_the_disk_are_the_same(name: str) -> None:
    data = (HERE / name).read_bytes()
    found = reading.read(data)
    assert all(isinstance(each.entries, Spooled) for each in found.statements if each.entries)
    for statement in found.statements:
        inside = replace(statement, entries=tuple(statement.entries))
        for said in ("credits", "debits", "balanced", "ties"):
            assert getattr(inside, said) == getattr(statement, said)
        assert tuple(inside.booked) == tuple(statement.booked)


def entries(count: int) -> list[Entry]:
    """So many, of which every third is pending."""
    return [
        Entry(date(2026, 3, 1), Decimal(each - 5), status="booked" if each % 3 else "pending")
        for each in range(count)
    ]


def test_a_small_file_that_changes_while_it_is_read_is_refused_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing.sta"
    path.write_bytes((HERE / "pages.sta").read_bytes())
    whole = reading.read_any

    def meanwhile(*given: Any) -> Any:
        path.write_bytes(path.read_bytes() + b"\r\n")
        return whole(*given)

    monkeypatch.setattr(reading, "read_any", meanwhile)
    with pytest.raises(UnreadableError) as refused:
        reading.read_file(path)
    assert refused.value.hint == "changed"


@pytest.mark.usefixtures("small")
def test_entries_on_the_disk_are_a_sequence() -> None:
    wanted = entries(11)
    collected = Collected(Spool())
    collected.extend(wanted)
    found = collected.finished()
    assert (11, wanted, wanted) == (len(found), list(found), [found[each] for each in range(11)])
    assert (wanted[-1], tuple(wanted[2:9:3])) == (found[-1], found[2:9:3])
    with pytest.raises(IndexError):
        found[11]
    assert isinstance(found, Spooled)
    assert [each for each in wanted if each.status == "booked"] == list(found.only_booked())
    seen: list[list[Entry]] = []
    threads = [threading.Thread(target=lambda: seen.append(list(found))) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [wanted] * 4 == seen


def test_a_large_table_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WHOLE_MAX_BYTES", 8)
    for content in ("交易日期,摘要,借方发生额,贷方发生额\r\n".encode("gb18030"), b"PK\x03\x04       xl/"):
        (tmp_path / "table").write_bytes(content)
        with pytest.raises(UnreadableError) as refused:
            reading.read_file(tmp_path / "table")
        assert refused.value.hint == "size"


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing.sta"
    path.write_bytes((HERE / "pages.sta").read_bytes())
    whole = reading.read_large

    def meanwhile(found: Source) -> StatementFile:
        with path.open("ab") as out:
            out.write(b"\r\n")
        return whole(found)

    monkeypatch.setattr(reading, "WHOLE_MAX_BYTES", 8)
    monkeypatch.setattr(reading, "read_large", meanwhile)
    with pytest.raises(UnreadableError) as refused:
        reading.read_file(path)
    assert refused.value.hint == "changed"


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableError) as refused:
        reading.read_file(tmp_path / "pipe")
    assert refused.value.hint == "missing"


def test_a_text_that_is_cut_inside_a_character_is_refused_whatever_its_size(tmp_path: Path) -> None:
    path = tmp_path / "cut"
    path.write_bytes((HERE / "pages.sta").read_bytes() + "电".encode()[:2])
    with pytest.raises(UnreadableError) as refused:
        reading.read_large(Source(path.read_bytes(), path))
    assert refused.value.hint == "truncated"


@pytest.mark.parametrize("size", [1, 2, 3])
def test_lines_end_in_three_ways(size: int) -> None:
    text = "a\r\nb\rc\n\nd"
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    assert list(lines_of(pieces)) == [("a", True), ("b", True), ("c", True), ("", True), ("d", False)]
