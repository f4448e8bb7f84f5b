"""Breaks: everything that is open on one side only, the loudest first; who looks after it, and how far."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.errors import CounterError
from counter.i18n import _
from counter.services.ports import DeskSession, PaymentTaken
from counter.services.ports.breaks import BREAK_KINDS, BreakKind, BreakView, ReturnedPayment
from counter.services.ports.matching import BreakState, LineView, NoteBreak
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.cells import plain
from counter.ui.messages_breaks import BreaksExported, BreaksListed, ReturnedFound
from counter.ui.reconcile_posting import Answer, MatchPostingScreen
from counter.ui.reconcile_sending import MatchRequest
from counter.ui.reconcile_words import age, break_state, item_kind, signed, who, whose
from counter.ui.request_id import new_request_id
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table

_ALARMS = ("", "!", "!!")


class BreakTable(Table[BreakView]):
    """Alarm, kind, day, amount, whose, state, owner."""

    def __init__(self) -> None:
        """The loudest first."""
        super().__init__(
            (
                Column(lambda: "", lambda row: _ALARMS[row.alarm], 2, strong=True),
                Column(lambda: _("Kind"), lambda row: _(BREAK_KINDS[row.kind]), 14),
                Column(lambda: _("Date"), lambda row: f"{row.day:%m-%d}", 5),
                Column(lambda: _("Age"), lambda row: age(row.view.age_days), 5, right=True),
                Column(lambda: _("Open amount"), lambda row: signed(row.view.open_fen), 12, right=True),
                Column(lambda: _("Whose"), _whose, 10, grows=True),
                Column(lambda: _("State"), lambda row: break_state(row.view.state), 9),
                Column(lambda: _("Owner"), lambda row: plain(row.view.owner), 8, rank=1),
                Column(lambda: _("Where"), lambda row: plain(row.place), 12, grows=True, rank=2),
            ),
            id="breaks",
        )

    def is_quiet(self, row: BreakView) -> bool:
        """What is explained stands back."""
        return row.view.state is BreakState.EXPLAINED


class BreaksScreen(MatchPostingScreen):
    """Enter and F6 note, F7 mine, F8 escalate, F4 other breaks, ^B the returned payment, ⇧F6 a file."""

    CSS_PATH = "breaks.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("reload", "export", "returned", "breaks"),
        *bindings("break_filter", "break_note", "break_mine", "break_escalate"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """List with this session; all of them first."""
        super().__init__(session)
        self._all: tuple[BreakView, ...] = ()
        self._filter: BreakKind | str = ""

    def compose_body(self) -> ComposeResult:
        """Heading, list, particulars, sum."""
        yield Words(self._heading, id="heading")
        yield BreakTable()
        yield Words(self._detail, id="detail")
        yield Words(self._sum, id="sum")

    def on_mount(self) -> None:
        """Ask for the list."""
        super().on_mount()
        self.watch(self._table, "cursor", self._moved, init=False)
        self.set_focus(self._table)
        self.action_reload()

    @property
    def _table(self) -> BreakTable:
        """The list."""
        return self.query_one(BreakTable)

    @property
    def _row(self) -> BreakView | None:
        """The break under the cursor."""
        return self._table.current

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """An auditor looks; only a debit of the bank returns a payment."""
        row = self._row if self.is_mounted else None
        writes = self.may_write and row is not None and self.sending.free
        possible = {
            "break_note": writes,
            "break_mine": writes,
            "break_escalate": writes,
            "returned": row is not None and isinstance(row.view, LineView) and row.view.open_fen < 0,
            "export": bool(self._all),
        }
        return possible.get(action, True)

    def _heading(self) -> str:
        """Which breaks are listed, and how many of each kind there are."""
        counts = Counter(row.kind for row in self._all)
        kinds = "  ".join(f"{_(BREAK_KINDS[kind])} {counts[kind]}" for kind in BreakKind if counts[kind])
        return _("Breaks: {which}      {kinds}").format(which=self._which(), kinds=kinds)

    def _which(self) -> str:
        """What of them is listed."""
        if isinstance(self._filter, BreakKind):
            return _(BREAK_KINDS[self._filter])
        return _("with an alarm") if self._filter else _("all")

    def _detail(self) -> str:
        """Everything about the break under the cursor."""
        row = self._row
        if row is None:
            return _("Nothing is open on one side only.") if not self._all else ""
        view = row.view
        kind = _("statement line") if isinstance(view, LineView) else item_kind(view.kind)
        text = view.text if isinstance(view, LineView) else view.account_no
        other = _("compared with {other}").format(other=row.other) if row.other else ""
        lines = (
            (_(BREAK_KINDS[row.kind]), kind, row.place, signed(view.open_fen), other),
            (_whose(row), view.reference, text),
            (break_state(view.state), view.owner, view.note),
        )
        return "\n".join("  ".join(filter(None, map(plain, parts))) for parts in lines)

    def _sum(self) -> str:
        """How many, how loud, how much."""
        rows = self._table.rows
        words = _("{count} listed, {late} late, together {total}      Enter note      Esc back")
        late = sum(row.alarm > 0 for row in rows)
        total = signed(sum(row.view.open_fen for row in rows))
        return words.format(count=len(rows), late=late, total=total)

    def _moved(self) -> None:
        """Another row: other particulars, other keys."""
        self.query_one("#detail", Words).relabel()
        self.refresh_bindings()

    def action_reload(self) -> None:
        """Ask again."""
        jobs.start(self, self.session.breaks.listed, BreaksListed)

    @on(BreaksListed)
    def _listed(self, message: BreaksListed) -> None:
        """Show them; the cursor stays on the same break."""
        self._all = message.rows
        self._show()
        self.counter.look_at_breaks()

    def _show(self) -> None:
        """List what the filter lets through."""
        wanted = self._filter
        rows = [
            row for row in self._all if not wanted or row.kind is wanted or (wanted == "alarm" and row.alarm)
        ]
        here = _key(self._row) if self._row is not None else None
        place = next((at for at, row in enumerate(rows) if _key(row) == here), self._table.cursor)
        self._table.show_rows(rows, cursor=place)
        for part in ("#heading", "#sum"):
            self.query_one(part, Words).relabel()
        self._moved()

    def action_break_filter(self) -> None:
        """All, those with an alarm, then each kind that there is."""
        there = {row.kind for row in self._all}
        order: list[BreakKind | str] = ["", "alarm", *(kind for kind in BreakKind if kind in there)]
        at = order.index(self._filter) if self._filter in order else 0
        self._filter = order[(at + 1) % len(order)]
        self._show()

    def action_breaks(self) -> None:
        """Once more: the next choice."""
        self.action_break_filter()

    @on(Table.Chosen, "#breaks")
    def _chosen(self, event: Table.Chosen) -> None:
        """Enter: ask again for what has no answer, else note."""
        event.stop()
        if not self.ask_again():
            self.action_break_note()

    def action_break_note(self) -> None:
        """State, owner and note of the break under the cursor."""
        from counter.ui.dialogs.break_note import BreakNoteDialog

        row = self._row
        if row is not None and self.may_write and self.sending.free:
            owner = row.owner_no or self.session.staff.staff_no
            self.app.push_screen(BreakNoteDialog(row.view, owner), self._noted)

    def _noted(self, request: NoteBreak | None) -> None:
        """Keep it."""
        if request is not None:
            self.send(request)

    def action_break_mine(self) -> None:
        """I look after it; the rest stays."""
        row = self._row
        if row is not None:
            state = BreakState.WAITING if row.view.state is BreakState.NEW else row.view.state
            self._keep(row, state, self.session.staff.staff_no)

    def action_break_escalate(self) -> None:
        """It must not wait; the rest stays."""
        row = self._row
        if row is not None:
            self._keep(row, BreakState.ESCALATED, row.owner_no or None)

    def _keep(self, row: BreakView, state: BreakState, owner: str | None) -> None:
        """Send state and owner with the note that there is."""
        view = row.view
        line_id = view.line_id if isinstance(view, LineView) else None
        item_id = None if isinstance(view, LineView) else view.item_id
        self.send(NoteBreak(new_request_id(), state, line_id, item_id, owner, view.note))

    def written(self, request: MatchRequest, answer: Answer) -> None:  # noqa: ARG002  (notes answer nothing)
        """It is kept: list again."""
        self.notice.clear()
        self.action_reload()

    def not_written(self, request: MatchRequest, error: CounterError) -> None:  # noqa: ARG002  (said already)
        """It may not be open any more: list again."""
        self.action_reload()

    def action_returned(self) -> None:
        """Look for the payment that this debit returns."""
        row = self._row
        if row is None or not isinstance(row.view, LineView) or row.view.open_fen >= 0:
            return
        find = partial(self.session.breaks.returned_by, row.view.line_id)
        jobs.start(self, find, partial(ReturnedFound, row))

    @on(ReturnedFound)
    def _returned_found(self, message: ReturnedFound) -> None:
        """Choose among them, or say that there is none."""
        from counter.ui.dialogs.returned import ReturnedDialog

        if not message.payments:
            self.notice.say(Tone.NOTE, _("No payment of this amount that the bank could have returned."))
            return
        self.app.push_screen(ReturnedDialog(message.row, message.payments), self._returned_chosen)

    def _returned_chosen(self, payment: ReturnedPayment | None) -> None:
        """Open the reversal; it asks a supervisor by itself."""
        from counter.services.ports.corrections import Cause
        from counter.ui.dialogs.reversal import ReversalDialog

        shift = self.counter.shift
        if payment is None:
            return
        if not payment.own_hall:
            words = _("It was taken in {hall} and is reversed there; tell them receipt {number}.")
            said = words.format(hall=plain(payment.hall_name), number=payment.receipt_no)
            self.notice.say(Tone.NOTE, said)
        elif shift is None:
            said = _("No shift is open. Open one on the desk with ^O, then reverse it here.")
            self.notice.say(Tone.NOTE, said)
        else:
            dialog = ReversalDialog(
                self.session, shift.shift_id, payment.receipt_no, cause=Cause.CHEQUE_RETURNED
            )
            self.app.push_screen(dialog, self._reversed)

    def _reversed(self, taken: PaymentTaken | None) -> None:
        """What it paid is open again; its negative item stands in the list now."""
        if taken is not None:
            said = _("Reversed by receipt {number}; match the debit with the returned item (^F2).")
            self.notice.say(Tone.GOOD, said.format(number=taken.receipt_no))
        self.action_reload()

    def action_export(self) -> None:
        """Write what is listed into a file."""
        rows = self._table.rows
        jobs.start(self, partial(self.session.breaks.export, rows), BreaksExported)

    @on(BreaksExported)
    def _exported(self, message: BreaksExported) -> None:
        """Say where it is."""
        self.notice.say(Tone.GOOD, _("Exported to {path}").format(path=message.path))

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why not."""
        message.stop()
        self.tell(message.error)

    def action_leave(self) -> None:
        """Back to the desk."""
        self.leave()


def _whose(row: BreakView) -> str:
    """The other side of a line, or whose item it is."""
    return plain(who(row.view) if isinstance(row.view, LineView) else whose(row.view))


def _key(row: BreakView) -> tuple[bool, int]:
    """What makes a break the same after another look."""
    view = row.view
    return (True, view.line_id) if isinstance(view, LineView) else (False, view.item_id)
