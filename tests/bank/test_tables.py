"""Tables of banks: every row an entry of the right sign, or the file refused with its line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter.bank import tables
from counter.bank.encoding import decode
from counter.bank.reading import importable
from counter.bank.reading import read as read_bytes
from counter.bank.statement import Statement, UnreadableError
from tests.bank.samples import SHARED, expected
from tests.bank.workbook import workbook

TWO = "交易日期,摘要,借方发生额,贷方发生额,余额,对方户名\r\n"
BARE = "交易日期,摘要,借方发生额,贷方发生额\r\n"
DIRECTION = "交易日期,摘要,借贷标志,发生额\r\n"


def read(text: str, codec: str = "utf-8") -> tuple[Statement, ...]:
    data = text.encode(codec)
    decoded, encoding = decode(data)
    assert tables.fits(data, decoded)
    return tables.read(data, decoded, encoding).statements


def sums(text: str) -> list[str]:
    (statement,) = read(text)
    return [str(entry.amount) for entry in statement.entries]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_preamble_thousands_commas_and_a_total(codec: str) -> None:
    text = (
        "账号: 6222021001001\t币种: 人民币\r\n\r\n"
        + TWO
        + '2026-03-01\t,电费,,"1,234.56","1,334.56",张三\r\n'
        '2026-03-02\t,手续费,34.56,,"1,300.00",\r\n合计,,34.56,"1,234.56",,\r\n打印时间 2026-03-03\r\n'
    )
    (found,) = read(text, codec)
    assert (found.account, found.currency, found.balanced) == ("6222021001001", "CNY", True)
    assert (Decimal("100.00"), Decimal("1300.00")) == (found.opening, found.closing)
    assert [str(entry.amount) for entry in found.entries] == ["1234.56", "-34.56"]
    assert (found.entries[0].party, found.entries[0].text, found.entries[0].line) == ("张三", "电费", 4)


def test_newest_first_is_put_in_the_order_of_time() -> None:
    (found,) = read(TWO + "2026-03-02,b,10.00,,95.00,\n2026-03-01,a,,5.00,105.00,\n")
    assert ([entry.text for entry in found.entries], found.balanced) == (["a", "b"], True)


def test_swapped_columns_are_found_by_the_running_balance() -> None:
    swapped = TWO + "2026-03-01,a,5.00,,105.00,\n2026-03-02,b,,10.00,95.00,\n2026-03-03,c,2.00,,97.00,\n"
    assert sums(swapped) == ["5.00", "-10.00", "2.00"]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        (DIRECTION + "2026-03-01,a,贷,5.00\n2026-03-01,b,借,7.00\n", ["5.00", "-7.00"]),
        (
            DIRECTION + "2026-03-01,a,贷,5.00\n2026-03-01,b,借,-7.00\n2026-03-01,b,借,-1\n",
            ["5.00", "-7.00", "-1.00"],
        ),
        (DIRECTION + "2026-03-01,a,借,-5.00\n2026-03-01,b,借,7.00\n", ["5.00", "-7.00"]),
        ("记账日期[ Booking ],摘要,金额（元）\n20260301,a,-5.00\n20260302,b,￥7.00元\n", ["-5.00", "7.00"]),
        (
            "日期\t发生额(借方)\t发生额(贷方)\t备注\n2026年3月1日\t\t5\tx\n2026/3/2\t7\t\ty\n",
            ["5.00", "-7.00"],
        ),
        (BARE + "2026-03-01,a,,5.00\n2026-03-01,=cmd|' /C calc'!A0,7.00,\n", ["5.00", "-7.00"]),
    ],
)
def test_the_side_of_the_money(text: str, amounts: list[str]) -> None:
    assert amounts == sums(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (BARE + "2026-03-01,a,,=1+1\n", 2),
        (BARE + "2026-03-01,a,,1e3\n", 2),
        (BARE + "2026-03-01,a,,1,234.56\n", 2),
        (BARE + '2026-03-01,a,,"1,23.56"\n', 2),
        (BARE + "2026-03-01,a,5.00,5.00\n", 2),
        (BARE + "2026-03-01,a,,\n", 2),
        (BARE + "someday,a,,5.00\n", 2),
        (BARE + '2026-03-01,"a,,5.00\n2026-03-01,b,,5.00\n', 2),
        (DIRECTION + "2026-03-01,a,?,5.00\n", 2),
        (DIRECTION + "2026-03-01,a,贷,1234.56\n2026-03-02,a,贷,12", 3),
        (DIRECTION + "2026-03-01,a,贷,1234.56\n2026-03-02,a", 3),
        (DIRECTION + '2026-03-01,a,贷,1234\n2026-03-02,a,贷,"1,234', 3),
        (
            "账号：6222000011112222\n"
            + BARE
            + "2026-03-01,a,,5.00\n账号：6222000011113333\n"
            + BARE
            + "2026-03-01,a,,5.00\n",
            4,
        ),
        ("交易日期,收入,支出,交易状态\n2026-03-01,5.00,,成功\n2026-03-01,5.00,,失败\n", 3),
        ("单位：万元\n" + DIRECTION + "2026-03-01,a,贷,1234.56\n", 2),
        ("交易日期,摘要,金额\n2026-03-01,a,5.00\n", 2),
        ("交易日期,摘要,贷方发生额\n2026-03-01,a,5.00\n", 1),
        ("商户号,终端号,交易时间,交易金额,手续费\n1,2,2026-03-01,5.00,0.01\n", 1),
    ],
)
def test_what_is_unclear_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(text)
    assert line == refused.value.line


def test_two_currencies_are_two_statements() -> None:
    found = read("交易日期,币种,收入,支出\n2026-03-01,人民币,5.00,\n2026-03-01,USD,,7.00\n")
    assert [(statement.currency, len(statement.entries)) for statement in found] == [("CNY", 1), ("USD", 1)]


@pytest.mark.parametrize("data", [b"PK\x03\x04xl/", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_a_broken_workbook_is_refused(data: bytes) -> None:
    assert tables.fits(data, None)
    with pytest.raises(UnreadableError):
        tables.read(data, None, "binary")


def test_the_shared_tables_are_read() -> None:
    for name in (*expected("csv"), *expected("csv_gbk"), *expected("sheet")):
        data = (SHARED / name).read_bytes()
        text, encoding = (None, "binary") if name.endswith("xls") else decode(data)
        assert tables.read(data, text, encoding).statements != ()


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789,.-\n\"'贷借=a年/", max_size=300), st.sampled_from([TWO, BARE, DIRECTION]))
def test_any_text_under_a_heading_is_read_or_refused(text: str, heading: str) -> None:
    try:
        tables.read(b"", heading + text, "utf-8")
    except UnreadableError:
        return


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600), st.sampled_from([b"PK\x03\x04xl/", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]))
def test_any_workbook_is_read_or_refused(data: bytes, head: bytes) -> None:
    with pytest.raises(UnreadableError):
        tables.read(head + data, None, "binary")


def test_a_workbook_mixes_numbers_and_texts() -> None:
    data = workbook(
        [["账号: 6222021001001"], ["交易日期", "摘要", "借方金额", "贷方金额", "余额"],
         ["2026-03-01", "a", "", 0.1, "100.10"], [20260302.0, "b", "0.30", "", 99.8]]
    )  # fmt: skip
    assert tables.fits(data, None)
    found = tables.read(data, None, "binary")
    (statement,) = found.statements
    assert ("xlsx", True, Decimal("100.00")) == (found.format, statement.balanced, statement.opening)
    assert [Decimal("0.1"), Decimal("-0.30")] == [entry.amount for entry in statement.entries]


@pytest.mark.parametrize(
    ("total", "right"),
    [
        ('合计,,34.56,"1,334.56"', True),
        ("合计,,34.56,1334.57", False),
        ("合计,2笔,34.56,", True),
        ("小计,,0,100.00", False),
        ("本年累计,,99999.00,99999.00", True),
        ("期末余额,,,1300.00", True),
    ],
)
def test_a_total_that_is_not_the_sum_of_its_rows_is_named(total: str, right: bool) -> None:
    text = BARE + '2026-03-01,a,,"1,234.56"\n2026-03-02,b,34.56,\n2026-03-03,c,,100.00\n' + total + "\n"
    (found,) = read(text)
    assert (found.wrong_total, found.balanced, found.ties) == (
        (0, None, None) if right else (5, False, False)
    )


def test_a_file_with_a_wrong_total_is_not_taken_over() -> None:
    data = (BARE + "2026-03-01,a,,5.00\n合计,,,6.00\n").encode()
    with pytest.raises(UnreadableError) as refused:
        importable(read_bytes(data))
    assert (refused.value.line, refused.value.hint) == (3, "total")


def test_totals_of_days_between_the_rows() -> None:
    rows = "2026-03-01,a,,5.00\n小计,,0.00,5.00\n2026-03-02,b,7.00,\n小计,,7.00,0.00\n合计,,7.00,5.00\n"
    assert sums(BARE + rows) == ["5.00", "-7.00"]


def test_the_day_of_value_stands_beside_the_day_of_booking() -> None:
    (found,) = read("记账日期,起息日,摘要,收入,支出\n2026-03-02,2026-03-01,a,5.00,\n2026-03-02,,b,5.00,\n")
    assert [entry.value_date for entry in found.entries] == [date(2026, 3, 1), None]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [(1234.1, "1234.10"), (0.1 + 0.2, "0.30"), (20.0, "20.00"), (99_999_999_999.99, "99999999999.99")],
)
def test_a_number_in_a_workbook_is_exact(cell: float, kept: str) -> None:
    data = workbook([["交易日期", "摘要", "收入", "支出"], ["2026-03-01", "a", cell, ""]])
    (statement,) = tables.read(data, None, "binary").statements
    assert [str(entry.amount) for entry in statement.entries] == [kept]


@pytest.mark.parametrize("cell", [1.005, 12_345_678_901_234.56, 1e300, "1.005", "=1+1", "=cmd|'/c calc'!A0"])
def test_a_cell_that_is_no_exact_sum_is_refused(cell: float | str) -> None:
    data = workbook([["交易日期", "摘要", "收入", "支出"], ["2026-03-01", "a", cell, ""]])
    with pytest.raises(UnreadableError) as refused:
        tables.read(data, None, "binary")
    assert (refused.value.line, refused.value.hint) == (2, "amount")


def test_a_table_that_names_no_account_has_none() -> None:
    (found,) = read(BARE + "2026-03-01,a,,5.00\n")
    assert (found.account, found.currency) == ("", "CNY")


def test_payer_and_payee_by_the_side_of_the_money() -> None:
    (found,) = read(
        "日期,收入,支出,付款人名称,收款人名称\n2026-03-01,5,,甲,本公司\n2026-03-02,,7,本公司,乙\n"
    )
    assert [entry.party for entry in found.entries] == ["甲", "乙"]


def test_a_cell_of_several_lines_counts_as_lines() -> None:
    (found,) = read(BARE + '2026-03-01,"a\nb",,5.00\n2026-03-02, c ,7.00,\n')
    assert [(entry.line, entry.text) for entry in found.entries] == [(2, "a\nb"), (4, "c")]
