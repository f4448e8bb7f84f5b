"""The tills of the hall: one's own shift, those of others, the closed ones; all about a drawer."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from counter.errors import CounterError, OutcomeUnknown
from counter.i18n import _
from counter.services.ports import DeskSession, Duty
from counter.services.ports.drawer import CashReason, HallShift, MoveCash
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.messages import PaperMade, PaperRefused
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table
from counter.ui.words import clock


class ShiftsListed(Message):
    """The shifts of the hall came."""

    def __init__(self, shifts: tuple[HallShift, ...]) -> None:
        """Keep them."""
        super().__init__()
        self.shifts = shifts


class ReasonsCame(Message):
    """Why cash may be moved."""

    def __init__(self, reasons: tuple[CashReason, ...]) -> None:
        """Keep them."""
        super().__init__()
        self.reasons = reasons


class CashMoved(Message):
    """Cash in or out is booked."""


class CashNotMoved(Message):
    """It was refused, or nobody knows."""

    def __init__(self, request: MoveCash, error: CounterError) -> None:
        """Keep what was sent, so that the same can be sent again."""
        super().__init__()
        self.request = request
        self.error = error


class TillScreen(CounterScreen):
    """Enter shows the report of a shift; ctrl+u counts and closes; ctrl+x books cash in and out."""

    CSS_PATH = "till.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("move_cash", "count", "reprint", "reload"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """For the hall of this session."""
        super().__init__()
        self._session = session
        self._moving = False
        self._unknown: MoveCash | None = None

    def compose_body(self) -> ComposeResult:
        """Heading, shifts, what the keys do."""
        yield Words(lambda: _("Tills and shifts of the hall"), id="heading")
        yield Table[HallShift](
            (
                Column(lambda: _("Till"), lambda row: str(row.till_no), 6),
                Column(lambda: _("Till name"), lambda row: row.till_name, 12, grows=True),
                Column(lambda: _("Staff name"), lambda row: row.staff_name, 12, grows=True),
                Column(lambda: _("Day"), lambda row: f"{row.business_date:%m-%d}", 5),
                Column(lambda: _("Opened"), lambda row: clock(row.opened_at), 6, rank=1),
                Column(lambda: _("State"), _state, 12),
            ),
            id="shifts",
        )
        yield Words(
            lambda: _("Enter  report      ^U  count and close      ^X  cash in, out      Esc  back"),
            id="keys",
        )

    def on_mount(self) -> None:
        """Ask for the shifts."""
        super().on_mount()
        table = self.query_one("#shifts")
        self.set_focus(table)
        self.watch(table, "cursor", self.refresh_bindings)
        self.action_reload()

    @property
    def _current(self) -> HallShift | None:
        """The shift under the cursor."""
        current: HallShift | None = self.query_one("#shifts", Table).current
        return current

    @property
    def _countable(self) -> HallShift | None:
        """The shift that could be counted now: one's own, or for a supervisor the one under the cursor."""
        row = self._current
        if row is None or row.z_no:
            return None
        mine = row.staff_no == self._session.staff.staff_no
        return row if mine or self._session.staff.duty is Duty.SUPERVISOR else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """Only what would be done."""
        if not self.is_mounted or not self.query("#shifts"):
            return True
        possible = {
            "count": self._countable is not None,
            "move_cash": self.counter.shift is not None and not self._moving,
            "reprint": self._current is not None,
        }
        return possible.get(action, True)

    @on(ShiftsListed)
    def _listed(self, message: ShiftsListed) -> None:
        """One's own first, then the open ones, then the closed."""
        own = self._session.staff.staff_no
        rows = sorted(message.shifts, key=lambda row: (bool(row.z_no), row.staff_no != own))
        table = self.query_one("#shifts", Table)
        table.show_rows(rows, cursor=table.cursor)
        self.refresh_bindings()

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why there is no list."""
        message.stop()
        self.tell(message.error)

    @on(Table.Chosen, "#shifts")
    def _chosen(self) -> None:
        """Show its report."""
        row = self._current
        if row is not None:
            from counter.ui.screens.shift_report import ShiftReportScreen

            self.app.push_screen(ShiftReportScreen(self._session, row.shift_id))

    def action_reload(self) -> None:
        """Ask again."""
        jobs.start(self, self._session.drawer.shifts, ShiftsListed)

    def action_reprint(self) -> None:
        """The report on paper."""
        row = self._current
        if row is not None:
            self.notice.say(Tone.NOTE, _("The report is being printed."))
            work = partial(self._session.drawer.print_report, row.shift_id, reprint=bool(row.z_no))
            jobs.start(self.app, work, PaperMade, PaperRefused)

    def action_count(self) -> None:
        """Count the drawer of the shift under the cursor."""
        row = self._countable
        if row is None:
            return
        if row.staff_no == self._session.staff.staff_no and self.counter.settler.pending:
            said = _("A payment of this desk has no answer yet; ^R asks for it. Count when it is known.")
            self.notice.say(Tone.FAULT, said)
            return
        from counter.ui.screens.count import CountScreen

        self.app.push_screen(CountScreen(self._session, row), lambda _none: self.action_reload())

    def action_move_cash(self) -> None:
        """Ask how much and why."""
        if self._unknown is not None:
            self._send(self._unknown)
            return
        jobs.start(self, self._session.drawer.reasons, ReasonsCame)

    @on(ReasonsCame)
    def _ask_movement(self, message: ReasonsCame) -> None:
        """Ask with the reasons that there are."""
        from counter.ui.dialogs.move_cash import MoveCashDialog

        shift = self.counter.shift
        if shift is not None and self.app.screen is self:
            self.app.push_screen(MoveCashDialog(shift.shift_id, message.reasons), self._asked)

    def _asked(self, request: MoveCash | None) -> None:
        """Book it."""
        if request is not None:
            self._send(request)

    def _send(self, request: MoveCash) -> None:
        """Once; the same request again when its outcome is not known."""
        self._moving, self._unknown = True, None
        jobs.start(
            self,
            partial(self._session.drawer.move_cash, request),
            lambda _none: CashMoved(),
            partial(CashNotMoved, request),
        )

    @on(CashMoved)
    def _moved(self) -> None:
        """It is booked."""
        self._moving = False
        self.notice.say(Tone.GOOD, _("The cash movement is booked."))
        self.counter.look_at_cash()
        self.refresh_bindings()

    @on(CashNotMoved)
    def _not_moved(self, message: CashNotMoved) -> None:
        """Say why; what is not known is asked for again by the same key."""
        self._moving = False
        if isinstance(message.error, OutcomeUnknown):
            self._unknown = message.request
        self.tell(message.error)
        self.refresh_bindings()

    def action_leave(self) -> None:
        """Back to the desk."""
        self.dismiss()


def _state(row: HallShift) -> str:
    """Open, or the number of its report."""
    return f"Z{row.z_no:04d}" if row.z_no else _("open")
