"""An eye on the hall's undeposited cash, for those who can bring it to the bank.

It looks at the beginning, after own work, and else no faster than once a minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual import on

from counter.services.ports import Duty
from counter.ui import jobs
from counter.ui.leaving import Leaving
from counter.ui.messages import SignedIn, Told

if TYPE_CHECKING:
    from counter.domain.undeposited import CashAlarm

LOOK_EVERY_S: Final = 60.0
"""How often the cash is looked at by itself."""


class CashSeen(Told):
    """The cash of the hall was looked at; ``alarm`` is what is wrong with it, if anything."""

    alarm: CashAlarm | None


class CashWatch(Leaving):
    """The part of the app that keeps the word about the cash on the screen."""

    def watch_cash(self) -> None:
        """Look again and again from now on."""
        self.set_interval(LOOK_EVERY_S, self.look_at_cash)

    def look_at_cash(self) -> None:
        """Look now, in a job; a clerk is not told, and a look that fails is made up for by the next."""
        session = self.session
        if session is not None and session.staff.duty in (Duty.CASHIER, Duty.SUPERVISOR):
            jobs.start(self, session.deposits.cash_alarm, CashSeen, jobs.Unheard)

    @on(SignedIn)
    def _look_first(self) -> None:
        """Look as soon as the session is there."""
        self.call_later(self.look_at_cash)

    @on(CashSeen)
    def _cash_seen(self, message: CashSeen) -> None:
        """Show what is wrong, or that nothing is."""
        if self.session is not None and message.alarm is not self.status.cash_alarm:
            self.set_status(cash_alarm=message.alarm)
