"""The part of the cashier's screen that accepts many suggestions at once, from a score on."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from textual import on

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.matching import ConfirmMatch, SuggestionView
from counter.ui import jobs
from counter.ui.messages_reconcile import AcceptedMany, AcceptedSome
from counter.ui.reconcile_board import open_fen
from counter.ui.request_id import new_request_id
from counter.ui.screens.reconcile_view import ReconcileView
from counter.ui.widgets.notice import Tone

if TYPE_CHECKING:
    from counter.ui.accept_many import Accepted

_TELL_EVERY = 5
"""How many of many are accepted between two words about it."""


class AcceptingMany(ReconcileView):
    """Asks from which score on, asks once more, and sends one after the other in a job."""

    def __init__(self, session: DeskSession) -> None:
        """Nothing is on its way."""
        super().__init__(session)
        self._stop: threading.Event | None = None

    def stop_many(self) -> bool:
        """Stop after the one that is on its way; whether many were."""
        if self._stop is not None:
            self._stop.set()
        return self._stop is not None

    def action_accept_many(self) -> None:
        """Ask from which score on."""
        from counter.ui.dialogs.accept_score import AcceptScoreDialog

        ready = [s for s in self.work.joined if not s.difference_fen or s.difference_account]
        self.app.push_screen(AcceptScoreDialog([s.score for s in ready]), self._ask_many)

    def _ask_many(self, score: int | None) -> None:
        """The last look before many are accepted."""
        from counter.ui.dialogs.confirm import ConfirmDialog

        if score is None or not self.sending.free:
            return
        ready = [s for s in self.work.joined if not s.difference_fen or s.difference_account]
        chosen = [s for s in ready if s.score >= score]
        if not chosen:
            self.notice.say(Tone.NOTE, _("No suggestion has {score} or more.").format(score=score))
            return
        total_fen = sum(open_fen(self.work.members(s)[0]) for s in chosen)
        question = _("Accept {count} suggestion(s) of {score} or more?").format(
            count=len(chosen), score=score
        )
        reason = _("Together {amount}. Each is a match of its own and can be taken back.").format(
            amount=format_yuan(total_fen)
        )
        requests = [of_suggestion(s) for s in chosen]
        self.app.push_screen(ConfirmDialog(question, reason), lambda yes: self._send_many(requests, yes=yes))

    def _send_many(self, requests: list[ConfirmMatch], *, yes: bool | None) -> None:
        """One after the other, in a job that Esc stops."""
        from counter.ui.accept_many import accept_many

        if not yes or not self.sending.free:
            return
        self.sending.hold()
        self.refresh_bindings()
        stop = self._stop = threading.Event()
        total = len(requests)

        def step(done: int) -> None:
            """From the thread."""
            if done % _TELL_EVERY == 0:
                self.post_message(AcceptedSome(done, total))

        work = partial(accept_many, self.matching.confirm, requests, step, stop)
        jobs.start(self, work, AcceptedMany)

    @on(AcceptedSome)
    def _accepted_some(self, message: AcceptedSome) -> None:
        """How far it is."""
        words = _("Accepted {done} of {total}.      Esc stops")
        self.notice.say(Tone.NOTE, words.format(done=message.done, total=message.total))

    @on(AcceptedMany)
    def _accepted_many(self, message: AcceptedMany) -> None:
        """What came of it."""
        accepted = message.accepted
        self._stop = None
        self.sending.done()
        if accepted.stopped_at is not None and accepted.error is not None:
            self.sending.hold(accepted.stopped_at)
            self.write_failed(accepted.stopped_at, accepted.error)
        else:
            self._say_accepted(accepted)
        self.refresh_bindings()
        self.read()

    def _say_accepted(self, accepted: Accepted) -> None:
        """How many, and the first refusal in words."""
        said = _("Accepted {count} suggestion(s).").format(count=len(accepted.made))
        if accepted.refused:
            rest = _("{count} refused, the first because: {reason}")
            said += " " + rest.format(count=len(accepted.refused), reason=accepted.refused[0].title)
        self.notice.say(Tone.NOTE if accepted.refused else Tone.GOOD, said)


def of_suggestion(suggestion: SuggestionView) -> ConfirmMatch:
    """The request that accepts it as it stands."""
    return ConfirmMatch(new_request_id(), suggestion_id=suggestion.suggestion_id)
