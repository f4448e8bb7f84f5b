"""The program on the screen: it signs people in, holds the session and what all screens share.

The sign-in is painted first; only then does a job load the database part. Screens are imported when
they are first shown.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.command import CommandPalette, Provider
from textual.screen import Screen

from counter import i18n
from counter.i18n import _
from counter.ui import crash, jobs
from counter.ui.actions import allowed_keymap, bindings
from counter.ui.idle import IdleWatch
from counter.ui.messages import GatewayReady
from counter.ui.settling import ASK_EVERY_S
from counter.ui.themes import THEMES
from counter.ui.vend_watch import VendWatch

if TYPE_CHECKING:
    from counter.services.ports import Gateway

_LOCK_CHECK_S = 1.0


def _commands() -> type[Provider]:
    """The palette's provider, imported when the palette opens."""
    from counter.ui.commands import ActionCommands

    return ActionCommands


class CounterApp(VendWatch):
    """Counter. ``gateway_factory`` blocks and imports the database: it runs in a job."""

    CSS_PATH = ["app.tcss", "screens/sign_in.tcss"]  # Textual does not load that of the default screen
    TITLE = "Counter"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(
            "help",
            "language",
            "settle",
            "approvals",
            "test_page",
            "vends_in_doubt",
            "drawer",
            "lock",
            "theme",
            "sign_out",
            "palette",
            "quit",
        )
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        gateway_factory: Callable[[], Gateway],
        *,
        language: str = i18n.DEFAULT_LANGUAGE,
        idle_lock_s: float = 0,
        keymap: Mapping[str, str] | None = None,
        theme: str = "counter-dark",
        idle: IdleWatch | None = None,
    ) -> None:
        """Speak ``language``; lock after ``idle_lock_s`` seconds without a key (0: never)."""
        i18n.set_language(language)
        super().__init__()
        self.use_command_palette = True
        self.gateway: Gateway | None = None
        self.idle = idle or IdleWatch(idle_lock_s)
        self._gateway_factory = gateway_factory
        self._wanted_keymap = allowed_keymap(keymap or {})
        for own_theme in THEMES:
            self.register_theme(own_theme)
        self.theme = theme if theme in self.available_themes else "counter-dark"

    def get_default_screen(self) -> Screen[None]:
        """The sign-in, so that it is the first thing painted."""
        from counter.ui.screens.sign_in import SignInScreen

        return SignInScreen()

    def on_mount(self) -> None:
        """Apply the settings; load the database once the sign-in is on the screen."""
        if self._wanted_keymap:
            self.set_keymap(self._wanted_keymap)
        self.set_interval(_LOCK_CHECK_S, self._lock_when_idle)
        self.set_interval(ASK_EVERY_S, self.ask_by_itself)
        self.watch_cash()
        self.watch_breaks()
        self.watch_doubts()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """The sign-in is painted: collect garbage from now on, but never the modules, and connect."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        self.connect()

    def connect(self) -> None:
        """Load the database part and look for its server, unless that is done."""
        if self.gateway is None:
            jobs.start(self, self._gateway_factory, GatewayReady)

    @on(GatewayReady)
    def _gateway_ready(self, message: GatewayReady) -> None:
        """The sign-in can go on."""
        self.gateway = message.gateway
        for screen in self.screen_stack:
            screen.post_message(GatewayReady(message.gateway))

    def idle_touch(self) -> None:
        """Somebody is there."""
        self.idle.touch()

    async def on_event(self, event: events.Event) -> None:
        """Every key counts as presence; the first one after a long sleep only shows the lock."""
        if isinstance(event, events.Key | events.Paste):
            if self.idle.expired and self.lock_possible:
                self.action_lock()
                return
            self.idle.touch()
        await super().on_event(event)

    def _lock_when_idle(self) -> None:
        """Lock when nobody has been there for the set time."""
        if self.idle.expired and self.lock_possible:
            self.action_lock()

    def action_palette(self) -> None:
        """Open the palette."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("Find a command by name.")))

    def action_help(self) -> None:
        """Show the keys of the present screen."""
        from counter.ui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen.of(self.screen))

    def action_language(self) -> None:
        """Speak the other language; nothing that was typed is lost."""
        others = [code for code in i18n.LANGUAGES if code != i18n.language()]
        i18n.set_language(others[0])
        for screen in self.screen_stack:
            for node in screen.walk_children(with_self=True):
                relabel = getattr(node, "relabel", None)
                if relabel is not None:
                    relabel()

    def action_theme(self) -> None:
        """Light on dark, or dark on light."""
        names = [own_theme.name for own_theme in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]

    @on(jobs.JobBroke)
    def _broke(self, message: jobs.JobBroke) -> None:
        """A bug in a job ends the program like any other bug."""
        self._handle_exception(message.error)

    def _fatal_error(self) -> None:
        """Textual's last word, without its print of local variables."""
        error = self._exception
        if error is not None:
            crash.record(error)
            self._exit_renderables.append(crash.farewell(error))
        self._close_messages_no_wait()
