"""Workbooks that would fill the memory are refused before they are spread, whatever sizes they tell."""

from __future__ import annotations

import io
import struct
import zipfile
from types import SimpleNamespace

import pytest

from counter.bank import workbooks, xls_process
from counter.bank.reading import read
from counter.bank.statement import UnreadableError
from tests.bank.workbook import workbook
from tests.bank.xls import xls

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_part(name: str, content: str) -> bytes:
    """A workbook of which one part is another."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["a"]]))) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:  # fmt: skip
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
    return into.getvalue()


def sheet(rows: str) -> bytes:
    return with_part(
        "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    )


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row><c r="A1"><v>1</v></c></row><row><c r="CV200000"><v>1</v></c></row>',
        '<row r = "1"><c r = "XFD1048576"><v>1</v></c></row>',
    ],
)
def test_cells_far_apart_are_refused(rows: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(sheet(rows))
    assert refused.value.hint == "bomb"


def test_columns_beyond_z_are_read() -> None:
    found = workbooks.grids_of(sheet('<row r="1"><c r="A1"><v>1</v></c><c r="AD1"><v>2</v></c></row>'))
    assert len(found[0].rows[0]) == 30


def test_one_huge_text_in_many_cells_is_refused() -> None:
    data = with_part("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}"><si><t>{"x" * 1_000_000}</t></si></sst>')
    cells = '<c t="s"><v>0</v></c>' * 1000
    name = "xl/worksheets/sheet1.xml"
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            body = f'<worksheet xmlns="{_MAIN}"><sheetData><row>{cells}</row></sheetData></worksheet>'
            new.writestr(part, body if part == name else old.read(part))
    with pytest.raises(UnreadableError) as refused:
        read(into.getvalue())
    assert refused.value.hint == "bomb"


@pytest.mark.parametrize("lie", [False, True])
def test_a_bomb_is_refused_whatever_size_it_tells(lie: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "UNPACKED_MAX", 1_000_000)
    data = bytearray(with_part("xl/media/image.xml", "\0" * 3_000_000))
    if lie:
        size = struct.pack("<I", 3_000_000)
        assert size in data
        data = bytearray(bytes(data).replace(size, struct.pack("<I", 100)))
    with pytest.raises(UnreadableError) as refused:
        read(bytes(data))
    assert refused.value.hint in {"bomb", "workbook"}


def test_a_binary_workbook_is_told_apart() -> None:
    with pytest.raises(UnreadableError) as refused:
        read(with_part("xl/workbook.bin", "x"))
    assert refused.value.hint == "xlsb"


@pytest.mark.parametrize("end", [1_400, 2_000, 4_000])
def test_a_damaged_xls_is_refused_and_ends_no_process(end: int) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(xls([["交易日期", "摘要", "收入", "支出"], ["2026-03-01", "a", 5.0, ""]])[:end])
    assert refused.value.hint in {"workbook", "heading"}


def test_an_xls_whose_reader_dies_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xls_process, "sys", SimpleNamespace(executable="/bin/false"))
    with pytest.raises(UnreadableError) as refused:
        read(xls([["交易日期", "摘要", "收入", "支出"]]))
    assert refused.value.hint == "workbook"
