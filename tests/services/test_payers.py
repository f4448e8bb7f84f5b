"""Groups and lists of payers through the services, on a real database."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import event

from counter.errors import Refusal
from counter.services.accounts import read_account
from counter.services.payers import Payers
from counter.services.ports.payers import CheckedLine, ListFault, SaveGroup
from tests.bureau import Bureau

FIRST, SECOND, CLOSED = "330100000001", "330100000002", "330100000003"
NO_ACCOUNT = "339999999999"


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """One account owes 100.00 not yet due, one an overdue bill, one is closed and owes 5.00."""
    bureau.add_account(FIRST, name="某某公司")
    bureau.add_account(SECOND, name="李四", hall_no=2)
    bureau.add_account(CLOSED, name="王五", status="closed")
    bureau.add_bills(FIRST, (202601, 10_000, date(2999, 1, 1)))
    bureau.add_bills(SECOND, (202601, 20_000, date(2026, 2, 25)), (202602, 3_000, date(2999, 1, 1)))
    bureau.add_bills(CLOSED, (202601, 500, date(2999, 1, 1)))
    return bureau


@pytest.fixture
def payers(desk: Bureau) -> Payers:
    """As a clerk."""
    return Payers(desk.engine("t10001"))


def test_many_are_read_as_one_is_by_five_statements(desk: Bureau, payers: Payers) -> None:
    """The same bills and late fees as the desk shows for each, in one snapshot."""
    said: list[str] = []
    event.listen(payers.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    reading = payers.read([SECOND, FIRST, NO_ACCOUNT, FIRST])
    assert len(said) <= 5
    assert [account.account_no for account in reading.accounts] == [FIRST, SECOND]
    assert reading.unknown == (NO_ACCOUNT,)
    with desk.engine("t10001").begin() as connection:
        for account in reading.accounts:
            alone = read_account(connection, account.account_no)
            assert alone is not None
            assert (alone.version, alone.arrears_fen) == (account.version, account.owed_fen)
            assert [bill.bill_no for bill in alone.bills] == [bill.bill_no for bill in account.bills]


def test_groups_are_found_by_any_part_of_their_name(payers: Payers) -> None:
    """In whatever width it was typed; hostile text finds nothing and breaks nothing."""
    group = SaveGroup(uuid4(), uuid4(), 0, "某某公司　ＡＢＣ", (SECOND, FIRST, FIRST))
    saved = payers.save_group(group)
    assert (saved.version, saved.account_count, saved.name) == (1, 2, "某某公司ABC")
    assert payers.members(saved.group_id) == (FIRST, SECOND)
    for text in ("某某", "公司", "abc", "ＡＢＣ"):
        assert payers.groups(text) == (saved,)
    for text in ("", "  ", "\0", "[/]", "'; DROP TABLE counter.payer_group; --", "%", "x" * 10_000):
        assert payers.groups(text) == ()
    payers.delete_group(uuid4(), saved)
    assert payers.groups("某某") == ()


@pytest.mark.parametrize("name", ["", "\0", "　", "x" * 101])
def test_a_group_without_a_name_is_refused_in_words(payers: Payers, name: str) -> None:
    with pytest.raises(Refusal, match="组"):
        payers.save_group(SaveGroup(uuid4(), uuid4(), 0, name, (FIRST,)))


def read(payers: Payers, path: Path) -> dict[int, CheckedLine]:
    """The lines of a list by their number."""
    return {line.line.line_no: line for line in payers.read_list(str(path), nothing).lines}


def nothing(_done: int, _all: int) -> None:
    """No progress wanted."""


def test_every_mismatch_is_named(payers: Payers, tmp_path: Path) -> None:
    """And says whether the line can be paid."""
    path = tmp_path / "名单.csv"
    path.write_text(
        "2026年11月缴费名单\n序号,户号,户名,金额（元）,备注\n"
        f"1,{FIRST},某某公司,100.00,\n"
        f"2,{FIRST},,1,\n"
        f"3,{NO_ACCOUNT},,1,\n"
        "合计,,,9,\n"
        f"5,{SECOND},李四,abc,\n"
        f"6,{CLOSED},,6.00,\n"
        f"7,{SECOND},[/],１０００．５０,\n",
        "gb18030",
    )
    lines = read(payers, path)
    assert {number: line.faults for number, line in lines.items()} == {
        3: (),
        4: (ListFault.TWICE, ListFault.LESS),
        5: (ListFault.UNKNOWN_ACCOUNT,),
        6: (ListFault.BAD_ACCOUNT,),
        7: (ListFault.BAD_AMOUNT,),
        8: (ListFault.CLOSED,),
        9: (ListFault.TWICE, ListFault.MORE, ListFault.NAME_DIFFERS),
    }
    assert [number for number, line in lines.items() if line.payable] == [3]
    assert (lines[9].line.amount_fen, lines[7].line.amount_text) == (100_050, "abc")


def test_more_and_less_are_shown_with_the_difference(payers: Payers, tmp_path: Path) -> None:
    """Both can be paid."""
    path = tmp_path / "list.csv"
    path.write_text(f"account;amount;customer_name\n{FIRST};100.01;某某公司\n{SECOND};50;\n", "utf-8")
    more, less = read(payers, path).values()
    assert (more.faults, more.difference_fen, more.payable) == ((ListFault.MORE,), 1, True)
    assert (less.faults, less.payable) == ((ListFault.LESS,), True)
    assert less.difference_fen == 5_000 - less.owed_fen


def sheet(path: Path, rows: list[list[object]]) -> None:
    """An XLSX file as other programs write it: numbers as numbers."""

    def cell(value: object) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        packed.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship'
            ' Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            '<sheets><sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship'
            ' Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
            ' Target="worksheets/sheet1.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
        )


def test_a_spreadsheet_is_read_as_it_shows_its_numbers(payers: Payers, tmp_path: Path) -> None:
    """Account numbers that became numbers, and amounts with the noise of their last bits."""
    path = tmp_path / "list.xlsx"
    sheet(path, [["户号", "金额"], [int(FIRST), "100.00"], [SECOND, 0.1 + 0.2], [int(CLOSED), 5.0]])
    assert [
        (line.line.account_no, line.line.amount_fen) for line in payers.read_list(str(path), nothing).lines
    ] == [
        (FIRST, 10_000),
        (SECOND, 30),
        (CLOSED, 500),
    ]


def hostile() -> Iterator[tuple[str, bytes]]:
    """Files that are no list."""
    yield "empty.csv", b""
    yield "blank.csv", b" \n\n"
    yield "binary.csv", bytes(range(256)) * 50
    yield "nul.csv", b"\0" * 1_000
    yield "headings.csv", "户号,金额\n".encode()
    yield "columns.csv", b"a,b,c\n1,2,3\n"
    yield "twice.csv", "户号,户号,金额\n1,2,3\n".encode()
    yield "torn.xlsx", b"PK\x03\x04" + b"\0" * 200
    yield "torn.xls", b"\xd0\xcf\x11\xe0" + b"\xff" * 2_000
    yield "endless.csv", b"x" * 200_000
    yield "formula.csv", "户号,金额\n".encode() + b"\xff\xfe\x00"
    yield "long.csv", "户号,金额\n".encode() + b"330100000001,1\n" * 5_001
    yield "huge.csv", b"x," * 5_000_001
    yield "lines.csv", "户号,金额\n".encode() + b"\n" * 60_000
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b" " * 51_000_000)
    yield "bomb.xlsx", packed.getvalue()


@pytest.mark.parametrize(("name", "content"), list(hostile()), ids=lambda value: str(value)[:12])
def test_what_is_no_list_is_refused_in_three_sentences(
    payers: Payers, tmp_path: Path, name: str, content: bytes
) -> None:
    """And nothing is taken over."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refusal) as error:
        payers.read_list(str(path), nothing)
    assert all((error.value.title, error.value.message, error.value.hint))


