"""The one engine that sets a template: fields and lines in, rows with places out, for dots and points alike.

What is put in from a document is text and stays text: braces in a name are no fields. A text that does not
fit its cell takes more lines; nothing is cut off.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from receipts.fonts import Font
from receipts.forms import Measures
from receipts.labels import LABELS
from receipts.pen import Align
from receipts.template import Cell, Line, Template, TemplateFault
from receipts.text import clean, flow
from receipts.words import Translate

Value: TypeAlias = "str | bool | Sequence[Mapping[str, Value]]"
Fields: TypeAlias = "Mapping[str, Value]"

BAR_FULL = 1000
_LEADING = 1.3
_ASCENT = 0.88
_INVERSE_PAD = 0.25
_PART_GAP = "  "
_FIELD = re.compile(r"\{(@?)([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of type with its baseline at ``y``; ``white`` on a filled ground."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    white: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""

    x: float
    y: float
    width: float
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, filled or as a frame; ``y`` is its upper edge."""

    x: float
    y: float
    width: float
    height: float
    filled: bool = True


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code in a square with its white border; ``y`` is its upper edge."""

    x: float
    y: float
    side: float
    text: str


Mark: TypeAlias = Text | Rule | Box | Code


@dataclass(frozen=True, slots=True)
class Row:
    """Marks that stay together, in measures from the row's upper left corner, downwards."""

    height: float
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Setter:
    """Sets lines with one font on one paper in one language."""

    font: Font
    paper: Measures
    translate: Translate

    def pages(self, template: Template, fields: Fields) -> list[list[Row]]:
        """The rows of each page; on a roll there is one. Raises TemplateFault for an unknown field."""
        rows = list(self.rows(template.lines, fields))
        head = list(self.rows(template.head, fields))
        return paginate(rows, head, self.paper.room)

    def rows(self, lines: Sequence[Line], fields: Fields) -> Iterator[Row]:
        """The rows of these lines."""
        for line in lines:
            if _wanted(line, fields):
                yield from self._repeated(line, fields)

    def _repeated(self, line: Line, fields: Fields) -> Iterator[Row]:
        """A line once, or for each row of its list."""
        if not line.repeat:
            yield from self._once(line, fields)
            return
        rows = _list(fields, line.repeat)
        for row in rows[: line.most or len(rows)]:
            yield from self._once(line, ChainMap(dict(row), dict(fields)))
        if line.most and len(rows) > line.most:
            _ = self.translate
            left = _("and {count} more, see the file").format(count=len(rows) - line.most)
            yield from self._text_row(Line(size=line.size), (Cell(text=left),), {})

    def _once(self, line: Line, fields: Fields) -> Iterator[Row]:
        """What the line is: a group, a rule, blank space, or type."""
        size = self.paper.sizes[line.size]
        if line.lines:
            yield from self.rows(line.lines, fields)
        if line.rule:
            dashed = line.rule == "dashed"
            yield Row(size * 0.5, (Rule(0, size * 0.25, self.paper.line_width, dashed=dashed),))
        if line.gap:
            yield Row(size * line.gap)
        if line.cells:
            yield from self._text_row(line, line.cells, fields)

    def _text_row(self, line: Line, cells: Sequence[Cell], fields: Fields) -> Iterator[Row]:
        """Cells side by side; as high as the highest of them."""
        set_cells = []
        x = 0.0
        for cell, width in zip(cells, self._widths(cells), strict=True):
            set_cells.append(self._cell(line, cell, fields, x, width))
            x += width
        height = max(row.height for row in set_cells)
        marks = [mark for row in set_cells for mark in row.marks]
        if line.inverse and marks:
            marks.insert(0, Box(0, 0, self.paper.line_width, height))
        if marks:
            yield Row(height, tuple(marks))

    def _widths(self, cells: Sequence[Cell]) -> list[float]:
        """How wide each cell is."""
        free = sum(not cell.width for cell in cells)
        rest = max(0.0, 1 - sum(cell.width for cell in cells)) / free if free else 0.0
        return [(cell.width or rest) * self.paper.line_width for cell in cells]

    def _cell(self, line: Line, cell: Cell, fields: Fields, x: float, width: float) -> Row:
        """One cell, standing at ``x``."""
        if cell.qr:
            side = min(self.paper.code_side, width)
            place = x + (width - side) * cell.align.value
            return Row(side, (Code(place, 0, side, self._filled(cell.qr, fields)),))
        if cell.bar:
            return self._bar(line, _text(fields, cell.bar), x, width)
        return self._type(line, cell, self._filled(cell.text, fields), x, width)

    def _bar(self, line: Line, share: str, x: float, width: float) -> Row:
        """A bar as long as its share, never quite invisible."""
        size = self.paper.sizes[line.size]
        length = max(width * 0.96 * min(int(share or 0), BAR_FULL) / BAR_FULL, self.paper.rule)
        return Row(size * _LEADING, (Box(x, size * 0.3, length, size * 0.7),))

    def _type(self, line: Line, cell: Cell, text: str, x: float, width: float) -> Row:
        """Type in a cell, broken into lines; with a frame around it where one is asked for."""
        size = self.paper.sizes[line.size]
        pad = size * _INVERSE_PAD if line.inverse or cell.frame else 0.0
        gutter = 0.0 if cell.align is Align.RIGHT or not x + width < self.paper.line_width else size * 0.3
        room = max(width - 2 * pad - gutter, size)
        broken = [part for piece in text.split("\n") for part in self._broken(piece, size, room)]
        marks: list[Mark] = []
        for number, part in enumerate(broken):
            space = room - self.font.width(part, size)
            baseline = pad + size * (_ASCENT + _LEADING * number)
            place = x + pad + space * cell.align.value
            if part:
                marks.append(Text(place, baseline, part, size, line.bold, line.inverse))
        height = size * _LEADING * max(len(broken), cell.frame) + 2 * pad
        if cell.frame:
            marks.append(Box(x, 0, width - gutter, height, filled=False))
        return Row(height, tuple(marks))

    def _broken(self, text: str, size: float, width: float) -> tuple[str, ...]:
        """Lines; where two blanks stand a line is broken rather than elsewhere."""
        parts = [part for each in text.split(_PART_GAP) if (part := clean(each))]
        return flow(self.font, parts, size=size, width=width) or ("",)

    def _filled(self, text: str, fields: Fields) -> str:
        """``text`` with its fields and labels in place."""

        def put(match: re.Match[str]) -> str:
            label, name = match.groups()
            if not label:
                return _text(fields, name)
            if name not in LABELS:
                raise TemplateFault(f"there is no label {{@{name}}}")
            return self.translate(LABELS[name])

        return _FIELD.sub(put, text)


