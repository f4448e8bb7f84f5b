"""A long table stays packed until its entries are asked for, and they are those of a short one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from counter.bank import table_lines
from counter.bank.reading import read
from counter.bank.statement import Statement
from counter.bank.table_lines import TableEntries

HEAD = "交易日期,起息日,摘要,备注,借方发生额,贷方发生额,余额,付款人名称,收款人名称,流水号"
COUNT = 9_000


def rows() -> Iterator[str]:
    """Days that go forward, every third row money out, every tenth text with a line end in it."""
    balance = 0
    for number in range(COUNT):
        day = date(2026, 3, 1) + timedelta(days=number // 300)
        fen = number * 37 % 9_999 + 1
        balance += -fen if number % 3 == 0 else fen
        sums = f"{fen / 100:.2f}," if number % 3 == 0 else f",{fen / 100:.2f}"
        text = f'"户号 {number}\n换行"' if number % 10 == 0 else f"户号 {number}"
        yield f"{day},{day},{text},b,{sums},{balance / 100:.2f},甲{number % 7},乙,F{number}"


def statement(lines: list[str]) -> Statement:
    (found,) = read("\n".join((HEAD, *lines, "")).encode("gb18030")).statements
    return found


@pytest.mark.parametrize("backward", [False, True])
def test_a_long_table_has_the_entries_of_a_short_one(monkeypatch: pytest.MonkeyPatch, backward: bool) -> None:
    lines = list(rows())[:: -1 if backward else 1]
    packed = statement(lines)
    monkeypatch.setattr(table_lines, "FEW", COUNT)
    plain = statement(lines)
    assert (type(packed.entries), type(plain.entries)) == (TableEntries, tuple)
    assert tuple(packed.entries) == plain.entries
    assert packed.totals == plain.totals
    assert (packed.balanced, packed.opening, packed.closing) == (True, Decimal(0), plain.closing)
    assert (packed.entries[-1], packed.entries[4_500]) == (plain.entries[-1], plain.entries[4_500])
    assert packed.entries[4_095:4_098] == plain.entries[4_095:4_098]
    assert list(packed.booked) == list(plain.entries)
    turned = packed.entries[::-1]
    assert (type(turned), tuple(turned)) == (TableEntries, plain.entries[::-1])
