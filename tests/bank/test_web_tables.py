"""Pages and the XML of Excel 2003, called xls: read like a table, or refused where they are cut."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter.bank.reading import read, read_any
from counter.bank.statement import UnreadableError
from tests.bank.xls import compound, xls

PAGE = """<html><head><meta charset=gbk><style>td {{ color: red }}</style></head><body>
<!-- made by a bank -->
<table><tr><td colspan=2>账号：6222021001001</td></tr></table>
<table border="1"><tr><th>交易日期<th>摘要</th><th>借方发生额</th><th>贷方发生额</th><th>余额</th></tr>
{rows}
</table></body></html>
"""
ROWS = """<tr><td>2026-03-01</td><td>电费&nbsp;A&amp;B<br>三月</td><td></td><td>1,234.50</td><td>1,334.50</td></tr>
<tr><td>2026-03-02</td><td>手续费</td><td>34.50</td><td>&nbsp;</td><td>1,300.00</td></tr>
<tr><td colspan="2">合计</td><td>34.50</td><td>1,234.50</td><td></td></tr>"""
SHEET = """<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>
<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><ss:Worksheet ss:Name="a"><ss:Table>
<ss:Row>{heads}</ss:Row>
<ss:Row><ss:Cell><ss:Data ss:Type="String">2026-03-01</ss:Data></ss:Cell>
<ss:Cell><ss:Data ss:Type="String">a</ss:Data></ss:Cell>
<ss:Cell ss:Index="4"><ss:Data ss:Type="Number">0.1</ss:Data></ss:Cell></ss:Row>
<ss:Row><ss:Cell><ss:Data ss:Type="DateTime">2026-03-02T00:00:00.000</ss:Data></ss:Cell><ss:Cell/>
<ss:Cell><ss:Data ss:Type="Number">0.3</ss:Data></ss:Cell></ss:Row>
</ss:Table></ss:Worksheet></ss:Workbook>
"""
HEADS = "".join(
    f'<ss:Cell><ss:Data ss:Type="String">{name}</ss:Data></ss:Cell>'
    for name in ("交易日期", "摘要", "借方金额", "贷方金额")
)


def test_a_page_is_read_as_a_table() -> None:
    found = read(PAGE.format(rows=ROWS).encode("gb18030"))
    (statement,) = found.statements
    assert (found.format, found.encoding, statement.account) == ("html", "gb18030", "6222021001001")
    assert [(str(entry.amount), entry.text, entry.line) for entry in statement.entries] == [
        ("1234.50", "电费 A&B 三月", 5), ("-34.50", "手续费", 6),
    ]  # fmt: skip
    assert (statement.opening, statement.balanced) == (Decimal("100.00"), True)


def test_the_xml_of_excel_2003_is_read_as_a_table() -> None:
    found = read(SHEET.format(heads=HEADS).encode())
    (statement,) = found.statements
    assert found.format == "excel2003"
    assert [str(entry.amount) for entry in statement.entries] == ["0.10", "-0.30"]


def test_a_cell_over_two_rows_moves_no_sum_into_another_column() -> None:
    rows = ROWS.replace("<tr><td>2026-03-01</td>", '<tr><td rowspan="2">2026-03-01</td>').replace(
        "<tr><td>2026-03-02</td>", "<tr>"
    )
    with pytest.raises(UnreadableError) as refused:
        read(PAGE.format(rows=rows).encode())
    assert (refused.value.line, refused.value.hint) == (6, "date")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (PAGE.format(rows=ROWS).replace("</table></body></html>", ""), "truncated"),
        (PAGE.format(rows=ROWS)[:400], "truncated"),
        ("<html><!-- never ends", "truncated"),
        ("<html><script>never ends", "truncated"),
        ("<html><table><tr>" + '<td colspan="400">1</td>' * 3 + "</table>", "bomb"),
        ("<html><body>Please sign in again.</body></html>", "heading"),
    ],
)
def test_what_is_cut_or_too_wide_is_refused(text: str, hint: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(text.encode())
    assert refused.value.hint == hint


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["<table>", "<tr>", "<td>", "</td>", "</table>", "<td rowspan=3>", "<!--", "-->", "<", "交易日期",
                                 "摘要", "金额", "5.00", "2026-03-01", "<script>", "<td colspan=9>", "\n"]), max_size=60))  # fmt: skip
def test_any_page_is_read_or_refused(parts: list[str]) -> None:
    try:
        found = read_any(("<html><table>" + "".join(parts)).encode())
    except UnreadableError:
        return
    assert found.format == "html"


XLS_ROWS: list[list[str | float]] = [
    ["账号: 6222021001001"], ["交易日期", "摘要", "借方金额", "贷方金额", "余额"],
    ["2026-03-01", "电费", "", 0.1, 100.1], ["2026-03-02", "b", 0.3, "", 99.8],
]  # fmt: skip


def test_an_xls_is_read() -> None:
    found = read(xls(XLS_ROWS))
    (statement,) = found.statements
    assert (found.format, statement.account, statement.balanced) == ("xls", "6222021001001", True)
    assert [str(entry.amount) for entry in statement.entries] == ["0.10", "-0.30"]


@pytest.mark.parametrize(
    "data", [xls(XLS_ROWS, locked=True), compound("EncryptedPackage", b"x")], ids=["xls", "xlsx"]
)
def test_a_workbook_with_a_password_says_so(data: bytes) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(data)
    assert refused.value.hint == "password"
