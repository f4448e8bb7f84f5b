"""Profiles: what they say is read, recognised by content, and a wrong one is refused by its field."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from counter.bank.profiles import BadProfile, Profile
from counter.bank.profiles.loading import load_profiles, parse_profile
from counter.bank.reading import read, read_any
from counter.bank.settlement import SettlementFile, SettlementLine
from counter.bank.statement import UnreadableError
from counter.cli.bank import app
from tests.bank.samples import HERE
from tests.bank.workbook import workbook

PAN = "6222021234567890123"
CITY = """
name = "city-bank"
title = "市商业银行"
kind = "statement"
form = "table"
date_format = "%d/%m/%Y"
account_pattern = '客户号\\D*(\\d+)'
currency = "CNY"
skip_lines = 1
requires = ["发生日", "金额", "标记"]
texts = ["说明", "附加"]
[columns]
posted = "发生日"
amount = "金额"
direction = "标记"
[words]
"1" = "贷"
"2" = "借"
"""
CITY_ROWS = [
    ["客户号 99999"],
    ["客户号: 4400123"],
    ["发生日", "标记", "金额", "说明", "附加"],
    ["03/04/2026", "1", "1,234.50", "电费", "三月"],
    ["04/04/2026", "2", "34.50", "手续费", ""],
]
WIDE = """
name = "wide"
title = "wide"
kind = "statement"
form = "fixed"
unit = "{unit}"
encoding = "gb18030"
currency = "CNY"
[header]
pattern = 'H'
account = {{ at = 1, length = 8 }}
[detail]
pattern = 'D[0-9]{{8}}'
posted = {{ at = 1, length = 8 }}
text = {{ at = 9, length = 8 }}
amount = {{ at = {amount}, length = 9, decimals = 2, signs = {{ "+" = "", "-" = "-" }} }}
[trailer]
pattern = 'T'
count = {{ at = 1, length = 4 }}
amount = {{ at = 5, length = 9, decimals = 2, signs = {{ "+" = "", "-" = "-" }} }}
"""


def profiles(folder: Path, *texts: str) -> tuple[Profile, ...]:
    for number, text in enumerate(texts):
        (folder / f"{number}.toml").write_text(text, encoding="utf-8")
    return load_profiles(folder)


def settlement(data: bytes) -> SettlementFile:
    found = read_any(data)
    assert isinstance(found, SettlementFile)
    return found


def csv(rows: list[list[str]]) -> bytes:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode("gb18030")


@pytest.mark.parametrize("data", [csv(CITY_ROWS), workbook(CITY_ROWS)], ids=["csv", "xlsx"])
def test_a_table_by_the_headings_that_a_profile_requires(tmp_path: Path, data: bytes) -> None:
    found = read(data, profiles(tmp_path, CITY))
    (statement,) = found.statements
    assert (statement.account, statement.currency) == ("4400123", "CNY")
    assert [(entry.booked, entry.amount, entry.text) for entry in statement.entries] == [
        (date(2026, 4, 3), Decimal("1234.50"), "电费 三月"),
        (date(2026, 4, 4), Decimal("-34.50"), "手续费"),
    ]


def test_without_the_profile_the_same_table_is_refused() -> None:
    with pytest.raises(UnreadableError):
        read(csv(CITY_ROWS))


@pytest.mark.parametrize(("unit", "amount"), [("byte", 17), ("character", 13)])
def test_fixed_width_counts_bytes_or_characters(tmp_path: Path, unit: str, amount: int) -> None:
    known = profiles(tmp_path, WIDE.format(unit=unit, amount=amount).replace("length = 8 }\namount", "length = 4 }\namount", 1)
                     if unit == "character" else WIDE.format(unit=unit, amount=amount))  # fmt: skip
    text = "H12345678\nD20260301电费收入+00012345\nD20260302退款手续-00000345\nT0002+00012000\n"
    (statement,) = read(text.encode("gb18030"), known).statements
    assert (statement.account, [str(entry.amount) for entry in statement.entries]) == (
        "12345678", ["123.45", "-3.45"],
    )  # fmt: skip
    assert statement.entries[0].text == "电费收入"
    wrong = read(text.replace("00012000", "00012001").encode("gb18030"), known)
    assert wrong.statements[0].wrong_total == 4


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ("D20260302", 3),
        ("X what is this", 3),
        ("D20260302退款手续 00000345", 3),
        ("D20260302电费收入x00000345", 3),
    ],
)
def test_a_record_that_is_not_whole_is_refused_with_its_line(tmp_path: Path, broken: str, line: int) -> None:
    known = profiles(tmp_path, WIDE.format(unit="byte", amount=17))
    text = f"H12345678\nD20260301电费收入+00012345\n{broken}\n"
    with pytest.raises(UnreadableError) as refused:
        read(text.encode("gb18030"), known)
    assert refused.value.line == line


def test_the_fixed_form_of_unionpay() -> None:
    found = settlement((HERE / "unionpay_pos.txt").read_bytes())
    assert (found.format, found.acquirer, found.settled) == ("fixed", "银联商务", date(2026, 3, 2))
    assert (found.amount_fen, found.fee_fen, found.net_fen) == (127_400, 637, 126_763)
    expected = SettlementLine(
        "898110253310001", "12345678", datetime(2026, 3, 1, 8, 15, 2), "sale", "000123", "000456",  # noqa: DTZ001
        "260301000456", "622202*********0123", "借记卡", 100_000, 500, 99_500, 2,
    )  # fmt: skip
    assert found.lines[0] == expected


def test_a_trailer_that_does_not_agree_is_refused() -> None:
    text = (HERE / "unionpay_pos.txt").read_text()
    for old, new in (("C00000000127400", "C00000000127401"), ("9900000005", "9900000006")):
        with pytest.raises(UnreadableError) as refused:
            read_any(text.replace(old, new).encode())
        assert refused.value.line == 7


def test_the_merchant_file_of_unionpay_has_no_terminal() -> None:
    start = (
        f"S22 00010000    00010000    000456 0301081502 {PAN} 000000100000 4900 01 202603010815020004561 02 "
    )
    line = start + f"{'ORDER':<32} 01 000000 0000000000 D000000000500 C000000099500 0201 "
    found = settlement((line.ljust(293) + "898110253310001\r\n").encode())
    (only,) = found.lines
    assert (only.reference, only.at, only.terminal) == (
        "202603010815020004561", datetime(2026, 3, 1, 8, 15, 2), "",  # noqa: DTZ001
    )  # fmt: skip
    assert (only.amount_fen, only.fee_fen, only.net_fen, only.card) == (
        100_000, 500, 99_500, "622202*********0123",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('kind = "statement"', 'kind = "something"', "kind: one of"),
        ('name = "city-bank"', "", "name: missing"),
        ("currency", "curency", "curency: unknown field"),
        ("posted =", "postd =", "columns.postd: one of"),
        ('posted = "发生日"', "", "columns: posted or traded is missing"),
        ("skip_lines = 1", "skip_lines = -1", "skip_lines: from 0"),
        ("'客户号\\D*(\\d+)'", "'客户号('", "account_pattern: "),
        ("'客户号\\D*(\\d+)'", "'客户号'", "account_pattern: a group"),
        ("skip_lines = 1", 'encoding = "klingon"', "encoding: not known"),
        ("[columns]", "[columns", "0.toml: "),
    ],
)  # fmt: skip
def test_a_wrong_profile_names_file_and_field(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in CITY
    with pytest.raises(BadProfile) as refused:
        profiles(tmp_path, CITY.replace(old, new))
    assert says in str(refused.value)
    assert str(refused.value).startswith("0.toml: ")


def test_a_fixed_profile_needs_its_places() -> None:
    table = {
        "name": "a", "title": "a", "kind": "settlement", "form": "fixed",
        "detail": {"pattern": "x", "amount": {"at": 0, "length": 0}},
    }  # fmt: skip
    with pytest.raises(BadProfile, match=r"detail\.amount\.length"):
        parse_profile(table)


def test_the_bureaus_profile_takes_the_place_of_ours(tmp_path: Path) -> None:
    names = [profile.name for profile in profiles(tmp_path, CITY.replace("city-bank", "unionpay-pos"))]
    assert names == ["unionpay-pos", "unionpay-merchant"]


def test_profiles_are_listed_and_used_by_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles(tmp_path, CITY)
    (tmp_path / "a.csv").write_bytes(csv(CITY_ROWS))
    monkeypatch.setenv("COUNTER_BANK_PROFILES_DIR", str(tmp_path))
    listed = CliRunner().invoke(app, ["profiles", "--json"])
    names = [json.loads(line)["name"] for line in listed.stdout.splitlines()]
    assert names == ["city-bank", "unionpay-merchant", "unionpay-pos"]
    found = CliRunner().invoke(app, ["inspect", "--json", str(tmp_path / "a.csv")])
    assert json.loads(found.stdout)["statements"][0]["credits"] == "1234.50"
