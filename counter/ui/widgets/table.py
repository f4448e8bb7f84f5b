"""A list in columns that paints only the lines in view and measures text in cells.

Textual's DataTable reads its cells as markup and re-measures on every change; here a cell is verbatim
text, an amount stands right, and a change of all rows costs one repaint of the visible ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from counter.ui.cells import fit

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: its heading, how a row is written in it, and how many cells it needs.

    ``grows`` takes the room that is left; ``rank`` above 0 may be left out, the highest first.
    """

    heading: Callable[[], str]
    text: Callable[[Row], str]
    cells: int
    right: bool = False
    grows: bool = False
    rank: int = 0
    strong: bool = False


class Table(ScrollView, Generic[Row], can_focus=True):
    """Rows of one kind under a heading line, with a cursor."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--head",
        "table--cursor",
        "table--resting",
        "table--quiet",
        "table--strong",
    }
    DEFAULT_CSS = """
    Table {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
        .table--head { color: $quiet; background: $surface; }
        .table--cursor { color: $foreground; background: $cursor-ground; text-style: bold; }
        .table--resting { color: $foreground; background: $surface; }
        .table--quiet { color: $quiet; }
        .table--strong { color: $accent; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "jump(0)", show=False),
        Binding("end", "jump(-1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    cursor: reactive[int] = reactive(0, repaint=False)
    """The row that Enter chooses; 0 when there is none."""

    class Chosen(Message):
        """Enter was pressed on a row."""

        def __init__(self, table: Table[Any], row: Any) -> None:
            """Tell the row itself, not its place."""
            super().__init__()
            self.table = table
            self.row = row

        @property
        def control(self) -> Table[Any]:
            """The table, for ``@on`` selectors."""
            return self.table

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        id: str | None = None,  # noqa: A002  (Textual's own name)
        classes: str | None = None,
    ) -> None:
        """Start empty."""
        super().__init__(id=id, classes=classes)
        self._columns = tuple(columns)
        self._rows: tuple[Row, ...] = ()
        self._fit_cache: tuple[int, list[tuple[Column[Row], int]]] | None = None
        self._ground = Style.null()

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is listed."""
        return self._rows

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self.cursor] if 0 <= self.cursor < len(self._rows) else None

    def show_rows(self, rows: Sequence[Row], *, cursor: int = 0) -> None:
        """List other rows, with the cursor on one of them."""
        self._rows = tuple(rows)
        self.cursor = max(min(cursor, 0), min(cursor, len(self._rows) - 1))
        self.virtual_size = Size(0, len(self._rows) + 1)
        self._fit_cache = None
        self._keep_in_view()
        self.refresh()

    def relabel(self) -> None:
        """Paint again in the language of now."""
        self._fit_cache = None
        self.refresh()

    def is_quiet(self, row: Row) -> bool:  # noqa: ARG002  (for subclasses)
        """Whether a row stands back; to be overridden."""
        return False

    def watch_cursor(self, before: int, after: int) -> None:
        """Follow the cursor; when nothing scrolled, two lines are painted and no more."""
        scrolled_from = self.scroll_offset.y
        self._keep_in_view()
        if self.scroll_offset.y == scrolled_from:
            self.repaint_rows((before, after))
        else:
            self.refresh()

    def repaint_rows(self, indexes: Iterable[int]) -> None:
        """Paint some rows anew, those of them that are in view."""
        top = self.scroll_offset.y
        lines = [index - top + 1 for index in indexes if 0 <= index - top < self.size.height - 1]
        if lines:
            self.refresh(*(Region(0, line, self.size.width, 1) for line in lines))

    def action_move(self, step: int) -> None:
        """One row up or down."""
        self._go(self.cursor + step)

    def action_page(self, step: int) -> None:
        """One screenful up or down."""
        self._go(self.cursor + step * max(1, self.size.height - 2))

    def action_jump(self, place: int) -> None:
        """To the first row, or with -1 to the last."""
        self._go(len(self._rows) - 1 if place < 0 else place)

    def action_choose(self) -> None:
        """Tell that the row under the cursor was chosen."""
        row = self.current
        if row is not None:
            self.post_message(self.Chosen(self, row))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Ask once a paint, and not once a line, what an ordinary row looks like."""
        self._ground = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """The heading on line 0, rows beneath it."""
        width = self.size.width
        if y == 0:
            style = self.get_component_rich_style("table--head")
            cells = [(fit(c.heading(), n, right=c.right), style) for c, n in self._columns_now()]
            return _line(cells, width, style)
        index = self.scroll_offset.y + y - 1
        if index >= len(self._rows):
            return Strip.blank(width, self._ground)
        return self._row_line(index, width)

    def _row_line(self, index: int, width: int) -> Strip:
        """One row; the cursor has a ground of its own and a mark is never colour alone."""
        row = self._rows[index]
        style = self._row_style(index, row)
        cells = [
            (
                fit(column.text(row), cells, right=column.right),
                self._strong(style) if column.strong else style,
            )
            for column, cells in self._columns_now()
        ]
        return _line(cells, width, style)

    def _strong(self, style: Style) -> Style:
        """What stands out in a row of this style."""
        color = self.get_component_rich_style("table--strong").color
        return style + Style.from_color(color) + Style(bold=True)

    def _row_style(self, index: int, row: Row) -> Style:
        """The ground and colour of a whole row."""
        if index == self.cursor:
            return self.get_component_rich_style("table--cursor" if self.has_focus else "table--resting")
        return self.get_component_rich_style("table--quiet") if self.is_quiet(row) else self._ground

    def _columns_now(self) -> list[tuple[Column[Row], int]]:
        """The columns that fit, each with its cells; one blank between two."""
        width = self.size.width
        if self._fit_cache is None or self._fit_cache[0] != width:
            self._fit_cache = (width, self._fitted(width))
        return self._fit_cache[1]

    def _fitted(self, width: int) -> list[tuple[Column[Row], int]]:
        """Leave out columns by rank until the rest fits, then let the growing ones grow."""
        kept = list(self._columns)
        needed = {id(column): self._cells_needed(column) for column in kept}

        def room() -> int:
            """Cells left over; below 0 when it does not fit."""
            return width - 1 - sum(needed[id(column)] + 1 for column in kept)

        while room() < 0 and any(column.rank for column in kept):
            kept.remove(max(kept, key=lambda column: column.rank))
        growing = [column for column in kept if column.grows]
        spare = max(0, room())
        for place, column in enumerate(growing):
            needed[id(column)] += spare // len(growing) + (place < spare % len(growing))
        return [(column, needed[id(column)]) for column in kept]

    def _cells_needed(self, column: Column[Row]) -> int:
        """The stated cells, or more when an amount is longer: an amount is never cut."""
        if not column.right:
            return column.cells
        return max(column.cells, max((len(column.text(row)) for row in self._rows), default=0))

    def _go(self, index: int) -> None:
        """Put the cursor on the nearest row there is."""
        self.cursor = max(0, min(index, len(self._rows) - 1))

    def _keep_in_view(self) -> None:
        """Scroll so that the cursor's row is below the heading and above the end."""
        self.scroll_to_region(Region(0, max(0, self.cursor), 1, 2), animate=False, force=True)


def _line(cells: list[tuple[str, Style]], width: int, style: Style) -> Strip:
    """Cells side by side with blanks between, filled up to ``width``."""
    segments = [Segment(" ", style)]
    for text, cell_style in cells:
        segments += [Segment(text, cell_style), Segment(" ", style)]
    return Strip(segments).extend_cell_length(width, style).crop(0, width)
