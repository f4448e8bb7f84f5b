"""An amount in large figures, drawn with coloured blanks only.

Block characters are of ambiguous width (two cells in many Chinese terminals) and would tear the figures
apart; a blank is one cell everywhere. On terminals without colour the blanks are reversed instead.
"""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

ROWS = 5
_GLYPHS = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", "###", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    "-": ("   ", "   ", "###", "   ", "   "),
    ".": (" ", " ", " ", " ", "#"),
    ",": (" ", " ", " ", "#", "#"),
}


class BigNumber(Widget):
    """Five rows high; as wide as its figures and the room allow, else one bold line."""

    DEFAULT_CSS = "BigNumber { height: 5; width: 1fr; }"
    ALLOW_SELECT = False

    value: reactive[str] = reactive("")
    """The figures to draw, such as ``1,234.50``; empty draws nothing."""

    def __init__(self, value: str = "", *, id: str | None = None, pixel_max: int = 2) -> None:  # noqa: A002
        """``pixel_max`` is the most cells that one dot may be wide."""
        super().__init__(id=id)
        self.set_reactive(BigNumber.value, value)
        self._pixel_max = pixel_max

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  (Textual's signature)
        """Always five rows."""
        return ROWS

    def render_line(self, y: int) -> Strip:
        """One row of dots."""
        width, style = self.size.width, self.rich_style
        figures, pixel = self._fitted(width)
        if pixel == 0:
            return self._plain_line(y, width, style)
        ink = Style(color=style.bgcolor, bgcolor=style.color, reverse=self.app.no_color)
        segments = self._dots(figures, y, pixel, style, ink)
        return Strip(segments).extend_cell_length(width, style).crop(0, width)

    def _dots(self, figures: str, y: int, pixel: int, ground: Style, ink: Style) -> list[Segment]:
        """The row as runs of ink and ground, with one ground cell between figures and more beside points."""
        segments = []
        for figure in figures:
            row = _GLYPHS.get(figure, ("",) * ROWS)[y]
            segments += [Segment(" " * pixel, ink if dot == "#" else ground) for dot in row]
            segments.append(Segment(" " * pixel, ground))
        return segments

    def _fitted(self, width: int) -> tuple[str, int]:
        """The figures and the widest dot with which they fit; without commas before not at all (0)."""
        for figures, pixel_max in ((self.value, self._pixel_max), (self.value.replace(",", ""), 1)):
            dots = sum(len(_GLYPHS.get(figure, ("",))[0]) + 1 for figure in figures)
            for pixel in range(pixel_max, 0, -1):
                if dots * pixel <= width + pixel:
                    return figures, pixel
        return self.value, 0

    def _plain_line(self, y: int, width: int, style: Style) -> Strip:
        """The value as bold text on the middle row."""
        text = self.value if y == ROWS // 2 else ""
        strip = Strip([Segment(text, style + Style(bold=True))])
        return strip.extend_cell_length(width, style).crop(0, width)
