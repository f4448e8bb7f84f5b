"""A payer's list before anything is posted: every line that cannot be paid, or is other than thought."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports.payers import CheckedLine, CheckedList
from counter.ui.actions import bindings
from counter.ui.cells import clip, plain
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.many_tables import MismatchTable, faults
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Table

_NAME_CELLS_MAX = 40


class PayerListScreen(CounterScreen):
    """F4 drops a line or takes it back, Enter goes on with the rest, Esc leaves the list."""

    CSS_PATH = "payers.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("tick"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, checked: CheckedList, then: Callable[[Sequence[CheckedLine]], None]) -> None:
        """``then`` is called with the lines to pay."""
        super().__init__()
        self._checked = checked
        self._then = then

    def compose_body(self) -> ComposeResult:
        """Heading, mismatches, what comes of it."""
        yield Words(self._heading, id="heading")
        yield MismatchTable()
        yield Words(self._detail, id="detail")
        yield Words(self._sum, id="sum")

    def on_mount(self) -> None:
        """Show what is wrong."""
        super().on_mount()
        self._table.show_rows(self._checked.mismatches)
        self.watch(self._table, "cursor", self.query_one("#detail", Words).relabel, init=True)
        self.set_focus(self._table)

    @property
    def _table(self) -> MismatchTable:
        """The lines that somebody has to look at."""
        return self.query_one(MismatchTable)

    @property
    def _payable(self) -> list[CheckedLine]:
        """The lines that will be paid."""
        dropped = self._table.dropped
        return [line for line in self._checked.lines if line.payable and line.line.line_no not in dropped]

    def _heading(self) -> str:
        """Which list, and how many lines of it are not as they should be."""
        words = _("{path}: {count} of {all} lines to look at")
        name = clip(PurePath(self._checked.path).name, _NAME_CELLS_MAX)
        return words.format(count=len(self._checked.mismatches), all=len(self._checked.lines), path=name)

    def _detail(self) -> str:
        """Everything of the line under the cursor, which a column may have cut."""
        line = self._table.current
        if line is None:
            return ""
        names = " / ".join(plain(name) for name in (line.line.name, line.account_name) if name)
        return f"{line.line.line_no}  {line.line.account_no}  {names}\n{plain(faults(line))}"

    def _sum(self) -> str:
        """What would be paid now."""
        lines = self._payable
        total = format_yuan(sum(line.line.amount_fen for line in lines))
        words = _("{count} line(s) are paid, together {total}. Nothing is posted yet.")
        keys = _("Enter  go on with these      F4  drop a line or take it back      Esc  leave the list")
        return words.format(count=len(lines), total=total) + "\n" + keys

    def action_tick(self) -> None:
        """Drop the line under the cursor, or take it back."""
        line = self._table.current
        if line is None:
            return
        if not line.payable:
            self.notice.say(Tone.NOTE, _("This line cannot be paid; correct it in the list."))
            return
        self.notice.clear()
        self._table.dropped ^= {line.line.line_no}
        self._table.relabel()
        self.query_one("#sum", Words).relabel()

    @on(Table.Chosen)
    def _chosen(self, message: Table.Chosen) -> None:
        """Go on with what can be paid."""
        message.stop()
        lines = self._payable
        if not lines:
            self.notice.say(Tone.NOTE, _("No line of the list can be paid."))
            return
        self.dismiss()
        self._then(lines)

    def action_leave(self) -> None:
        """Take nothing of the list."""
        self.dismiss()
