"""Characters that mean the same: what keyboards, spreadsheets and web pages write in several ways.

Each table is for ``str.translate``. Invariant: only forms of one and the same character are listed, so
nothing that a person could have meant is lost.
"""

from __future__ import annotations

HALF_WIDTH: dict[int, str | int] = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
"""Full-width letters, digits and punctuation of a Chinese keyboard -> their ASCII forms."""

BLANKS = (*range(0x21), 0x7F, 0xA0, 0x200B, 0x3000, 0xFEFF)
"""Code points that show as nothing: control characters, blanks of all widths, byte order marks."""

DASHES = (0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212)
"""Code points that people use for a hyphen."""

MIDDLE_DOTS = (0x2022, 0x2027, 0x30FB, 0x0387, 0xFF65)
"""Code points that people use for the middle dot of a name."""
