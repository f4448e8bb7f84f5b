"""The measures of the sheet: A5 across, the half sheet that hall printers are loaded with.

All in points (1/72 inch) from the lower left corner.
"""

from __future__ import annotations

from reportlab.lib.pagesizes import A5, landscape

WIDTH, HEIGHT = landscape(A5)
LEFT = 30.0
RIGHT = WIDTH - 30.0
TOP = HEIGHT - 24.0
BOTTOM = 22.0

BODY_SIZE = 9.5
DETAIL_SIZE = 8.5
SMALL_SIZE = 8.0
NOTE_SIZE = 7.5
NOTE_LEADING = 10.5

STAMP_SIZE = 120.0
TOKEN_SIZE = 21.0

ROW_HEIGHT = 15.0
TABLE_HEAD_HEIGHT = 17.0
LABEL_LEFT = LEFT + 7
LABEL_WIDTH = 150.0
DETAIL_LEFT = LEFT + 104
DETAIL_WIDTH = 340.0
COLUMN_RIGHTS = (RIGHT - 282, RIGHT - 190, RIGHT - 98, RIGHT - 7)
"""Right edges of energy, principal, late fee and amount."""

CONTINUED_TOP = TOP - 26
"""Where the table starts on every page but the first."""
AMOUNT_HEIGHT = 27.0
BALANCE_HEIGHT = 16.0
STRIP_HEIGHT = 72.0
QR_SIDE = 72.0
SEAL_RADIUS = 35.0
SEAL_WIDTH = 112.0
