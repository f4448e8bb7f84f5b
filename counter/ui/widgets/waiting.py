"""What waits to be banked: parts of closed shifts with their age, and below them what open drawers hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeAlias

from textual.binding import Binding, BindingType
from textual.message import Message

from counter.domain.money import format_yuan
from counter.i18n import N_, _
from counter.services.ports.deposits import DepositPart, OpenDrawer, WaitingItem
from counter.ui.widgets.table import Column, Table
from counter.ui.words import cash_alarm

Waiting: TypeAlias = WaitingItem | OpenDrawer

_PARTS = {
    DepositPart.CASH: N_("cash"),
    DepositPart.CHEQUE: N_("cheques"),
    DepositPart.POS: N_("POS list"),
}
_DAY_H = 24


class WaitingTable(Table[Waiting]):
    """The oldest first; Space ticks, Enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "tick", show=False)]

    class Ticked(Message):
        """Space was pressed on a part of a closed shift."""

        def __init__(self, item: WaitingItem) -> None:
            """Tell which."""
            super().__init__()
            self.item = item

    def __init__(self, is_ticked: Callable[[WaitingItem], bool]) -> None:
        """``is_ticked`` says of a row whether it goes along."""
        super().__init__(
            (
                Column(lambda: "", lambda row: _mark(row, is_ticked), 3),
                Column(lambda: _("Day"), lambda row: f"{row.business_date:%m-%d}", 5),
                Column(lambda: _("Till"), lambda row: row.till_name, 8, grows=True),
                Column(lambda: _("Closed by"), _who, 9, grows=True),
                Column(lambda: _("What"), _what, 12),
                Column(lambda: _("Age"), _age, 6, right=True),
                Column(lambda: _("Amount"), lambda row: format_yuan(_amount_fen(row)), 12, right=True),
                Column(lambda: _("Alarm"), lambda row: cash_alarm(row.alarm or ""), 17),
            ),
            id="waiting",
        )

    def is_quiet(self, row: Waiting) -> bool:
        """What cannot be ticked stands back."""
        return isinstance(row, OpenDrawer)

    def action_tick(self) -> None:
        """Tell that the row under the cursor is ticked or not any more."""
        row = self.current
        if isinstance(row, WaitingItem):
            self.post_message(self.Ticked(row))


def part_word(part: DepositPart) -> str:
    """What a part of the takings is called."""
    return _(_PARTS[part])


def _mark(row: Waiting, is_ticked: Callable[[WaitingItem], bool]) -> str:
    if isinstance(row, OpenDrawer):
        return ""
    return "[x]" if is_ticked(row) else "[ ]"


def _who(row: Waiting) -> str:
    return row.staff_name if isinstance(row, OpenDrawer) else row.closed_by


def _what(row: Waiting) -> str:
    if isinstance(row, OpenDrawer):
        return _("shift open")
    return f"{part_word(row.part)} {row.pieces}" if row.pieces else part_word(row.part)


def _age(row: Waiting) -> str:
    """Since the shift was closed."""
    if isinstance(row, OpenDrawer):
        return ""
    if row.age_h < _DAY_H:
        return _("{count} h").format(count=row.age_h)
    return _("{count} d").format(count=row.age_h // _DAY_H)


def _amount_fen(row: Waiting) -> int:
    """Of an open shift what is above the float, and what went to the safe already."""
    return row.over_float_fen + row.safe_fen if isinstance(row, OpenDrawer) else row.amount_fen
