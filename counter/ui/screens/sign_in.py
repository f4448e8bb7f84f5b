"""The first screen: who is it? Signing in is connecting; the server checks number and password."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from counter.errors import CounterError
from counter.i18n import _
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.messages import Beginning, GatewayReady, SignedIn
from counter.ui.screens.base import CounterScreen
from counter.ui.status import Link
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone

if TYPE_CHECKING:
    from counter.services.ports import Gateway
    from counter.ui.widgets.table import Table


class SignInScreen(CounterScreen):
    """Number, Enter, password, Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("reload"),
        Binding("down", "demo", show=False),
        Binding("escape", "number", show=False),
    ]

    def __init__(self) -> None:
        """Wait for a server."""
        super().__init__()
        self._checking = False
        self._enter_waits = False

    def compose_body(self) -> ComposeResult:
        """Two fields, and the demonstration's staff when it is one."""
        with Vertical(id="frame"), Vertical(id="middle"):
            yield Words(_brand, id="brand")
            with Vertical(id="entry"):
                yield Words(lambda: _("Staff no"), classes="caption")
                yield Field(id="staff")
                yield Words(lambda: _("Password"), classes="caption")
                yield Field(id="password", password=True)
            yield Words(self._state, id="state")

    def on_mount(self) -> None:
        """Begin with the number."""
        super().on_mount()
        self.set_focus(self.query_one("#staff"))

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        """Somebody signed out: forget the password."""
        self.query_one("#password", Field).value = ""
        self.set_focus(self.query_one("#staff"))

    def _state(self) -> str:
        """What the program is doing about the server."""
        if self._checking:
            return _("Checking number and password")
        if self.counter.gateway is None and self.counter.status.link is Link.CONNECTING:
            return _("Connecting to the server; you can type already")
        return _("Enter signs in")

    def _refresh_state(self) -> None:
        """Say it anew."""
        self.query_one("#state", Words).relabel()

    @on(GatewayReady)
    def _ready(self, message: GatewayReady) -> None:
        """The server is known: show the demonstration's staff, and go on with a waiting Enter."""
        message.stop()  # the app passed it down; it must not come up again
        self.counter.set_status(link=Link.UP)
        self._refresh_state()
        self._show_demo(message.gateway)
        if self._enter_waits:
            self._check()

    def _show_demo(self, gateway: Gateway) -> None:
        """List the demonstration's staff, when it is one."""
        staff = gateway.demo_staff()
        if staff and not self.has_class("-demo"):
            from counter.ui.widgets.demo_staff import DemoTable

            self.add_class("-demo")
            table = DemoTable()
            title = Words(lambda: _("Demonstration staff (Down chooses)"), id="demo-title")
            self.query_one("#middle").mount(title, table)
            table.show_rows(staff)

    def tell(self, error: CounterError) -> None:
        """Say why it does not go on."""
        self._checking = self._enter_waits = False
        if self.counter.gateway is None:
            self.counter.set_status(link=Link.DOWN)
        self._refresh_state()
        super().tell(error)

    @on(Field.Submitted, "#staff")
    def _number_entered(self) -> None:
        """On to the password."""
        self.set_focus(self.query_one("#password"))

    @on(Field.Submitted, "#password")
    def _check(self) -> None:
        """Ask the server, once at a time; before it is known, the Enter waits for it."""
        staff_no = self.query_one("#staff", Field).value.strip()
        password = self.query_one("#password", Field).value
        if self._checking or self.counter.session is not None:
            return
        if not staff_no or not password:
            self.notice.say(Tone.NOTE, _("Enter both the staff number and the password."))
            return
        gateway = self.counter.gateway
        self._enter_waits = gateway is None
        if gateway is None:
            self.action_reload()
            return
        self._checking = True
        self.notice.clear()
        self._refresh_state()
        jobs.start(self, partial(begin, gateway, staff_no, password), SignedIn, jobs.JobFailed)

    @on(SignedIn)
    def _signed_in(self, message: SignedIn) -> None:
        """Hand over to the app; keep no password on the screen."""
        message.stop()
        self._checking = False
        self.query_one("#password", Field).value = ""
        self._refresh_state()
        self.app.post_message(SignedIn(message.beginning))

    @on(jobs.JobFailed)
    def _refused(self, message: jobs.JobFailed) -> None:
        """Wrong, locked, unreachable: each says it; the password is typed anew."""
        message.stop()
        self.tell(message.error)
        password = self.query_one("#password", Field)
        password.value = ""
        self.set_focus(password)

    def on_table_chosen(self, message: Table.Chosen) -> None:
        """Fill in a demonstration sign-in and use it."""
        self.query_one("#staff", Field).value = message.row.staff_no
        self.query_one("#password", Field).value = message.row.password
        self._check()

    def action_demo(self) -> None:
        """Down into the list of the demonstration."""
        if self.has_class("-demo"):
            self.set_focus(self.query_one("#demo"))

    def action_number(self) -> None:
        """Back to the first field."""
        self.set_focus(self.query_one("#staff"))

    def action_reload(self) -> None:
        """Look for the server again."""
        self.notice.clear()
        if self.counter.gateway is None:
            self.counter.set_status(link=Link.CONNECTING)
            self._refresh_state()
            self.counter.connect()


def _brand() -> Content:
    """What this is, in two lines."""
    motto = _("The desk of the electricity business hall")
    return Content.assemble((_("Counter") + "\n", "bold $primary"), (motto, "$quiet"))


def begin(gateway: Gateway, staff_no: str, password: str) -> Beginning:
    """Sign in and read what the desk starts with (blocks; raises CounterError with nothing left open)."""
    session = gateway.sign_in(staff_no, password)
    try:
        return Beginning(
            session,
            session.current_shift(),
            session.business_date(),
            session.pending(),
            len(session.unprinted()),
        )
    except CounterError:
        session.close()
        raise
