"""The two sides of the cashier's screen: lines of the statement left, items of the books right."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from counter.i18n import _
from counter.services.ports.matching import BreakState, ItemView, LineView
from counter.ui.reconcile_board import ItemRow, LineRow
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


_KEYS: tuple[BindingType, ...] = (
    Binding("space", "mark_row", show=False),
    Binding("tab,shift+tab,left,right", "switch_side", show=False),
)


class LineTable(Table[LineRow]):
    """Lines of the statement; those that a suggestion joins come first."""

    BINDINGS: ClassVar[list[BindingType]] = list(_KEYS)

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
            id="lines",
        )

    def is_quiet(self, row: LineRow) -> bool:
        """What is explained stands back; the state says it too."""
        return row.view is not None and row.view.state is BreakState.EXPLAINED

    def action_mark_row(self) -> None:
        """Tell that the line under the cursor is marked or not any more."""
        row = self.current
        if row is not None and row.view is not None:
            self.post_message(Marked(row.view))

    def action_switch_side(self) -> None:
        """To the books."""
        self.post_message(SideSwitched())


class ItemTable(Table[ItemRow]):
    """Items of the books; the first column joins them with the lines on the same rows."""

    BINDINGS: ClassVar[list[BindingType]] = list(_KEYS)

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
            id="items",
        )

    def is_quiet(self, row: ItemRow) -> bool:
        """What is explained stands back; the state says it too."""
        return row.view is not None and row.view.state is BreakState.EXPLAINED

    def action_mark_row(self) -> None:
        """Tell that the item under the cursor is marked or not any more."""
        row = self.current
        if row is not None and row.view is not None:
            self.post_message(Marked(row.view))

    def action_switch_side(self) -> None:
        """To the statement."""
        self.post_message(SideSwitched())


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
