"""A paper set from a template as PDF: for the tractor form, and for reports and slips on A5.

Drawn in black only: a 24-pin printer knows no grey.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, cast

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from receipts.fonts import Font
from receipts.forms import Measures
from receipts.layout import Box, Code, Mark, Row, Rule, Text
from receipts.pdf import turn
from receipts.pen import INK, Align, Pen
from receipts.words import Translate

rl_config.useA85 = 0
rl_config.pdfComments = 0

_PAGE_NUMBER_SIZE = 7.5


def draw_pages(
    pages: Sequence[Sequence[Row]], paper: Measures, font: Font, *, title: str, _: Translate
) -> bytes:
    """All pages as PDF bytes; equal rows give equal bytes. Two threads take turns."""
    with turn:
        buffer = io.BytesIO()
        canvas = Canvas(
            buffer,
            pagesize=(paper.width, paper.height),
            invariant=1,
            pageCompression=1,
            initialFontName=cast("Any", font.name),
        )
        canvas.setTitle(title)
        pen = Pen(canvas, font)
        for number, rows in enumerate(pages, start=1):
            _draw_rows(pen, rows, paper)
            told = _("Page {page} of {pages}").format(page=number, pages=len(pages))
            _draw_foot(pen, paper, f"{title}    {told}")
            canvas.showPage()
        canvas.save()
        return buffer.getvalue()


def _draw_rows(pen: Pen, rows: Sequence[Row], paper: Measures) -> None:
    """The rows of one page from the top."""
    top = paper.height - paper.top_margin
    for row in rows:
        for mark in row.marks:
            _draw(pen, mark, paper.side_margin + mark.x, top - mark.y, paper)
        top -= row.height


def _draw_foot(pen: Pen, paper: Measures, text: str) -> None:
    """Which paper and which page of it."""
    right = paper.width - paper.side_margin
    pen.text(right, paper.bottom_margin / 2 - 2, text, size=_PAGE_NUMBER_SIZE, align=Align.RIGHT)


def _draw(pen: Pen, mark: Mark, x: float, y: float, paper: Measures) -> None:
    """One mark; ``y`` is its place from the lower edge of the sheet."""
    if isinstance(mark, Text):
        grey = 1.0 if mark.white else INK
        pen.text(x, y, mark.text, size=mark.size, bold=mark.bold, grey=grey)
    elif isinstance(mark, Rule):
        _draw_rule(pen, mark, x, y, paper)
    elif isinstance(mark, Box):
        _draw_box(pen, mark, x, y - mark.height)
    else:
        assert isinstance(mark, Code)
        pen.qr(x, y - mark.side, mark.side, mark.text)


def _draw_rule(pen: Pen, rule: Rule, x: float, y: float, paper: Measures) -> None:
    """A line, whole or in dashes."""
    pen.canvas.saveState()
    if rule.dashed:
        pen.canvas.setDash(3, 2)
    pen.line(x, y, x + rule.width, width=paper.rule, grey=INK)
    pen.canvas.restoreState()


def _draw_box(pen: Pen, box: Box, x: float, y: float) -> None:
    """A black bar or a frame; ``y`` is its lower edge."""
    if box.filled:
        pen.fill(x, y, box.width, box.height, grey=INK)
    else:
        pen.box(x, y, box.width, box.height, grey=INK, radius=0)
