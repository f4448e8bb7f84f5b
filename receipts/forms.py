"""The measures of the papers that a template is set on.

Rolls are measured in the dots of the print head (203 to the inch), sheets in points (1/72 inch). A tractor
form is torn from fanfold of 11 inches in two or three parts, so that its height is an exact part of 11
inches: a height in whole millimetres would creep down the paper. Of its 241 mm the strips with the holes
take 12.7 mm at each side, and a 24-pin printer of 80 columns reaches 203.2 mm in the middle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from receipts.printers import Form

POINTS_PER_INCH = 72.0
_POINTS_PER_MM = POINTS_PER_INCH / 25.4
_FANFOLD = 11 * POINTS_PER_INCH
_TRACTOR_WIDTH = 241 * _POINTS_PER_MM
_TRACTOR_MARGIN = (_TRACTOR_WIDTH - 8 * POINTS_PER_INCH) / 2
_A5_LONG, _A5_SHORT = 210 * _POINTS_PER_MM, 148 * _POINTS_PER_MM


@dataclass(frozen=True, slots=True)
class Measures:
    """One paper: its size, its margins, and how large each named size of type is.

    ``height`` is 0 for a roll, which is as long as what is printed on it. ``rule`` is the thickness of lines.
    """

    width: float
    height: float
    side_margin: float
    top_margin: float
    bottom_margin: float
    sizes: Mapping[str, float]
    rule: float
    code_side: float

    @property
    def line_width(self) -> float:
        """How wide a line of type may be."""
        return self.width - 2 * self.side_margin

    @property
    def room(self) -> float:
        """How much height a page has for rows; without end on a roll."""
        return self.height - self.top_margin - self.bottom_margin if self.height else float("inf")


_TRACTOR_SIZES = {"small": 9.0, "normal": 10.5, "large": 13.0, "huge": 17.0}
_SMALLER = {"small": 8.5, "normal": 9.5, "large": 12.0, "huge": 15.0}
_TRACTOR = Measures(_TRACTOR_WIDTH, _FANFOLD / 2, _TRACTOR_MARGIN, 14, 22, _TRACTOR_SIZES, 0.8, 66)
_A5 = Measures(
    _A5_SHORT,
    _A5_LONG,
    26,
    24,
    26,
    {"small": 7.5, "normal": 9.0, "large": 12.0, "huge": 17.0},
    rule=0.6,
    code_side=66,
)
_ROLL = Measures(
    576,
    0,
    8,
    8,
    16,
    {"small": 20.0, "normal": 24.0, "large": 32.0, "huge": 44.0},
    rule=2,
    code_side=260,
)
MEASURES: Mapping[Form, Measures] = {
    Form.A5: _A5,
    Form.TRACTOR241: _TRACTOR,
    Form.TRACTOR241_HALF: replace(
        _TRACTOR,
        height=_FANFOLD / 3,
        top_margin=8,
        bottom_margin=16,
        sizes=_SMALLER,
        code_side=58,
    ),
    Form.THERMAL80: _ROLL,
    Form.THERMAL58: replace(
        _ROLL, width=384, side_margin=4, sizes={"small": 18.0, "normal": 22.0, "large": 28.0, "huge": 36.0}
    ),
}


def measures(form: Form, *, landscape: bool = False) -> Measures:
    """The measures of ``form``; only A5 can be turned."""
    found = MEASURES[form]
    if landscape and form is Form.A5:
        return replace(found, width=found.height, height=found.width)
    return found
