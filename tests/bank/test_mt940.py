"""MT940 and MT942 as banks send them: every sum exact, or the file refused with its line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.bank import mt940
from counter.bank.encoding import decode
from counter.bank.statement import Entry, StatementFile, UnreadableError
from tests.bank.samples import HERE, SHARED, expected, told, wanted

HEAD = ":20:A\r\n:25:6222021001\r\n:28C:1/1\r\n:60F:C260301CNY100,00\r\n"
TAIL = ":62F:C260302CNY100,00\r\n-}\r\n"


def read(text: str) -> StatementFile:
    assert mt940.fits(text.encode(), text)
    return mt940.read(text.encode(), text, "utf-8")


def one(line: str, tail: str = TAIL) -> Entry:
    (statement,) = read(HEAD + line + "\r\n" + tail).statements
    (entry,) = statement.entries
    return entry


def read_file(name: str) -> StatementFile:
    data = (HERE / name).read_bytes()
    text, encoding = decode(data)
    return mt940.read(data, text, encoding)


@pytest.mark.parametrize(
    ("mark", "amount", "reversal"),
    [("C", "7.50", False), ("D", "-7.50", False), ("RC", "-7.50", True), ("RD", "7.50", True)],
)
def test_a_mark_gives_the_sign(mark: str, amount: str, reversal: bool) -> None:
    entry = one(f":61:260302{mark}7,5NTRFNONREF//B1")
    assert (Decimal(amount), reversal, "B1") == (entry.amount, entry.reversal, entry.reference)


def test_a_funds_code_is_no_reversal() -> None:
    assert Decimal("-7.00") == one(":61:260302DR7,NTRFNONREF").amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0,", "0"),
        ("000000006,44", "6.44"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("12.5", "12.5"),
    ],
)
def test_an_amount_is_exact(text: str, amount: str) -> None:
    assert Decimal(amount) == one(f":61:260302C{text}NTRFNONREF").amount


@pytest.mark.parametrize(
    "line",
    [
        ":61:260302C1.234NTRFNONREF",  # one thousand or one?
        ":61:260302X7,00NTRF",
        ":61:260302C-7,00NTRF",
        ":61:261302C7,00NTRF",
        ":61:260302C7,00,00NTRF",
        ":61:２６０３０２C7,00NTRF",
        ":61:",
    ],
)
def test_what_is_unclear_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(HEAD + line + "\r\n" + TAIL)
    assert refused.value.line == 5


@pytest.mark.parametrize(
    "cut", [":61:260302C7", ":61:2603", ":61:260302C7,00", ":62F:C260302CNY1", ":62F:C2603"]
)
def test_a_file_cut_inside_a_sum_is_refused(cut: str) -> None:
    with pytest.raises(UnreadableError):
        read(HEAD + cut)


@pytest.mark.parametrize(
    ("line", "booked", "value"),
    [
        (":61:2602300227C7,00NTRF", date(2026, 2, 27), date(2026, 2, 28)),
        (":61:2401011229C7,00NTRF", date(2023, 12, 29), date(2024, 1, 1)),
        (":61:2312310102C7,00NTRF", date(2024, 1, 2), date(2023, 12, 31)),
        (":61:991231C7,00NTRF", date(1999, 12, 31), date(1999, 12, 31)),
    ],
)
def test_two_digit_years_and_short_months(line: str, booked: date, value: date) -> None:
    entry = one(line)
    assert (booked, value) == (entry.booked, entry.value_date)


def test_pages_are_joined() -> None:
    (statement,) = read_file("pages.sta").statements
    assert (statement.kind, statement.number) == ("final", "7")
    assert [int(entry.amount) for entry in statement.entries] == [1, 2, 3]
    assert (Decimal(100), Decimal(106), True) == (statement.opening, statement.closing, statement.balanced)


def test_two_accounts_without_a_transaction_reference() -> None:
    first, second = read_file("two_accounts.sta").statements
    assert (first.account, second.account) == ("6222021001", "6222021002")
    assert (first.balanced, second.balanced) == (True, True)
    assert Decimal("-12.00") == second.opening


def test_a_day_report_has_no_balance() -> None:
    found = read_file("interim.sta")
    (statement,) = found.statements
    assert (found.format, statement.currency, statement.balanced) == ("mt942", "CNY", None)
    assert (statement.kind, statement.number) == ("interim", "3")
    assert [Decimal("5.00")] == [entry.amount for entry in statement.entries]


def test_texts_of_every_make() -> None:
    (statement,) = read_file("texts.sta").statements
    assert [(entry.text, entry.party, entry.party_account) for entry in statement.entries] == [
        ("EREF+1 Strom", "PETRA TESTER", "DE42293894455165709836"),
        ("Factuur 7", "ACME", "NL86INGB0002445588"),
        ("plain words -2026 on two lines", "", ""),
    ]


def test_a_balance_off_by_one_fen_is_reported_and_not_mended() -> None:
    (statement,) = read(HEAD + ":61:260302C0,01NTRF\r\n" + TAIL).statements
    assert (False, Decimal("100.00")) == (statement.balanced, statement.closing)


def test_two_currencies_in_one_statement_are_refused() -> None:
    with pytest.raises(UnreadableError):
        read(HEAD + ":62F:C260302USD100,00\r\n")


def test_the_shared_samples_are_read_right() -> None:
    found, says = dict[str, Any](), dict[str, Any]()
    for name, listed in expected("mt940").items():
        data = (SHARED / name).read_bytes()
        text, encoding = decode(data)
        assert mt940.fits(data, text)
        found[name] = [told(statement) for statement in mt940.read(data, text, encoding).statements]
        says[name] = [wanted(statement) for statement in listed["statements"]]
    assert says == found


@given(
    st.lists(
        st.sampled_from(
            [*HEAD.splitlines(), *TAIL.splitlines(), ":61:260302C7,00NTRF", ":86:x", "-", "{1:", "\x1a"]
        )
    )
)
def test_lines_in_any_order_are_read_or_refused(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        found = mt940.read(text.encode(), text, "utf-8")
    except UnreadableError:
        return
    assert lines.count(":61:260302C7,00NTRF") == sum(len(statement.entries) for statement in found.statements)


@given(st.text(alphabet=":0123456789CDRFM,./-{}\nEURabc ", max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    mt940.fits(text.encode(), text)
    try:
        mt940.read(text.encode(), text, "utf-8")
    except UnreadableError:
        return
