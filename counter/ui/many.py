"""The form of one payment for many accounts, apart from any screen: accounts, amounts, rule and request id.

Invariant: as for the payment of one account (``counter.ui.sent_once``), the same content is always sent under
the same request id, other content never is; and the shares add up to the total, to the fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from counter.domain import spreading
from counter.domain.spreading import Share
from counter.domain.tenders import Tender
from counter.i18n import N_
from counter.services.ports import AccountPayment, TakePayment
from counter.services.ports.payers import PayerAccount, PayerGroup, Reading
from counter.ui.sent_once import PaymentSentOnce


class Rule(Enum):
    """Where the amounts come from; the values are translated."""

    OWED = N_("everything owed")
    OLDEST = N_("oldest bill first over all")
    LISTED = N_("as listed by the payer")
    BY_HAND = N_("by hand")


@dataclass(frozen=True, slots=True)
class ManyRow:
    """One account with its part of this payment."""

    account: PayerAccount
    amount_fen: int
    left_out: bool

    @property
    def prepaid_fen(self) -> int:
        """What of the part becomes prepaid balance."""
        return spreading.prepaid_fen(self.account.owing, self.amount_fen)


@dataclass(frozen=True, slots=True)
class Changed:
    """An account that another desk changed: what it owed, and what it owes."""

    account_no: str
    before_fen: int
    after_fen: int


class ManyForm(PaymentSentOnce):
    """What the clerk is about to take for many accounts."""

    def __init__(self) -> None:
        """A form opens."""
        super().__init__()
        self.rule = Rule.OWED
        self.group: PayerGroup | None = None
        self._accounts: dict[str, PayerAccount] = {}
        self._amounts: dict[str, int] = {}
        self._listed: dict[str, int] = {}
        self._left_out: set[str] = set()
        self._rest_to = ""

    @property
    def accounts(self) -> tuple[PayerAccount, ...]:
        """All accounts, by number."""
        return tuple(self._accounts[number] for number in sorted(self._accounts))

    @property
    def rows(self) -> tuple[ManyRow, ...]:
        """All accounts with their amounts, by number."""
        return tuple(
            ManyRow(each, self._amount(each.account_no), each.account_no in self._left_out)
            for each in self.accounts
        )

    @property
    def total_fen(self) -> int:
        """What is taken in all."""
        return sum(row.amount_fen for row in self.rows)

    @property
    def paid_count(self) -> int:
        """How many accounts get something."""
        return sum(1 for row in self.rows if row.amount_fen)

    @property
    def due_fen(self) -> int:
        """What is due of the accounts that are not left out."""
        return sum(account.due_fen for account in self._wanted())

    @property
    def closed_with_rest(self) -> str:
        """A closed account that would get a prepayment, which it may not; empty when there is none."""
        rows = (row for row in self.rows if row.account.closed and row.prepaid_fen)
        return next((row.account.account_no for row in rows), "")

    def add(self, accounts: Iterable[PayerAccount]) -> None:
        """More accounts, each with everything that is due; one that is there already stays as it is."""
        for account in accounts:
            if account.account_no not in self._accounts:
                self._accounts[account.account_no] = account
                self._amounts[account.account_no] = account.due_fen

    def take_list(self, accounts: Iterable[PayerAccount], amounts: Mapping[str, int]) -> None:
        """The accounts of a payer's list with the amounts that stand there; nothing else stays."""
        self._accounts = {each.account_no: each for each in accounts if each.account_no in amounts}
        self._left_out.clear()
        self._listed = dict(amounts)
        self.by_rule()

    def by_rule(self) -> None:
        """Undo what was changed by hand: the list's amounts, or everything owed."""
        self.rule = Rule.LISTED if self._listed else Rule.OWED
        self._amounts = spreading.everything(account.owing for account in self._accounts.values())
        self._amounts |= {number: fen for number, fen in self._listed.items() if number in self._accounts}

    def spread(self, total_fen: int, rest_to: str) -> None:
        """Pay the oldest bills of all first with ``total_fen``; the rest goes to ``rest_to``.

        An account that is closed or left out takes no rest: then the first one that can gets it.
        """
        wanted = self._wanted()
        if not wanted:
            return
        open_ones = [account.account_no for account in wanted if not account.closed]
        first = (open_ones or [wanted[0].account_no])[0]
        self._rest_to = rest_to if rest_to in open_ones else first
        owing = [account.owing for account in wanted]
        self._amounts = self._amounts | spreading.oldest_first(owing, total_fen, self._rest_to)
        self.rule = Rule.OLDEST

    def set_amount(self, account_no: str, amount_fen: int) -> None:
        """Another amount for one account, by hand; 0 for nothing."""
        self._amounts[account_no] = amount_fen
        self._left_out.discard(account_no)
        self.rule = Rule.BY_HAND

    def toggle(self, account_no: str) -> None:
        """Leave an account out, or take it in again."""
        self._left_out ^= {account_no}

    def read_again(self, reading: Reading) -> tuple[Changed, ...]:
        """The accounts as they stand now; answers those that changed. Amounts by hand or list stay."""
        before, total_fen = self._accounts, self.total_fen
        self._accounts = {account.account_no: account for account in reading.accounts}
        if self.rule is Rule.OWED:
            self.by_rule()
        elif self.rule is Rule.OLDEST:
            self.spread(total_fen, self._rest_to)
        return tuple(
            Changed(number, before[number].due_fen, account.due_fen)
            for number, account in sorted(self._accounts.items())
            if number in before and before[number].version != account.version
        )

    def shares(self) -> tuple[Share, ...]:
        """What the payment pays of each account, sorted."""
        amounts = {account.account_no: self._amount(account.account_no) for account in self._wanted()}
        return spreading.shares((account.owing for account in self._wanted()), amounts)

    def send(self, shift_id: int, tenders: tuple[Tender, ...], payer_name: str) -> TakePayment | None:
        """The request to post now, or None when one is already on its way."""
        if not self.may_send:
            return None
        parts = tuple(map(self._part, self.shares()))
        return self.going_out(TakePayment(self.request_id, shift_id, tenders, parts, payer_name))

    def _part(self, share: Share) -> AccountPayment:
        """What is sent of an account; an advance counts for the account's agreement."""
        account = self._accounts[share.account_no]
        agreement_id = account.agreement_id if share.prepaid_fen else None
        return AccountPayment(share.account_no, account.version, share.lines, share.prepaid_fen, agreement_id)

    def _wanted(self) -> list[PayerAccount]:
        """The accounts that are not left out, by number."""
        return [account for account in self.accounts if account.account_no not in self._left_out]

    def _amount(self, account_no: str) -> int:
        """The amount of an account; 0 for one that is left out."""
        return 0 if account_no in self._left_out else self._amounts.get(account_no, 0)
