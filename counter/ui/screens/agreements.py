"""The instalment agreements of one account: what was agreed, how it stands, a new one, an end."""

from __future__ import annotations

from functools import partial
from typing import ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.domain.instalments import agreement_number
from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import AccountView, DeskSession
from counter.services.ports.agreements import Agreement, EndAgreement
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.agreement_messages import AgreementChanged, AgreementsListed, NotChanged
from counter.ui.request_id import new_request_id
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table
from counter.ui.words import period

_PLAN_COLUMNS, _PLAN_CELLS = 4, 13


class AgreementsScreen(CounterScreen):
    """The newest month first; ctrl+a makes one, shift+f9 ends the one under the cursor."""

    CSS_PATH = "agreements.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("agreements", "end_agreement", "reload"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession, account: AccountView) -> None:
        """Of this account."""
        super().__init__()
        self._session = session
        self._account = account
        self._ids: dict[tuple[UUID, str], UUID] = {}
        self._sending = False

    def compose_body(self) -> ComposeResult:
        """Heading, list, the plan of the one under the cursor, keys."""
        yield Words(self._heading, classes="heading")
        yield Table[Agreement](
            (
                Column(lambda: _("Period"), lambda row: period(row.period), 7),
                Column(lambda: _("State"), _state, 10),
                Column(lambda: _("Agreed"), lambda row: format_yuan(row.total_fen), 11, right=True),
                Column(lambda: _("Paid so far"), lambda row: format_yuan(row.paid_fen), 11, right=True),
                Column(lambda: _("Missed"), _missed, 11, right=True, strong=True),
                Column(lambda: _("kWh"), lambda row: f"{row.expected_kwh:,}", 8, right=True, rank=1),
                Column(lambda: _("Reason"), lambda row: row.reason, 10, grows=True, rank=2),
            ),
            id="agreements",
        )
        yield Words(self._plan, id="plan-lines")
        yield Words(lambda: _("^A new      ⇧F9 end      Esc back"), classes="foot")

    def _heading(self) -> str:
        """Whose."""
        words = _("Instalment agreements of {account} {name}")
        return words.format(account=self._account.account_no, name=self._account.name)

    def _plan(self) -> str:
        """Number, dates and amounts of the agreement under the cursor; receipts name it by the number."""
        agreed = self._current
        if agreed is None:
            return ""
        plan = agreed.plan
        items = [f"{item.due_date:%m-%d} {format_yuan(item.amount_fen):<{_PLAN_CELLS}}" for item in plan]
        number = _("No. {number}").format(number=agreement_number(agreed.period, agreed.agreement_id))
        lines = ["".join(items[at : at + _PLAN_COLUMNS]) for at in range(0, len(items), _PLAN_COLUMNS)]
        return "\n".join([number, *lines])

    @property
    def _current(self) -> Agreement | None:
        """The agreement under the cursor."""
        row: Agreement | None = self.query_one("#agreements", Table).current
        return row

    def on_mount(self) -> None:
        """Ask for the list."""
        super().on_mount()
        table = self.query_one("#agreements", Table)
        self.set_focus(table)
        self.watch(table, "cursor", lambda: self.query_one("#plan-lines", Words).relabel(), init=False)
        self.action_reload()

    def action_reload(self) -> None:
        """Ask again."""
        jobs.start(
            self, partial(self._session.agreements.of_account, self._account.account_no), AgreementsListed
        )

    @on(AgreementsListed)
    def _listed(self, message: AgreementsListed) -> None:
        """Show them."""
        self.query_one("#agreements", Table).show_rows(message.agreements)
        self.query_one("#plan-lines", Words).relabel()
        if not message.agreements and not self.notice.text:
            self.notice.say(Tone.NOTE, _("There is no instalment agreement yet; ^A makes one."))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """An end is possible for an open one."""
        if action == "end_agreement":
            return self._current is not None and self._current.open
        return True

    def action_agreements(self) -> None:
        """A form for a new one."""
        from counter.ui.screens.agreement_form import AgreementFormScreen

        self.notice.clear()
        self.app.push_screen(
            AgreementFormScreen(self._session, self._account), lambda _none: self.action_reload()
        )

    def action_end_agreement(self) -> None:
        """Ask why."""
        from counter.ui.dialogs.reason import ReasonDialog

        agreed = self._current
        if agreed is not None and agreed.open and not self._sending:
            question = _("Why does the agreement for {month} end?").format(month=period(agreed.period))
            what = _("What was paid stays in the prepaid balance.")
            self.app.push_screen(ReasonDialog(question, what), partial(self._end, agreed))

    def _end(self, agreed: Agreement, reason: str | None) -> None:
        """Send it; the same content keeps its request id."""
        if reason and not self._sending:
            self._sending = True
            request_id = self._ids.setdefault((agreed.agreement_id, reason), new_request_id())
            request = EndAgreement(request_id, agreed.agreement_id, reason)
            end = partial(self._session.agreements.end, request)
            jobs.start(self, end, lambda _none: AgreementChanged(), NotChanged)

    @on(AgreementChanged)
    def _ended(self) -> None:
        """Say it and list anew."""
        self._sending = False
        self.notice.say(Tone.GOOD, _("The agreement is ended."))
        self.action_reload()

    @on(NotChanged)
    def _not_ended(self, message: NotChanged) -> None:
        """Say why."""
        self._sending = False
        self.tell(message.error)

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why there is no list."""
        message.stop()
        self.tell(message.error)

    def action_leave(self) -> None:
        """Back to the desk."""
        self.dismiss()


def _state(row: Agreement) -> str:
    """Open, ended, or settled by its bill."""
    return _("ended") if row.ended else _("settled") if row.billed else _("open")


def _missed(row: Agreement) -> str:
    """What was missed of an open one."""
    return format_yuan(row.standing.missed_fen) if row.open and row.standing.missed_fen else "-"
