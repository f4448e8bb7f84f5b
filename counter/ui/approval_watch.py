"""What the app does about approvals: it tells a supervisor how many wait, as soon as one comes."""

from __future__ import annotations

from textual import on

from counter.services.ports import Duty
from counter.ui import jobs
from counter.ui.desk_life import DeskLife
from counter.ui.messages import ApprovalHeard, ApprovalsCounted, SignedIn


class ApprovalWatch(DeskLife):
    """The part of the app that listens for questions while a supervisor is signed in."""

    @on(SignedIn)
    def _watch_approvals(self, message: SignedIn) -> None:
        """A supervisor hears of every question; the listening ends with the session."""
        session = message.beginning.session
        if session.staff.duty is Duty.SUPERVISOR:
            session.approvals.listen(lambda: self.post_message(ApprovalHeard()))

    @on(ApprovalHeard)
    def _count_approvals(self) -> None:
        """Ask how many wait."""
        session = self.session
        if session is not None and session.staff.duty is Duty.SUPERVISOR:
            waiting = session.approvals.waiting
            jobs.start(self, waiting, lambda views: ApprovalsCounted(len(views)), jobs.Unheard)

    @on(ApprovalsCounted)
    def _show_approvals(self, message: ApprovalsCounted) -> None:
        """Show the count, unless somebody else has signed in meanwhile."""
        session = self.session
        supervisor = session is not None and session.staff.duty is Duty.SUPERVISOR
        self.set_status(approvals=message.count if supervisor else 0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The list is there for whoever is signed in."""
        if action == "approvals":
            return self.lock_possible
        return super().check_action(action, parameters)

    def action_approvals(self) -> None:
        """Open the list of approvals."""
        from counter.ui.screens.approvals import ApprovalsScreen

        if self.session is not None and not isinstance(self.screen, ApprovalsScreen):
            self.push_screen(ApprovalsScreen(self.session))
