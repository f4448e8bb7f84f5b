"""Reports as paper: every row is there, heads come again on each page, odd text stays text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from counter.domain.tabular import Chart, Column, Kind, Report, Table
from receipts.fonts import load_font
from receipts.tabular_pdf import render_report
from tests.receipts.reading import pages_of, text_of

ROWS = 90


def report(rows: int = ROWS) -> Report:
    """One table with names that are no markup, and bars of it."""
    columns = (Column("客户"), Column("笔数", Kind.COUNT, 8), Column("金额", Kind.FEN, 14))
    table = Table(
        "按客户",
        columns,
        tuple((f"<b>客户{n}&", n, -n * 100 - 7) for n in range(rows)),
        ("合计", rows, -(rows * (rows - 1) // 2 * 100 + 7 * rows)),
    )
    chart = Chart("各时段", ("8", "9"), (100, 5_000))
    day = date(2026, 11, 25)
    return Report(
        "takings",
        "收款报表",
        "城关",
        day,
        day,
        "赵静",
        datetime(2026, 11, 25, tzinfo=UTC),
        (table,),
        (chart,),
    )


def test_every_row_and_the_totals_are_on_paper_with_the_heads_on_each_page(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(render_report(report(), font=load_font()))
    pages = pages_of(path)
    text = "\n".join(pages)
    assert len(pages) >= 2
    assert all("笔数" in page for page in pages)
    shown = [line for line in text.splitlines() if "<b>客户" in line]
    assert [line.split() for line in shown] == [[f"<b>客户{n}&", str(n), f"-{n}.07"] for n in range(ROWS)]
    assert "-4,011.30" in text


def test_a_report_of_nothing_is_still_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(render_report(report(0), font=load_font()))
    assert "按客户" in text_of(path)
