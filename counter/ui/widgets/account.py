"""An account at a glance, its open bills and its last payments."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from counter.domain.allocation import Allocation
from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import AccountView, BillView, PaymentSummary
from counter.ui.agreement_line import agreement_line
from counter.ui.cells import clip, fit
from counter.ui.payment import owed_fen
from counter.ui.widgets.label import Words
from counter.ui.widgets.table import Column, Table
from counter.ui.words import customer_class, payment_mode, period, tender


class AccountCard(Widget):
    """Three lines: name, flags and prepaid balance; numbers; address."""

    DEFAULT_CSS = "AccountCard { height: 3; padding: 0 1; }"
    ALLOW_SELECT = False
    account: AccountView | None = None

    def show(self, account: AccountView) -> None:
        """Show an account."""
        self.account = account
        self.refresh()

    def relabel(self) -> None:
        """Say it in the language of now."""
        self.refresh()

    def render(self) -> Content:
        """The three lines, each cut to the width by cells."""
        account, width = self.account, self.content_size.width
        if account is None or width < 1:
            return Content("")
        return Content("\n").join(
            [self._who(account, width), self._numbers(account), self._where(account, width)]
        )

    def _who(self, account: AccountView, width: int) -> Content:
        """Name and hall, and the prepaid balance at the right."""
        balance = Content.assemble(
            (_("Prepaid balance") + " ", "$quiet"), (format_yuan(account.prepaid_fen), "bold $accent")
        )
        hall = clip(account.hall_name, 20)
        room = width - cell_len(hall) - cell_len(balance.plain) - 4
        name = clip(account.name, max(8, room))
        gap = " " * max(1, room - cell_len(name) + 2)
        return Content.assemble((name, "bold"), "  ", (hall, "$quiet"), gap, balance)

    def _numbers(self, account: AccountView) -> Content:
        """Account, meter, phone."""
        phone = account.phone
        return Content.assemble(
            (_("Account") + " ", "$quiet"),
            (fit(account.account_no, 14), "bold"),
            (_("Meter") + " ", "$quiet"),
            fit(account.meter_no, 14),
            (_("Phone") + " ", "$quiet"),
            clip(phone, 14) if phone else (" " + _("missing: F7") + " ", "bold $background on $warning"),
        )

    def _where(self, account: AccountView, width: int) -> Content:
        """Address, and the flags at the right."""
        chips = [part for flag in _flags(account) for part in ((" ", ""), (f" {flag} ", "on $chip"))]
        room = width - sum(cell_len(text) for text, _style in chips)
        return Content.assemble(fit(account.address, max(8, room)), *chips)


def _flags(account: AccountView) -> list[str]:
    """Class, mode and whatever the clerk has to know."""
    marks = (
        (account.closed, _("CLOSED")),
        (account.disconnected, _("disconnected")),
        (account.risk_customer, _("risk customer")),
        (account.tenant, _("tenant")),
        (account.hardship, _("hardship")),
        (account.corporate_bank, _("pays by bank")),
    )
    return [
        customer_class(account.customer_class),
        payment_mode(account.payment_mode),
        *(word for holds, word in marks if holds),
    ]


class BillTable(Table[BillView]):
    """Open bills; Space ticks one. The last column shows what this payment gives each."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "tick", show=False)]

    class Toggled(Message):
        """A bill was ticked or its tick taken away."""

        def __init__(self, bill_no: str) -> None:
            """Tell which."""
            super().__init__()
            self.bill_no = bill_no

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        """The columns, of which narrow screens leave out the least needed."""
        self._paid: dict[str, int] = {}
        self._ticked: frozenset[str] = frozenset()
        super().__init__(
            (
                Column(lambda: "", lambda bill: "[x]" if bill.bill_no in self._ticked else "[ ]", 3),
                Column(lambda: _("Period"), lambda bill: period(bill.period), 7),
                Column(lambda: _("Due date"), lambda bill: str(bill.due_date), 10, rank=2),
                Column(lambda: _("Overdue"), _days_late, 8, right=True, grows=True),
                Column(lambda: _("kWh"), lambda bill: f"{bill.kwh:,}", 6, right=True, rank=3),
                Column(
                    lambda: _("Open fee"),
                    lambda bill: format_yuan(bill.principal_open_fen),
                    10,
                    right=True,
                    grows=True,
                ),
                Column(
                    lambda: _("Late fee"),
                    _late_fee,
                    8,
                    right=True,
                    grows=True,
                ),
                Column(
                    lambda: _("Owed"),
                    lambda bill: format_yuan(owed_fen(bill)),
                    10,
                    right=True,
                    grows=True,
                    rank=1,
                ),
                Column(lambda: _("Paid now"), self._paid_now, 10, right=True, grows=True, strong=True),
            ),
            id=id,
        )

    def show_allocation(self, allocation: Allocation | None, ticked: frozenset[str]) -> None:
        """Show where the amount goes: only rows that show something else are painted."""
        lines = () if allocation is None else allocation.lines
        before, changed = self._paid, self._ticked ^ ticked
        self._paid = {line.bill_no: line.total_fen for line in lines}
        self._ticked = ticked
        self.repaint_rows(
            index
            for index, bill in enumerate(self.rows)
            if bill.bill_no in changed or before.get(bill.bill_no) != self._paid.get(bill.bill_no)
        )

    def action_tick(self) -> None:
        """Tick the bill under the cursor and go on to the next."""
        bill = self.current
        if bill is not None:
            self.post_message(self.Toggled(bill.bill_no))
            self.action_move(1)

    def _paid_now(self, bill: BillView) -> str:
        """What this payment gives to a bill."""
        paid_fen = self._paid.get(bill.bill_no, 0)
        return format_yuan(paid_fen) if paid_fen else "-"


