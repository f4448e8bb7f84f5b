"""The locked desk: nothing of the customer is to be seen until the password is given again."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from counter.i18n import _
from counter.services.ports import DeskSession
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.messages import Unlocked
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words


class LockScreen(CounterScreen):
    """Only the person who signed in gets back; anybody can sign out."""

    CSS_PATH = "lock.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("sign_out")]

    def __init__(self, session: DeskSession) -> None:
        """Check against this session's server."""
        super().__init__()
        self._session = session
        self._checking = False

    def compose_body(self) -> ComposeResult:
        """One field."""
        with Vertical(id="frame"), Vertical(id="middle"):
            yield Words(lambda: _("The desk is locked"), id="title")
            yield Words(lambda: f"{self._session.staff.name}  {self._session.staff.staff_no}")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Password"), classes="caption")
                yield Field(id="password", password=True)
            yield Words(lambda: _("What was typed is kept. ^N signs out instead."), classes="caption")

    def on_mount(self) -> None:
        """Wait for the password."""
        super().on_mount()
        self.set_focus(self.query_one("#password"))

    @on(Field.Submitted, "#password")
    def _entered(self, event: Field.Submitted) -> None:
        """Let the server check it."""
        if event.value and not self._checking:
            self._checking = True
            jobs.start(self, partial(self._session.check_password, event.value), lambda _none: Unlocked())

    @on(Unlocked)
    def _unlocked(self, message: Unlocked) -> None:
        """Let the app show again what was hidden."""
        message.stop()
        self.app.post_message(Unlocked())

    @on(jobs.JobFailed)
    def _refused(self, message: jobs.JobFailed) -> None:
        """Wrong, or no server: stay locked."""
        message.stop()
        self._checking = False
        self.tell(message.error)
        self.query_one("#password", Field).value = ""
