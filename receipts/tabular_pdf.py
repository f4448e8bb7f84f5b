"""A report as a document on A4: tables that go on over pages with their heads, bars, and who signs.

Set by reportlab's platypus, which breaks tables over pages; characters that the main font lacks are looked
for in the others, as on receipts.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, LongTable, PageTemplate, Paragraph, Spacer
from reportlab.platypus.doctemplate import BaseDocTemplate
from reportlab.platypus.frames import Frame

from counter.domain.tabular import Cell, Chart, Column, Kind, Report, Table, shown
from receipts.fonts import Font
from receipts.text import clean

_MARGIN: Final = 14 * mm
_SIZE: Final = 8.0
_WIDE: Final = 100
"""From this many half-width characters on, a table is set across."""
_NUMBERS: Final = (Kind.FEN, Kind.COUNT)


def render_report(report: Report, *, font: Font, page_of: str = "{page}") -> bytes:
    """The report as PDF. ``page_of`` is the foot of each page, with ``{page}`` in it."""
    wide = any(sum(column.width for column in table.columns) > _WIDE for table in report.tables)
    size = landscape(A4) if wide else A4
    target = BytesIO()
    paper = BaseDocTemplate(
        target,
        pagesize=size,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN + 4 * mm,
        title=report.title,
        author=report.place,
        invariant=True,
    )
    frame = Frame(paper.leftMargin, paper.bottomMargin, paper.width, paper.height, 0, 0, 0, 0)

    def foot(canvas: Any, _document: Any) -> None:
        canvas.setFont(font.name, _SIZE)
        canvas.drawRightString(size[0] - _MARGIN, _MARGIN, page_of.format(page=canvas.getPageNumber()))
        canvas.drawString(_MARGIN, _MARGIN, clean(f"{report.place}  {report.title}"))

    paper.addPageTemplates(PageTemplate(frames=[frame], onPage=foot))
    paper.build(list(_story(report, font, paper.width)))
    return target.getvalue()


def _story(report: Report, font: Font, width: float) -> Iterator[Any]:
    """Everything in order."""
    yield _words(report.title, font, 15, space=2)
    days = f"{report.since}" if report.since == report.until else f"{report.since} - {report.until}"
    head = f"{report.place}    {days}    {report.made_by}  {report.made_at:%Y-%m-%d %H:%M}"
    yield _words(head, font, 9, space=6)
    for chart in report.charts:
        if any(chart.values):
            yield KeepTogether([_words(chart.title, font, 10, space=2), _bars(chart, font, width)])
    for table in report.tables:
        yield Spacer(0, 4 * mm)
        yield _words(table.title, font, 10.5, space=3)
        yield _table(table, font, width)
        if table.note:
            yield _words(table.note, font, _SIZE, space=2)
    if report.signatures:
        line = "    ".join(f"{caption}: ____________________" for caption in report.signatures)
        yield Spacer(0, 10 * mm)
        yield _words(line, font, 9, space=0)


def _words(text: str, font: Font, size: float, *, space: float, right: bool = False) -> Paragraph:
    """A paragraph, each character in a font that has it."""
    style = ParagraphStyle(
        "words",
        fontName=font.name,
        fontSize=size,
        leading=size * 1.3,
        spaceAfter=space,
        alignment=TA_RIGHT if right else TA_LEFT,
        wordWrap="CJK",
    )
    runs = "".join(
        f'<font name="{run.font_name}">{escape(run.text)}</font>' for run in font.runs(clean(text))
    )
    return Paragraph(runs, style)


def _table(table: Table, font: Font, width: float) -> LongTable:
    """Head, rows, totals; the head again on every page."""
    wish = sum(column.width for column in table.columns)
    widths = [width * column.width / wish for column in table.columns]
    rows = [
        [
            _words(column.title, font, _SIZE, space=0, right=column.kind in _NUMBERS)
            for column in table.columns
        ]
    ]
    rows += [_row(row, table.columns, font) for row in (*table.rows, *filter(None, (table.totals,)))]
    style: list[tuple[Any, ...]] = [
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.2, colors.lightgrey),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ]
    if table.totals:
        style.append(("LINEABOVE", (0, -1), (-1, -1), 0.8, colors.black))
    return LongTable(rows, colWidths=widths, repeatRows=1, style=style)


def _row(row: tuple[Cell, ...], columns: tuple[Column, ...], font: Font) -> list[Paragraph]:
    return [
        _words(shown(cell, column.kind), font, _SIZE, space=0, right=column.kind in _NUMBERS)
        for cell, column in zip(row, columns, strict=True)
    ]


def _bars(chart: Chart, font: Font, width: float) -> Drawing:
    """Upright bars; amounts are drawn in yuan."""
    height = 42 * mm
    drawing = Drawing(width, height)
    bars = VerticalBarChart()
    bars.x, bars.y = round(18 * mm), round(8 * mm)
    bars.width, bars.height = round(width - 20 * mm), round(height - 12 * mm)
    scale = 100 if chart.kind is Kind.FEN else 1
    bars.data = [[value / scale for value in chart.values]]  # a picture, not a sum
    bars.categoryAxis.categoryNames = [clean(label) for label in chart.labels]
    bars.valueAxis.valueMin = min(0, *chart.values) // scale
    for axis in (bars.categoryAxis, bars.valueAxis):
        axis.labels.fontName = font.name
        axis.labels.fontSize = 7
    bars.bars[0].fillColor = colors.HexColor("#4a6fa5")
    bars.bars[0].strokeColor = None
    drawing.add(bars)
    return drawing
