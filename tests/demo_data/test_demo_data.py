"""The files of the demonstration bureau: repeatable, of the right shape, in constant memory."""

from __future__ import annotations

import csv
import tracemalloc
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from counter.domain.money import parse_yuan
from counter.services.demo_data import Summary, write_demo_data
from counter.services.demo_data.chance import weighted

AS_OF = date(2026, 11, 23)
ACCOUNTS = 5_000


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """A small bureau, written once."""
    return write_demo_data(ACCOUNTS, 7, tmp_path_factory.mktemp("bureau"), as_of=AS_OF)


def rows(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    """A file's lines by heading."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, summary: Summary) -> None:
    """And another seed other ones."""
    again = write_demo_data(ACCOUNTS, 7, tmp_path / "again", as_of=AS_OF)
    other = write_demo_data(ACCOUNTS, 8, tmp_path / "other", as_of=AS_OF)
    assert again.accounts_path.read_bytes() == summary.accounts_path.read_bytes()
    assert again.bills_path.read_bytes() == summary.bills_path.read_bytes()
    assert other.accounts_path.read_bytes() != summary.accounts_path.read_bytes()


def test_numbers_are_never_given_twice(summary: Summary) -> None:
    """Accounts and meters are unique and have their digits."""
    accounts = rows(summary.accounts_path)
    assert len({row["户号"] for row in accounts}) == len({row["表号"] for row in accounts}) == ACCOUNTS
    assert {len(row["户号"]) for row in accounts} == {10}
    assert {len(row["表号"]) for row in accounts} == {12}


def test_the_bureau_is_shaped_like_the_real_one(summary: Summary) -> None:
    """Eleven halls, nineteen households to a firm, some phones missing, some of every flag."""
    accounts = rows(summary.accounts_path)
    assert {row["营业厅"] for row in accounts} == {str(hall_no) for hall_no in range(1, 12)}
    classes = Counter(row["客户类别"] for row in accounts)
    assert 0.93 < classes["居民"] / ACCOUNTS < 0.97
    assert 0.08 < sum(not row["联系电话"] for row in accounts) / ACCOUNTS < 0.18
    for heading in ("租户", "困难户", "停电", "对公账户", "风险客户"):
        assert 0 < sum(row[heading] == "是" for row in accounts) < ACCOUNTS // 10
    assert 0 < sum(row["状态"] == "销户" for row in accounts) < ACCOUNTS // 20
    assert {row["付费方式"] for row in accounts} == {"后付费", "预付费", "卡表"}
    assert 0 < sum(bool(row["预收余额"]) for row in accounts) < ACCOUNTS // 4


def test_bills_average_three_with_a_tail_of_three_years(summary: Summary) -> None:
    """One account has 240; every bill is of a known account and worth something."""
    bills = rows(summary.bills_path)
    counts = Counter(row["户号"] for row in bills)
    assert 2.7 < len(bills) / ACCOUNTS < 3.3
    assert summary.bills == len(bills)
    assert max(counts.values()) == 240
    assert any(row["账期"] == "2023-11" for row in bills)
    assert set(counts) <= {row["户号"] for row in rows(summary.accounts_path)}
    assert all(parse_yuan(row["应收电费"]) for row in bills)


def test_no_bill_comes_twice(summary: Summary) -> None:
    """Account, period and part name a bill."""
    keys = [(row["户号"], row["账期"], row["分次"]) for row in rows(summary.bills_path)]
    assert len(set(keys)) == len(keys)


def test_due_dates_are_relative_to_the_day_given(summary: Summary) -> None:
    """The newest bill falls due in the month of that day."""
    newest = max(rows(summary.bills_path), key=lambda row: row["到期日"])
    assert (newest["账期"], newest["到期日"]) == ("2026-10", "2026-11-25")


def test_the_names_that_are_hard_are_there(summary: Summary) -> None:
    """Brackets, sixty characters, rare characters and the name of the manual."""
    names = [row["户名"] for row in rows(summary.accounts_path)]
    assert {"[测试]", "王小四", "𬭎䶮𤋮"} <= set(names)
    assert max(map(len, names)) == 60


def test_no_bills_can_be_asked_for(tmp_path: Path) -> None:
    """The search is measured on accounts alone."""
    assert write_demo_data(100, 1, tmp_path, as_of=AS_OF, bills_per_account=0).bills == 0


def test_a_file_can_be_in_gb18030(tmp_path: Path) -> None:
    """What a Chinese export of today is, rare characters included."""
    written = write_demo_data(50, 1, tmp_path, as_of=AS_OF, encoding="gb18030")
    assert rows(written.accounts_path, "gb18030")[5]["户名"] == "𬭎䶮𤋮"


def test_memory_does_not_grow_with_the_number_of_accounts(tmp_path: Path) -> None:
    """Twice the accounts need no more than a piece's worth."""
    peaks = []
    for accounts in (4_000, 12_000):
        tracemalloc.start()
        write_demo_data(accounts, 1, tmp_path, as_of=AS_OF)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 3 // 2


def test_progress_ends_at_the_number_asked_for(tmp_path: Path) -> None:
    """A bar that is never full looks like a fault."""
    heard: list[tuple[int, int]] = []
    write_demo_data(
        2_500, 1, tmp_path, as_of=AS_OF, on_progress=lambda done, total: heard.append((done, total))
    )
    assert heard == [(2_000, 2_500), (2_500, 2_500)]


def test_a_negative_number_is_refused(tmp_path: Path) -> None:
    """Before anything is written."""
    with pytest.raises(ValueError, match="negative"):
        write_demo_data(-1, 1, tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_weighted_table_gives_every_place_away() -> None:
    """Largest remainder: the table is full and in proportion."""
    table = weighted({"a": 2, "b": 1}, 4)
    assert Counter(table) == {"a": 11, "b": 5}
