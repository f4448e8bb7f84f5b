"""^F5: the closing of a day as a checklist that lives: each step with its count, amount, age and remedy.

The steps follow the server: by notification when a day is closed, by looking every few seconds otherwise. The
books are proven when the screen opens, with F5, and at the closing, which goes through every step once more.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.domain.money import format_yuan
from counter.errors import OutcomeUnknown
from counter.i18n import _
from counter.services.ports import DeskSession, Duty
from counter.services.ports.day_close import CloseDay, CloseMonth, DayClosed, MonthClosed, StepName, StepState
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.day_form import DayForm
from counter.ui.day_steps import MENDED_AT, StepTable, in_full
from counter.ui.messages import PaperMade, PaperRefused
from counter.ui.messages_day import (
    ChecklistNotRead,
    ChecklistRead,
    DayHeard,
    DayNotSigned,
    DaySigned,
    MonthNotSigned,
    MonthSigned,
)
from counter.ui.request_id import new_request_id
from counter.ui.screens.base import CounterScreen
from counter.ui.sent_once import Stage
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Table

LOOK_EVERY_S = 5.0
"""How often the steps are looked at again; the books are not proven for that."""


class DayCloseScreen(CounterScreen):
    """Enter goes where a step is mended, F4 says why it can wait, F8 or once more ^F5 signs."""

    CSS_PATH = "day_close.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("sign_day", "mend_step", "say_why", "closed_days", "month_close", "reload", "day_close"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """For the hall of this session; auditors only look."""
        super().__init__()
        self._session = session
        self._may_close = session.staff.duty in (Duty.CASHIER, Duty.SUPERVISOR)
        self._month: CloseMonth | None = None
        self._looking = 0
        self.form = DayForm()

    def compose_body(self) -> ComposeResult:
        """What day, what was taken, the steps, one of them in full."""
        yield Words(self._heading, id="heading")
        yield Words(self._takings, id="takings")
        yield StepTable()
        yield Words(self._step, id="step")

    def on_mount(self) -> None:
        """Look at the steps at once, then prove the books."""
        super().on_mount()
        table = self.query_one(StepTable)
        self.set_focus(table)
        self.watch(table, "cursor", self._moved, init=False)
        self._look(proven=False)
        self.action_reload()
        self.set_interval(LOOK_EVERY_S, self._look_again)
        self._end_listening = self._session.day_close.listen(lambda: self.post_message(DayHeard()))

    def on_unmount(self) -> None:
        """Nobody listens any more."""
        self._end_listening()

    def on_screen_resume(self) -> None:
        """Back from where something was mended."""
        self._look(proven=False)

    def _heading(self) -> str:
        """Which day of which hall, and how it stands."""
        seen = self.form.seen
        if seen is None:
            return _("Reading the checklist of the day")
        words = _("Closing of the day {day}   {hall}").format(day=seen.business_date, hall=seen.hall_name)
        if seen.closed:
            return f"{words}   {_('closed')}"
        if seen.closed_through is not None:
            words += "   " + _("closed through {day}").format(day=seen.closed_through)
        return words

    def _takings(self) -> str:
        """What was taken, in one line."""
        seen = self.form.seen
        if seen is None:
            return ""
        words = _("Taken {amount} in {count} payments; {journals} entries")
        count = sum(taking.count for taking in seen.takings)
        return words.format(amount=format_yuan(seen.taken_fen), count=count, journals=seen.journals)

    def _step(self) -> str:
        """The step under the cursor in full."""
        row = self.query_one(StepTable).current
        if row is None:
            return ""
        step, state = row
        return in_full(step, state, self.form.notes.get(step.name.value, "") or step.note)

    def _show(self) -> None:
        """Paint what is known now."""
        seen = self.form.seen
        table = self.query_one(StepTable)
        steps = seen.steps if seen else ()
        table.show_rows([(step, self.form.state_of(step)) for step in steps], cursor=table.cursor)
        for name in ("#heading", "#takings"):
            self.query_one(name, Words).relabel()
        self._moved()

    def _moved(self) -> None:
        """Another step, other words and keys."""
        self.query_one("#step", Words).relabel()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """Only what would be done."""
        table = self.query(StepTable)
        row = table.first().current if table else None
        seen = self.form.seen
        possible = {
            "sign_day": self._may_close and seen is not None and not seen.closed,
            "say_why": self._may_close and row is not None and row[0].state is StepState.NOTE,
            "mend_step": row is not None and row[0].name in MENDED_AT,
            "month_close": self._may_close and seen is not None and seen.closable_month is not None,
        }
        return possible.get(action, True)

    def _look_again(self) -> None:
        """Look, while this screen is in front and no look is under way."""
        if self.is_current and self.form.stage is Stage.EDITING and not self._looking:
            self._look(proven=False)

    def _look(self, *, proven: bool, day: date | None = None) -> None:
        """Ask how the steps stand."""
        self._looking += 1
        jobs.start(
            self,
            partial(self._session.day_close.checklist, day, proven=proven),
            ChecklistRead,
            ChecklistNotRead,
        )

    def action_reload(self) -> None:
        """Ask again, and prove the books."""
        self._look(proven=True)

    @on(DayHeard)
    def _heard(self) -> None:
        """Somebody closed a day."""
        self._look_again()

    @on(ChecklistRead)
    def _read(self, message: ChecklistRead) -> None:
        """Show it; the cursor stays where it is."""
        self._looking -= 1
        self.form.show(message.checklist)
        self._show()

    @on(ChecklistNotRead)
    def _not_read(self, message: ChecklistNotRead) -> None:
        """Say why there is nothing to see."""
        self._looking -= 1
        self.tell(message.error)

    @on(Table.Chosen, "#steps")
    def _chosen(self, message: Table.Chosen) -> None:
        """Enter: where it is mended."""
        message.stop()
        self.action_mend_step()

    def action_mend_step(self) -> None:
        """To the screen where the step under the cursor is mended."""
        row = self.query_one(StepTable).current
        action = MENDED_AT.get(row[0].name) if row else None
        if action is None:
            self.notice.say(Tone.NOTE, _("This step is mended at no desk; tell the supervisor."))
        elif row is not None and row[0].facts == ("token",):
            from counter.ui.screens.tokens_open import TokensOpenScreen

            self.app.push_screen(TokensOpenScreen(self._session))
        elif action == "vends_in_doubt":
            self.counter.action_vends_in_doubt()
        else:
            go = getattr(self.counter.desk, f"action_{action}", None)
            if go is not None:
                go()

    def action_say_why(self) -> None:
        """A word for the step under the cursor."""
        from counter.ui.dialogs.reason import ReasonDialog

        row = self.query_one(StepTable).current
        if row is None:
            return
        dialog = ReasonDialog(_("Why can this wait?"), _("The words are kept and signed with the day."))
        self.app.push_screen(dialog, partial(self._said, row[0].name))

    def _said(self, name: StepName, words: str | None) -> None:
        """Keep it with the form."""
        if words:
            self.form.notes[name.value] = words
            self._show()

    def action_day_close(self) -> None:
        """Once more the key that led here: sign."""
        if self.check_action("sign_day", ()):
            self.action_sign_day()

    def action_sign_day(self) -> None:
        """Say what stops it, or ask for the signature."""
        from counter.ui.dialogs.sign_day import SignDayDialog

        stop, seen = self.form.first_stop, self.form.seen
        if self.form.stage is Stage.UNKNOWN:
            self._send(self.form.send())
        elif seen is not None and stop is not None:
            table = self.query_one(StepTable)
            table.cursor = seen.steps.index(stop)
            self.notice.say(Tone.NOTE, _("This step is not in order; the day is not closed over it."))
        elif seen is not None and self.form.can_be_signed:
            question = _("Close the day {day} of {hall}?").format(day=seen.business_date, hall=seen.hall_name)
            said = _("Nothing can be posted into it afterwards, and it is not opened again.")
            dialog = SignDayDialog(question, "\n".join([self._takings(), said]))
            self.app.push_screen(dialog, self._sign)

    def _sign(self, password: str | None) -> None:
        """Close with the signature."""
        if password and self.form.can_be_signed:
            self._send(self.form.send(), password)

    def _send(self, request: CloseDay, password: str = "") -> None:
        """Once; what is not known is asked for again by the same request, which is signed already."""
        session = self._session

        def work() -> DayClosed:
            """The signature first: a wrong password sends nothing."""
            if password:
                session.check_password(password)
            return session.day_close.close_day(request)

        self.notice.say(Tone.NOTE, _("The day is being closed."))
        jobs.start(self, work, DaySigned, DayNotSigned)
        self.refresh_bindings()

    @on(DaySigned)
    def _signed(self, message: DaySigned) -> None:
        """It is closed: its paper, and the next day."""
        day = message.closed.business_date
        self.form = DayForm()
        said = _("The day {day} is closed; its summary is being printed.")
        self.notice.say(Tone.GOOD, said.format(day=day))
        work = partial(self._session.day_close.print_summary, day, reprint=False)
        jobs.start(self.app, work, PaperMade, PaperRefused)
        self.action_reload()

    @on(DayNotSigned)
    def _not_signed(self, message: DayNotSigned) -> None:
        """Refused: mend it. No answer: F8 asks again, with the same request."""
        if isinstance(message.error, OutcomeUnknown) or self.form.stage is Stage.UNKNOWN:
            self.form.outcome_unknown()
        else:
            self.form.refused()
            self._look(proven=False)
        self.tell(message.error)

    def action_month_close(self) -> None:
        """Ask for the signature of the month."""
        from counter.ui.dialogs.sign_day import SignDayDialog

        month = self.form.seen.closable_month if self.form.seen else None
        if month is None:
            return
        question = _("Close the month {month}?").format(month=f"{month:%Y-%m}")
        said = _("Its totals are carried into the next month, and it is not opened again.")
        self.app.push_screen(SignDayDialog(question, said), partial(self._sign_month, month))

    def _sign_month(self, month: date, password: str | None) -> None:
        """Close with the signature; the same request again as long as it is the same month."""
        if not password:
            return
        if self._month is None or self._month.month != month:
            self._month = CloseMonth(new_request_id(), month)
        session, request = self._session, self._month

        def work() -> MonthClosed:
            """The signature first."""
            session.check_password(password)
            return session.day_close.close_month(request)

        jobs.start(self, work, MonthSigned, MonthNotSigned)

    @on(MonthSigned)
    def _month_signed(self, message: MonthSigned) -> None:
        """It is closed."""
        said = _("The month {month} is closed.").format(month=f"{message.closed.month:%Y-%m}")
        self.notice.say(Tone.GOOD, said)
        self._look(proven=False)

    @on(MonthNotSigned)
    def _month_not_signed(self, message: MonthNotSigned) -> None:
        """Say why; the same key with the same month asks again."""
        self.tell(message.error)

    def action_closed_days(self) -> None:
        """The days that are closed."""
        from counter.ui.screens.closed_days import ClosedDaysScreen

        self.app.push_screen(ClosedDaysScreen(self._session))

    @property
    def half_done(self) -> str:
        """What would be lost by leaving now."""
        if self.form.stage is not Stage.EDITING:
            return _("A closing is on its way.")
        return ""

    def action_leave(self) -> None:
        """Back to the desk."""
        self.dismiss()
