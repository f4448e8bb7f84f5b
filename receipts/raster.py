"""A paper in the dots of a thermal print head, so that rare characters come out of any such printer.

Nothing depends on the character set that the printer was built with. Black and white only: the head knows
no grey.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from counter.i18n import _
from receipts.failures import not_printed
from receipts.fonts import Font
from receipts.forms import Measures
from receipts.layout import Box, Code, Mark, Row, Rule, Text
from receipts.qr import QUIET_MODULES, dark_runs, qr_modules

_WHITE, _BLACK = 255, 0
_DARK_ENOUGH = 150
"""Grey up to here becomes a dot: thin strokes of small type would break at the middle."""
_DASH = 10


def rasterise(rows: Sequence[Row], paper: Measures, font: Font) -> Image.Image:
    """All rows as one picture of ``paper.width`` dots, mode "1"; raises PrintFailed without a font file."""
    height = round(paper.top_margin + sum(row.height for row in rows) + paper.bottom_margin)
    picture = Image.new("L", (round(paper.width), height), _WHITE)
    brush = Brush(ImageDraw.Draw(picture), paper, font)
    top = paper.top_margin
    for row in rows:
        for mark in row.marks:
            brush.draw(mark, top)
        top += row.height
    return picture.point(lambda grey: _WHITE if grey > _DARK_ENOUGH else _BLACK).convert("1")


class Brush:
    """Draws marks on one picture."""

    def __init__(self, canvas: ImageDraw.ImageDraw, paper: Measures, font: Font) -> None:
        """Draw on ``canvas`` with ``font``."""
        self._canvas = canvas
        self._paper = paper
        self._font = font

    def draw(self, mark: Mark, top: float) -> None:
        """One mark of a row that begins at ``top``."""
        x, y = self._paper.side_margin + mark.x, top + mark.y
        if isinstance(mark, Text):
            self._type(mark, x, y)
        elif isinstance(mark, Rule):
            self._rule(mark, x, y)
        elif isinstance(mark, Box):
            self._box(mark, x, y)
        else:
            self._code(mark, x, y)

    def _type(self, text: Text, x: float, y: float) -> None:
        """Character by character at the place that was measured, so that columns stand."""
        fill = _WHITE if text.white else _BLACK
        for run in self._font.runs(text.text):
            face = _face(self._font.file(run.font_name), round(text.size))
            for character in run.text:
                place = (round(x), round(y))
                self._canvas.text(place, character, fill=fill, font=face, anchor="ls")
                if text.bold:
                    self._canvas.text((place[0] + 1, place[1]), character, fill=fill, font=face, anchor="ls")
                x += self._font.width(character, text.size)

    def _rule(self, rule: Rule, x: float, y: float) -> None:
        """A line, whole or in dashes."""
        thickness = round(self._paper.rule)
        step = _DASH if rule.dashed else rule.width
        start = 0.0
        while start < rule.width:
            end = min(start + (step * 0.6 if rule.dashed else step), rule.width)
            self._canvas.rectangle((x + start, y, x + end, y + thickness - 1), fill=_BLACK)
            start += step

    def _box(self, box: Box, x: float, y: float) -> None:
        """A black bar or a frame."""
        corners = (round(x), round(y), round(x + box.width), round(y + box.height))
        if box.filled:
            self._canvas.rectangle(corners, fill=_BLACK)
        else:
            self._canvas.rectangle(corners, outline=_BLACK, width=round(self._paper.rule))

    def _code(self, code: Code, x: float, y: float) -> None:
        """A QR code in whole dots a module: half dots would blur its edges."""
        modules = qr_modules(code.text)
        unit = int(code.side // (len(modules) + 2 * QUIET_MODULES))
        border = round((code.side - unit * len(modules)) / 2)
        left, upper = round(x) + border, round(y) + border
        for row, column, length in dark_runs(modules):
            start, line = left + column * unit, upper + row * unit
            self._canvas.rectangle((start, line, start + length * unit - 1, line + unit - 1), fill=_BLACK)


@lru_cache(maxsize=32)
def _face(path: Path | None, size: int) -> ImageFont.FreeTypeFont:
    """A font file at a size in dots."""
    if path is None:
        raise not_printed(
            _("A thermal printer needs a font file: install fonts-lxgw-wenkai or set font_file.")
        )
    return ImageFont.truetype(str(path), size)
