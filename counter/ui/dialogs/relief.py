"""Relief of a bill's late fee: how much is let off, or until when it is put off, and why.

The request id is made when the dialog opens; a supervisor approves what comes out of it.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import AccountView, BillView
from counter.services.ports.relief import RelieveLateFee
from counter.ui.cells import plain
from counter.ui.days import read_day
from counter.ui.request_id import new_request_id
from counter.ui.widgets.field import AmountField, Field, pasted_rubbish
from counter.ui.widgets.label import Words
from counter.ui.words import period


class ReliefDialog(ModalScreen[RelieveLateFee | None]):
    """Answers the request without its approval, or None when it was left."""

    CSS_PATH = "approval.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, account: AccountView, bill: BillView) -> None:
        """``bill`` has a late fee due today."""
        super().__init__()
        self._account = account
        self._bill = bill
        self._request_id = new_request_id()

    def compose(self) -> ComposeResult:
        """The bill, and three fields of which the first two exclude each other."""
        with Vertical(classes="dialog"):
            yield Words(self._title, classes="title")
            yield Words(self._figures)
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Waive"), classes="caption")
                yield AmountField(id="waived")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Or put off to"), classes="caption")
                yield Field(id="until", placeholder="2026-12-31")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Reason"), classes="caption")
                yield Field(id="reason")
            yield Words(self._outcome, id="complaint")
            yield Words(_keys, classes="keys")

    def on_mount(self) -> None:
        """All of it, until something else is typed."""
        field = self.query_one("#waived", AmountField)
        field.show_fen(self._bill.late_fee_due_fen)
        self.set_focus(field)

    def _title(self) -> str:
        """Whose late fee."""
        words = _("Late fee of {period}, {name}")
        return plain(words.format(period=period(self._bill.period), name=self._account.name))

    def _figures(self) -> str:
        """What it was, what was let off before, what is due."""
        return late_fee_figures(self._bill)

    def _outcome(self) -> str:
        """What would be so afterwards."""
        due_fen = self._bill.late_fee_due_fen
        if self._until_text:
            until = read_day(self._until_text)
            words = _("{amount} is put off until {day}")
            return words.format(amount=format_yuan(due_fen), day=until) if until else ""
        waived_fen = min(self.query_one("#waived", AmountField).fen or 0, due_fen)
        return _("Left to pay of it: {amount}").format(amount=format_yuan(due_fen - waived_fen))

    @property
    def _until_text(self) -> str:
        """What stands in the field of the day."""
        return self.query_one("#until", Field).value.strip()

    @on(Field.Changed)
    def _typed(self, event: Field.Changed) -> None:
        """Show what it comes to."""
        event.stop()
        self.query_one("#complaint", Words).say(self._outcome)

    @on(AmountField.Rejected)
    def _rejected(self, event: AmountField.Rejected) -> None:
        """Say why nothing appeared."""
        event.stop()
        self._complain(pasted_rubbish())

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """From field to field, and out with the last."""
        event.stop()
        following = {"waived": "until", "until": "reason"}.get(event.input.id or "")
        if not self._fault():
            if following:
                self.set_focus(self.query_one(f"#{following}"))
            else:
                self._answer()

    def _fault(self) -> bool:
        """Whether amount or day are wrong; says so."""
        today, due_fen = self._account.business_date, self._bill.late_fee_due_fen
        amount = self.query_one("#waived", AmountField)
        if self._until_text:
            until = read_day(self._until_text)
            if until is None or not today < until <= a_year_after(today):
                self._complain(_("Put it off to a day after today and within a year, such as 2026-12-31."))
                return True
        elif amount.fen is None:
            self._complain(amount.complaint)
            return True
        elif amount.fen > due_fen:
            self._complain(_("At most {amount} can be waived.").format(amount=format_yuan(due_fen)))
            return True
        return False

    def _answer(self) -> None:
        """Give the request, when there is a reason."""
        reason = " ".join(plain(self.query_one("#reason", Field).value).split())
        if not reason:
            self._complain(_("Give a reason: whoever reads it in a year must understand it."))
            return
        until = read_day(self._until_text) if self._until_text else None
        self.dismiss(
            RelieveLateFee(
                request_id=self._request_id,
                account_no=self._account.account_no,
                account_version=self._account.version,
                bill_no=self._bill.bill_no,
                waived_fen=None if until else self.query_one("#waived", AmountField).fen,
                deferred_until=until,
                reason=reason,
            )
        )

    def _complain(self, text: str) -> None:
        """Say what is wrong."""
        self.query_one("#complaint", Words).say(lambda: text)

    def action_leave(self) -> None:
        """Nothing is asked."""
        self.dismiss(None)


def _keys() -> str:
    """What the keys do."""
    return _("Enter  next, at the end to the supervisor      Esc  leave")


def late_fee_figures(bill: BillView) -> str:
    """The late fee of a bill as it was, what of it was let off, what is due, and until when it waits."""
    words = _("Late fee {original}, waived {waived}, due {due}")
    said = words.format(
        original=format_yuan(bill.late_fee_due_fen + bill.late_fee_waived_fen),
        waived=format_yuan(bill.late_fee_waived_fen),
        due=format_yuan(bill.late_fee_due_fen),
    )
    until = bill.late_fee_deferred_until
    waits = _("put off until {day}").format(day=until)
    return f"{said}  {waits}" if until else said


def a_year_after(day: date) -> date:
    """The same day of the next year; 29 February becomes the 28th, as the server has it."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
