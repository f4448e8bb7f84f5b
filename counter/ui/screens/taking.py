"""What every screen that takes money does alike: complaints, the wait for the server, the paper afterwards.

Invariant: between the last Enter and the answer no field takes keys, and a form without an answer sends
nothing else until its request id is known to be posted or not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from textual import on

from counter.errors import OutcomeUnknown
from counter.i18n import _
from counter.services.ports import DeskSession, PaymentTaken, Pending
from counter.ui.screens.base import CounterScreen
from counter.ui.sent_once import SentOnce, Stage
from counter.ui.widgets.change_panel import ChangePanel
from counter.ui.widgets.money_pane import MoneyPane
from counter.ui.widgets.notice import Tone

SLOW_S = 0.4
"""After this long it is said that the server takes its time."""


class TakingScreen(CounterScreen):
    """The session, the last payment and its paper."""

    def __init__(self, session: DeskSession) -> None:
        """Nothing was taken."""
        super().__init__()
        self.session = session
        self.taken: PaymentTaken | None = None
        self.last_receipt_no = ""
        self._complaint = ""

    @on(MoneyPane.Complained)
    def _complained(self, message: MoneyPane.Complained) -> None:
        """Say what is wrong with what was typed, or that nothing is any more."""
        if message.text:
            self.notice.say(Tone.NOTE, message.text)
        elif self.notice.text == self._complaint:
            self.notice.clear()
        self._complaint = message.text

    def say_when_slow(self, waits: Callable[[], bool]) -> None:
        """A server that takes its time: say what is going on, if it still ``waits`` then."""

        def say() -> None:
            if waits():
                self.notice.say(Tone.NOTE, _("Posting: waiting for the server. It is posted once."))

        self.set_timer(SLOW_S, say)

    def receipt_printed(self, receipt_no: str, error: str, *, reprint: bool) -> None:
        """Beside the change when it is that receipt, else as a notice."""
        if self.taken is not None and self.taken.receipt_no == receipt_no and not reprint:
            self.query_one(ChangePanel).show_paper(receipt_no, error)
        else:
            super().receipt_printed(receipt_no, error, reprint=reprint)


class FormTakingScreen(TakingScreen):
    """A screen whose one form is always open: it is sent, answered, and a new one opens."""

    form: SentOnce[Any]

    def open_fields(self, *, possible: bool) -> None:
        """Let the fields be typed in or not; for subclasses."""

    def enter_fields(self) -> None:
        """To the field where typing goes on; for subclasses."""

    def finish(self, taken: PaymentTaken) -> None:
        """It is posted; for subclasses."""

    @property
    def busy(self) -> bool:
        """Whether something was sent that has no answer yet."""
        return not self.form.may_send

    @property
    def may_take(self) -> bool:
        """Whether money can be taken now."""
        return self.counter.shift is not None and not self.busy

    def wait_for_answer(self) -> None:
        """The form is on its way: its fields take no keys."""
        self.open_fields(possible=False)
        self.notice.clear()
        self.say_when_slow(lambda: self.form.stage is Stage.POSTING)

    def hold(self, error: OutcomeUnknown, pending: Pending) -> None:
        """Nobody knows whether it was posted: ask until it is known."""
        self.form.outcome_unknown()
        self.counter.await_outcome(error, pending)

    def release(self) -> None:
        """It is certain that nothing was saved: the fields take keys again."""
        self.form.not_posted()
        self.open_fields(possible=self.may_take)
        self.enter_fields()

    def awaits(self, request_id: UUID) -> bool:
        """Whether this screen sent that request and has no answer to it."""
        return self.form.awaits(request_id)

    def payment_settled(self, request_id: UUID, taken: PaymentTaken | None) -> None:  # noqa: ARG002  (see awaits)
        """What was not known is known: go on as if the answer had come at once."""
        if taken is not None:
            self.finish(taken)
        else:
            self.form.given_up()
            self.release()
            self.notice.say(Tone.NOTE, _("It is certain now: nothing was posted. Enter posts it again."))


def sent_now() -> datetime:
    """The time of the desk, for what it sent."""
    return datetime.now(UTC).astimezone()
