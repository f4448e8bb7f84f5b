"""An eye on the card reader and on vends that are not settled, for whoever is signed in.

Invariant: a card that comes in while somebody types moves nothing; only the status line says it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual import on

from counter.services.ports.vends import SlotState
from counter.ui import jobs
from counter.ui.break_watch import BreakWatch
from counter.ui.messages import SignedIn
from counter.ui.messages_vends import DoubtsCounted, SlotChanged, UnfinishedFound
from counter.ui.screens.base import CounterScreen

if TYPE_CHECKING:
    from counter.services.ports.vends import OpenVend, Slot

COUNT_EVERY_S: Final = 60.0
"""How often the vends in doubt are counted by themselves: another desk may have settled one."""


class VendWatch(BreakWatch):
    """The part of the app that knows of cards."""

    def __init__(self) -> None:
        """Nobody listens to a reader yet."""
        super().__init__()
        self._unwatch_reader: Callable[[], None] = _nothing

    def watch_doubts(self) -> None:
        """Count again and again from now on."""
        self.set_interval(COUNT_EVERY_S, self.count_doubts)

    @on(SignedIn)
    def _watch_reader(self, message: SignedIn) -> None:
        """Hear of the reader; look for what was begun here and not finished."""
        vends = message.beginning.session.vends
        self._unwatch_reader()
        self._unwatch_reader = vends.watch(self._heard)
        jobs.start(self, vends.unfinished, UnfinishedFound, jobs.Unheard)
        self.call_later(self.count_doubts)

    def _heard(self, slot: Slot) -> None:
        """Any thread: pass it on."""
        jobs.unless_closed(lambda: self.post_message(SlotChanged(slot)))()

    @on(SlotChanged)
    def _slot_changed(self, message: SlotChanged) -> None:
        """Say it in the status line, and to the screens."""
        if self.session is None:
            return
        known = message.slot.state is not SlotState.NONE
        self.set_status(slot=message.slot if known else None)
        for screen in self.screen_stack:
            if isinstance(screen, CounterScreen):
                screen.card_changed(message.slot)

    def count_doubts(self) -> None:
        """Ask how many vends are not settled."""
        session = self.session
        if session is not None:
            jobs.start(self, session.vends.in_doubt, lambda vends: DoubtsCounted(len(vends)), jobs.Unheard)

    @on(DoubtsCounted)
    def _doubts_counted(self, message: DoubtsCounted) -> None:
        """Show the count, when it is news."""
        if self.session is not None and message.count != self.status.doubts:
            self.set_status(doubts=message.count)

    @on(UnfinishedFound)
    def _unfinished_found(self, message: UnfinishedFound) -> None:
        """Offer the oldest first, before anything else is begun."""
        if message.vends and self.session is not None:
            from counter.ui.dialogs.unfinished import UnfinishedDialog

            vend = message.vends[0]
            dialog = UnfinishedDialog(message.vends)
            self.show_over(dialog, lambda yes: self.go_on_with(vend) if yes else None)

    def go_on_with(self, vend: OpenVend) -> None:
        """Open the card screen for a vend that is not finished."""
        from counter.ui.screens.card import CardScreen

        if self.session is not None:
            self.push_screen(CardScreen(self.session, vend.account_no))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The list is there for whoever is signed in, the drawer in the demonstration only."""
        if action == "vends_in_doubt":
            return self.lock_possible
        if action == "drawer":
            return self.lock_possible and self.session is not None and self.session.vends.drawer is not None
        return super().check_action(action, parameters)

    def action_vends_in_doubt(self) -> None:
        """Open the list of vends that are not settled."""
        from counter.ui.screens.vends_in_doubt import VendsInDoubtScreen

        if self.session is not None and not isinstance(self.screen, VendsInDoubtScreen):
            self.push_screen(VendsInDoubtScreen(self.session))

    def action_drawer(self) -> None:
        """Open the drawer of simulated cards."""
        from counter.ui.dialogs.drawer import DrawerDialog

        drawer = self.session.vends.drawer if self.session is not None else None
        if drawer is not None and not isinstance(self.screen, DrawerDialog):
            self.push_screen(DrawerDialog(drawer))

    def close_session(self) -> None:
        """Nobody listens any more."""
        self._unwatch_reader()
        self._unwatch_reader = _nothing
        super().close_session()


def _nothing() -> None:
    """There is nothing to end."""
