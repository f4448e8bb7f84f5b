"""What the app does between sign-in and sign-out: session, status, lock, receipts, unknown outcomes.

Invariant: while the screen is locked nothing is put on top of it; what happens meanwhile waits below.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import App
from textual.screen import Screen

from counter.errors import CounterError, ShiftClosed
from counter.ui import garbage, jobs
from counter.ui.cells import plain
from counter.ui.messages import (
    Beginning,
    NotSettled,
    OwnShiftSeen,
    PaperMade,
    PaperRefused,
    PendingRead,
    Printed,
    PrintRefused,
    RequestKnown,
    ServerAnswered,
    Settled,
    ShiftEnded,
    ShiftOpened,
    ShiftSeen,
    SignedIn,
    UnprintedCounted,
)
from counter.ui.screens.base import CounterScreen, DeskLike
from counter.ui.settling import Settler
from counter.ui.status import DeskStatus, Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter.services.ports import DeskSession, Pending, Shift
    from counter.services.ports.paper import PaperOutcome

_OF_THE_DESK = frozenset({"relieve_late_fee", "set_phone"})
"""What the desk itself sends: it is still there, and asks again by its own key."""
_OF_SHIFTS = frozenset({"open_shift", "close_shift"})


class DeskLife(App[None]):
    """The part of the app that knows who is signed in."""

    def __init__(self) -> None:
        """Nobody is signed in yet."""
        super().__init__()
        self.session: DeskSession | None = None
        self.status = DeskStatus()
        self.settler = Settler(self)
        self.locked = False
        self._printed_once = False
        self._unsure = False
        self._waiting: list[tuple[Screen[Any], Callable[[Any], None] | None]] = []

    @property
    def desk(self) -> DeskLike | None:
        """The desk, wherever in the stack it is."""
        return next((screen for screen in self.screen_stack if isinstance(screen, DeskLike)), None)

    @property
    def shift(self) -> Shift | None:
        """The open shift, if any."""
        return self.status.shift

    @property
    def lock_possible(self) -> bool:
        """Whether there is something to hide."""
        return self.session is not None and not self.locked

    def set_status(self, **changes: object) -> None:
        """Change the status and show it on every screen that has a status line."""
        self.status = replace(self.status, **changes)  # type: ignore[arg-type]
        for screen in self.screen_stack:
            if isinstance(screen, CounterScreen):
                screen.show_status(self.status)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """Which of the app's actions are possible now; the others are neither shown nor listed."""
        if action == "lock":
            return self.lock_possible
        if action == "sign_out":
            return self.session is not None
        if action == "test_page":
            return self.lock_possible
        if action == "settle":
            return self.lock_possible and bool(self.settler.pending)
        return True

    @on(SignedIn)
    def _signed_in(self, message: SignedIn) -> None:
        """Open the desk; on top of it what has to come first."""
        from counter.ui.screens.desk import DeskScreen

        beginning = message.beginning
        self.session = beginning.session
        self.idle_touch()
        self.push_screen(DeskScreen(beginning.session))
        self._show_beginning(beginning)
        self.call_after_refresh(garbage.set_aside)
        if beginning.shift is None:
            self.open_shift()
        if beginning.pending:
            self.await_outcome(None, *beginning.pending)

    def _show_beginning(self, beginning: Beginning) -> None:
        """Put who, where and when on the status line."""
        self.set_status(
            link=Link.UP,
            staff=beginning.session.staff,
            shift=beginning.shift,
            business_date=beginning.business_date,
            unprinted=beginning.unprinted,
        )

    def show_over(self, screen: Screen[Any], answered: Callable[[Any], None] | None = None) -> None:
        """Put ``screen`` on top, or keep it while the desk is locked; ``answered`` gets its result."""
        if self.locked:
            self._waiting.append((screen, answered))
        else:
            self.push_screen(screen, answered)

    def idle_touch(self) -> None:
        """Somebody is there; the app that has a watch overrides it."""

    def open_shift(self) -> None:
        """Ask for a till and a float."""
        from counter.ui.screens.open_shift import OpenShiftScreen

        assert self.session is not None
        self.push_screen(OpenShiftScreen(self.session))

    @on(ShiftOpened)
    def _shift_opened(self, message: ShiftOpened) -> None:
        """A till was taken."""
        self.set_status(shift=message.shift, business_date=message.shift.business_date)
        for screen in self.screen_stack:
            if isinstance(screen, CounterScreen):
                screen.shift_changed()

    @on(ShiftEnded)
    def _shift_ended(self, message: ShiftEnded) -> None:
        """The till is no longer ours: look only, until another shift is opened."""
        if self.shift is not None and self.shift.shift_id == message.shift_id:
            self.set_status(shift=None)
            if self.desk is not None:
                self.desk.shift_changed()

    def look_at_shift(self, error: ShiftClosed) -> None:
        """Ask whether this desk still has its shift; ``error`` says who closed one."""
        if self.session is not None and self.shift is not None:
            jobs.start(self, self.session.current_shift, partial(OwnShiftSeen, error), jobs.Unheard)

    @on(OwnShiftSeen)
    def _own_shift_seen(self, message: OwnShiftSeen) -> None:
        """A supervisor closed it: what was typed stays, and is taken in the next shift."""
        if message.shift is not None or self.shift is None:
            return
        self.set_status(shift=None)
        for screen in self.screen_stack:
            if isinstance(screen, CounterScreen):
                screen.shift_changed()
        if isinstance(self.screen, CounterScreen):
            self.screen.notice.tell(message.error)

    @on(jobs.LinkSeen)
    def _link_seen(self, message: jobs.LinkSeen) -> None:
        """Show whether the server is there, when that is news."""
        self._unsure = self._unsure or message.unsure
        link = Link.UP if message.up else Link.DOWN
        if link is not self.status.link and self.session is not None:
            self.set_status(link=link)

    def ask_by_itself(self) -> None:
        """Regularly: ask for what is not known, or whether the server is there again."""
        if self.session is None:
            return
        if self.settler.pending:
            self.settler.ask(self.session)
        elif self.status.link is Link.DOWN:
            self.settler.look(self.session)
        elif self._unsure and self.screen is self.desk:
            jobs.start(self, self.session.pending, PendingRead)

    @on(PendingRead)
    def _pending_read(self, message: PendingRead) -> None:
        """Ask what became of requests whose form was left; the desk's own forms ask for theirs."""
        self._unsure = False
        left = [each for each in message.pending if not each.is_payment and each.function not in _OF_THE_DESK]
        if left and self.screen is self.desk:
            self.await_outcome(None, *left)

    def await_outcome(self, error: CounterError | None, *payments: Pending) -> None:
        """Hold these payments as not known, say so, and ask until it is known."""
        from counter.ui.dialogs.unknown import UnknownDialog

        self.settler.add(*payments)
        self.set_status(pending=len(self.settler.pending))
        self.show_over(UnknownDialog(self.settler, error))
        if error is None:
            self.ask_by_itself()

    def action_settle(self) -> None:
        """Ask now what became of the payments that are not known."""
        from counter.ui.dialogs.unknown import UnknownDialog

        if not isinstance(self.screen, UnknownDialog):
            self.show_over(UnknownDialog(self.settler, None))
        self.ask_by_itself()

    @on(ServerAnswered)
    def _server_answered(self, _message: ServerAnswered) -> None:
        """The server is there again."""
        self.settler.unanswered()

    @on(NotSettled)
    def _not_settled(self, _message: NotSettled) -> None:
        """Still no answer; the next look comes by itself."""
        self.settler.unanswered()
        self._tell_dialog()

    @on(jobs.JobFailed)
    def _look_failed(self, message: jobs.JobFailed) -> None:
        """The server is still away, or the database part could not start."""
        self.settler.unanswered()
        if self.session is None and isinstance(self.screen_stack[0], CounterScreen):
            self.screen_stack[0].tell(message.error)

    @on(Settled)
    def _settled(self, message: Settled) -> None:
        """It is known now: print what was posted, and let the desk go on."""
        self.settler.answered(message.request_id)
        self.set_status(pending=len(self.settler.pending))
        screens = [screen for screen in self.screen_stack if isinstance(screen, CounterScreen)]
        owner = next((screen for screen in screens if screen.awaits(message.request_id)), self.desk)
        if owner is not None:
            owner.payment_settled(message.request_id, message.taken)
        self._tell_dialog()
        if self.settler.pending:
            self.ask_by_itself()

    @on(RequestKnown)
    def _request_known(self, message: RequestKnown) -> None:
        """It is known now: say so on the desk, for the form that sent it is gone."""
        pending = self.settler.answered(message.request_id)
        self.set_status(pending=len(self.settler.pending))
        self._tell_dialog()
        if pending is not None and message.posted and pending.function in _OF_SHIFTS and self.session:
            jobs.start(self, self.session.current_shift, partial(ShiftSeen, pending), jobs.Unheard)
        elif pending is not None:
            self._tell_known(pending, posted=message.posted)
        if self.settler.pending:
            self.ask_by_itself()

    def _tell_known(self, pending: Pending, *, posted: bool) -> None:
        """Say on the desk what became of it."""
        if self.desk is not None:
            self.desk.request_known(pending, posted=posted)

    @on(ShiftSeen)
    def _shift_seen(self, message: ShiftSeen) -> None:
        """A shift was opened or ended by a request whose form was left."""
        if message.shift is not None:
            self.post_message(ShiftOpened(message.shift))
        elif self.shift is not None:
            self.post_message(ShiftEnded(self.shift.shift_id))
        self.call_later(self._tell_known, message.pending, posted=True)

    def _tell_dialog(self) -> None:
        """Let an open panel of unknown outcomes show what is known by now, or go."""
        from counter.ui.dialogs.unknown import UnknownDialog

        for screen in self.screen_stack:
            if isinstance(screen, UnknownDialog):
                screen.show_pending()

    def print_receipt(self, receipt_no: str) -> None:
        """Print in a job; nothing waits for it."""
        assert self.session is not None
        jobs.start(
            self,
            partial(self.session.print_receipt, receipt_no),
            Printed,
            partial(PrintRefused, receipt_no),
        )

    @on(Printed)
    def _printed(self, message: Printed) -> None:
        """Show where it went."""
        outcome = message.outcome
        printer = outcome.queue or ("PDF" if outcome.pdf_path else "")
        self.set_status(printer=plain(printer), fallback_font=outcome.fallback_font)
        self._tell_print(outcome.receipt_no, outcome.error, reprint=outcome.reprint)
        if not self._printed_once:
            self._printed_once = True
            self.call_after_refresh(garbage.set_aside)

    @on(PrintRefused)
    def _print_refused(self, message: PrintRefused) -> None:
        """The payment stands, the paper is missing."""
        self._tell_print(message.receipt_no, str(message.error), reprint=False)

    def action_test_page(self) -> None:
        """Print a test page."""
        assert self.session is not None
        self.print_paper(self.session.papers.print_test_page)

    def print_paper(self, make: Callable[[], PaperOutcome]) -> None:
        """Make a report, a slip or a test page in a job; nothing waits for it, the screen in front tells."""
        jobs.start(self, make, PaperMade, PaperRefused)

    @on(PaperMade)
    def _paper_made(self, message: PaperMade) -> None:
        """Say where it went, or why it did not."""
        outcome = message.outcome
        self.set_status(printer=plain(outcome.printer or "PDF"), fallback_font=outcome.fallback_font)
        if self.screen_stack and isinstance(self.screen, CounterScreen):
            self.screen.paper_made(outcome.printer or str(outcome.pdf_path), outcome.error)

    @on(PaperRefused)
    def _paper_refused(self, message: PaperRefused) -> None:
        """The printer could not be looked up."""
        if self.screen_stack and isinstance(self.screen, CounterScreen):
            self.screen.tell(message.error)

    def _tell_print(self, receipt_no: str, error: str, *, reprint: bool) -> None:
        """Tell the screens, and count again when the number of missing receipts may have changed."""
        for screen in self.screen_stack:
            if isinstance(screen, CounterScreen):
                screen.receipt_printed(receipt_no, error, reprint=reprint)
        if error or self.status.unprinted:
            self.count_unprinted()

    def count_unprinted(self) -> None:
        """Ask how many receipts wait for paper."""
        session = self.session
        if session is not None:
            jobs.start(self, session.unprinted, lambda rows: UnprintedCounted(len(rows)), jobs.Unheard)

    @on(UnprintedCounted)
    def _unprinted_counted(self, message: UnprintedCounted) -> None:
        """Show the count."""
        self.set_status(unprinted=message.count)
