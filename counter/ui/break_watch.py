"""An eye on breaks that are late, for those who work on the bank side."""

from __future__ import annotations

from typing import Final

from textual import on

from counter.services.ports import Duty
from counter.ui import jobs
from counter.ui.cash_watch import CashWatch
from counter.ui.messages import SignedIn
from counter.ui.messages_breaks import AlarmSeen

LOOK_EVERY_S: Final = 60.0
"""How often breaks are looked at by themselves; most become late at midnight only."""


class BreakWatch(CashWatch):
    """The part of the app that keeps the word about late breaks on the screen."""

    def watch_breaks(self) -> None:
        """Look again and again from now on."""
        self.set_interval(LOOK_EVERY_S, self.look_at_breaks)

    def look_at_breaks(self) -> None:
        """Look now, in a job; a clerk is not told, and a look that fails is made up for by the next."""
        session = self.session
        if session is not None and session.staff.duty in (Duty.CASHIER, Duty.SUPERVISOR):
            jobs.start(self, session.breaks.alarm, AlarmSeen, jobs.Unheard)

    @on(SignedIn)
    def _look_at_breaks_first(self) -> None:
        """Look as soon as the session is there."""
        self.call_later(self.look_at_breaks)

    @on(AlarmSeen)
    def _alarm_seen(self, message: AlarmSeen) -> None:
        """Show how many are late, or that none is."""
        alarm = message.alarm if message.alarm.late else None
        if self.session is not None and alarm != self.status.break_alarm:
            self.set_status(break_alarm=alarm)
