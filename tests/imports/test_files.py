"""Encodings, headings and lines of real-life files."""

from __future__ import annotations

import codecs
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.services.imports.columns import ACCOUNT_COLUMNS, BILL_COLUMNS, match_headings
from counter.services.imports.encodings import inspect
from counter.services.imports.headings import read_headings
from counter.services.imports.lines import LINE_LENGTH_MAX, batches, split_batch
from counter.services.imports.problems import FileRefused, Problem, Reason
from counter.services.imports.rows import RowReader, accounts_file, bills_file
from counter.services.imports.spool import ProblemSpool

BILL_HEADINGS = "户号,账期,分次,电量,应收电费,到期日"
BILL_LINE = "0100000001,2026-10,1,372,196.52,2026-11-25"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test writes its file."""
    return tmp_path / "file.csv"


def lines_of(path: Path) -> list[str]:
    """All lines of a file."""
    return [line for batch in batches(path, inspect(path)) for line in batch.lines]


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_the_encoding_is_found_by_decoding_all_of_it(path: Path, encoding: str, expected: str) -> None:
    """Whatever a Chinese spreadsheet saves, the lines come out the same."""
    path.write_bytes(f"{BILL_HEADINGS}\r\n{BILL_LINE}\r\n".encode(encoding))
    assert inspect(path).encoding == expected
    assert lines_of(path) == [BILL_HEADINGS, BILL_LINE]


def test_a_character_late_in_the_file_decides(path: Path) -> None:
    """The first megabyte may be plain ASCII."""
    path.write_bytes(b"a,b\n" * 300_000 + "王小四\n".encode("gbk"))
    assert inspect(path).encoding == "gb18030"
    assert lines_of(path)[-1] == "王小四"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_taken(path: Path, end: str) -> None:
    """With or without one at the end of the file."""
    path.write_bytes(end.join(["a", "", "b"]).encode())
    assert lines_of(path) == ["a", "", "b"]


@pytest.mark.parametrize(
    "content",
    [b"", b"  \r\n \t", codecs.BOM_UTF8 + b"", b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0x", b"a\0\0b\nc"],
)
def test_what_is_no_text_is_refused(path: Path, content: bytes) -> None:
    """An empty file, a spreadsheet, something binary."""
    path.write_bytes(content)
    with pytest.raises(FileRefused):
        read_headings(path, inspect(path), BILL_COLUMNS)


def test_an_unknown_encoding_is_refused_with_its_line(path: Path) -> None:
    """Bytes that are neither UTF-8 nor GBK."""
    path.write_bytes("户号\n".encode() * 4 + b"\xff\xfe\xff\n")
    with pytest.raises(FileRefused, match="5"):
        inspect(path)


def test_a_missing_file_is_refused(path: Path) -> None:
    """As a sentence, not as a traceback."""
    with pytest.raises(FileRefused):
        inspect(path)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """The same."""
    with pytest.raises(FileRefused):
        inspect(tmp_path)


def test_an_endless_line_is_refused(path: Path) -> None:
    """It would have to be held in memory whole."""
    path.write_bytes(b"a\n" + b"x" * (LINE_LENGTH_MAX * 20))
    with pytest.raises(FileRefused, match="2"):
        lines_of(path)


def test_the_digest_is_that_of_the_bytes(path: Path) -> None:
    """The same file is known again."""
    path.write_bytes(b"abc")
    assert inspect(path).file_hash == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    "line",
    [
        "户号,账期,分次,电量,应收电费,到期日",
        "账期\t户号\t电量(kWh)\t应收电费（元）\t到期日",
        "Account_No;Period;Part;kWh;Amount;Due Date",
        "户号，账期，电量，应收金额，缴费截止日",
        '"户号","电费年月","总电量","应收电费","到期日",,',
    ],
)
def test_headings_are_known_by_their_aliases(path: Path, line: str) -> None:
    """In any order, in Chinese or English, with any usual delimiter."""
    path.write_text(f"\n{line}\n", encoding="utf-8")
    headings = read_headings(path, inspect(path), BILL_COLUMNS)
    assert headings.line_no == 2
    assert {"account_no", "period", "kwh", "amount", "due_date"} <= set(headings.matched.positions)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("户号,账期,电量,到期日", "应收电费"),
        ("户号,账期,电量,应收电费,到期日,颜色", "颜色"),
        ("户号,账期,电量,应收电费,到期日,户号", "户号"),
        ("户号,账期,电量,应收电费,到期日,,分次", "not known|不认识"),
    ],
)
def test_headings_that_do_not_fit_are_named(path: Path, line: str, named: str) -> None:
    """Missing, unknown, or there twice."""
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(FileRefused, match=named):
        read_headings(path, inspect(path), BILL_COLUMNS)


def test_no_heading_names_two_columns() -> None:
    """The alias tables are unambiguous, and each column answers to its own identifier."""
    for columns in (ACCOUNT_COLUMNS, BILL_COLUMNS):
        names = [name for column in columns for name in (*column.headings, column.name)]
        matched = match_headings(names, columns)
        assert matched.unknown == ()
        assert len(set(names)) == len(names)


def test_a_quote_that_is_not_closed_is_a_problem_of_its_line_only() -> None:
    """It cannot swallow the lines that follow."""
    assert split_batch(['a,"b', 'c,"d"', "", 'e,"f"g'], ",") == [
        Reason.OPEN_QUOTE,
        ["c", "d"],
        [],
        Reason.OPEN_QUOTE,
    ]


def staged_bills(lines: list[str]) -> tuple[list[str], list[Problem]]:
    """The rows of bill lines as they are staged, and the problems."""
    matched = match_headings(BILL_HEADINGS.split(","), BILL_COLUMNS)
    reader = RowReader(bills_file(), matched.positions, 6)
    rows = reader.staged(2, split_batch(lines, ","), lines)
    return rows.splitlines(), reader.problems


def test_a_line_becomes_a_row() -> None:
    """Numbered, in the order of the staging table, each field in its one form."""
    rows, problems = staged_bills([BILL_LINE])
    assert rows == ["2\t0100000001\t202610\t1\t372\t196.52\t2026-11-25"]
    assert problems == []


@pytest.mark.parametrize("blank", ["", "   ", ",,,,,", " , ,,,,"])
def test_a_blank_line_is_passed_over_and_still_counted(blank: str) -> None:
    """Line numbers are those of the file."""
    rows, problems = staged_bills([blank, BILL_LINE])
    assert [row.split("\t")[0] for row in rows] == ["3"]
    assert problems == []


def test_every_bad_field_of_a_line_is_told() -> None:
    """All at once, so that a file is corrected once."""
    rows, problems = staged_bills(["12,2026-10,1,x,1e3,2026-02-30"])
    assert rows == ["2\t\\N\t202610\t1\t\\N\t\\N\t\\N"]
    assert problems == [
        Problem(2, "account_no", Reason.BAD_ACCOUNT_NO, "12"),
        Problem(2, "kwh", Reason.BAD_KWH, "x"),
        Problem(2, "amount", Reason.AMOUNT_NOT_A_NUMBER, "1e3"),
        Problem(2, "due_date", Reason.BAD_DATE, "2026-02-30"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0100000001,2026-10", Reason.FIELD_COUNT),
        (BILL_LINE + ",x", Reason.FIELD_COUNT),
        (BILL_LINE.replace("1,372", '1,"3"72'), Reason.OPEN_QUOTE),
        ('"' + BILL_LINE, Reason.OPEN_QUOTE),
        ("\0" + BILL_LINE, Reason.NUL_BYTE),
    ],
)
def test_a_line_that_is_no_record_is_told(line: str, reason: Reason) -> None:
    """And its neighbour is read all the same."""
    rows, problems = staged_bills([line, BILL_LINE])
    assert [(problem.line_no, problem.reason) for problem in problems] == [(2, reason)]
    assert rows[-1].startswith("3\t0100000001\t")


def test_empty_fields_at_the_end_are_a_spreadsheets_and_passed_over() -> None:
    """A line may be padded with commas."""
    assert staged_bills([BILL_LINE + ",,"])[1] == []


def test_an_account_line_brings_its_search_words() -> None:
    """Initials, places and tails are computed here, once."""
    headings = "户号,营业厅,户名,用电地址,客户类别,租户"
    matched = match_headings(headings.split(","), ACCOUNT_COLUMNS)
    reader = RowReader(accounts_file({"1": "1", "城关营业厅": "1"}), matched.positions, 6)
    lines = ["0100000001,城关营业厅,王小四,人民路128号金桂花园3幢,居民,是"]
    row = reader.staged(2, split_batch(lines, ","), lines).rstrip("\n").split("\t")
    assert reader.problems == []
    assert row == [
        *("2", "0100000001", "1", "王小四", "人民路128号金桂花园3幢", "", "", "residential", "postpaid"),
        *("t", "f", "f", "f", "f", "active", "", "wxs"),
        *('{"人民路","金桂花园"}', '{"128号金桂花园3幢","3幢"}'),
    ]


def test_backslashes_and_quotes_reach_the_database_as_they_are() -> None:
    """COPY and array literals have escapes of their own."""
    headings = "户号,营业厅,户名,用电地址,客户类别"
    matched = match_headings(headings.split(","), ACCOUNT_COLUMNS)
    reader = RowReader(accounts_file({"1": "1"}), matched.positions, 5)
    lines = ['0100000001,1,王\\N四,"人民\\路""1号",居民']
    row = reader.staged(2, split_batch(lines, ","), lines).rstrip("\n").split("\t")
    assert row[3:5] == ["王\\\\N四", '人民\\\\路"1号']
    assert row[-2:] == ['{"人民路"}', '{"1号"}']


def test_problems_come_back_in_order_however_many() -> None:
    """Beyond a mebibyte from disk."""
    problems = [Problem(line_no, "amount", Reason.AMOUNT_ZERO, "零" * 40) for line_no in range(20_000)]
    with ProblemSpool() as spool:
        spool.add(problems[:15_000])
        spool.add(problems[15_000:])
        assert list(spool) == problems


LINE = st.one_of(
    st.just(BILL_LINE),
    st.text(alphabet='0123456789,-."\\\t 年月元户号\0é', max_size=40),
    st.text(max_size=40),
)


@given(st.lists(LINE, max_size=8))
def test_any_line_is_staged_or_told_and_no_line_breaks_the_copy(lines: list[str]) -> None:
    """One row for each line that is not blank, each with all its columns, whatever was in the file."""
    lines = [line.replace("\n", "").replace("\r", "") for line in lines]
    rows, problems = staged_bills(lines)
    assert all(row.count("\t") == 6 for row in rows)
    staged = [int(row.split("\t")[0]) for row in rows]
    assert staged == sorted(set(staged))
    assert {problem.line_no for problem in problems} <= set(staged)
    told = {problem.line_no for problem in problems}
    assert all("\\N" not in row for row, line_no in zip(rows, staged, strict=True) if line_no not in told)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Pasted garbage gives a sentence, never a traceback."""
    path = tmp_path_factory.mktemp("bytes") / "file.csv"
    path.write_bytes(content)
    with suppress(FileRefused):
        read_headings(path, inspect(path), BILL_COLUMNS)
