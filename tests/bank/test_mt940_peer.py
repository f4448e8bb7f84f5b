"""Our reader of MT940 and the library mt-940 find the same amounts and balances.

The library is right only with all its options on, and it logs what it cannot read, names and all: silence it.
It knows neither expected entries (EC, ED) nor a statement without :20:, so those files are ours alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter.bank.reading import read
from tests.bank.samples import HERE

mt940: Any = import_module("mt940")
Money = tuple[Decimal, date]


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    """Keep what the library says out of the log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def of_library(text: str) -> tuple[list[Money], Decimal, Decimal]:
    """Amounts and value dates, the first opening balance and the last closing one, by the library."""
    found = mt940.parse_statements(text, options=mt940.Options.all())
    entries = [
        (each.data["amount"].amount, each.data["date"]) for part in found for each in part.transactions
    ]
    first, last = found[0].data["final_opening_balance"], found[-1].data["final_closing_balance"]
    return (
        [(amount, date(day.year, day.month, day.day)) for amount, day in entries],
        first.amount.amount,
        last.amount.amount,
    )


def of_ours(text: str) -> tuple[list[Money], Decimal | None, Decimal | None]:
    """The same by our reader."""
    (statement,) = read(text.encode()).statements
    entries = [(each.amount, each.value_date or each.booked) for each in statement.entries]
    return entries, statement.opening, statement.closing


@pytest.mark.parametrize("name", ["pages.sta", "february.sta", "texts.sta"])
def test_the_samples_are_read_alike(name: str) -> None:
    text = (HERE / name).read_text("utf-8")
    assert of_library(text) == of_ours(text)


@st.composite
def statements(draw: st.DrawFn) -> str:
    """One statement of a few entries of every mark; its closing balance may be anything."""
    money = st.integers(0, 10**9).map(lambda fen: f"{fen // 100},{fen % 100:02}")
    day = st.integers(0, 500).map(lambda days: date(2025, 1, 1) + timedelta(days))
    lines = [":20:A", ":25:6222021001", ":28C:1/1"]
    lines.append(f":60F:{draw(st.sampled_from('CD'))}{draw(day):%y%m%d}CNY{draw(money)}")
    for number in range(draw(st.integers(0, 6))):
        valued, mark = draw(day), draw(st.sampled_from(["C", "D", "RC", "RD"]))
        lines.append(f":61:{valued:%y%m%d}{valued:%m%d}{mark}{draw(money)}NTRFNONREF//B{number}")
        lines.append(":86:" + draw(st.sampled_from(["words", "166?00A?20B?32C", "/NAME/X/REMI/Y", "-"])))
    lines.append(f":62F:{draw(st.sampled_from('CD'))}{draw(day):%y%m%d}CNY{draw(money)}")
    return "\r\n".join([*lines, "-", ""])


@settings(max_examples=60, deadline=None)
@given(statements())
def test_any_statement_is_read_alike(text: str) -> None:
    assert of_library(text) == of_ours(text)