def _late_fee(bill: BillView) -> str:
    """The late fee due; a mark says that some was waived or that it was put off, the sum how much."""
    relieved = bill.late_fee_waived_fen or bill.late_fee_deferred_until
    return ("*" if relieved else "") + format_yuan(bill.late_fee_due_fen)


def _days_late(bill: BillView) -> str:
    """Days after the due date, a dash when it is not overdue."""
    return str(bill.days_overdue) if bill.days_overdue > 0 else "-"


def _tenders_or_void(row: PaymentSummary) -> str:
    """How it was paid, and that it is void when it is."""
    kinds = " ".join(map(tender, row.tenders))
    return _("VOID") if row.reversed_by else kinds


class History(Table[PaymentSummary], can_focus=False):
    """The last payments of an account."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        """When, number, how, where, by whom, how much."""
        super().__init__(
            (
                Column(lambda: _("Last payments"), lambda row: f"{row.paid_at:%Y-%m-%d %H:%M}", 16),
                Column(lambda: _("Receipt"), lambda row: row.receipt_no, 16),
                Column(lambda: _("Tender"), _tenders_or_void, 6, rank=2),
                Column(lambda: _("Hall"), lambda row: row.hall_name, 12, grows=True, rank=3),
                Column(lambda: _("Taken by"), lambda row: row.staff_name, 8, rank=1),
                Column(lambda: _("Amount"), lambda row: format_yuan(row.total_fen), 11, right=True),
            ),
            id=id,
        )

    def is_quiet(self, row: PaymentSummary) -> bool:  # noqa: ARG002  (all of them)
        """The past stands back."""
        return True

    def on_mount(self) -> None:
        """No cursor: nothing is chosen here."""
        self.cursor = -1


class AccountPane(Vertical):
    """Card, bills, their sum, history."""

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield AccountCard()
        yield BillTable(id="bills")
        yield Words(lambda: "", id="sum")
        yield Words(lambda: "", id="agreed")
        yield History(id="history")

    def show(self, account: AccountView) -> None:
        """Show another account, or the same one anew."""
        self.query_one(AccountCard).show(account)
        self.query_one(BillTable).show_rows(account.bills)
        self.query_one(History).show_rows(account.last_payments, cursor=-1)
        self.query_one("#sum", Words).say(lambda: _sum_line(account))
        agreed = self.query_one("#agreed", Words)
        agreed.display = bool(account.agreements)
        agreed.say(lambda: agreement_line(account))


def _sum_line(account: AccountView) -> Content:
    """How many bills, how much of it late fee, what of that was waived or put off, and the arrears."""
    late_fen = sum(bill.late_fee_due_fen for bill in account.bills)
    if not account.bills:
        return Content(_("No open bills: whatever is taken becomes prepaid balance."))
    words = _relieved_words(account, late_fen) or _(
        "{count} open bill(s), of it late fee {late}, together {total}"
    )
    return Content(
        words.format(
            count=len(account.bills), late=format_yuan(late_fen), total=format_yuan(account.arrears_fen)
        )
    )


def _relieved_words(account: AccountView, late_fen: int) -> str:
    """The sum line of an account that was given relief, or nothing; ``*`` marks the bills."""
    waived_fen = sum(bill.late_fee_waived_fen for bill in account.bills)
    put_off = [bill.late_fee_deferred_until for bill in account.bills if bill.late_fee_deferred_until]
    if waived_fen and put_off:
        words = _("{count} bill(s), late fee* {original} - waived {waived} = {late} put off until {day}")
    elif waived_fen:
        words = _("{count} bill(s), late fee* {original} - waived {waived} = {late}, together {total}")
    elif put_off:
        words = _("{count} bill(s), late fee* {late} put off until {day}, together {total}")
    else:
        return ""
    words = words.replace("{original}", format_yuan(late_fen + waived_fen))
    return words.replace("{waived}", format_yuan(waived_fen)).replace("{day}", str(max(put_off, default="")))
