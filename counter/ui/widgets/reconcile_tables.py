"""The two sides of the cashier's screen: lines of the statement left, items of the books right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from counter.i18n import _
from counter.services.ports.matching import BreakState, ItemView, LineView
from counter.ui.reconcile_board import BoardRow, ItemRow, LineRow, View
from counter.ui.reconcile_words import age, break_state, short_kind, signed, who, whose
from counter.ui.widgets.table import Column, Table

IsMarked = Callable[[LineView | ItemView], bool]


class SideSwitched(Message):
    """Left, Right or Tab: the other side."""


class Marked(Message):
    """Space was pressed on a line or an item."""

    def __init__(self, view: LineView | ItemView) -> None:
        """Tell which."""
        super().__init__()
        self.view = view


_PAINTED_MAX = 4_000
"""How many painted rows are kept."""

_KEYS: tuple[BindingType, ...] = (
    Binding("space", "mark_row", show=False),
    Binding("tab,shift+tab,left,right", "switch_side", show=False),
)


class SideTable(Table[BoardRow[View]]):
    """One side. A row that was painted is kept: scrolling by one paints two rows anew, not two screenfuls."""

    BINDINGS: ClassVar[list[BindingType]] = list(_KEYS)

    def __init__(self, columns: Sequence[Column[BoardRow[View]]], is_marked: IsMarked, name: str) -> None:
        """``is_marked`` says of a line or item whether it is marked."""
        super().__init__(columns, id=name)
        self._is_marked = is_marked
        self._painted: dict[tuple[int, int, Style, bool], Strip] = {}

    def show_rows(self, rows: Sequence[BoardRow[View]], *, cursor: int = 0) -> None:
        """List other rows."""
        self._painted.clear()
        super().show_rows(rows, cursor=cursor)

    def relabel(self) -> None:
        """Paint again in the language of now."""
        self._painted.clear()
        super().relabel()

    def _row_line(self, index: int, width: int) -> Strip:
        """One row, as it was painted before when nothing about it is different."""
        row = self._rows[index]
        marked = row.view is not None and self._is_marked(row.view)
        key = (index, width, self._row_style(index, row), marked)
        if key not in self._painted:
            if len(self._painted) > _PAINTED_MAX:
                self._painted.clear()
            self._painted[key] = super()._row_line(index, width)
        return self._painted[key]

    def is_quiet(self, row: BoardRow[View]) -> bool:
        """What is explained stands back; the state says it too."""
        return row.view is not None and row.view.state is BreakState.EXPLAINED

    def action_mark_row(self) -> None:
        """Tell that what is under the cursor is marked or not any more."""
        row = self.current
        if row is not None and row.view is not None:
            self.post_message(Marked(row.view))

    def action_switch_side(self) -> None:
        """To the other side."""
        self.post_message(SideSwitched())


class LineTable(SideTable[LineView]):
    """Lines of the statement; those that a suggestion joins come first."""

    def __init__(self, is_marked: IsMarked) -> None:
        """``is_marked`` says of a line whether it is marked."""
        super().__init__(
            (
                Column(lambda: "", lambda row: _mark(row, is_marked), 1),
                Column(lambda: _("Day"), lambda row: _line(row, lambda v: f"{v.booked:%m-%d}"), 5),
                Column(
                    lambda: _("Statement"),
                    lambda row: _line(row, lambda v: signed(v.open_fen)),
                    11,
                    right=True,
                ),
                Column(lambda: _("Other side"), lambda row: _line(row, who), 14, grows=True),
                Column(
                    lambda: _("Text"),
                    lambda row: _line(row, lambda v: v.text if v.party else ""),
                    12,
                    grows=True,
                    rank=2,
                ),
                Column(lambda: _("State"), lambda row: _line(row, lambda v: break_state(v.state)), 9, rank=4),
                Column(
                    lambda: _("Age"), lambda row: _line(row, lambda v: age(v.age_days)), 4, right=True, rank=3
                ),
            ),
            is_marked,
            "lines",
        )


class ItemTable(SideTable[ItemView]):
    """Items of the books; the first column joins them with the lines on the same rows."""

    def __init__(self, is_marked: IsMarked) -> None:
        """``is_marked`` says of an item whether it is marked."""
        super().__init__(
            (
                Column(lambda: "", _join, 4, strong=True),
                Column(lambda: "", lambda row: _mark(row, is_marked), 1),
                Column(lambda: _("Day"), lambda row: _item(row, lambda v: f"{v.business_date:%m-%d}"), 5),
                Column(
                    lambda: _("Books"), lambda row: _item(row, lambda v: signed(v.open_fen)), 11, right=True
                ),
                Column(lambda: _("Kind"), lambda row: _item(row, lambda v: short_kind(v.kind)), 6),
                Column(lambda: _("Whose"), lambda row: _item(row, whose), 8, grows=True),
                Column(lambda: _("Hall"), lambda row: _item(row, lambda v: v.hall_name), 10, rank=5),
                Column(
                    lambda: _("Number"),
                    lambda row: _item(row, lambda v: v.reference),
                    12,
                    grows=True,
                    rank=2,
                ),
                Column(lambda: _("State"), lambda row: _item(row, lambda v: break_state(v.state)), 9, rank=4),
                Column(
                    lambda: _("Age"), lambda row: _item(row, lambda v: age(v.age_days)), 4, right=True, rank=3
                ),
            ),
            is_marked,
            "items",
        )


def _mark(row: LineRow | ItemRow, is_marked: IsMarked) -> str:
    """A mark beside what is marked."""
    return "x" if row.view is not None and is_marked(row.view) else ""


def _join(row: ItemRow) -> str:
    """The score where a suggestion begins, a stroke where it goes on."""
    if row.suggestion is None:
        return ""
    return f"={row.suggestion.score}=" if row.first else " |"


def _line(row: LineRow, text: Callable[[LineView], str]) -> str:
    """A cell of a line, empty beside an item that has none."""
    return text(row.view) if row.view is not None else ""


def _item(row: ItemRow, text: Callable[[ItemView], str]) -> str:
    """A cell of an item, empty beside a line that has none."""
    return text(row.view) if row.view is not None else ""
