"""Taking a till: which one, and how much change is in it to begin with."""

from __future__ import annotations

from functools import partial
from typing import ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message

from counter.domain.money import AmountError, parse_yuan
from counter.errors import CounterError, ServerUnreachable
from counter.i18n import _
from counter.services.ports import DeskSession, OpenShift, Shift, Till
from counter.ui import jobs
from counter.ui.messages import ShiftOpened
from counter.ui.request_id import new_request_id
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.field import AmountField, pasted_rubbish
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table
from counter.ui.words import amount_fault


class TillsListed(Message):
    """The tills of the hall came."""

    def __init__(self, tills: tuple[Till, ...]) -> None:
        """Keep them."""
        super().__init__()
        self.tills = tills


class ShiftRefused(Message):
    """The till could not be taken, or the answer did not come."""

    def __init__(self, error: CounterError) -> None:
        """Keep why."""
        super().__init__()
        self.error = error


class OpenShiftScreen(CounterScreen):
    """Free tills first; the same content is asked for under the same request id."""

    CSS_PATH = "open_shift.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, session: DeskSession) -> None:
        """Ask this session for its tills."""
        super().__init__()
        self._session = session
        self._sent: tuple[int, int] | None = None
        self._request_id: UUID = new_request_id()
        self._sending = False

    def compose_body(self) -> ComposeResult:
        """The tills and the float."""
        with Vertical(id="frame"), Vertical(id="middle"):
            yield Words(lambda: _("Open a shift"), id="title")
            yield Words(lambda: _("1  Choose a till, Enter"), classes="caption")
            yield Table[Till](
                (
                    Column(lambda: _("Till"), lambda till: str(till.till_no), 6),
                    Column(lambda: _("Till name"), lambda till: till.name, 14, grows=True),
                    Column(lambda: _("Held by"), lambda till: till.held_by or _("free"), 14, grows=True),
                ),
                id="tills",
            )
            yield Words(lambda: _("2  Change in the drawer (float), Enter"), classes="caption")
            with Horizontal(classes="entry"):
                yield AmountField(id="float")
            yield Words(lambda: _("Esc  look only, without a shift"), classes="caption")

    def on_mount(self) -> None:
        """Ask for the tills."""
        super().on_mount()
        self.set_focus(self.query_one("#tills"))
        jobs.start(self, self._session.tills, TillsListed)

    @on(TillsListed)
    def _listed(self, message: TillsListed) -> None:
        """Show them, the free ones first."""
        tills = sorted(message.tills, key=lambda till: (bool(till.held_by), till.till_no))
        self.query_one("#tills", Table).show_rows(tills)

    @on(Table.Chosen, "#tills")
    def _till_chosen(self) -> None:
        """On to the float."""
        self.set_focus(self.query_one("#float"))

    @on(AmountField.Changed, "#float")
    def _typed(self, event: AmountField.Changed) -> None:
        """Complain as soon as it can no longer become right."""
        field = event.input
        assert isinstance(field, AmountField)
        if field.early_complaint:
            self.notice.say(Tone.NOTE, field.early_complaint)
        else:
            self.notice.clear()

    @on(AmountField.Rejected)
    def _rejected(self) -> None:
        """Say why nothing appeared."""
        self.notice.say(Tone.NOTE, pasted_rubbish())

    @on(AmountField.Submitted, "#float")
    def _entered(self, event: AmountField.Submitted) -> None:
        """Take the till."""
        till = self.query_one("#tills", Table).current
        try:
            float_fen = parse_yuan(event.value, allow_zero=True)
        except AmountError as error:
            self.notice.say(Tone.NOTE, amount_fault(error.reason))
            return
        if till is None or self._sending:
            return
        if till.held_by:
            said = _("Till {name} is held by {person}; choose a free one.")
            self.notice.say(Tone.NOTE, said.format(name=till.name, person=till.held_by))
            return
        self._send(till.till_no, float_fen)

    def _send(self, till_no: int, float_fen: int) -> None:
        """Ask once; other content gets another request id."""
        if self._sent not in (None, (till_no, float_fen)):
            self._request_id = new_request_id()
        self._sent = (till_no, float_fen)
        self._sending = True
        request = OpenShift(self._request_id, till_no, float_fen)
        jobs.start(self, partial(self._session.open_shift, request), ShiftOpened, ShiftRefused)

    @on(ShiftOpened)
    def _opened(self, message: ShiftOpened) -> None:
        """Back to the desk with the shift."""
        message.stop()
        self._finish(message.shift)

    def _finish(self, shift: Shift) -> None:
        """Tell the app and go."""
        self.app.post_message(ShiftOpened(shift))
        self.dismiss()

    @on(ShiftRefused)
    def _refused(self, message: ShiftRefused) -> None:
        """Say why; the tills may be others by now."""
        self._sending = False
        self.tell(message.error)
        if not isinstance(message.error, ServerUnreachable):
            jobs.start(self, self._session.tills, TillsListed)

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """The tills could not be listed."""
        message.stop()
        self.tell(message.error)

    def action_leave(self) -> None:
        """Look only."""
        if not self._sending:
            self.dismiss()
