"""The lists of the screen for many accounts: the accounts, what the box found, and a payer's mismatches."""

from __future__ import annotations

from counter.domain.money import format_yuan
from counter.i18n import N_, _
from counter.services.ports import SearchHit
from counter.services.ports.payers import CheckedLine, ListFault, PayerGroup
from counter.ui.many import ManyRow
from counter.ui.widgets.table import Column, Table

Hit = PayerGroup | SearchHit

_FAULTS = {
    ListFault.BAD_ACCOUNT: N_("no account number"),
    ListFault.UNKNOWN_ACCOUNT: N_("no such account"),
    ListFault.TWICE: N_("listed before"),
    ListFault.BAD_AMOUNT: N_("no amount: {text}"),
    ListFault.CLOSED: N_("closed, {amount} too much"),
    ListFault.MORE: N_("{amount} more than owed, to prepaid"),
    ListFault.LESS: N_("{amount} less than owed"),
    ListFault.NAME_DIFFERS: N_("here called {name}"),
}


class ManyTable(Table[ManyRow]):
    """The accounts of the payment with what each gets."""

    def __init__(self) -> None:
        """Account, name, hall, owed, this payment, to prepaid."""
        super().__init__(
            (
                Column(lambda: "", _mark, 1),
                Column(lambda: _("Account"), lambda row: row.account.account_no, 12),
                Column(lambda: _("Name"), _name, 16, grows=True),
                Column(lambda: _("Hall"), lambda row: row.account.hall_name, 10, grows=True, rank=2),
                Column(lambda: _("Bills"), lambda row: str(len(row.account.bills)), 5, right=True, rank=1),
                Column(lambda: _("To pay"), lambda row: format_yuan(row.account.due_fen), 10, right=True),
                Column(lambda: _("This payment"), _amount, 12, right=True, strong=True),
                Column(lambda: _("To prepaid"), _prepaid, 10, right=True),
            ),
            id="many",
        )

    def is_quiet(self, row: ManyRow) -> bool:
        """What gets nothing stands back; the amount says it too."""
        return not row.amount_fen


class HitTable(Table[Hit]):
    """Groups and accounts that the box found."""

    def __init__(self) -> None:
        """What it is, its number or size, its name, where."""
        super().__init__(
            (
                Column(lambda: _("Kind"), _kind, 8),
                Column(lambda: _("Account"), _number, 14),
                Column(lambda: _("Name"), lambda hit: hit.name, 14, grows=True),
                Column(lambda: _("Address"), _address, 14, grows=True, rank=1),
            ),
            id="found",
        )


class MismatchTable(Table[CheckedLine]):
    """The lines of a payer's list that somebody has to look at."""

    def __init__(self) -> None:
        """Nothing is dropped at first."""
        self.dropped: set[int] = set()
        super().__init__(
            (
                Column(lambda: _("Line"), lambda line: str(line.line.line_no), 5, right=True),
                Column(lambda: _("Paid"), self._paid, 6),
                Column(lambda: _("Account"), lambda line: line.line.account_no, 12),
                Column(lambda: _("Listed"), lambda line: format_yuan(line.line.amount_fen), 10, right=True),
                Column(lambda: _("To pay"), lambda line: format_yuan(line.owed_fen), 10, right=True),
                Column(lambda: _("What is wrong"), faults, 24, grows=True),
            ),
            id="mismatches",
        )

    def is_quiet(self, row: CheckedLine) -> bool:
        """What is not paid stands back; the word says it too."""
        return not row.payable or row.line.line_no in self.dropped

    def _paid(self, line: CheckedLine) -> str:
        """Whether the line will be paid."""
        return _("no") if self.is_quiet(line) else _("yes")


def faults(line: CheckedLine) -> str:
    """Everything that is wrong with a line, in words."""
    amount, text = format_yuan(abs(line.difference_fen)), line.line.amount_text
    words = (
        _(_FAULTS[fault]).format(amount=amount, text=text, name=line.account_name) for fault in line.faults
    )
    return "; ".join(words)


def _mark(row: ManyRow) -> str:
    """A sign for an account that is left out."""
    return "-" if row.left_out else ""


def _name(row: ManyRow) -> str:
    """The name, with a word when the account is closed."""
    account = row.account
    return f"({_('CLOSED')}) {account.name}" if account.closed else account.name


def _amount(row: ManyRow) -> str:
    """What the account gets, or that it was left out."""
    return _("left out") if row.left_out else format_yuan(row.amount_fen)


def _prepaid(row: ManyRow) -> str:
    """What becomes prepaid balance."""
    return format_yuan(row.prepaid_fen) if row.prepaid_fen else ""


def _kind(hit: Hit) -> str:
    """Group or account."""
    return _("Group") if isinstance(hit, PayerGroup) else _("Account")


def _number(hit: Hit) -> str:
    """The account's number, or how many the group has."""
    if isinstance(hit, PayerGroup):
        return _("{count} accounts").format(count=hit.account_count)
    return hit.account_no


def _address(hit: Hit) -> str:
    """Where the account is."""
    return "" if isinstance(hit, PayerGroup) else hit.address
