"""Locking the screen, signing out and ending the program."""

from __future__ import annotations

import threading
from collections.abc import Callable

from textual import on

from counter.i18n import _
from counter.ui.approval_watch import ApprovalWatch
from counter.ui.messages import Unlocked
from counter.ui.screens.base import CounterScreen
from counter.ui.status import DeskStatus


class Leaving(ApprovalWatch):
    """The part of the app that guards the way out."""

    def action_lock(self) -> None:
        """Hide everything until the password is given again."""
        from counter.ui.screens.lock import LockScreen

        if self.session is not None and self.lock_possible:
            self.locked = True
            self.push_screen(LockScreen(self.session))

    @on(Unlocked)
    def _unlocked(self, _message: Unlocked) -> None:
        """Show again what was hidden, and what has come meanwhile."""
        from counter.ui.screens.lock import LockScreen

        while not isinstance(self.screen, LockScreen):
            self.pop_screen()
        self.pop_screen()
        self.locked = False
        self.idle_touch()
        waiting, self._waiting = self._waiting, []
        for screen, answered in waiting:
            self.push_screen(screen, answered)

    def action_sign_out(self) -> None:
        """Back to the sign-in, after a question when something is half done."""
        self._confirmed(_("Sign out although something is not finished?"), self._sign_out)

    def action_quit_safely(self) -> None:
        """End the program, after a question when something is half done."""
        self._confirmed(_("Quit although something is not finished?"), self._leave)

    def _confirmed(self, question: str, then: Callable[[], None]) -> None:
        """Ask only when there is something to lose."""
        from counter.ui.dialogs.confirm import ConfirmDialog

        screens = (screen for screen in self.screen_stack if isinstance(screen, CounterScreen))
        reason = next((screen.half_done for screen in screens if screen.half_done), "")
        if isinstance(self.screen, ConfirmDialog):
            return
        if not reason:
            then()
        else:
            self.push_screen(ConfirmDialog(question, reason), lambda yes: then() if yes else None)

    def _sign_out(self) -> None:
        """Give the connections back and show the sign-in."""
        self.close_session()
        self._waiting.clear()
        self.settler.forget()
        self.locked = False
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.status = DeskStatus(link=self.status.link)
        self.set_status()

    def _leave(self) -> None:
        """The end."""
        self.close_session()
        self.exit()

    def close_session(self) -> None:
        """Close in a thread of its own: a server that does not answer must not hold anybody up."""
        session, self.session = self.session, None
        if session is not None:
            threading.Thread(target=session.close, daemon=True).start()
