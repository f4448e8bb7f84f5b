"""Drawing with the receipt's fonts: text at a place, lines and boxes, in points from bottom left.

Text is drawn as it is: brackets, angle brackets and ampersands mean nothing here.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from receipts.fonts import Font
from receipts.qr import QUIET_MODULES, dark_runs, qr_modules

INK = 0.0
GREY = 0.40
RULE = 0.55
HAIR = 0.75
SHADE = 0.94
_STAMP_ANGLE = 18
_STAMP_GREY = 0.82
_STROKE_PER_SIZE = 0.035
_FILL: Final = 0
_FILL_AND_STROKE: Final = 2


class Align(Enum):
    """On which side of its place a text stands."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


class Pen:
    """A canvas and the fonts to draw with; one per document, on one thread."""

    def __init__(self, canvas: Canvas, font: Font) -> None:
        """Draw on ``canvas`` with ``font``."""
        self.canvas = canvas
        self.font = font

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        align: Align = Align.LEFT,
        grey: float = INK,
        bold: bool = False,
        spacing: float = 0.0,
    ) -> None:
        """One line with its baseline at ``y``; ``spacing`` is added after each character.

        Bold is an outline around the usual type: a second font file would double the size. Both
        outlive the text in PDF and are set back for the next one.
        """
        runs = self.font.runs(text)
        if align is not Align.LEFT:
            width = self.font.width(text, size) + spacing * (len(text) - 1)
            x -= width * align.value
        block = self.canvas.beginText(x, y)
        block.setFillGray(grey)
        if spacing:
            block.setCharSpace(spacing)
        if bold:
            block.setStrokeGray(grey)
            self.canvas.setLineWidth(size * _STROKE_PER_SIZE)
            block.setTextRenderMode(_FILL_AND_STROKE)
        for run in runs:
            block.setFont(run.font_name, size)
            block.textOut(run.text)
        block.setTextRenderMode(_FILL)
        block.setCharSpace(0)
        self.canvas.drawText(block)

    def line(self, x: float, y: float, x_end: float, *, width: float = 0.5, grey: float = RULE) -> None:
        """A horizontal rule."""
        self.canvas.setLineWidth(width)
        self.canvas.setStrokeGray(grey)
        self.canvas.line(x, y, x_end, y)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        grey: float = RULE,
        radius: float = 3,
    ) -> None:
        """An outlined box with round corners; ``x`` and ``y`` are its lower left corner."""
        self.canvas.setLineWidth(0.6)
        self.canvas.setStrokeGray(grey)
        self.canvas.roundRect(x, y, width, height, radius)

    def fill(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        grey: float = SHADE,
        radius: float = 0,
    ) -> None:
        """A filled box without an outline."""
        self.canvas.setFillGray(grey)
        self.canvas.roundRect(x, y, width, height, radius, stroke=0, fill=1)

    def seal_place(self, x: float, y: float, radius: float) -> None:
        """A dashed circle around ``x``, ``y`` where the seal is to be put."""
        self.canvas.saveState()
        self.canvas.setDash(2, 2)
        self.canvas.setLineWidth(0.5)
        self.canvas.setStrokeGray(HAIR)
        self.canvas.circle(x, y, radius)
        self.canvas.restoreState()

    def stamp(self, x: float, y: float, text: str, *, size: float) -> None:
        """A word put across the sheet with its middle at ``x``, ``y``, under whatever is drawn later."""
        self.canvas.saveState()
        self.canvas.translate(x, y)
        self.canvas.rotate(_STAMP_ANGLE)
        width = self.font.width(text, size)
        self.text(-width / 2, -size / 3, text, size=size, grey=_STAMP_GREY)
        self.canvas.restoreState()

    def qr(self, x: float, y: float, side: float, text: str) -> None:
        """The QR code of ``text`` in a square of ``side``, its white border included."""
        modules = qr_modules(text)
        unit = side / (len(modules) + 2 * QUIET_MODULES)
        squares = "\n".join(f"{column} {row} {length} 1 re" for row, column, length in dark_runs(modules))
        self.canvas.saveState()
        self.canvas.translate(x + QUIET_MODULES * unit, y + side - QUIET_MODULES * unit)
        self.canvas.scale(unit, -unit)
        self.canvas.setFillGray(INK)
        self.canvas.addLiteral(f"{squares}\nf")
        self.canvas.restoreState()
