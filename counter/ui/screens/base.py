"""What the full screens have in common: status line, body, notice, foot line and key bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from counter.errors import CounterError, ShiftClosed
from counter.i18n import _
from counter.ui.cells import plain
from counter.ui.status import DeskStatus
from counter.ui.widgets.bars import Foot, KeyBar, StatusBar
from counter.ui.widgets.notice import Notice, Tone
from counter.ui.words import pending_words

if TYPE_CHECKING:
    from uuid import UUID

    from counter.services.ports import PaymentTaken, Pending
    from counter.services.ports.vends import Slot
    from counter.ui.app import CounterApp


class CounterScreen(Screen[None]):
    """A screen between status line and key bar; ``compose_body`` fills the middle."""

    def compose(self) -> ComposeResult:
        """The frame around the body."""
        yield StatusBar()
        yield from self.compose_body()
        yield Notice()
        yield Foot()
        yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """The middle of the screen; to be overridden."""
        yield Widget()

    @property
    def counter(self) -> CounterApp:
        """The app, as what it is."""
        return cast("CounterApp", self.app)

    @property
    def notice(self) -> Notice:
        """Where this screen says something."""
        return self.query_one(Notice)

    def on_mount(self) -> None:
        """Show the status from the beginning."""
        self.show_status(self.counter.status)

    def show_status(self, status: DeskStatus) -> None:
        """Put a new status on both lines, as soon as they are there."""
        if self.query(StatusBar):
            self.query_one(StatusBar).status = status
            self.query_one(Foot).status = status
            self.refresh_bindings()

    def tell(self, error: CounterError) -> None:
        """Say what went wrong; after somebody closed a shift, see whether it was the one of this desk."""
        self.notice.tell(error)
        if isinstance(error, ShiftClosed):
            self.counter.look_at_shift(error)

    def receipt_printed(self, receipt_no: str, error: str, *, reprint: bool) -> None:
        """A receipt went out, or ``error`` says why not; only the screen in front speaks."""
        if self.app.screen is not self:
            return
        if error:
            said = _("Receipt {number} is not printed: {reason}")
            self.notice.say(Tone.FAULT, said.format(number=receipt_no, reason=error))
        elif reprint:
            self.notice.say(Tone.GOOD, _("Receipt {number} was printed again.").format(number=receipt_no))

    def paper_made(self, where: str, error: str) -> None:
        """A test page, a report or a slip went out, or ``error`` says why not."""
        if error:
            self.notice.say(Tone.FAULT, error)
        else:
            self.notice.say(Tone.GOOD, _("Sent to {where}.").format(where=where))

    @property
    def half_done(self) -> str:
        """What would be lost by leaving now; empty when nothing would."""
        return ""

    def awaits(self, request_id: UUID) -> bool:  # noqa: ARG002  (for screens that send payments)
        """Whether this screen sent that request and waits to know what became of it."""
        return False

    def payment_settled(self, request_id: UUID, taken: PaymentTaken | None) -> None:
        """A payment that was not known is posted, or certainly not (None)."""

    def request_known(self, pending: Pending, *, posted: bool) -> None:
        """What was sent by a form that is gone is posted, or certainly not."""
        what = plain(pending_words(pending))
        if posted:
            self.notice.say(Tone.GOOD, _("{what}: it is posted.").format(what=what))
        else:
            words = _("{what}: it was not posted. Do it again if it is still wanted.")
            self.notice.say(Tone.FAULT, words.format(what=what))

    def shift_changed(self) -> None:
        """A till was taken."""

    def card_changed(self, slot: Slot) -> None:
        """A card was put in or taken out, or the reader came or went."""


class DeskLike(CounterScreen):
    """The desk, which the app has to find without importing it."""
