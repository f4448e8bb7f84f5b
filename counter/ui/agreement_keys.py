"""What the desk knows of agreements: their screens, reconnections, the history of a balance."""

from __future__ import annotations

from textual import events, on

from counter.i18n import _
from counter.services.ports import AccountView, PaymentTaken
from counter.ui import jobs
from counter.ui.agreement_messages import TasksCounted
from counter.ui.screens.base import CounterScreen
from counter.ui.screens.posting import PostingScreen
from counter.ui.widgets.notice import Tone


class AgreementKeys(PostingScreen):
    """The desk's part that leads to agreements; mixed into the desk."""

    @on(events.Mount)
    def _begin_counting(self) -> None:
        """Ask how many accounts wait to be connected again."""
        self.count_reconnections()

    def count_reconnections(self) -> None:
        """Ask in a job; nobody waits for it."""
        jobs.start(self, self.session.agreements.reconnection_count, TasksCounted, jobs.Unheard)

    @on(TasksCounted)
    def _counted(self, message: TasksCounted) -> None:
        """Show it at the foot."""
        if message.count != self.counter.status.reconnections:
            self.counter.set_status(reconnections=message.count)

    def posted(self, taken: PaymentTaken) -> None:
        """Say at once when a payment raised a reconnection task."""
        tell_reconnections(self, taken)

    def action_agreements(self) -> None:
        """Those of the open account, or what is due in the hall."""
        if self.busy:
            return
        if self.form is not None:
            from counter.ui.screens.agreements import AgreementsScreen

            account = self.form.account
            self.app.push_screen(AgreementsScreen(self.session, account), lambda _none: self._again(account))
        else:
            from counter.ui.screens.instalments_due import InstalmentsDueScreen

            self.app.push_screen(InstalmentsDueScreen(self.session, self._open_listed))

    def action_reconnections(self) -> None:
        """The accounts to be connected again."""
        from counter.ui.screens.reconnections import ReconnectionsScreen

        self.app.push_screen(ReconnectionsScreen(self.session))

    def action_balance(self) -> None:
        """What moved the balance of the open account."""
        from counter.ui.screens.balance import BalanceScreen

        if self.form is not None:
            self.app.push_screen(BalanceScreen(self.session, self.form.account))

    def _again(self, account: AccountView) -> None:
        """Its agreements may be others now; what was counted already is not taken away."""
        if self.form is not None and self.form.account is account and not self.busy and not self.pay.touched:
            self.read_account(account.account_no, again=True)

    def _open_listed(self, account_no: str) -> None:
        """Open what was chosen in the list."""
        if not self.busy:
            self.read_account(account_no, again=False)


def tell_reconnections(screen: CounterScreen, taken: PaymentTaken) -> None:
    """Say on ``screen`` that a payment raised reconnection tasks, and count those of the hall anew."""
    if not taken.reconnections:
        return
    said = _("The last arrears of a disconnected account are paid: {count} reconnection(s) to do, ⇧F5.")
    screen.notice.say(Tone.NOTE, said.format(count=taken.reconnections))
    desk = screen.counter.desk
    if isinstance(desk, AgreementKeys):
        desk.count_reconnections()
