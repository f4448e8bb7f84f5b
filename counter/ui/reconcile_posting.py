"""What the screens of matching have in common when they write: one request at a time, and what came of it."""

from __future__ import annotations

from functools import partial

from textual import on

from counter.errors import CounterError, Refusal
from counter.i18n import _
from counter.services.ports import DeskSession, Duty
from counter.services.ports.matching import (
    ConfirmMatch,
    Matching,
    MatchMade,
    MatchRun,
    NoteBreak,
    RejectSuggestion,
    RunMatching,
    Unmatch,
)
from counter.ui import jobs
from counter.ui.messages_reconcile import MatchNotWritten, MatchWritten
from counter.ui.reconcile_sending import MatchRequest, OneRequest
from counter.ui.screens.base import CounterScreen
from counter.ui.sent_once import Stage
from counter.ui.widgets.notice import Tone

Answer = MatchMade | MatchRun | None


class MatchPostingScreen(CounterScreen):
    """A screen that sends one thing at a time; ``written`` and ``not_written`` say what becomes of it."""

    def __init__(self, session: DeskSession) -> None:
        """Cashiers and supervisors write, auditors look."""
        super().__init__()
        self.session = session
        self.may_write = session.staff.duty in (Duty.CASHIER, Duty.SUPERVISOR)
        self.sending = OneRequest()

    @property
    def matching(self) -> Matching:
        """What is asked."""
        return self.session.matching

    @property
    def unknown(self) -> bool:
        """Whether something was sent and nobody knows what became of it."""
        return self.sending.stage is Stage.UNKNOWN

    @property
    def half_done(self) -> str:
        """What would be lost by leaving now."""
        return _("It is not known yet whether the match was saved.") if not self.sending.free else ""

    def written(self, request: MatchRequest, answer: Answer) -> None:
        """It is saved; to be overridden."""

    def not_written(self, request: MatchRequest, error: CounterError) -> None:
        """It was refused, which has been said; to be overridden."""

    def send(self, request: MatchRequest) -> None:
        """Send it, unless something else is on its way."""
        if self.may_write and self.sending.free:
            self._post(self.sending.going_out(request))

    def ask_again(self) -> bool:
        """Send what has no answer once more, under its id; whether there was anything."""
        request = self.sending.again()
        if request is not None:
            self.notice.say(Tone.NOTE, _("Asking what became of it."))
            self._post(request)
        return request is not None

    def _post(self, request: MatchRequest) -> None:
        """In a job."""
        self.refresh_bindings()
        work = partial(_write, self.matching, request)
        jobs.start(self, work, partial(MatchWritten, request), partial(MatchNotWritten, request))

    @on(MatchWritten)
    def _written(self, message: MatchWritten) -> None:
        """It is saved."""
        self.sending.done()
        self.refresh_bindings()
        self.written(message.request, message.answer)

    @on(MatchNotWritten)
    def _not_written(self, message: MatchNotWritten) -> None:
        """Refused: look again. No answer: Enter asks again, with the same request."""
        self.write_failed(message.request, message.error)

    def write_failed(self, request: MatchRequest, error: CounterError) -> None:
        """Say why; what has no answer holds everything else."""
        self.sending.failed(error)
        self.refresh_bindings()
        self.tell(error)
        if isinstance(error, Refusal):
            self.not_written(request, error)

    def leave(self) -> None:
        """Back; only after a question while nobody knows what became of a request."""
        if self.sending.stage is Stage.POSTING:
            return
        if not self.unknown:
            self.dismiss()
            return
        from counter.ui.dialogs.confirm import ConfirmDialog

        question = _("Leave although it is not known whether the match was saved?")
        reason = _("The desk asks for it by itself; when it was saved, it stands in the list of matches.")
        self.app.push_screen(ConfirmDialog(question, reason), self._left)

    def _left(self, yes: bool | None) -> None:  # noqa: FBT001  (a callback of Textual)
        """Leave it as it is, or stay."""
        if yes:
            self.dismiss()


def _write(matching: Matching, request: MatchRequest) -> Answer:
    """Call what belongs to a request."""
    match request:
        case ConfirmMatch():
            return matching.confirm(request)
        case Unmatch():
            return matching.unmatch(request)
        case RunMatching():
            return matching.run(request)
        case RejectSuggestion():
            matching.reject(request)
        case NoteBreak():
            matching.note(request)
    return None