@pytest.mark.parametrize("path", ["", "/no/such/file.csv", "\0", "x" * 5_000, "~nobody-of-this-name/x", "/"])
def test_a_path_that_is_none_is_refused(payers: Payers, path: str) -> None:
    with pytest.raises(Refusal):
        payers.read_list(path, nothing)


def test_formulas_are_text_and_never_computed(payers: Payers, tmp_path: Path) -> None:
    """An amount is digits; what a spreadsheet puts round a number is taken off."""
    path = tmp_path / "list.csv"
    path.write_text(f'户号,金额\n"=""{FIRST}""",=1+99\n"=""{SECOND}""",23.00\n', "utf-8")
    first, second = read(payers, path).values()
    assert (first.line.account_no, first.faults) == (FIRST, (ListFault.BAD_AMOUNT,))
    assert (second.line.account_no, second.line.amount_fen) == (SECOND, 2_300)


def test_a_list_of_two_thousand_lines_tells_how_far_it_is(payers: Payers, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    lines = "".join(f"{330_200_000_000 + n},1.00\n" for n in range(2_000))
    path.write_text("户号,金额\n" + lines, "utf-8")
    told: list[int] = []
    found = payers.read_list(str(path), lambda done, _all: told.append(done))
    assert len(found.mismatches) == 2_000
    assert told == sorted(told)
    assert len(told) > 2


def test_a_path_is_completed_as_far_as_it_is_clear(payers: Payers, tmp_path: Path) -> None:
    """To the common beginning, and into a folder."""
    (tmp_path / "名单").mkdir()
    (tmp_path / "名单" / "11月.csv").touch()
    (tmp_path / "名单" / "11月.xlsx").touch()
    assert payers.complete(f"{tmp_path}/名") == f"{tmp_path}/名单/"
    assert payers.complete(f"{tmp_path}/名单/1") == f"{tmp_path}/名单/11月."
    assert payers.complete(f"{tmp_path}/名单/11月.c") == f"{tmp_path}/名单/11月.csv"
    for path in ("", "\0", f"{tmp_path}/nothing", "/no/such/folder/x"):
        assert payers.complete(path) == path


def test_another_s_change_is_told_with_their_name(desk: Bureau, payers: Payers) -> None:
    saved = payers.save_group(first := SaveGroup(uuid4(), uuid4(), 0, "某某公司", (FIRST,)))
    colleague = Payers(desk.engine("t10002"))
    colleague.save_group(replace(first, request_id=uuid4(), version=1, accounts=(SECOND,)))
    with pytest.raises(Refusal, match="李强"):
        payers.save_group(replace(first, request_id=uuid4(), version=saved.version))
