"""The desk's keys that lead to the bank side: who may use which, and the screens they open."""

from __future__ import annotations

from counter.services.ports import Duty
from counter.ui.claiming import ClaimingScreen

_LOOKS_AT_THE_BANK = frozenset({Duty.CASHIER, Duty.SUPERVISOR, Duty.AUDITOR})
_REPORTS_ARE_FOR = _LOOKS_AT_THE_BANK | {Duty.ADMIN}


class BankKeys(ClaimingScreen):
    """The desk's part that leads to statements, matching and the closing of the day; mixed into the desk."""

    @property
    def bank_possible(self) -> dict[str, bool]:
        """Which of the keys do something for whoever is signed in."""
        duty = self.session.staff.duty
        return {
            "reconcile": duty in _LOOKS_AT_THE_BANK,
            "statements": duty in _LOOKS_AT_THE_BANK,
            "day_close": duty in _LOOKS_AT_THE_BANK,
            "held": not self.busy,
            "breaks": duty in _LOOKS_AT_THE_BANK,
            "reports": duty in _REPORTS_ARE_FOR,
        }

    def action_reconcile(self) -> None:
        """The statement against the books."""
        from counter.ui.screens.reconcile import ReconcileScreen

        self.app.push_screen(ReconcileScreen(self.session))

    def action_breaks(self) -> None:
        """What is open on one side only."""
        from counter.ui.screens.breaks import BreaksScreen

        self.app.push_screen(BreaksScreen(self.session))

    def action_reports(self) -> None:
        """Reports of the hall's money."""
        from counter.ui.screens.reports import ReportsScreen

        self.app.push_screen(ReportsScreen(self.session))

    def action_day_close(self) -> None:
        """The checklist of the day that is to be closed next."""
        from counter.ui.screens.day_close import DayCloseScreen

        self.app.push_screen(DayCloseScreen(self.session))

    def action_statements(self) -> None:
        """Statements coming in, and what is in."""
        from counter.ui.screens.statements import StatementsScreen

        self.app.push_screen(StatementsScreen(self.session))
