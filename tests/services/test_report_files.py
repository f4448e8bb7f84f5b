"""Reports as files: amounts are numbers, texts are never formulas, nothing is half written."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from python_calamine import load_workbook

from counter.domain.tabular import Column, Kind, Report, Table
from counter.errors import Fault
from counter.services.report_files import write_report_csv, write_report_xlsx

DAY = date(2026, 11, 25)
HOSTILE = "=cmd|'/c calc'!A0"


def report() -> Report:
    """Two tables, one with a text that a spreadsheet would obey."""
    columns = (Column("名称"), Column("日期", Kind.DAY), Column("金额", Kind.FEN), Column("笔数", Kind.COUNT))
    first = Table("甲[1]/*", columns, ((HOSTILE, DAY, -123_456_789, 2_000), ("", None, 5, None)))
    second = Table("乙", (Column("名称"),), (("+1",),))
    return Report("r", "报表", "城关", DAY, DAY, "赵静", datetime(2026, 11, 25, tzinfo=UTC), (first, second))


def test_a_workbook_has_a_sheet_for_each_table_with_numbers_days_and_plain_texts(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "r.xlsx"
    write_report_xlsx(report(), path)
    book = load_workbook(str(path))
    assert len(book.sheet_names) == 2
    rows = book.get_sheet_by_index(0).to_python()
    assert rows == [
        ["名称", "日期", "金额", "笔数"],
        [HOSTILE, DAY, -1_234_567.89, 2_000.0],
        ["", "", 0.05, ""],
    ]
    assert book.get_sheet_by_index(1).to_python() == [["名称"], ["+1"]]


def test_csv_has_exact_amounts_without_commas_and_obeys_nothing(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    write_report_csv(report(), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[:2] == [
        ["名称", "日期", "金额", "笔数"],
        ["'" + HOSTILE, "2026-11-25", "-1234567.89", "2000"],
    ]
    assert rows[-1] == ["'+1"]


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    with pytest.raises(Fault):
        write_report_xlsx(report(), blocked / "r.xlsx")
    assert list(tmp_path.iterdir()) == [blocked]
