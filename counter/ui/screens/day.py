"""The clerk's own payments of the day, all or only those that are not on paper, and printing again."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import DeskSession, PaymentSummary
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.messages import PaymentsListed
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table
from counter.ui.words import clock, tender, whose


class PaymentTable(Table[PaymentSummary]):
    """Newest first."""

    def __init__(self) -> None:
        """When, number, who, how, how much, on paper or not."""
        super().__init__(
            (
                Column(lambda: _("Time"), lambda row: clock(row.paid_at), 5),
                Column(lambda: _("Receipt"), lambda row: row.receipt_no, 16),
                Column(lambda: _("Account"), lambda row: row.account_no, 12, rank=2),
                Column(lambda: _("Name"), _name, 10, grows=True),
                Column(lambda: _("Tender"), lambda row: " ".join(map(tender, row.tenders)), 6, rank=1),
                Column(lambda: _("Amount"), lambda row: format_yuan(row.total_fen), 10, right=True),
                Column(lambda: _("Paper"), _paper, 11),
            ),
            id="payments",
        )

    def is_quiet(self, row: PaymentSummary) -> bool:
        """What is void stands back."""
        return bool(row.reversed_by)


class DayScreen(CounterScreen):
    """F3 all, F8 only what is not printed; F6 or Enter prints the one under the cursor."""

    CSS_PATH = "day.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("reprint", "day", "unprinted", "reload", "reverse"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession, *, unprinted: bool) -> None:
        """List with this session; ``unprinted`` lists only what is not on paper."""
        super().__init__()
        self._session = session
        self._unprinted = unprinted
        self._printing: set[str] = set()

    def compose_body(self) -> ComposeResult:
        """Heading, list, sum."""
        yield Words(self._heading, id="heading")
        yield PaymentTable()
        yield Words(self._sum, id="sum")

    def on_mount(self) -> None:
        """Ask for the list."""
        super().on_mount()
        self.set_focus(self.query_one(PaymentTable))
        self.action_reload()

    def _heading(self) -> str:
        """What is listed."""
        return _("Receipts not printed") if self._unprinted else _("My payments today")

    def _sum(self) -> str:
        """How many and how much."""
        rows = self.query_one(PaymentTable).rows
        words = _("{count} payment(s), together {total}      Enter prints      Esc back")
        return words.format(count=len(rows), total=format_yuan(sum(row.total_fen for row in rows)))

    @on(PaymentsListed)
    def _listed(self, message: PaymentsListed) -> None:
        """Show them; the cursor stays where it was."""
        table = self.query_one(PaymentTable)
        table.show_rows(message.payments, cursor=table.cursor)
        self.query_one("#sum", Words).relabel()
        self.refresh_bindings()

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why there is no list."""
        message.stop()
        self.tell(message.error)

    @on(Table.Chosen)
    def _chosen(self) -> None:
        """Enter prints."""
        self.action_reprint()

    def action_reprint(self) -> None:
        """Print the one under the cursor; a second key before it is out does nothing."""
        row = self.query_one(PaymentTable).current
        if row is not None and row.receipt_no not in self._printing:
            self._printing.add(row.receipt_no)
            self.notice.say(Tone.NOTE, _("Receipt {number}: printing").format(number=row.receipt_no))
            self.counter.print_receipt(row.receipt_no)

    def action_reverse(self) -> None:
        """Take the payment under the cursor back."""
        from counter.ui.dialogs.reversal import ReversalDialog

        row, shift = self.query_one(PaymentTable).current, self.counter.shift
        if row is not None and shift is not None:
            dialog = ReversalDialog(self._session, shift.shift_id, row.receipt_no)
            self.app.push_screen(dialog, lambda _taken: self.action_reload())

    def receipt_printed(self, receipt_no: str, error: str, *, reprint: bool) -> None:
        """Say it and list anew."""
        self._printing.discard(receipt_no)
        super().receipt_printed(receipt_no, error, reprint=reprint)
        if not error and not reprint:
            self.notice.say(Tone.GOOD, _("Receipt {number}: issued").format(number=receipt_no))
        self.action_reload()

    def action_reload(self) -> None:
        """Ask again."""
        fetch = self._session.unprinted if self._unprinted else self._session.payments_today
        jobs.start(self, fetch, PaymentsListed)

    def action_day(self) -> None:
        """All of the day."""
        self._filter(unprinted=False)

    def action_unprinted(self) -> None:
        """Only what is not on paper."""
        self._filter(unprinted=True)

    def _filter(self, *, unprinted: bool) -> None:
        """List something else."""
        self._unprinted = unprinted
        self.query_one("#heading", Words).relabel()
        self.action_reload()

    def action_leave(self) -> None:
        """Back to the desk."""
        self.dismiss()


def _name(row: PaymentSummary) -> str:
    """Whose."""
    return whose(row.account_no, row.account_name)


def _paper(row: PaymentSummary) -> str:
    """On paper or not, in words."""
    if row.reversed_by:
        return _("VOID")
    return _("printed") if row.printed else _("NOT printed")
