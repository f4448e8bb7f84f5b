"""Settlement files: every line with its fee and no whole card, or the file refused with its line."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from counter.bank.pos import read_settlement
from counter.bank.reading import kind_of, read_any
from counter.bank.settlement import SettlementLine
from counter.bank.statement import UnreadableError
from counter.cli.bank import app
from tests.bank.samples import HERE
from tests.bank.workbook import workbook

HEAD = "商户号,终端号,交易时间,交易类型,批次号,凭证号,参考号,卡号,卡类别,交易金额,手续费,结算金额"
KEYS = "898110253310001,12345678,2026-03-01 10:11:12,{kind},000123,000456,123456789012,{card},借记卡,"
PAN = "6222021234567890123"
SAMPLE = HERE / "pos_lines.csv"


def row(sums: str, kind: str = "消费", card: str = PAN) -> str:
    return KEYS.format(kind=kind, card=card) + sums


def lines(*rows: str, head: str = HEAD) -> tuple[SettlementLine, ...]:
    return read_settlement("\n".join((head, *rows)).encode()).lines


def sums(*rows: str, head: str = HEAD) -> list[tuple[int, int, int]]:
    return [(line.amount_fen, line.fee_fen, line.net_fen) for line in lines(*rows, head=head)]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_sample_in_every_encoding(codec: str) -> None:
    found = read_settlement(SAMPLE.read_bytes().decode("gb18030").encode(codec))
    assert ("csv", codec, "银联商务", date(2026, 3, 2)) == (
        found.format, found.encoding, found.acquirer, found.settled,
    )  # fmt: skip
    assert (found.amount_fen, found.fee_fen, found.net_fen) == (127_400, 637, 126_763)
    assert [line.kind for line in found.lines] == ["sale", "sale", "refund", "reversal", "sale"]


def test_every_field_of_a_line() -> None:
    (found,) = lines(row('"1,234.50",6.17,"1,228.33"'))
    expected = SettlementLine(
        "898110253310001", "12345678", datetime(2026, 3, 1, 10, 11, 12), "sale", "000123", "000456",  # noqa: DTZ001
        "123456789012", "622202*********0123", "借记卡", 123_450, 617, 122_833, 2,
    )  # fmt: skip
    assert expected == found


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (PAN, "622202*********0123"),
        ("6222 0212 3456 7890 123", "622202*********0123"),
        ("622202******0123", "622202******0123"),
        ("6222021234****0123", "622202********0123"),
        ("622202XXXXXX0123", "622202******0123"),
        ("0123", "*0123"),
        ("6.22202E+18", ""),
        ("Zhang San", ""),
        ("", ""),
    ],
)
def test_no_whole_card_leaves_the_reader(written: str, kept: str) -> None:
    (found,) = lines(row("10.00,0.06,9.94", card=written))
    assert kept == found.card


@pytest.mark.parametrize(
    ("kind", "written", "expected"),
    [
        ("消费", "100.00,0.60,99.40", (10_000, 60, 9_940)),
        ("消费", "100.00,-0.60,99.40", (10_000, 60, 9_940)),
        ("消费", "100.00,,99.40", (10_000, 60, 9_940)),
        ("消费", "100.00,0.60,", (10_000, 60, 9_940)),
        ("退货", "100.00,0.60,99.40", (-10_000, -60, -9_940)),
        ("退货", "-100.00,0.00,-100.00", (-10_000, 0, -10_000)),
        ("退货", "-100.00,0.60,-100.60", (-10_000, 60, -10_060)),
        ("消费撤销", "-100.00,-0.60,-99.40", (-10_000, -60, -9_940)),
        ("Void", "100.00,-0.60,-99.40", (-10_000, -60, -9_940)),
    ],
)
def test_signs(kind: str, written: str, expected: tuple[int, int, int]) -> None:
    assert [expected] == sums(row(written, kind))


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([row("100.00,0.60,99.41")], 2),
        ([row("100.00,0.60,99.40"), row("100.00,0.61,99.40")], 3),
        ([row("-100.00,-0.60,-99.40")], 2),
        ([row("100.00,,")], 2),
        ([row(",0.60,99.40")], 2),
        ([row("100.00,0.60,", "退货")], 2),
        ([row("100.00,-0.60,")], 2),
        ([row("-100.00,0.60,99.40", "退货")], 2),
        ([row("100.005,0.60,99.405")], 2),
        ([row("=1+1,0.60,99.40")], 2),
        ([row("100.00,0.60,99.40", "转账")], 2),
        ([row("100.00,0.60,99.40").replace("2026-03-01", "2026-02-30")], 2),
        ([row("100.00,0.60")], 2),
        ([row("100.00,0.60,99.40"), "合计,,,,,,,,,100.00,0.60,99.41"], 3),
        ([row("100.00,0.60,99.40"), "合计,2笔,,,,,,,,100.00,0.60,99.40"], 3),
        ([row("100.00,0.60,99.40"), "总笔数：2,,,,,,,,,,,"], 3),
    ],
)
def test_what_does_not_come_out_is_refused_with_its_line(rows: list[str], line: int) -> None:
    with pytest.raises(UnreadableError) as refused:
        lines(*rows)
    assert line == refused.value.line


def test_totals_of_parts_and_of_all_are_checked() -> None:
    one, part = row("100.00,0.60,99.40"), "小计,1笔,,,,,,,,100.00,0.60,99.40"
    assert len(lines(one, part, one, part, "合计,2笔,,,,,,,,200.00,1.20,198.80", "制表人：张三")) == 2


def test_totals_above_the_table_are_checked() -> None:
    above = "清算日期：20260302,总笔数：1,交易总金额：100.00,结算总金额：99.40"
    found = read_settlement("\n".join((above, HEAD, row("100.00,0.60,99.40"))).encode())
    assert date(2026, 3, 2) == found.settled
    with pytest.raises(UnreadableError):
        read_settlement("\n".join((above, HEAD, row("100.00,0.61,99.39"))).encode())


def test_a_day_and_a_time_of_day_in_two_columns() -> None:
    head = "商户号,终端号,交易日期,交易时间,凭证号,交易金额,手续费,清算日期"
    (found,) = lines("1,T1234567,2026-03-01,235959,7,100.00,0.60,20260302", head=head)
    assert datetime(2026, 3, 1, 23, 59, 59) == found.at  # noqa: DTZ001
    assert (found.merchant, found.terminal, found.trace) == ("000000000000001", "T1234567", "000007")


@pytest.mark.parametrize(
    ("more", "values"),
    [("清算日期", ("20260302", "20260303")), ("交易状态", ("成功", "失败")), ("币种", ("CNY", "USD"))],
)
def test_two_days_a_failed_line_or_foreign_money_is_refused(more: str, values: tuple[str, str]) -> None:
    with pytest.raises(UnreadableError) as refused:
        lines(*(row(f"100.00,0.60,99.40,{value}") for value in values), head=f"{HEAD},{more}")
    assert refused.value.line == 3


def test_a_list_of_transactions_without_fees_is_no_settlement() -> None:
    with pytest.raises(UnreadableError):
        lines("1,2,2026-03-01,5.00,7", head="商户号,终端号,交易时间,交易金额,凭证号")


def test_a_workbook_and_numbers_in_it() -> None:
    data = workbook(
        [HEAD.split(","), ["898110253310001", 1234567.0, 20260301101112.0, "消费", 123.0, 456.0,
          123456789012.0, 6222021234567890432.0, "贷记卡", 1234.1, 6.2, 1227.9]]
    )  # fmt: skip
    found = read_settlement(data)
    (line,) = found.lines
    assert (found.format, line.terminal, line.batch, line.trace) == ("xlsx", "01234567", "000123", "000456")
    assert (
        line.amount_fen, line.fee_fen, line.net_fen, line.card,
    ) == (123_410, 620, 122_790, "622202*************")  # fmt: skip


def test_one_door_tells_the_two_kinds_apart() -> None:
    statement = "交易日期,摘要,借方发生额,贷方发生额\n2026-03-01,a,,5.00\n".encode()
    table = workbook([["交易日期", "摘要", "借方发生额", "贷方发生额"], ["2026-03-01", "a", "", 5.0]])
    assert [
        kind_of(SAMPLE.read_bytes()), kind_of(statement), kind_of(table),
    ] == ["settlement", "statement", "statement"]  # fmt: skip
    with pytest.raises(UnreadableError):
        read_settlement(statement)


def test_inspect_tells_the_sums_and_never_a_card() -> None:
    found = CliRunner().invoke(app, ["inspect", "--json", "--entries", str(SAMPLE)])
    told = json.loads(found.stdout)["settlement"]
    assert (
        told["amount"], told["fee"], told["net"], told["lines"], told["settled"],
    ) == ("1274.00", "6.37", "1267.63", 5, "2026-03-02")  # fmt: skip
    assert PAN not in found.stdout
    assert (found.exit_code, len(found.stdout.splitlines())) == (0, 1)


def test_an_error_names_no_card(tmp_path: Path) -> None:
    shifted = tmp_path / "shifted"
    shifted.write_text("\n".join((HEAD, row(f"{PAN},0.60,99.40"))))
    found = CliRunner().invoke(app, ["inspect", "--json", str(shifted)])
    assert (found.exit_code, json.loads(found.stdout)["line"]) == (1, 2)
    assert PAN not in found.stdout


def test_inspect_masks_the_cards_of_payers_and_leaves_their_accounts(tmp_path: Path) -> None:
    file = tmp_path / "statement"
    file.write_text(
        "交易日期,收入,支出,摘要,对方账号\n2026-03-01,5.00,,卡6222021234567890128转入,6222021234567890128\n"
        "2026-03-01,5.00,,a,4400123412341234567\n"
    )
    found = CliRunner().invoke(app, ["inspect", "--json", "--entries", str(file)])
    lines = json.loads(found.stdout)["statements"][0]["lines"]
    assert [(line["text"], line["party_account"]) for line in lines] == [
        ("卡622202*********0128转入", "622202*********0128"), ("a", "4400123412341234567"),
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='0123456789,.-\n"消费退货合计: ', max_size=300))
def test_any_text_under_the_headings_is_read_or_refused(text: str) -> None:
    try:
        found = read_any((HEAD + "\n" + text).encode())
    except UnreadableError:
        return
    assert found.format == "csv"