def paginate(rows: Sequence[Row], head: Sequence[Row], room: float) -> list[list[Row]]:
    """Spread ``rows`` over pages of ``room``, each but the first under ``head``.

    A page takes one row at least, however high it is; blank space at its top is left out.
    """
    head_height = sum(row.height for row in head)
    pages: list[list[Row]] = [[]]
    used = 0.0
    fresh = True
    for row in rows:
        if used + row.height > room and not fresh:
            pages.append(list(head))
            used, fresh = head_height, True
        if row.marks or not fresh:
            pages[-1].append(row)
            used += row.height
            fresh = False
    return pages


def _wanted(line: Line, fields: Fields) -> bool:
    """Whether the conditions of a line hold."""
    if line.when and not _field(fields, line.when):
        return False
    return not (line.unless and _field(fields, line.unless))


def _field(fields: Fields, name: str) -> Value:
    """A field; a template that asks for one that no document has is at fault."""
    if name not in fields:
        raise TemplateFault(f"there is no field {name!r}")
    return fields[name]


def _text(fields: Fields, name: str) -> str:
    """A field that is text."""
    value = _field(fields, name)
    if not isinstance(value, str):
        raise TemplateFault(f"field {name!r} is no text")
    return value


def _list(fields: Fields, name: str) -> Sequence[Mapping[str, Value]]:
    """A field that is a list of rows."""
    value = _field(fields, name)
    if isinstance(value, str | bool):
        raise TemplateFault(f"field {name!r} is no list")
    return value
