"""The desk: one box that finds anything, the account, the payment, the change.

Keys of the usual payment: number, Enter; (amount) Enter; (cash) Enter. The flow of the money itself is
in ``counter.ui.screens.posting``; here is what is shown when.
"""

from __future__ import annotations

from enum import Enum, auto
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from counter.i18n import _
from counter.services.ports import AccountView, DeskSession, PaymentTaken
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.agreement_keys import AgreementKeys
from counter.ui.bank_keys import BankKeys
from counter.ui.correcting import CorrectingScreen
from counter.ui.messages import AccountNotRead, AccountRead, PhoneKept
from counter.ui.splitting import SplittingScreen
from counter.ui.tokening import TokeningScreen
from counter.ui.widgets.account import AccountPane, BillTable
from counter.ui.widgets.change_panel import ChangePanel
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.pay_pane import PayPane
from counter.ui.widgets.results import ResultPane
from counter.ui.widgets.table import Table


class Mode(Enum):
    """What the middle of the screen shows."""

    IDLE = auto()
    FINDING = auto()
    ACCOUNT = auto()


class DeskScreen(TokeningScreen, AgreementKeys, BankKeys, SplittingScreen, CorrectingScreen):
    """Find, look, take, give back."""

    CSS_PATH = "desk.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("find", "open_shift", "tick", "reprint", "day", "phone", "unprinted", "reload"),
        *bindings("till", "deposits", "payers", "relief", "reconcile", "day_close"),
        *bindings("reverse", "refund", "transfer", "voids"),
        *bindings("held", "breaks"),
        *bindings("agreements", "reconnections", "balance", "tenders", "sell_cards", "card", "buy_token"),
        *bindings("reports", "statements"),
        Binding("escape", "back", show=False),
        Binding("down", "results", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """Work with this session until it is signed out."""
        super().__init__(session)
        self._mode = Mode.IDLE
        self._showing: tuple[Mode, PaymentTaken | None] | None = None
        self._opening = ""

    def compose_body(self) -> ComposeResult:
        """The box, and beneath it what it leads to."""
        with Horizontal(id="find"):
            yield Words(lambda: _("Find"), id="find-label")
            yield Field(id="box")
        with Vertical(id="body"):
            yield Words(_welcome, id="welcome")
            yield ChangePanel(id="done")
            yield ResultPane(self.session)
            with Vertical(id="account"):
                yield AccountPane(id="left")
                yield PayPane(id="pay")

    def on_mount(self) -> None:
        """Begin with the box."""
        super().on_mount()
        self._show(Mode.IDLE)
        self.set_focus(self.box)

    @property
    def box(self) -> Field:
        """The one box."""
        return self.query_one("#box", Field)

    def show_mode_idle(self) -> None:
        """Ready for the next customer: empty box with the focus."""
        with self.prevent(Field.Changed):
            self.box.value = ""
        self.query_one(ResultPane).forget()
        self._show(Mode.IDLE)
        self.set_focus(self.box)

    def _show(self, mode: Mode) -> None:
        """Show one of the middles; the change stays beside everything but an account."""
        if (mode, self.taken) == self._showing:
            return
        self._showing = (mode, self.taken)
        self._mode = mode
        done = self.taken is not None
        for part, shown in (
            ("#welcome", mode is Mode.IDLE and not done),
            ("#done", mode is not Mode.ACCOUNT and done),
            ("#results", mode is Mode.FINDING),
            ("#account", mode is Mode.ACCOUNT),
        ):
            self.query_one(part).display = shown  # a class on the body would style all beneath it anew
        self.refresh_bindings()

    @on(Field.Changed, "#box")
    def _typed(self, event: Field.Changed) -> None:
        """Search while somebody types; an emptied box shows again what was there before."""
        self.notice.clear()
        self._opening = ""
        text = event.value.strip()
        self.query_one(ResultPane).typed(text)
        if text:
            self._show(Mode.FINDING)
        else:
            self._show(Mode.ACCOUNT if self.form is not None else Mode.IDLE)

    @on(Field.Submitted, "#box")
    def _entered(self, event: Field.Submitted) -> None:
        """Open what was typed."""
        if event.value.strip() and not self._opening:
            self.query_one(ResultPane).enter()

    @on(ResultPane.Opened)
    def _open(self, message: ResultPane.Opened) -> None:
        """Read the chosen account."""
        if not self.busy:
            self.read_account(message.account_no, again=False)

    def read_account(self, account_no: str, *, again: bool) -> None:
        """Read an account in a job; the newest wish counts."""
        self._opening = account_no
        jobs.start(
            self,
            partial(self.session.account, account_no),
            lambda account: AccountRead(account_no, account, again),
            partial(AccountNotRead, account_no),
        )

    @on(AccountRead)
    def _account_read(self, message: AccountRead) -> None:
        """Show it, unless another one is wanted by now."""
        if message.account_no != self._opening or self.busy:
            return
        self._opening = ""
        if message.account is None:
            self.release()
            self.notice.say(
                Tone.NOTE, _("There is no account {number} any more.").format(number=message.account_no)
            )
            return
        self.show_account(message.account, again=message.again)

    @on(AccountNotRead)
    def _account_not_read(self, message: AccountNotRead) -> None:
        """Say why there is nothing to see."""
        self._opening = ""
        self.release()
        self.tell(message.error)

    def show_account(self, account: AccountView, *, again: bool) -> None:
        """A form opens for this account."""
        if not again:
            self.notice.clear()
        self.taken = None
        with self.prevent(Field.Changed):
            self.box.value = ""
        self.query_one(ResultPane).forget()
        self.query_one("#left", AccountPane).show(account)
        self.begin_form(account, again=again)
        self._show(Mode.ACCOUNT)
        self.say_card(account.account_no)

    @on(Table.Chosen, "#bills")
    def _bill_chosen(self) -> None:
        """Enter in the list of bills: on to the amount."""
        self.set_focus(self.pay.amount)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """What is possible now; the rest is neither shown nor listed."""
        account = self.form.account if self.form is not None and self._mode is Mode.ACCOUNT else None
        possible = {
            "tick": account is not None and bool(account.bills) and not self.busy,
            "tenders": self._mode is Mode.ACCOUNT and self.split_possible,
            "relief": self._mode is Mode.ACCOUNT and self.relief_possible,
            "phone": account is not None and not self.busy,
            "balance": account is not None,
            "agreements": not self.busy,
            "reload": account is not None and not self.busy,
            "reprint": bool(self.last_receipt_no),
            "open_shift": self.counter.shift is None,
            "payers": not self.busy,
            "sell_cards": not self.busy,
            "card": not self.busy,
            "buy_token": not self.busy,
        }
        return (possible | self.corrections_possible | self.bank_possible).get(action, True)

    def action_find(self) -> None:
        """To the box; what is being posted goes on."""
        self.set_focus(self.box)

    def action_results(self) -> None:
        """From the box down into the list."""
        if self.box.has_focus and self._mode is Mode.FINDING:
            self.set_focus(self.query_one("#hits"))

    def action_back(self) -> None:
        """One step back: list to box, box to account, account to the next customer."""
        if self.busy:
            return
        if self._mode is Mode.FINDING:
            self.box.value = ""
            self.focus_form()
        elif self.pay.received.has_focus:
            self.pay.received.value = ""
            self.set_focus(self.pay.amount)
        else:
            self.leave_form()

    def action_tick(self) -> None:
        """To the bills, or tick the one under the cursor."""
        bills = self.query_one(BillTable)
        if bills.has_focus:
            bills.action_tick()
        else:
            self.set_focus(bills)

    def action_reload(self) -> None:
        """Read the open account again."""
        if self.form is not None:
            self.read_account(self.form.account.account_no, again=False)

    def action_reprint(self) -> None:
        """Print the last receipt again."""
        self.counter.print_receipt(self.last_receipt_no)

    def action_open_shift(self) -> None:
        """Take a till."""
        self.counter.open_shift()

    def action_day(self) -> None:
        """The payments of the day."""
        self._list(unprinted=False)

    def action_unprinted(self) -> None:
        """The receipts that are not on paper."""
        self._list(unprinted=True)

    def _list(self, *, unprinted: bool) -> None:
        """Open the list of payments."""
        from counter.ui.screens.day import DayScreen

        self.app.push_screen(DayScreen(self.session, unprinted=unprinted))

    def action_till(self) -> None:
        """The tills of the hall, and one's own drawer."""
        from counter.ui.screens.till import TillScreen

        self.app.push_screen(TillScreen(self.session))

    def action_deposits(self) -> None:
        """Bring takings to the bank."""
        from counter.ui.screens.deposits import DepositsScreen

        self.app.push_screen(DepositsScreen(self.session))

    def action_payers(self) -> None:
        """One payer, many accounts."""
        from counter.ui.screens.payers import PayersScreen

        self.app.push_screen(PayersScreen(self.session))

    def action_phone(self) -> None:
        """Ask for the phone number of the open account."""
        from counter.ui.dialogs.phone import PhoneDialog

        if self.form is not None:
            account = self.form.account
            self.app.push_screen(PhoneDialog(account.name, account.phone), partial(self._keep_phone, account))

    def _keep_phone(self, account: AccountView, phone: str | None) -> None:
        """Save the number under a request id of its own."""
        if phone and phone != account.phone:
            from counter.ui.request_id import new_request_id

            keep = partial(self.session.set_phone, new_request_id(), account.account_no, phone)
            jobs.start(self, keep, lambda _none: PhoneKept(account.account_no))

    @on(PhoneKept)
    def _phone_kept(self, message: PhoneKept) -> None:
        """Show it, when the account is still the same."""
        if self.form is not None and self.form.account.account_no == message.account_no and not self.busy:
            self.notice.say(Tone.GOOD, _("The phone number is saved."))
            self.read_account(message.account_no, again=True)

    @on(ResultPane.Failed)
    def _search_failed(self, message: ResultPane.Failed) -> None:
        """Say why nothing is found."""
        self.tell(message.error)

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Something small failed: say it."""
        message.stop()
        self.tell(message.error)

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        """Back from another screen: the keys are ours again."""
        self.refresh_bindings()
        self.look_at_card()


def _welcome() -> str:
    """What can be typed into the box."""
    rows = (
        (_("Account or meter"), "0123456789", _("whole, or how it begins")),
        (_("Phone"), "6789", _("whole, or the last four digits and more")),
        (_("Name"), "王小", _("any one to four characters, also from the middle")),
        (_("Pinyin"), "wxs", _("initials of the name")),
        (_("Address"), "解放路12", _("any part of it")),
        (_("Receipt"), "0107-261123-0042", _("the number on the paper")),
    )
    from counter.ui.cells import fit

    lines = [f"{fit(word, 18)}{fit(sample, 19)}{note}" for word, sample, note in rows]
    return "\n".join([_("Type into the box: one box finds anything."), "", *lines])
