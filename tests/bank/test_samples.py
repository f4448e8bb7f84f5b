"""Every format once, by files written for this project: what a right reader finds in each."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from counter.bank.reading import importable, read_file
from counter.bank.statement import UnreadableError
from tests.bank.samples import HERE
from tests.bank.workbook import workbook

FOUND: dict[str, tuple[str, str, list[tuple[str, str, str | None, str | None, int, str, str]]]] = {
    "three_days.camt053.xml": ("camt.053", "utf-8", [("6222000011112222", "CNY", "-100.00", "199.95", 2, "300.00", "0.05")]),
    "oldest.camt053.xml": ("camt.053", "utf-8", [("4400000012345678", "CNY", "0", "0.00", 2, "66.60", "66.60")]),
    "day.camt052.xml": ("camt.052", "utf-8", [("4400000012345678", "CNY", None, None, 3, "200.00", "9.00")]),
    "notice.camt054.xml": ("camt.054", "utf-8", [("DE42293894455165709836", "EUR", None, None, 1, "0", "40.00")]),
    "pages.sta": ("mt940", "utf-8", [("6222021001", "CNY", "100.00", "106.00", 3, "6", "0")]),
    "february.sta": ("mt940", "utf-8", [("6222021001", "CNY", "0.00", "0.00", 4, "11.50", "11.50")]),
    "texts.sta": ("mt940", "utf-8", [("6222021001", "EUR", "0", "3", 3, "3", "0")]),
    "two_accounts.sta": ("mt940", "utf-8", [
        ("6222021001", "CNY", "100.00", "150.00", 1, "50.00", "0"), ("6222021002", "CNY", "-12.00", "-15.00", 1, "0", "3.00"),
    ]),
    "interim.sta": ("mt942", "utf-8", [("6222021001", "CNY", None, None, 1, "5.00", "0")]),
    "two_accounts.ofx": ("ofx1", "utf-8", [
        ("A-1", "EUR", None, None, 2, "1234.56", "0.06"), ("A-2", "CNY", None, "-7.50", 0, "0", "0"),
    ]),
    "header.ofx": ("ofx1", "latin-1", [("6222", "EUR", None, "-12.50", 1, "0", "12.5")]),
    "card.ofx2.ofx": ("ofx2", "utf-8", [("4400000012345678", "CNY", None, "88.00", 2, "88.80", "0.80")]),
    "table.csv": ("csv", "gb18030", [("4400000012345678", "CNY", "100.00", "1300.00", 2, "1234.56", "34.56")]),
}  # fmt: skip
"""Format, encoding, and of each statement: account, currency, opening, closing, entries, credits, debits."""


@pytest.mark.parametrize("name", FOUND)
def test_a_file_is_read_as_it_was_written(name: str) -> None:
    found = read_file(HERE / name)
    rows = [
        (
            each.account,
            each.currency,
            each.opening,
            each.closing,
            len(each.entries),
            each.credits,
            each.debits,
        )
        for each in found.statements
    ]
    format_, encoding, statements = FOUND[name]
    exact = [
        (account, currency, opening and Decimal(opening), closing and Decimal(closing), count, Decimal(into), Decimal(out))
        for account, currency, opening, closing, count, into, out in statements
    ]  # fmt: skip
    assert (format_, encoding, exact) == (found.format, found.encoding, rows)


@pytest.mark.parametrize("name", [name for name in FOUND if not name.endswith(".ofx")])
def test_what_has_balances_ties(name: str) -> None:
    for statement in importable(read_file(HERE / name)).statements:
        assert statement.balanced in {True, None}
        assert statement.ties in {True, None}


def test_a_report_during_the_day_tells_what_is_booked_from_what_is_not() -> None:
    (statement,) = read_file(HERE / "day.camt052.xml").statements
    assert [each.status for each in statement.entries] == ["booked", "pending", "information"]
    assert (Decimal(120), "interim", "61") == (statement.totals.booked, statement.kind, statement.number)


def test_a_notice_is_no_statement() -> None:
    (statement,) = read_file(HERE / "notice.camt054.xml").statements
    assert (
        statement.kind,
        statement.entries[0].reversal,
        statement.entries[0].party,
    ) == ("advice", True, "Petra Tester")


def test_the_thirtieth_of_february_is_the_last_of_the_month() -> None:
    (statement,) = read_file(HERE / "february.sta").statements
    assert [
        (each.value_date.day, each.value_date.month) for each in statement.entries if each.value_date
    ] == [(28, 2)] * 4


def test_verbatim_text_and_letters_of_other_encodings_stay() -> None:
    (card,) = read_file(HERE / "card.ofx2.ofx").statements
    (western,) = read_file(HERE / "header.ofx").statements
    assert (card.entries[0].party, card.entries[1].text) == ("李四 & 家", "手续费 <POS>")
    assert western.entries[0].party == "Bücher"


def test_a_workbook_gives_what_the_table_gives(tmp_path: Path) -> None:
    rows = [
        line.split(";")
        for line in (
            "账号：4400000012345678",
            "交易日期;借方发生额;贷方发生额;余额;摘要",
            "2026-03-01;;5.00;105.00;a",
        )
    ]
    (tmp_path / "made").write_bytes(workbook(rows))
    found = read_file(tmp_path / "made")
    assert ("xlsx", True, Decimal(5)) == (
        found.format,
        found.statements[0].balanced,
        found.statements[0].credits,
    )


def test_a_settlement_file_is_no_statement() -> None:
    with pytest.raises(UnreadableError) as refused:
        read_file(HERE / "pos_lines.csv")
    assert refused.value.hint == "settlement"
