"""A new instalment agreement: month, use, total, how many, the plan, why."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from counter.domain.instalments import Instalment
from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import AccountView, DeskSession
from counter.ui import jobs
from counter.ui.agreement_form import AgreementDraft, DraftError
from counter.ui.agreement_messages import AgreementChanged, BasisRead, NotChanged
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.field import AmountField, Field, pasted_rubbish
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table
from counter.ui.words import period


class AgreementFormScreen(CounterScreen):
    """Enter goes from field to field; the last one saves."""

    CSS_PATH = "agreements.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, session: DeskSession, account: AccountView) -> None:
        """For this account."""
        super().__init__()
        self._session = session
        self._account = account
        self._draft: AgreementDraft | None = None
        self._sending = False

    def compose_body(self) -> ComposeResult:
        """Fields above, the plan below, why at the end."""
        yield Words(self._heading, classes="heading")
        for words, field in (
            (lambda: _("Month"), Field(id="month")),
            (lambda: _("Expected kWh"), Field(id="kwh")),
            (lambda: _("Total"), AmountField(id="total")),
            (self._count_words, Field(id="count")),
            (lambda: _("Day and amount"), Field(id="change")),
            (lambda: _("Reason"), Field(id="reason")),
        ):
            with Horizontal(classes="row"):
                yield Words(words)
                yield field
        yield Table[Instalment](
            (
                Column(lambda: _("Due date"), lambda row: str(row.due_date), 12),
                Column(lambda: _("Amount"), lambda row: format_yuan(row.amount_fen), 14, right=True),
            ),
            id="plan",
        )
        yield Words(
            lambda: _("Number 0: every few days.  10 3000 sets the 10th, 10 alone takes it out."),
            classes="foot",
        )

    def _heading(self) -> str:
        """For whom."""
        words = _("New instalment agreement for {account} {name}")
        return words.format(account=self._account.account_no, name=self._account.name)

    def _count_words(self) -> str:
        """The heading of the number, with the least there must be."""
        least = self._draft.least if self._draft else 1
        return _("Number (from {least})").format(least=least)

    def on_mount(self) -> None:
        """Ask what to start from."""
        super().on_mount()
        jobs.start(self, partial(self._session.agreements.basis, self._account.account_no), BasisRead)

    @on(BasisRead)
    def _basis_read(self, message: BasisRead) -> None:
        """Preset the fields."""
        draft = self._draft = AgreementDraft(self._account.account_no, message.basis)
        self.query_one("#month", Field).value = period(draft.period)
        self.query_one("#kwh", Field).value = str(draft.kwh)
        self._preset()
        self.set_focus(self.query_one("#month"))

    def _preset(self) -> None:
        """What follows from month and use: the total, and how many at least."""
        assert self._draft is not None
        self.query_one("#total", AmountField).show_fen(self._draft.expected_fen)
        usual = max(self._draft.least, self._draft.basis.rules.least)
        self.query_one("#count", Field).value = "0" if self._draft.basis.risk_customer else str(usual)
        for words in self.query(Words):
            words.relabel()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Take what was typed, say what is wrong with it, or go on to the next field."""
        event.stop()
        draft = self._draft
        if draft is None or self._sending:
            return
        try:
            self._take(draft, str(event.input.id), event.value)
        except DraftError as error:
            self.notice.say(Tone.NOTE, str(error))
            event.input.select_all()
            return
        self.query_one("#plan", Table).show_rows(draft.plan)

    def _take(self, draft: AgreementDraft, field: str, value: str) -> None:
        """Enter in one of the fields; raises DraftError."""
        if field == "reason":
            self._save(draft)
            return
        if field == "month":
            draft.set_period(value)
        elif field == "kwh":
            draft.set_kwh(value)
            self._preset()
        elif field == "total" and self._total.fen is None:
            raise DraftError(self._total.complaint)
        elif field == "count":
            draft.make_plan(value, self._total.fen or 0)
        elif field == "change" and value.strip():
            draft.change(value)
            self.query_one("#change", Field).value = ""
            self.notice.clear()
            return
        self.notice.clear()
        following = {"month": "kwh", "kwh": "total", "total": "count", "count": "change", "change": "reason"}
        self.set_focus(self.query_one(f"#{following[field]}"))

    @property
    def _total(self) -> AmountField:
        """The field of the total."""
        return self.query_one("#total", AmountField)

    @on(AmountField.Rejected)
    def _rejected(self) -> None:
        """Say why nothing appeared."""
        self.notice.say(Tone.NOTE, pasted_rubbish())

    def _save(self, draft: AgreementDraft) -> None:
        """Send it, with what the fields say now; they take no keys until there is an answer."""
        draft.set_period(self.query_one("#month", Field).value)
        draft.set_kwh(self.query_one("#kwh", Field).value)
        request = draft.request(self.query_one("#reason", Field).value)
        self._set_sending(sending=True)
        make = partial(self._session.agreements.make, request)
        jobs.start(self, make, lambda _none: AgreementChanged(), NotChanged)

    def _set_sending(self, *, sending: bool) -> None:
        """Open or close the fields."""
        self._sending = sending
        for field in self.query(Input):
            field.disabled = sending

    @on(AgreementChanged)
    def _made(self) -> None:
        """Back to the list, which shows it."""
        self.dismiss()

    @on(NotChanged)
    def _not_made(self, message: NotChanged) -> None:
        """Say why; nothing typed is lost, and Enter asks again under the same id."""
        self._set_sending(sending=False)
        self.tell(message.error)
        self.set_focus(self.query_one("#reason"))

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why the form stays empty."""
        message.stop()
        self.tell(message.error)

    def action_leave(self) -> None:
        """Back to the list, nothing saved."""
        if not self._sending:
            self.dismiss()
